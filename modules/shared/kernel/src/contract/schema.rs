use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

/// The JSON Schema of what a callee reads, without words meant for people and without names of types.
pub fn schema_of_request<T: JsonSchema + ?Sized>() -> Value {
    schema_of::<T>(SchemaSettings::draft2020_12())
}

/// The JSON Schema of what a callee writes, without words meant for people and without names of types.
pub fn schema_of_answer<T: JsonSchema + ?Sized>() -> Value {
    schema_of::<T>(SchemaSettings::draft2020_12().for_serialize())
}

fn schema_of<T: JsonSchema + ?Sized>(settings: SchemaSettings) -> Value {
    let settings = settings.with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    forget_words(&mut schema);
    schema
}

/// Takes out titles and descriptions, which change without a change of what is promised. Members so named stay.
fn forget_words(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            members.retain(|key, member| {
                !(matches!(key.as_str(), "title" | "description") && member.is_string())
            });
            for (key, member) in members {
                if !matches!(key.as_str(), "const" | "enum" | "default" | "examples") {
                    forget_words(member);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(forget_words),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words.
    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only its schema is looked at")]
    struct Described {
        /// More words.
        title: String,
    }

    #[test]
    fn words_are_left_out_and_members_stay() {
        let schema = schema_of_request::<Described>();

        assert_eq!(schema["properties"]["title"]["type"], "string");
        assert!(!schema.to_string().contains("ords"), "{schema}");
        assert!(!schema.to_string().contains("Described"), "{schema}");
    }
}
