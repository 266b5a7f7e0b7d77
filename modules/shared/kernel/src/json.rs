use serde::{Deserialize, Deserializer};

/// Reads a field that is there, be it null, for `deserialize_with`: what is absent stays, and null takes away.
///
/// With `default` and `skip_serializing_if = "Option::is_none"` beside it, or null could not be told from absent on any wire.
pub fn nullable<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// How many bytes a text has as JSON writes it, without its quotes.
pub fn json_length(text: &str) -> usize {
    let written = |byte| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => 2,
        0..=0x1f => 6,
        _ => 1,
    };
    text.bytes().map(written).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_text_is_as_long_as_json_writes_it(text in any::<String>()) {
            let written = serde_json::to_string(&text).unwrap();

            prop_assert_eq!(json_length(&text) + 2, written.len());
        }
    }
}
