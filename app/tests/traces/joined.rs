use std::time::Duration;

use e2e::{
    Apart, Launcher as _, Outcome, Plan, Purchase, Split, Stage, Store, Way, eventually, text,
};
use hyper::Method;
use serde_json::json;

use crate::collector::{Collector, Span};
use crate::{MUG, binaries, telling};

const CLIENT: &str = "00f067aa0ba902b7";
const BOUGHT: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const TAKEN: &str = "4bf92f3577b34da6a3ce929d0e0e4737";
const SERVER: i32 = 2;
const CONSUMER: i32 = 5;

/// Payments are beside the gateway's process: what it tells orders goes from process to process.
async fn shop(way: Way) -> Option<Split> {
    let apart = |module| Apart::one(module, way, Store::Files);
    let plan = Plan(vec![apart("inventory"), apart("payments")]);
    Split::prepare(binaries(), plan, None).await.unwrap()
}

fn of_client(trace: &str) -> String {
    format!("00-{trace}-{CLIENT}-01")
}

/// Waits until the process of a module told a span of that name of the trace, and gives the way from it up to the client.
async fn way_up(
    collector: &Collector,
    trace: &str,
    (module, name): (&str, &str),
) -> Outcome<Vec<Span>> {
    let wanted =
        |span: &&Span| span.name == name && span.modules.split(',').any(|hosted| hosted == module);
    eventually(Duration::from_secs(20), &format!("{name} joins up"), async || {
        let told = collector.of(trace);
        let Some(mut at) = told.iter().find(wanted) else { return Ok(None) };
        let mut way = vec![at.clone()];
        while at.parent != CLIENT {
            let Some(parent) = told.iter().find(|span| span.id == at.parent) else {
                return Err(format!("nobody told the parent of {at:?} in {told:#?}").into());
            };
            at = parent;
            way.push(at.clone());
        }
        Ok(Some(way))
    })
    .await
}

async fn a_purchase_is_one_trace(way: Way) {
    let Some(shop) = shop(way).await else { return };
    let collector = Collector::start().await;
    let stage = Stage::open(&shop, &telling(collector.address)).await.unwrap();
    stage.sell(&[MUG]).await.unwrap();
    let purchase = Purchase::of(&stage.anyone, &[("MUG", 1)], "tok_ok").await.unwrap();

    let buying = stage.anyone.ask(Method::POST, "/api/orders").key(&purchase.key);
    let buying = buying.header("traceparent", &of_client(BOUGHT)).json(&purchase.body);
    let order = buying.send().await.unwrap().expect_status(201).unwrap().json();
    let capture = format!("/api/payments/{}/capture", text(&order, "/payment/id").unwrap());
    let taking = stage.admin.ask(Method::POST, capture);
    let taking = taking.header("traceparent", &of_client(TAKEN)).json(&json!({}));
    taking.send().await.unwrap().expect_status(200).unwrap();

    let held = way_up(&collector, BOUGHT, ("inventory", "inventory.v1/reserve")).await.unwrap();
    let told = way_up(&collector, TAKEN, ("orders", "orders.note-payment-captured")).await.unwrap();
    shop.stop().await.unwrap();

    let (served, module) = (held.last().unwrap(), held.first().unwrap());
    assert_eq!((served.name.as_str(), served.kind), ("POST /api/orders", SERVER));
    let whose: Vec<bool> = held.iter().map(|span| span.modules == "inventory").collect();
    let names: Vec<&str> = held.iter().map(|span| span.name.as_str()).collect();
    assert_eq!(whose.iter().filter(|own| **own).count(), 1, "{names:?}");
    assert_eq!(names[..2], ["inventory.v1/reserve"; 2]);
    assert_ne!(module.instance, served.instance);
    assert_eq!(told[0].kind, CONSUMER);
    assert!(told.iter().any(|span| span.modules == "payments"), "{told:#?}");
    assert_eq!(told.last().unwrap().name, "POST /api/payments/{id}/capture");
}

#[tokio::test]
async fn a_purchase_is_one_trace_through_all_its_processes_over_http() {
    a_purchase_is_one_trace(Way::Http).await;
}

#[tokio::test]
async fn a_purchase_is_one_trace_through_all_its_processes_over_nats() {
    a_purchase_is_one_trace(Way::Nats).await;
}

#[tokio::test]
async fn a_trace_that_the_shop_begins_has_one_beginning_and_the_id_of_the_log() {
    let shop = e2e::Monolith::on_sqlite(binaries()).unwrap();
    let collector = Collector::start().await;
    let stage = Stage::open(&shop, &telling(collector.address)).await.unwrap();
    stage.sell(&[MUG]).await.unwrap();

    let answer = stage.anyone.get("/api/products/none").await.unwrap();
    // What the shop makes up for a request is both.
    let trace = answer.header("x-request-id").to_owned();
    shop.stop().await.unwrap();

    let told = collector.of(&trace);
    let beginnings: Vec<_> = told.iter().filter(|span| span.parent.is_empty()).collect();
    assert_eq!(beginnings.len(), 1, "{told:#?}");
    assert_eq!(beginnings[0].name, "GET /api/products/{id}");
    assert!(told.iter().any(|span| span.parent == beginnings[0].id), "{told:#?}");
    assert!(collector.all().iter().all(|span| span.status == 0), "{:#?}", collector.all());
}
