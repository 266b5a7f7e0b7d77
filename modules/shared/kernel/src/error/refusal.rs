use std::error::Error;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A typed "no". Serialises as an object whose `code` is stable and whose other fields belong to that code.
pub trait Refusal: Error + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// What sort of "no" it is, for transports that have a word for it.
    fn kind(&self) -> RefusalKind;

    /// The kind of each variant, by the variant's name.
    fn kinds() -> &'static [(&'static str, RefusalKind)];

    /// The stable code, kebab-case.
    fn code(&self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::Object(fields)) => {
                fields.get("code").and_then(|code| code.as_str()).unwrap_or_default().to_owned()
            }
            _ => String::new(),
        }
    }
}

/// The sorts of refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalKind {
    /// It does not exist, or not for this caller.
    NotFound,
    /// It does not fit the state that things are in.
    Conflict,
    /// The request makes no sense.
    Invalid,
    /// The payment was not accepted.
    Declined,
    /// Nobody known is asking.
    Unauthenticated,
    /// Somebody known is asking, who may not.
    Forbidden,
    /// The caller saw an older version.
    Stale,
    /// Too often.
    TooMany,
}

impl RefusalKind {
    /// The HTTP status that says so.
    pub const fn status(self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::Invalid => 422,
            Self::Declined => 402,
            Self::Unauthenticated => 401,
            Self::Forbidden => 403,
            Self::Stale => 412,
            Self::TooMany => 429,
        }
    }
}

/// States the kind of each variant of a refusal, and lets `?` carry it.
#[macro_export]
macro_rules! refusal {
    ($name:ident { $($variant:ident => $kind:ident),+ $(,)? }) => {
        impl $crate::Refusal for $name {
            fn kind(&self) -> $crate::RefusalKind {
                match self {
                    $(Self::$variant { .. } => $crate::RefusalKind::$kind,)+
                }
            }

            fn kinds() -> &'static [(&'static str, $crate::RefusalKind)] {
                &[$((stringify!($variant), $crate::RefusalKind::$kind)),+]
            }
        }

        impl From<$name> for $crate::CallError<$name> {
            fn from(refusal: $name) -> Self {
                Self::Refused(refusal)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
    #[serde(tag = "code", rename_all = "kebab-case")]
    enum BorrowRefusal {
        #[error("only {left} left")]
        TooFew { left: u32 },
    }
    crate::refusal!(BorrowRefusal { TooFew => Conflict });

    #[test]
    fn a_refusal_says_its_code_once() {
        assert_eq!(BorrowRefusal::TooFew { left: 2 }.code(), "too-few");
    }
}
