use kernel::{Email, Event, Label, UserId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Somebody made an account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UserRegistered {
    /// Which.
    pub user_id: UserId,
    /// Whose; blanked in time.
    #[serde(default)]
    pub personal: Option<Registrant>,
}

/// Who made an account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Registrant {
    /// Where mail goes.
    pub email: Email,
    /// What to call them.
    pub name: Label<200>,
}

impl Event for UserRegistered {
    const NAME: &'static str = "users.user-registered.v1";

    fn key(&self) -> String {
        self.user_id.to_string()
    }
}
