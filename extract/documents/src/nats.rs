//! Calls over NATS in the document of `AsyncAPI`. What is said in them is in that of `OpenAPI`.

use serde_json::{Map, Value, json};

use crate::head;

/// Adds how calls are made, answered, cancelled and introduced.
pub(crate) fn add(
    channels: &mut Map<String, Value>,
    messages: &mut Map<String, Value>,
    operations: &mut Map<String, Value>,
) {
    let message = |name: &str| json!({ "$ref": format!("#/components/messages/{name}") });
    for (name, told) in messages_of_calls() {
        messages.insert(name.to_owned(), told);
    }
    let subjects = [
        ("calls", "{prefix}.rpc.{contract}.{method}", "call"),
        ("cancels", "{prefix}.cancel.{contract}", "cancel"),
        ("introductions", "{prefix}.contracts.{contract}", "introduction"),
    ];
    for (channel, address, asked) in subjects {
        let told = json!({
            "address": address,
            "parameters": parameters(address),
            "messages": { asked: message(asked) },
        });
        channels.insert(channel.to_owned(), told);
    }
    let answers = json!({
        "address": null,
        "description": "The reply subject of the request.",
        "messages": { "answer": message("answer"), "problem": message("problem"), "alive": message("alive") },
    });
    channels.insert("answers".to_owned(), answers);
    for (name, channel, words) in [
        ("call", "calls", "A module answers a call."),
        ("introduce", "introductions", "A module tells what it serves."),
    ] {
        operations.insert(name.to_owned(), answered(channel, words));
    }
    let cancel = json!({
        "action": "receive",
        "summary": "A module ends a read whose caller went away.",
        "channel": { "$ref": "#/channels/cancels" },
    });
    operations.insert("cancel".to_owned(), cancel);
}

fn answered(channel: &str, words: &str) -> Value {
    json!({
        "action": "receive",
        "summary": words,
        "channel": { "$ref": format!("#/channels/{channel}") },
        "reply": {
            "address": { "location": "$message.header#/reply", "description": "The reply subject of NATS." },
            "channel": { "$ref": "#/channels/answers" },
        },
    })
}

fn parameters(address: &str) -> Value {
    let known = [
        (
            "prefix",
            "What the shop's subjects begin with: `galleria` unless settings say otherwise.",
        ),
        ("contract", "A contract with its version: `inventory.v1`, or `orders-ops.v1`."),
        ("method", "One of its methods."),
    ];
    let used = known.into_iter().filter(|(name, _)| address.contains(&format!("{{{name}}}")));
    used.map(|(name, words)| (name.to_owned(), json!({ "description": words }))).collect()
}

fn messages_of_calls() -> [(&'static str, Value); 6] {
    let json = |summary: &str, payload: Value| json!({ "summary": summary, "contentType": "application/json", "payload": payload });
    let error = json!({
        "type": "object",
        "properties": {
            "Nats-Service-Error": { "type": "string", "description": "The problem's title." },
            "Nats-Service-Error-Code": { "type": "string", "description": "Its status." },
        },
        "required": ["Nats-Service-Error", "Nats-Service-Error-Code"],
    });
    let mut call = json("A call: the message of its operation in `openapi.json`.", json!({}));
    call["headers"] = head::schema();
    let problem = json!({ "type": "object", "description": "`Problem` of `openapi.json`." });
    let mut problem = json("A refusal or a failure.", problem);
    problem["headers"] = error;
    let alive = json!({
        "type": "object", "properties": { "alive": { "const": true } }, "required": ["alive"],
    });
    [
        ("call", call),
        ("answer", json("The answer of its operation in `openapi.json`.", json!({}))),
        ("problem", problem),
        ("alive", json("The call is at work.", alive)),
        (
            "cancel",
            json!({
                "summary": "The caller of a read went away.",
                "contentType": "text/plain",
                "payload": { "type": "string", "description": "The reply subject of the call." },
            }),
        ),
        ("introduction", json("Asks what is served.", json!({ "description": "Nothing." }))),
    ]
}
