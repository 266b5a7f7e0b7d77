//! A schema as the cases that a value of it may be: one type each, and one value each where values are listed.

use serde_json::{Map, Value, json};

/// One case of a schema. Without `type` it may be anything.
pub(crate) type Case = Map<String, Value>;

/// The cases of a schema.
pub(crate) struct Cases {
    pub(crate) cases: Vec<Case>,
    /// It lists texts and takes any other: values of later versions are expected.
    pub(crate) open: bool,
}

/// What the schema's value may be. References are looked up in `root`.
pub(crate) fn cases_of(root: &Value, schema: &Value) -> Cases {
    let mut cases = split(root, schema, &[]);
    let open = cases.iter().any(is_listed_text) && cases.iter().any(is_any_text);
    if open {
        cases.retain(|case| !is_any_text(case));
    }
    Cases { cases, open }
}

/// The value that a schema allows alone.
pub(crate) fn constant(schema: &Value) -> Option<&Value> {
    match schema["enum"].as_array().map(Vec::as_slice) {
        Some([only]) => Some(only),
        _ => schema.get("const"),
    }
}

fn is_listed_text(case: &Case) -> bool {
    case.get("const").is_some_and(Value::is_string)
}

fn is_any_text(case: &Case) -> bool {
    case.len() == 1 && case.get("type").is_some_and(|kind| kind == "string")
}

/// `within` are the references that led here.
fn split(root: &Value, schema: &Value, within: &[&str]) -> Vec<Case> {
    let Value::Object(members) = schema else {
        return if schema == &Value::Bool(false) { Vec::new() } else { vec![Case::new()] };
    };
    let mut base = members.clone();
    for apart in ["$defs", "$ref", "$schema", "allOf", "anyOf", "default", "enum", "oneOf"] {
        base.remove(apart);
    }
    let mut cases = vec![base];
    if let Some(target) = members.get("$ref").and_then(Value::as_str) {
        cases = each_with_each(&cases, &referred(root, target, within));
    }
    for part in members.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        cases = each_with_each(&cases, &split(root, part, within));
    }
    for way in ["oneOf", "anyOf"] {
        if let Some(ways) = members.get(way).and_then(Value::as_array) {
            let ways: Vec<Case> = ways.iter().flat_map(|way| split(root, way, within)).collect();
            cases = each_with_each(&cases, &ways);
        }
    }
    if let Some(listed) = members.get("enum").and_then(Value::as_array) {
        let listed: Vec<Case> = listed
            .iter()
            .map(|value| Case::from_iter([("const".to_owned(), value.clone())]))
            .collect();
        cases = each_with_each(&cases, &listed);
    }
    cases.into_iter().flat_map(one_type_each).collect()
}

/// The cases of what a reference names. One that leads to itself demands nothing, as does one that leads nowhere.
fn referred(root: &Value, target: &str, within: &[&str]) -> Vec<Case> {
    match root.pointer(target.trim_start_matches('#')) {
        Some(schema) if !within.contains(&target) => {
            split(root, schema, &[within, &[target][..]].concat())
        }
        _ => vec![Case::new()],
    }
}

fn each_with_each(left: &[Case], right: &[Case]) -> Vec<Case> {
    let pairs = left.iter().flat_map(|one| right.iter().map(move |other| (one, other)));
    pairs.map(|(one, other)| merged(one, other)).collect()
}

/// What holds for both. Of fields and needs all count, of everything else the narrower word, which comes last.
fn merged(one: &Case, other: &Case) -> Case {
    let mut both = one.clone();
    for (key, value) in other {
        let known = both.get_mut(key);
        match (key.as_str(), known, value) {
            ("properties", Some(Value::Object(known)), Value::Object(more)) => {
                known.extend(more.clone());
            }
            ("required", Some(Value::Array(known)), Value::Array(more)) => {
                known.extend(more.iter().cloned());
            }
            _ => {
                both.insert(key.clone(), value.clone());
            }
        }
    }
    both
}

fn one_type_each(mut case: Case) -> Vec<Case> {
    if let Some(value) = case.get("const") {
        let kind = type_of(value);
        case.insert("type".to_owned(), json!(kind));
        return vec![case];
    }
    let Some(Value::Array(types)) = case.get("type").cloned() else { return vec![case] };
    let of = |kind: Value| {
        let mut case = case.clone();
        if kind == "null" {
            case.clear();
        }
        case.insert("type".to_owned(), kind);
        case
    };
    types.into_iter().map(of).collect()
}

/// The JSON type of a value, as schemas name it.
pub(crate) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
