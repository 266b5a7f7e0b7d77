use kernel::Secret;
use serde::Deserialize;

/// Any text without U+0000, of at most `MAX` characters; it may have several lines, or none.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Text<const MAX: usize>(String);

impl<const MAX: usize> TryFrom<String> for Text<MAX> {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.contains('\0') {
            return Err("must not contain U+0000".to_owned());
        }
        if text.len() > MAX && text.chars().count() > MAX {
            return Err(format!("must have at most {MAX} characters"));
        }
        Ok(Self(text))
    }
}

impl<const MAX: usize> From<Text<MAX>> for String {
    fn from(text: Text<MAX>) -> Self {
        text.0
    }
}

/// A password that is to be set: 12 to 128 characters. Never printed.
#[derive(Clone, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct NewPassword(Secret);

impl TryFrom<String> for NewPassword {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        if text.contains('\0') {
            return Err("must not contain U+0000");
        }
        if !(12..=128).contains(&text.chars().count()) {
            return Err("must have 12 to 128 characters");
        }
        Ok(Self(Secret::new(text)))
    }
}

impl From<NewPassword> for Secret {
    fn from(password: NewPassword) -> Self {
        password.0
    }
}

/// A secret that is shown to us: a token, a password to be checked. Never printed.
#[derive(Clone, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Opaque(Secret);

impl TryFrom<String> for Opaque {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        if text.contains('\0') {
            return Err("must not contain U+0000");
        }
        if text.is_empty() || text.chars().count() > 1024 {
            return Err("must have 1 to 1024 characters");
        }
        Ok(Self(Secret::new(text)))
    }
}

impl From<Opaque> for Secret {
    fn from(opaque: Opaque) -> Self {
        opaque.0
    }
}
