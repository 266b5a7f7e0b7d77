//! The headers of a call in the documents.

use serde_json::{Map, Value, json};

struct Header {
    name: &'static str,
    component: &'static str,
    needed: Needed,
    words: &'static str,
    schema: fn() -> Value,
}

#[derive(PartialEq, Eq)]
enum Needed {
    Always,
    Sometimes,
}

const HEADERS: [Header; 7] = [
    Header {
        name: "x-call-id",
        component: "CallId",
        needed: Needed::Always,
        words: "Names the call, at random; its attempts may share it.",
        schema: || json!({ "type": "string", "examples": ["0f1e2d3c4b5a69788796a5b4c3d2e1f0"] }),
    },
    Header {
        name: "x-call-attempt",
        component: "CallAttempt",
        needed: Needed::Always,
        words: "Which attempt this is, from 1.",
        schema: || json!({ "type": "integer", "format": "uint32", "minimum": 1, "maximum": u32::MAX }),
    },
    Header {
        name: "x-call-deadline-ms",
        component: "CallDeadline",
        needed: Needed::Always,
        words: "How much time is left, in milliseconds.",
        schema: || json!({ "type": "integer", "format": "uint64", "minimum": 0 }),
    },
    Header {
        name: "x-call-caller",
        component: "CallCaller",
        needed: Needed::Always,
        words: "The module that calls, or `gateway`, or `cli`.",
        schema: || json!({ "type": "string" }),
    },
    Header {
        name: "x-call-principal",
        component: "CallPrincipal",
        needed: Needed::Always,
        words: "On whose behalf, as JSON in UTF-8.",
        schema: || json!({ "$ref": "#/components/schemas/Principal" }),
    },
    Header {
        name: "idempotency-key",
        component: "IdempotencyKey",
        needed: Needed::Sometimes,
        words: "Names the write, where its caller names it.",
        schema: || json!({ "type": "string", "pattern": "^[!-~]{1,255}$" }),
    },
    Header {
        name: "traceparent",
        component: "TraceParent",
        needed: Needed::Sometimes,
        words: "The W3C trace that the call belongs to.",
        schema: || json!({ "type": "string" }),
    },
];

/// The headers as parameters of `OpenAPI`.
pub(crate) fn parameters() -> Value {
    let all = HEADERS.iter().map(|header| {
        let mut parameter = json!({
            "name": header.name,
            "in": "header",
            "required": header.needed == Needed::Always,
            "description": header.words,
        });
        // What is JSON in itself is a content, what is text a schema.
        if header.component == "CallPrincipal" {
            parameter["content"] = json!({ "application/json": { "schema": (header.schema)() } });
        } else {
            parameter["schema"] = (header.schema)();
        }
        (header.component.to_owned(), parameter)
    });
    Value::Object(all.collect())
}

/// What an operation says of them.
pub(crate) fn references() -> Vec<Value> {
    let reference = |header: &Header| json!({ "$ref": format!("#/components/parameters/{}", header.component) });
    HEADERS.iter().map(reference).collect()
}

/// The headers and the token as one schema, for transports that have no parameters.
pub(crate) fn schema() -> Value {
    let token = json!({ "type": "string", "description": "`Bearer ` and the service token." });
    let mut properties = Map::from_iter([("authorization".to_owned(), token)]);
    let mut required = vec!["authorization"];
    for header in &HEADERS {
        let schema = json!({ "type": "string", "description": header.words });
        properties.insert(header.name.to_owned(), schema);
        if header.needed == Needed::Always {
            required.push(header.name);
        }
    }
    json!({ "type": "object", "properties": properties, "required": required })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use extract_wire::CallHead;
    use kernel::{Call, IdempotencyKey, ModuleName};

    use super::*;

    #[test]
    fn the_headers_of_the_documents_are_those_that_calls_carry() {
        let call = Call::system(ModuleName::new("orders"), Duration::from_secs(1));
        let mut carried = BTreeMap::new();
        CallHead::of(&call).unwrap().write(&mut carried).unwrap();
        let always: Vec<&str> = carried.keys().map(String::as_str).collect();
        let key = IdempotencyKey::parse("order-1").unwrap();
        let mut keyed = BTreeMap::new();
        CallHead::of(&call.clone().keyed(key)).unwrap().write(&mut keyed).unwrap();

        let mut known: Vec<&str> = HEADERS.iter().map(|header| header.name).collect();
        known.sort_unstable();
        assert_eq!(known, keyed.keys().map(String::as_str).collect::<Vec<_>>());
        let needed = HEADERS.iter().filter(|header| header.needed == Needed::Always);
        for header in needed {
            assert!(always.contains(&header.name), "{}", header.name);
            let mut without = carried.clone();
            without.remove(header.name);
            assert!(CallHead::read(&without).is_err(), "{} is not needed", header.name);
        }
    }
}
