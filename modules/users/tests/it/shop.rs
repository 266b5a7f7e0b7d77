use std::sync::Arc;
use std::time::Duration;

use kernel::{Call, CallError, Email, Principal, Secret, UserId};
use platform::Database;
use testkit::ManualClock;
use users::{MODULE, UsersModule, UsersSettings, audit};
use users_contract::{
    CreateAdmin, Login, Refresh, Register, Role, SessionRefusal, SignedIn, User, Users as _,
};

pub(crate) const PASSWORD: &str = "a long pass phrase";

/// A module whose hashing is cheap, and the clock it goes by.
#[derive(Clone)]
pub(crate) struct Shop {
    pub(crate) users: Arc<UsersModule>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) database: Database,
}

pub(crate) fn settings() -> UsersSettings {
    UsersSettings {
        hashing_memory_kib: 8,
        hashing_passes: 1,
        hashing_queue: 1_000,
        ..UsersSettings::default()
    }
}

pub(crate) fn shop(database: &Database) -> Shop {
    shop_with(database, &settings())
}

pub(crate) fn shop_with(database: &Database, settings: &UsersSettings) -> Shop {
    let clock = Arc::new(ManualClock::default());
    let users = UsersModule::new(database.clone(), Arc::clone(&clock) as _, settings).unwrap();
    Shop { users: Arc::new(users), clock, database: database.clone() }
}

pub(crate) fn system() -> Call {
    Call::system(MODULE, Duration::from_secs(30))
}

pub(crate) fn guest() -> Call {
    call(Principal::Guest { proof: None })
}

/// What the gateway makes of the account's access token.
pub(crate) fn as_user(user: &User) -> Call {
    call(principal(user.id, user.role))
}

pub(crate) fn call(principal: Principal) -> Call {
    Call { principal, ..system() }
}

fn principal(id: UserId, role: Role) -> Principal {
    match role {
        Role::Buyer => Principal::User { id },
        Role::Staff => Principal::Staff { id },
        Role::Admin => Principal::Admin { id },
    }
}

pub(crate) fn email(text: &str) -> Email {
    text.parse().unwrap()
}

pub(crate) fn registration(text: &str) -> Register {
    Register {
        email: email(text),
        password: Secret::new(PASSWORD),
        name: "Ana".to_owned().try_into().unwrap(),
    }
}

impl Shop {
    pub(crate) async fn register(&self, text: &str) -> SignedIn {
        self.users.register(&guest(), registration(text)).await.unwrap()
    }

    pub(crate) async fn login(
        &self,
        text: &str,
        password: &str,
    ) -> Result<SignedIn, CallError<SessionRefusal>> {
        let login = Login { email: email(text), password: Secret::new(password) };
        self.users.login(&guest(), login).await
    }

    pub(crate) async fn refresh(
        &self,
        signed_in: &SignedIn,
    ) -> Result<SignedIn, CallError<SessionRefusal>> {
        let refresh = Refresh { refresh_token: signed_in.refresh_token.clone() };
        self.users.refresh(&guest(), refresh).await
    }

    pub(crate) async fn admin(&self, text: &str) -> User {
        let Register { email, password, name } = registration(text);
        let wish = CreateAdmin { email, password, name };
        self.users.create_admin(&system(), wish).await.unwrap()
    }

    pub(crate) async fn assert_sound(&self) {
        assert_eq!(audit(&self.database).await.unwrap(), Vec::<String>::new());
    }
}

/// Fails unless the answer is this refusal.
#[macro_export]
macro_rules! assert_refused {
    ($answer:expr, $refusal:pat) => {
        let answer = $answer;
        assert!(matches!(answer, Err(kernel::CallError::Refused($refusal))), "{answer:?}");
    };
}
