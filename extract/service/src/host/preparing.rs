use std::time::Duration;

use kernel::{Call, CallError, Invalid, Label, ModuleName, Refusal, Secret};
use users_contract::CreateAdmin;

use super::{Host, HostError};
use crate::Assembly;
use crate::background::until_done;
use crate::wiring::filling;

const NAME: ModuleName = ModuleName::new("gateway");
/// How long what a start needs may take.
const PATIENCE: Duration = Duration::from_mins(1);

impl Host {
    /// Makes the admin of the settings, if the accounts are here.
    pub async fn make_admin(&self) -> Result<(), HostError> {
        let auth = &self.settings.auth;
        let (Some(email), Some(password)) = (&auth.admin_email, &auth.admin_password) else {
            return Ok(());
        };
        let wanted = |invalid: Invalid| HostError::Admin(invalid.to_string());
        let name = Label::try_from("Admin".to_owned()).map_err(wanted)?;
        let password = Secret::new(password.reveal());
        let request = CreateAdmin { email: email.clone(), password, name };
        if let Some(users) = self.wired.contracts.users.as_ref().filter(|_| self.has("users")) {
            let made = users.create_admin(&Call::system(NAME, PATIENCE), request).await;
            made.map_err(|error| HostError::Admin(told(error)))?;
        }
        Ok(())
    }

    /// Fills the catalogue, if it is here and empty. Where another process that it needs does not answer yet, it is filled
    /// as soon as that does.
    pub async fn fill(&mut self) {
        let call = || Call::system(NAME, PATIENCE);
        let filled = match filling(&self.wired).await {
            Ok(None) => return,
            Ok(Some(fill)) => fill(call()).await.map_err(|failure| (failure, Some(fill))),
            Err(failure) => Err((failure, None)),
        };
        if let Err((failure, fill)) = filled {
            tracing::warn!(error = %failure.chain(), "could not fill the empty shop yet");
            let again = fill.map(|fill| {
                until_done(Assembly::OFTEN, "fill the empty shop", move || fill(call()))
            });
            self.wired.assembled.background.jobs.extend(again);
        }
    }

    fn has(&self, module: &str) -> bool {
        self.wired.databases.all().any(|(owner, _)| owner.as_str() == module)
    }
}

fn told<R: Refusal>(error: CallError<R>) -> String {
    match error {
        CallError::Refused(refusal) => refusal.to_string(),
        CallError::Failed(failure) => failure.chain(),
    }
}
