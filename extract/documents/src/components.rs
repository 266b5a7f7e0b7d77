use serde_json::{Map, Value, json};

/// The types of a document by name, each once.
#[derive(Default)]
pub(crate) struct Components {
    schemas: Map<String, Value>,
    clashes: Vec<String>,
}

impl Components {
    /// Takes the types of a schema in, and gives what refers to the schema itself.
    pub(crate) fn take(&mut self, space: &str, mut schema: Value) -> Value {
        let definitions = schema.as_object_mut().and_then(|schema| schema.remove("$defs"));
        let title = schema["title"].as_str().map(str::to_owned);
        let root = title.as_deref().map(|title| named(space, title)).unwrap_or_default();
        if let Some(Value::Object(definitions)) = definitions {
            for (name, mut definition) in definitions {
                refer(space, &root, &mut definition);
                self.insert(named(space, &name), definition);
            }
        }
        refer(space, &root, &mut schema);
        let is_type = ["properties", "oneOf", "anyOf"].iter().any(|key| schema.get(key).is_some());
        if let Some(schema) = schema.as_object_mut() {
            schema.remove("title");
        }
        if root.is_empty() || !is_type {
            return schema;
        }
        self.insert(root.clone(), schema);
        json!({ "$ref": reference(&root) })
    }

    fn insert(&mut self, name: String, schema: Value) {
        if self.schemas.get(&name).is_some_and(|known| *known != schema) {
            self.clashes.push(name);
        } else {
            self.schemas.insert(name, schema);
        }
    }

    /// All types, if no two of them share a name.
    pub(crate) fn into_schemas(self) -> Result<Value, Vec<String>> {
        if self.clashes.is_empty() { Ok(Value::Object(self.schemas)) } else { Err(self.clashes) }
    }
}

fn reference(name: &str) -> String {
    format!("#/components/schemas/{name}")
}

/// A name as documents allow it: letters, digits, points, hyphens and underscores.
fn named(space: &str, name: &str) -> String {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || ".-_".contains(letter);
    let name: String =
        name.chars().map(|letter| if allowed(letter) { letter } else { '_' }).collect();
    if space.is_empty() { name } else { format!("{space}.{name}") }
}

fn refer(space: &str, root: &str, schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            for (key, member) in members {
                match (key.as_str(), member.as_str().map(str::to_owned)) {
                    ("$ref", Some(target)) => {
                        let name = target.strip_prefix("#/$defs/").map(|name| named(space, name));
                        *member = json!(reference(name.as_deref().unwrap_or(root)));
                    }
                    _ => refer(space, root, member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| refer(space, root, item)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_taken_in_once_and_referred_to() {
        let mut components = Components::default();
        let schema = || {
            json!({
                "title": "Put",
                "properties": {"sku": {"$ref": "#/$defs/Sku"}, "default": {"$ref": "#"}},
                "$defs": {"Sku": {"type": "string"}},
            })
        };

        let first = components.take("shelf.v1", schema());
        let second = components.take("shelf.v1", schema());

        assert_eq!(first, json!({"$ref": "#/components/schemas/shelf.v1.Put"}));
        assert_eq!(first, second);
        let properties = json!({
            "sku": {"$ref": "#/components/schemas/shelf.v1.Sku"},
            "default": {"$ref": "#/components/schemas/shelf.v1.Put"},
        });
        let schemas = components.into_schemas().unwrap();
        assert_eq!(
            schemas,
            json!({"shelf.v1.Put": {"properties": properties}, "shelf.v1.Sku": {"type": "string"}})
        );
    }

    #[test]
    fn two_types_of_one_name_are_told_of() {
        let mut components = Components::default();

        components.take("", json!({"title": "Put", "properties": {"a": {}}}));
        components.take("", json!({"title": "Put", "properties": {"b": {}}}));

        assert_eq!(components.into_schemas(), Err(vec!["Put".to_owned()]));
    }
}
