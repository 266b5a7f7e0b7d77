use std::collections::BTreeMap;

use kernel::contract::{ContractDescriptor, Effect, MethodDescriptor, SchemaForm};
use serde_json::{Map, Value, json};

use crate::components::Components;
use crate::head;

/// A method as an operation of `OpenAPI`, and its path.
pub(crate) fn operation(
    components: &mut Components,
    contract: &ContractDescriptor,
    method: &MethodDescriptor,
) -> (String, Value) {
    let address = contract.address();
    let request = components.take(&address, (method.request)(SchemaForm::Worded));
    let mut parameters = head::references();
    if is_platform(contract) {
        parameters.insert(0, module());
    }
    let operation = json!({
        "operationId": format!("{address}.{}", method.name),
        "tags": [address],
        "summary": method.words.lines().next().unwrap_or_default(),
        "description": format!("{}\n\n{}", method.words, effect(method)),
        "x-galleria-effect": method.effect.as_str(),
        "security": [{ "service-token": [] }],
        "parameters": parameters,
        "requestBody": {
            "required": true,
            "content": { "application/json": { "schema": request } },
        },
        "responses": responses(components, &address, method),
    });
    (path(contract, method), operation)
}

/// Whether each module serves the contract, at an address of its own.
pub(crate) fn is_platform(contract: &ContractDescriptor) -> bool {
    contract.name == "ops"
}

/// Where a contract is served; `{module}` stands for each module in that of the platform.
pub(crate) fn address(contract: &ContractDescriptor) -> String {
    if is_platform(contract) {
        format!("{{module}}-{}", contract.address())
    } else {
        contract.address()
    }
}

fn path(contract: &ContractDescriptor, method: &MethodDescriptor) -> String {
    format!("/rpc/{}/{}", address(contract), method.name)
}

fn module() -> Value {
    json!({
        "name": "module", "in": "path", "required": true,
        "description": "The module that is meant: each serves this contract.",
        "schema": { "type": "string", "examples": ["orders"] },
    })
}

fn effect(method: &MethodDescriptor) -> &'static str {
    match method.effect {
        Effect::Read => {
            "Effect: `read`. It changes nothing, may be repeated, and ends with its caller."
        }
        Effect::WriteKeyed => {
            "Effect: `write-keyed`. A repeat changes nothing. It runs to its end."
        }
        Effect::WriteOnce => {
            "Effect: `write-once`. A repeat does it again, so only what certainly had no effect is repeated. \
             It runs to its end."
        }
    }
}

fn responses(components: &mut Components, address: &str, method: &MethodDescriptor) -> Value {
    let answer = components.take(address, (method.answer)(SchemaForm::Worded));
    let refusal = components.take(address, (method.refusal)(SchemaForm::Worded));
    let mut responses = Map::new();
    responses.insert("200".to_owned(), answered(method, &answer));
    let mut codes: BTreeMap<u16, Vec<String>> = BTreeMap::new();
    for (code, kind) in (method.kinds)() {
        codes.entry(kind.status()).or_default().push(format!("`{code}`"));
    }
    for (status, codes) in codes {
        let schema = json!({
            "allOf": [{ "$ref": "#/components/schemas/Problem" }],
            "properties": { "refusal": refusal },
        });
        let response = json!({
            "description": format!("Refused: {}. Or failed, if there is no `refusal`.", codes.join(", ")),
            "content": { "application/problem+json": { "schema": schema } },
        });
        responses.insert(status.to_string(), response);
    }
    responses.insert("default".to_owned(), json!({ "$ref": "#/components/responses/Failed" }));
    Value::Object(responses)
}

fn answered(method: &MethodDescriptor, answer: &Value) -> Value {
    if !method.stream {
        return json!({
            "description": "The answer.",
            "content": { "application/json": { "schema": answer } },
        });
    }
    let line = |name: &str, schema: Value| json!({ "type": "object", "properties": { name: schema }, "required": [name] });
    let yes = || json!({ "const": true });
    let lines = [
        line("item", answer.clone()),
        line("alive", yes()),
        line("end", yes()),
        line("failed", json!({ "$ref": "#/components/schemas/Problem" })),
    ];
    json!({
        "description": "A stream of lines, each of which is one of these objects.",
        "content": { "application/x-ndjson": { "schema": { "oneOf": lines } } },
    })
}
