use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Invalid;

/// The form in which text is compared and sorted: lower case by Unicode, the same on every database.
pub fn fold(text: &str) -> String {
    text.to_lowercase()
}

/// Text of one line, 1 to `MAX` characters, no control characters, without blanks around it.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(inline, with = "String", extend("minLength" = 1, "maxLength" = MAX))]
pub struct Label<const MAX: usize>(String);

impl<const MAX: usize> Label<MAX> {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> TryFrom<String> for Label<MAX> {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        if text.trim().is_empty() || text.chars().count() > MAX {
            return Err(Invalid::new(format!("must have 1 to {MAX} characters")));
        }
        if text.chars().any(char::is_control) {
            return Err(Invalid::new("must have no control characters"));
        }
        Ok(Self(text.trim().to_owned()))
    }
}

impl<const MAX: usize> From<Label<MAX>> for String {
    fn from(label: Label<MAX>) -> Self {
        label.0
    }
}

impl<const MAX: usize> fmt::Display for Label<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Text that is never printed: a password, a token.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Takes the text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, to be checked or sent on.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
