//! Settings that are written down without what they hide.

use platform::DatabaseUrl;
use secrecy::SecretString;
use serde::{Deserializer, Serializer};

const HIDDEN: &str = "…";

/// Writes that there is a secret, and not which.
pub(super) fn secret<S: Serializer>(
    secret: &Option<SecretString>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match secret {
        Some(_) => serializer.serialize_str(HIDDEN),
        None => serializer.serialize_none(),
    }
}

/// Where data lies, without the password in it.
pub(super) mod url {
    use serde::Deserialize as _;

    use super::{DatabaseUrl, Deserializer, Serializer, parsed};

    pub(in crate::settings) fn serialize<S: Serializer>(
        url: &DatabaseUrl,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{url:?}"))
    }

    pub(in crate::settings) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<DatabaseUrl, D::Error> {
        parsed(String::deserialize(deserializer)?)
    }
}

/// Where data lies, if that is said, without the password in it.
pub(super) mod optional_url {
    use serde::Deserialize as _;

    use super::{DatabaseUrl, Deserializer, Serializer, parsed};

    pub(in crate::settings) fn serialize<S: Serializer>(
        url: &Option<DatabaseUrl>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match url {
            Some(url) => super::url::serialize(url, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(in crate::settings) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<DatabaseUrl>, D::Error> {
        Option::<String>::deserialize(deserializer)?.map(parsed).transpose()
    }
}

fn parsed<E: serde::de::Error>(text: String) -> Result<DatabaseUrl, E> {
    text.parse().map_err(E::custom)
}
