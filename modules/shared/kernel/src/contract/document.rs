//! JSON documents in one form for one meaning.

use std::collections::BTreeSet;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// One text for one value: keys sorted, no blanks.
pub(super) fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

/// The first 64 bits of the text's SHA-256, in hex.
pub(super) fn digest(text: &str) -> String {
    hex::encode(&Sha256::digest(text)[..8])
}

/// The codes that a schema of refusals allows, sorted.
pub(super) fn codes_of(schema: &Value) -> Vec<String> {
    let mut codes = BTreeSet::new();
    collect(schema, &mut codes);
    codes.into_iter().collect()
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(key, _)| *key);
            text.push('{');
            for (number, (key, member)) in members.into_iter().enumerate() {
                if number > 0 {
                    text.push(',');
                }
                text.push_str(&Value::from(key.as_str()).to_string());
                text.push(':');
                write(member, text);
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (number, item) in items.iter().enumerate() {
                if number > 0 {
                    text.push(',');
                }
                write(item, text);
            }
            text.push(']');
        }
        plain => text.push_str(&plain.to_string()),
    }
}

fn collect(schema: &Value, codes: &mut BTreeSet<String>) {
    let code = &schema["properties"]["code"];
    let listed = code["enum"].as_array().into_iter().flatten();
    let named = listed.chain([&code["const"]]).filter_map(Value::as_str);
    codes.extend(named.map(str::to_owned));
    for way in ["oneOf", "anyOf"] {
        for variant in schema[way].as_array().into_iter().flatten() {
            collect(variant, codes);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn one_value_has_one_text() {
        let value = json!({"b": [1, {"d": null, "c": "\""}], "a": true});

        assert_eq!(canonical(&value), r#"{"a":true,"b":[1,{"c":"\"","d":null}]}"#);
    }

    #[test]
    fn codes_are_found_in_every_form_of_enum() {
        let schema = json!({"oneOf": [
            {"properties": {"code": {"const": "b"}}},
            {"properties": {"code": {"enum": ["c", "a"]}}},
        ]});

        assert_eq!(codes_of(&schema), ["a", "b", "c"]);
    }
}
