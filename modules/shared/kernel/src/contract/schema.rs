use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

/// For whom a schema is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaForm {
    /// For peers: without words meant for people, and without names of types but where a type contains itself.
    Bare,
    /// For people: with words, and with types by name in `$defs`.
    Worded,
}

/// The JSON Schema of a message as its reader takes it, whoever wrote it.
///
/// What a reader can do without is not required there, even if every writer of today sends it.
pub fn schema_of<T: JsonSchema + ?Sized>(form: SchemaForm) -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.inline_subschemas = form == SchemaForm::Bare;
        settings.meta_schema = None;
    });
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    if form == SchemaForm::Bare {
        forget_words(&mut schema);
    }
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
    fn words_are_left_out_for_peers_and_members_stay() {
        let schema = schema_of::<Described>(SchemaForm::Bare);

        assert_eq!(schema["properties"]["title"]["type"], "string");
        assert!(!schema.to_string().contains("ords"), "{schema}");
        assert!(!schema.to_string().contains("Described"), "{schema}");
    }

    #[test]
    fn words_are_kept_for_people() {
        let schema = schema_of::<Described>(SchemaForm::Worded);

        assert_eq!(schema["title"], "Described");
        assert_eq!(schema["properties"]["title"]["description"], "More words.");
    }
}
