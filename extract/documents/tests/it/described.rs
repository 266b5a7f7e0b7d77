//! What the documents for other languages say, read as their readers do.

use std::collections::BTreeSet;

use extract_documents::{contracts, events, files, subscriptions};
use serde_json::Value;

fn document(path: &str) -> Value {
    serde_json::from_str(&files().unwrap()[path]).unwrap()
}

/// Every reference of a document, wherever it stands.
fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|member| references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[test]
fn every_method_of_every_contract_is_an_operation() {
    let openapi = document("openapi.json");

    let paths = openapi["paths"].as_object().unwrap();
    let called: BTreeSet<&str> =
        paths.keys().filter(|path| path.starts_with("/rpc/")).map(String::as_str).collect();
    let expected: Vec<String> = contracts()
        .iter()
        .flat_map(|contract| contract.methods.iter().map(move |method| (contract, method)))
        .map(|(contract, method)| match contract.name {
            "ops" => format!("/rpc/{{module}}-ops.v1/{}", method.name),
            _ => format!("/rpc/{}/{}", contract.address(), method.name),
        })
        .collect();
    assert_eq!(called, expected.iter().map(String::as_str).collect());
}

#[test]
fn an_operation_says_what_is_sent_and_what_comes_back() {
    let openapi = document("openapi.json");

    let related = &openapi["paths"]["/rpc/recommendations.v1/related"]["post"];

    let types = &openapi["components"]["schemas"];
    let body = &related["requestBody"]["content"]["application/json"]["schema"]["$ref"];
    assert_eq!(body, "#/components/schemas/recommendations.v1.Related");
    assert_eq!(types["recommendations.v1.Related"]["properties"]["limit"]["type"], "integer");
    assert_eq!(related["parameters"].as_array().unwrap().len(), 7);
    assert_eq!(related["x-galleria-effect"], "read");
    assert!(related["summary"].as_str().unwrap().starts_with("What was bought"), "{related}");
    let refused = related["responses"]["422"]["description"].as_str().unwrap();
    assert!(refused.contains("`too-many-skus`"), "{refused}");
    assert!(related["responses"].get("404").is_some() && related["responses"].get("409").is_none());
}

#[test]
fn every_event_is_a_message_with_its_example_and_its_subscriptions() {
    let asyncapi = document("asyncapi.json");

    for event in events() {
        let message = &asyncapi["components"]["messages"][event.name];
        assert_eq!(message["examples"][0]["payload"]["type"], event.name);
        assert_eq!(message["payload"]["properties"]["type"]["const"], event.name);
        assert!(message["summary"].as_str().is_some_and(|words| !words.is_empty()));
    }
    for subscription in subscriptions() {
        let operation = &asyncapi["operations"][subscription.name];
        let channel = format!("#/channels/{}", subscription.event);
        assert_eq!(operation["channel"]["$ref"], channel);
    }
}

#[test]
fn every_reference_leads_somewhere() {
    for path in ["openapi.json", "asyncapi.json"] {
        let document = document(path);
        let mut found = BTreeSet::new();
        references(&document, &mut found);

        assert!(found.len() > 10);
        for reference in found {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{path}: {reference}");
        }
    }
}
