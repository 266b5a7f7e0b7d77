//! A contract's document, and what is done to it.

use serde_json::{Value, json};

fn request() -> Value {
    let line = json!({
        "type": "object",
        "properties": {
            "sku": {"type": "string", "minLength": 1, "maxLength": 64},
            "quantity": {"type": "integer", "format": "uint32", "minimum": 1, "maximum": 999},
        },
        "required": ["sku", "quantity"],
    });
    json!({
        "type": "object",
        "properties": {
            "order": {"type": "string", "format": "uuid"},
            "lines": {"type": "array", "items": line},
            "note": {"type": ["string", "null"]},
            "hurry": {"type": "boolean", "default": false},
            "way": {"type": "string", "enum": ["air", "sea"]},
        },
        "required": ["order", "lines", "way"],
    })
}

fn answer() -> Value {
    let known = json!({"oneOf": [{"const": "held", "type": "string"}, {"const": "sold", "type": "string"}]});
    json!({
        "type": "object",
        "properties": {
            "state": {"type": "string", "enum": ["held", "sold"]},
            "stage": {"anyOf": [known, {"type": "string"}]},
            "total": {"type": "integer", "format": "int64"},
            "next": {"type": ["string", "null"]},
            "amounts": {"type": "object", "additionalProperties": {"type": "integer", "format": "int64"}},
            "owner": {"oneOf": [
                {"type": "object", "properties": {"kind": {"const": "guest"}}, "required": ["kind"]},
                {
                    "type": "object",
                    "properties": {"kind": {"const": "user"}, "id": {"type": "string"}},
                    "required": ["kind", "id"],
                },
            ]},
        },
        "required": ["state", "stage", "total", "amounts", "owner"],
    })
}

/// A contract with a form of everything that documents have.
pub(crate) fn committed() -> Value {
    let refusal = json!({"oneOf": [
        {"type": "object", "properties": {"code": {"const": "closed"}}, "required": ["code"]},
        {
            "type": "object",
            "properties": {"code": {"const": "short"}, "left": {"type": "integer", "format": "uint32"}},
            "required": ["code", "left"],
        },
    ]});
    let codes = json!({"closed": "conflict", "short": "conflict"});
    let method = json!({
        "effect": "write-keyed", "stream": false,
        "request": request(), "answer": answer(), "refusal": refusal, "codes": codes,
    });
    json!({"contract": "shelf", "version": 1, "methods": {"put": method}})
}

/// Where in the document the parts of the method stand.
pub(crate) const REQUEST: &str = "/methods/put/request";
pub(crate) const ANSWER: &str = "/methods/put/answer";
pub(crate) const REFUSAL: &str = "/methods/put/refusal";

/// What may be done to a document.
#[derive(Clone)]
pub(crate) enum Edit {
    /// A value in place of any other.
    Set(String, Value),
    /// Something is taken out.
    Cut(String),
    /// A field that may be left out from now on.
    Spare(&'static str, &'static str),
    /// A field that is needed from now on.
    Need(&'static str, &'static str),
    /// One thing more in a list.
    Push(String, Value),
}

pub(crate) fn set(part: &str, path: &str, value: Value) -> Edit {
    Edit::Set(format!("{part}{path}"), value)
}

pub(crate) fn cut(part: &str, path: &str) -> Edit {
    Edit::Cut(format!("{part}{path}"))
}

pub(crate) fn push(part: &str, path: &str, value: Value) -> Edit {
    Edit::Push(format!("{part}{path}"), value)
}

/// The document after some edits.
pub(crate) fn edited(edits: &[Edit]) -> Value {
    let mut document = committed();
    for edit in edits {
        apply(&mut document, edit);
    }
    document
}

fn apply(document: &mut Value, edit: &Edit) {
    match edit {
        Edit::Set(path, value) => {
            let (parent, name) = path.rsplit_once('/').unwrap();
            document.pointer_mut(parent).unwrap()[name] = value.clone();
        }
        Edit::Cut(path) => {
            let (parent, name) = path.rsplit_once('/').unwrap();
            match document.pointer_mut(parent).unwrap() {
                Value::Object(members) => assert!(members.remove(name).is_some(), "{path}"),
                Value::Array(items) => drop(items.remove(name.parse().unwrap())),
                other => panic!("{path} is in {other}"),
            }
        }
        Edit::Spare(part, field) => {
            let needed = document.pointer_mut(part).unwrap()["required"].as_array_mut().unwrap();
            needed.retain(|name| name != field);
        }
        Edit::Need(part, field) => {
            let needed = document.pointer_mut(part).unwrap()["required"].as_array_mut().unwrap();
            needed.push((*field).into());
        }
        Edit::Push(path, value) => {
            document.pointer_mut(path).unwrap().as_array_mut().unwrap().push(value.clone());
        }
    }
}
