use std::collections::BTreeSet;

use galleria::gateway::{openapi, table};
use serde_json::Value;

use crate::access::filled;
use crate::client::{Client, ask};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

fn document() -> Value {
    serde_json::to_value(openapi()).unwrap()
}

fn documented() -> BTreeSet<(String, String)> {
    let document = document();
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        let methods = METHODS.into_iter().filter(|method| item.get(*method).is_some());
        methods.map(|method| (method.to_uppercase(), path.clone())).collect::<Vec<_>>()
    });
    operations.collect()
}

#[tokio::test]
async fn the_document_and_the_router_know_the_same_operations() {
    let client = Client::new();
    let documented = documented();
    let listed: BTreeSet<(String, String)> = table()
        .operations()
        .map(|(method, path, _)| (method.to_string(), path.to_owned()))
        .collect();
    assert_eq!(documented, listed);

    let paths: BTreeSet<&String> = documented.iter().map(|(_, path)| path).collect();
    for path in paths {
        for method in METHODS.map(str::to_uppercase) {
            let known = documented.contains(&(method.clone(), path.clone()));
            let reply = client.send(ask(&method, &filled(path)).empty()).await;
            assert_eq!(reply.status != 405, known, "{method} {path}: {}", reply.status);
        }
    }
}

#[test]
fn every_reference_of_the_document_leads_somewhere() {
    let document = document();
    let text = document.to_string();
    let mut names = BTreeSet::new();
    for part in text.split("\"$ref\":\"#/").skip(1) {
        let (reference, _) = part.split_once('"').unwrap();
        assert!(document.pointer(&format!("/{reference}")).is_some(), "{reference} leads nowhere");
        names.insert(reference.to_owned());
    }

    assert!(names.len() > 30, "{names:?}");
}

#[test]
fn every_operation_states_who_what_and_how_it_says_no() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    let mut ids = BTreeSet::new();
    for item in document["paths"].as_object().unwrap().values() {
        for operation in METHODS.iter().filter_map(|method| item.get(*method)) {
            let id = operation["operationId"].as_str().unwrap();
            assert!(ids.insert(id.to_owned()), "{id} is there twice");
            assert!(operation["summary"].is_string() && operation["security"].is_array(), "{id}");
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.keys().any(|status| status.starts_with('2')), "{id}");
            for status in ["401", "429", "503"] {
                let content = &responses[status]["content"]["application/problem+json"];
                assert_eq!(content["schema"]["$ref"], "#/components/schemas/Problem", "{id}");
            }
        }
    }
}

#[test]
fn the_list_of_operations_changes_only_knowingly() {
    let listed: Vec<String> =
        documented().iter().map(|(method, path)| format!("{path} {method}")).collect();
    let mut listed = listed;
    listed.sort();

    insta::assert_snapshot!(listed.join("\n"), @r#"
/api/carts POST
/api/carts/{id} GET
/api/carts/{id}/claim POST
/api/carts/{id}/lines/{sku} DELETE
/api/carts/{id}/lines/{sku} PUT
/api/categories GET
/api/categories POST
/api/categories/{slug} DELETE
/api/categories/{slug} PATCH
/api/docs GET
/api/openapi.json GET
/api/ops/events GET
/api/ops/events/{id} GET
/api/ops/events/{id}/retry POST
/api/ops/events/{id}/skip POST
/api/ops/modules GET
/api/ops/sagas GET
/api/ops/subscriptions/{name}/replay POST
/api/orders GET
/api/orders POST
/api/orders/quote POST
/api/orders/{id} GET
/api/orders/{id}/cancel POST
/api/orders/{id}/events GET
/api/payments/{id} GET
/api/payments/{id}/capture POST
/api/payments/{id}/refunds POST
/api/products GET
/api/products POST
/api/products/import POST
/api/products/{id} DELETE
/api/products/{id} GET
/api/products/{id} PATCH
/api/products/{id}/variants POST
/api/shipping/methods GET
/api/stock/{sku} GET
/api/stock/{sku} PUT
/api/stock/{sku}/adjustments POST
/api/stock/{sku}/movements GET
/api/users GET
/api/users/login POST
/api/users/logout POST
/api/users/me GET
/api/users/me PATCH
/api/users/me/addresses GET
/api/users/me/addresses POST
/api/users/me/addresses/{id} DELETE
/api/users/me/addresses/{id} PATCH
/api/users/me/password POST
/api/users/register POST
/api/users/token/refresh POST
/api/users/{id} GET
/api/users/{id} PATCH
/api/variants/{sku} PATCH
"#);
}

#[tokio::test]
async fn the_document_and_its_page_are_served() {
    let client = Client::new();

    let json = client.get("/api/openapi.json").await;
    assert_eq!(json.header("content-type"), Some("application/json"));
    assert_eq!(json.json(), document());
    let page = client.get("/api/docs").await;
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("script-src 'sha256-") && !policy.contains("unsafe"), "{policy}");
    let html = String::from_utf8(page.bytes).unwrap();
    assert!(!html.contains("http://") && !html.contains("https://"), "nothing from elsewhere");
}
