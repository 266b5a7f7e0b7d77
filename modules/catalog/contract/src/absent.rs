use serde::{Deserialize, Deserializer};

/// Reads a field that is there, be it null. What is absent stays as it is, and null takes it away.
pub(crate) fn there<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}
