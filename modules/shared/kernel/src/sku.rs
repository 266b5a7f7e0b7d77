use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Invalid;

/// A variant's identity everywhere: 1 to 64 characters, case-sensitive, never changed, never used again.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String", extend("minLength" = 1, "maxLength" = 64))]
pub struct SkuId(String);

impl SkuId {
    /// The most characters that a SKU has.
    pub const MAX_CHARS: usize = 64;

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SkuId {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        if text.is_empty() || text.chars().count() > Self::MAX_CHARS {
            return Err(Invalid::new("must have 1 to 64 characters"));
        }
        if text.chars().any(char::is_control) || text.trim() != text {
            return Err(Invalid::new("must have no control characters and no blanks around it"));
        }
        Ok(Self(text))
    }
}

impl FromStr for SkuId {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        text.to_owned().try_into()
    }
}

impl From<SkuId> for String {
    fn from(sku: SkuId) -> Self {
        sku.0
    }
}

impl fmt::Display for SkuId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sku_is_kept_as_it_was_written() {
        assert_eq!("Ab-12 ü".parse::<SkuId>().map(String::from), Ok("Ab-12 ü".to_owned()));
    }

    #[test]
    fn blanks_around_control_characters_and_length_are_refused() {
        for text in ["", " a", "a ", "a\nb", "a\u{0}", &"x".repeat(65)] {
            assert!(text.parse::<SkuId>().is_err(), "{text:?} passed");
        }
    }
}
