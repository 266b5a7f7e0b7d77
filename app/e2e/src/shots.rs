use bytes::Bytes;
use hyper::Method;
use serde_json::{Value, json};

use crate::openapi::Operation;

/// A request to be sent: its operation, where it goes, and what it carries.
pub(crate) struct Shot {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) content_type: &'static str,
    pub(crate) body: Bytes,
}

/// All that is sent to an operation: odd paths, odd queries, odd bodies, and its own body with each value bent.
pub(crate) fn shots(operation: &Operation, objects: &Value) -> Vec<Shot> {
    let mut shots = Vec::new();
    let shot = |path: &str, content_type, body: Bytes| Shot {
        method: operation.method.clone(),
        path: path.to_owned(),
        content_type,
        body,
    };
    let json = "application/json";
    let body = operation.body.clone().unwrap_or(Value::Null);
    let whole = Bytes::from(body.to_string());
    for text in TEXTS {
        shots.push(shot(&fill(&operation.path, |_| text.to_owned()), json, whole.clone()));
    }
    if operation.method == Method::DELETE {
        return shots; // it would be gone for the others
    }
    let path = fill(&operation.path, |prefix| object(objects, prefix));
    for name in &operation.query {
        let queries = TEXTS.into_iter().chain(["%00", "-1", "1e9", "2147483648", "=&=", "a&a=b"]);
        shots.extend(
            queries.map(|text| shot(&format!("{path}?{name}={text}"), json, whole.clone())),
        );
    }
    if operation.method != Method::GET {
        shots.extend(BODIES.iter().map(|body| shot(&path, json, Bytes::from_static(body))));
        shots.extend(["[", "{\"a\":"].map(|open| shot(&path, json, open.repeat(1_000).into())));
        shots.push(shot(&path, "text/plain", whole.clone()));
        shots.push(shot(&path, "application/x-www-form-urlencoded", Bytes::from_static(b"a=b")));
        shots.extend(bent(&body).map(|body| shot(&path, json, body.to_string().into())));
    }
    shots
}

/// The body with each of its values in turn replaced by what does not belong there.
fn bent(body: &Value) -> impl Iterator<Item = Value> {
    let mut pointers = Vec::new();
    collect_pointers(body, String::new(), &mut pointers);
    let body = body.clone();
    pointers.into_iter().flat_map(move |pointer| {
        let body = body.clone();
        nasty_values().into_iter().map(move |nasty| {
            let mut bent = body.clone();
            if let Some(value) = bent.pointer_mut(&pointer) {
                *value = nasty;
            }
            bent
        })
    })
}

fn collect_pointers(value: &Value, at: String, pointers: &mut Vec<String>) {
    for (name, field) in value.as_object().into_iter().flatten() {
        collect_pointers(field, format!("{at}/{name}"), pointers);
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        collect_pointers(item, format!("{at}/{index}"), pointers);
    }
    if !at.is_empty() {
        pointers.push(at);
    }
}

const TEXTS: [&str; 10] = [
    "x",
    "0",
    "-1",
    "00000000-0000-4000-8000-000000000000",
    "..%2F..%2Fetc",
    "%00",
    "%F0%9F%A6%80",
    "%27%20OR%201=1--",
    "%FF%FE",
    "%E2%80%AEabc%CC%81",
];

const BODIES: [&[u8]; 12] = [
    b"",
    b"{",
    b"null",
    b"true",
    b"[]",
    b"{}",
    b"\"x\"",
    b"1e999",
    b"{\"a\":1,\"a\":2}",
    b"\xff\xfe",
    b"{\"\\u0000\":\"\\u0000\"}",
    b"{\"a\":\"\\ud800\"}",
];

fn nasty_values() -> Vec<Value> {
    let mut values = vec![
        json!(null),
        json!(true),
        json!(-1),
        json!(0),
        json!(1),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1.5),
        json!(1e300),
        json!([]),
        json!({}),
        json!([[[[]]]]),
        json!({"amount": i64::MAX, "currency": "EUR"}),
        json!({"amount": -1, "currency": "eur"}),
    ];
    let long = "x".repeat(4_000);
    let texts = [
        "",
        " ",
        "\u{0}",
        "a\u{0}b",
        "\u{202e}",
        "🦀",
        "a\r\nb",
        "../../x",
        "' OR 1=1 --",
        "<script>",
        "1",
        "EUR",
        "DE",
        "{{7*7}}",
        "00000000-0000-4000-8000-000000000000",
        "ü@ü",
        "\u{feff}",
        &long,
    ];
    values.extend(texts.map(Value::from));
    values
}

/// The path with each parameter filled from the path before it.
fn fill(path: &str, value: impl Fn(&str) -> String) -> String {
    let mut filled = String::new();
    for segment in path.split('/').skip(1) {
        let prefix = filled.clone();
        filled.push('/');
        if segment.starts_with('{') {
            let name = format!("{prefix}/{segment}");
            filled.push_str(&value(&name));
        } else {
            filled.push_str(segment);
        }
    }
    filled
}

fn object(objects: &Value, parameter: &str) -> String {
    let known = objects.as_object().into_iter().flatten();
    let found = known.filter(|(prefix, _)| parameter.starts_with(prefix.as_str()));
    let longest = found.max_by_key(|(prefix, _)| prefix.len());
    let id = longest.and_then(|(_, id)| id.as_str());
    if parameter.ends_with("{sku}") { "MUG".to_owned() } else { id.unwrap_or("x").to_owned() }
}
