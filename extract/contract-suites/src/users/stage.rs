use std::sync::Arc;

use kernel::{Call, Email, Principal, Secret};
use users_contract::{CreateAdmin, Login, Refresh, Register, SignedIn, Users};

use crate::fresh::{call, email, guest, system};

/// The contract alone.
pub(super) type Stage = Arc<dyn Users>;

pub(super) const PASSWORD: &str = "a long pass phrase";
pub(super) const ANOTHER: &str = "another pass phrase";

pub(super) fn registration(email: Email) -> Register {
    let name = "Ana".to_owned().try_into().unwrap();
    Register { email, password: Secret::new(PASSWORD), name }
}

pub(super) async fn registered(users: &Stage) -> SignedIn {
    users.register(&guest(), registration(email())).await.unwrap()
}

pub(super) async fn admin(users: &Stage) -> Call {
    let Register { email, password, name } = registration(email());
    let admin = users.create_admin(&system(), CreateAdmin { email, password, name }).await.unwrap();
    call(Principal::Admin { id: admin.id })
}

pub(super) fn login(email: &Email, password: &str) -> Login {
    Login { email: email.clone(), password: Secret::new(password) }
}

pub(super) fn refresh(session: &SignedIn) -> Refresh {
    Refresh { refresh_token: session.refresh_token.clone() }
}
