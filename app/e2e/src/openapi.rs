use hyper::Method;
use serde_json::{Map, Value, json};

use crate::{Outcome, text};

/// An operation as the served document states it.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    /// Its method.
    pub(crate) method: Method,
    /// Its path, with parameters in braces.
    pub(crate) path: String,
    /// The names of its query parameters.
    pub(crate) query: Vec<String>,
    /// A JSON body that its schema allows, if it has one.
    pub(crate) body: Option<Value>,
}

/// All operations of an `OpenAPI` document.
pub(crate) fn operations(document: &Value) -> Outcome<Vec<Operation>> {
    assert!(text(document, "/openapi")?.starts_with("3.1"), "another version of OpenAPI");
    let mut operations = Vec::new();
    let paths = document["paths"].as_object().ok_or("a document without paths")?;
    for (path, item) in paths {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let Ok(method) = method.to_uppercase().parse::<Method>() else { continue };
            if !["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method.as_str()) {
                continue;
            }
            let schema = operation.pointer("/requestBody/content/application~1json/schema");
            operations.push(Operation {
                method,
                path: path.clone(),
                query: query_names(operation),
                body: schema.map(|schema| sample(document, schema, 0)),
            });
        }
    }
    Ok(operations)
}

fn query_names(operation: &Value) -> Vec<String> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let query = parameters.filter(|parameter| parameter["in"] == "query");
    query.filter_map(|parameter| Some(parameter["name"].as_str()?.to_owned())).collect()
}

/// A value that a schema allows: every property is there.
fn sample(document: &Value, schema: &Value, depth: u32) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.pointer(reference.trim_start_matches('#')).unwrap_or(&Value::Null);
        return sample(document, target, depth + 1);
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        let mut choices = schema[choice].as_array().into_iter().flatten();
        if let Some(first) = choices.find(|choice| choice["type"] != "null") {
            return sample(document, first, depth + 1);
        }
    }
    if let Some(first) = schema.pointer("/enum/0").or(schema.pointer("/examples/0")) {
        return first.clone();
    }
    let kind = &schema["type"];
    let kind = kind.as_str().or_else(|| kind[0].as_str()).unwrap_or_default();
    match kind {
        _ if depth > 8 => Value::Null,
        "object" => {
            let properties = schema["properties"].as_object().into_iter().flatten();
            let fields = properties
                .map(|(name, property)| (name.clone(), sample(document, property, depth + 1)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
        "array" => json!([sample(document, &schema["items"], depth + 1)]),
        "integer" | "number" => json!(1),
        "boolean" => json!(false),
        "string" if schema["format"] == "uuid" => json!("00000000-0000-4000-8000-000000000000"),
        "string" if schema["format"] == "email" => json!("someone@example.com"),
        "string" => json!("text"),
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_has_its_parameters_and_a_whole_body() {
        let document = json!({
            "openapi": "3.1.0",
            "components": {"schemas": {"Line": {
                "type": "object", "properties": {"sku": {"type": "string"}, "n": {"type": ["integer", "null"]}},
            }}},
            "paths": {"/api/carts/{id}": {"parameters": [], "put": {
                "parameters": [{"in": "path", "name": "id"}, {"in": "query", "name": "limit"}],
                "requestBody": {"content": {"application/json": {"schema": {
                    "type": "object",
                    "properties": {"lines": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}}},
                }}}},
            }}},
        });

        let operations = operations(&document).unwrap();

        assert_eq!(operations.len(), 1);
        assert_eq!(
            (&operations[0].method, operations[0].query.as_slice()),
            (&Method::PUT, &["limit".to_owned()][..])
        );
        assert_eq!(operations[0].body, Some(json!({"lines": [{"sku": "text", "n": 1}]})));
    }
}
