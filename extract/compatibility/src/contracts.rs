use std::collections::BTreeMap;

use serde_json::Value;

use crate::cases::{cases_of, constant};
use crate::said::{Writer, compare};
use crate::words::Changes;

const CALLERS: &str = "callers of the committed version";

/// How the new document of a contract differs from the committed one of the same version.
pub fn successor(committed: &Value, new: &Value) -> Changes {
    let mut changes = Changes::default();
    for key in ["contract", "version"] {
        if committed[key] != new[key] {
            let problem = format!("was {} and is {}", committed[key], new[key]);
            changes.breaks(key, problem, CALLERS);
        }
    }
    for (name, before) in methods(committed) {
        match new["methods"].get(name) {
            Some(now) => method(&mut changes, name, (before, now)),
            None => changes.breaks(name, "is gone", CALLERS),
        }
    }
    for (name, _) in methods(new) {
        if committed["methods"].get(name).is_none() {
            changes.adds(name, "is new");
        }
    }
    changes
}

/// The methods of a contract's document by name.
pub(crate) fn methods(document: &Value) -> impl Iterator<Item = (&String, &Value)> {
    document["methods"].as_object().into_iter().flatten()
}

/// What of two methods must be the same: whether it streams, and what it does to the world.
pub(crate) fn other_way(one: &Value, other: &Value) -> Option<String> {
    let told = |method: &Value| {
        let stream = if method["stream"] == true { ", stream" } else { "" };
        format!("{}{stream}", method["effect"].as_str().unwrap_or_default())
    };
    let (one, other) = (told(one), told(other));
    (one != other).then(|| format!("({one}) is now ({other})"))
}

/// The schemas of a method's refusals by code; those that have none under an empty one.
pub(crate) fn refusals(method: &Value) -> BTreeMap<String, Value> {
    let schema = &method["refusal"];
    let cases = cases_of(schema, schema).cases.into_iter().map(|case| {
        let mut case = Value::Object(case);
        let code = constant(&case["properties"]["code"]).and_then(Value::as_str);
        let code = code.unwrap_or_default().to_owned();
        if let (Some(case), Some(definitions)) = (case.as_object_mut(), schema.get("$defs")) {
            case.insert("$defs".to_owned(), definitions.clone());
        }
        (code, case)
    });
    cases.collect()
}

fn method(changes: &mut Changes, name: &str, (before, now): (&Value, &Value)) {
    if let Some(problem) = other_way(before, now) {
        changes.breaks(
            name,
            problem,
            "callers of the committed version, who repeat and end calls as they know them",
        );
    }
    let both = |key: &'static str| (&before[key], &now[key]);
    compare(changes, &format!("{name}: request"), both("request"), Writer::Caller);
    compare(changes, &format!("{name}: answer"), both("answer"), Writer::Server);
    let (known, later) = (refusals(before), refusals(now));
    for (code, before) in &known {
        let place = format!("{name}: refusal {code}");
        match later.get(code) {
            Some(now) => compare(changes, &place, (before, now), Writer::Server),
            None => changes.breaks(
                &place,
                "is no longer given",
                "callers of the committed version, who act on it",
            ),
        }
    }
    for code in later.keys().filter(|code| !known.contains_key(*code)) {
        changes.adds(&format!("{name}: refusal {code}"), "is new");
    }
    for (code, kind) in before["codes"].as_object().into_iter().flatten() {
        let kind_now = now["codes"].get(code).filter(|now| *now != kind);
        if let Some(kind_now) = kind_now {
            changes
                .adds(&format!("{name}: refusal {code}"), &format!("is {kind_now} and was {kind}"));
        }
    }
}
