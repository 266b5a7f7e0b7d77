use std::io::{self, BufRead as _, IsTerminal as _};
use std::sync::Arc;

use kernel::{Clock, Email, Label, Secret};
use users_contract::CreateAdmin;

use super::failed::unanswered;
use super::{CommandError, Outcome, Shop};
use galleria_service::print;
use galleria_service::settings::Settings;

/// Where a password comes from. Never from an argument, which others can see.
pub(super) enum PasswordSource {
    Input,
    Terminal,
}

impl PasswordSource {
    fn read(self) -> Result<Secret, CommandError> {
        let password = match self {
            Self::Input => {
                let mut line = String::new();
                io::stdin().lock().read_line(&mut line)?;
                line.trim_end_matches(['\r', '\n']).to_owned()
            }
            Self::Terminal if !io::stdin().is_terminal() => {
                return Err(CommandError::new(
                    "there is no terminal to ask for the password: use --password-stdin",
                ));
            }
            Self::Terminal => {
                let first = rpassword::prompt_password("Password: ")?;
                if rpassword::prompt_password("Once more: ")? != first {
                    return Err(CommandError::new("the two passwords differ"));
                }
                first
            }
        };
        Ok(Secret::new(password))
    }
}

/// Makes an admin.
pub(super) async fn create_admin(
    settings: &Settings,
    clock: Arc<dyn Clock>,
    (email, name): (Email, String),
    password: PasswordSource,
) -> Result<Outcome, CommandError> {
    let name = Label::try_from(name)?;
    let password = password.read()?;
    let shop = Shop::reach(settings, clock).await?;
    let request = CreateAdmin { email, password, name };
    let made = shop.users()?.create_admin(&Shop::call(), request).await;
    let admin = made.map_err(unanswered)?;
    print::line(&format!("{} {}", admin.id, admin.email))?;
    Ok(Outcome::Well)
}
