use e2e::{Launcher as _, Monolith, Stage, text};
use serde_json::json;

use crate::house::{said, shop, sold};

const SUBSCRIPTION: &str = "orders.note-payment-captured";

async fn listed(shop: &Monolith, arguments: &[&str]) -> Vec<String> {
    let (code, text) = said(shop, &[&["events", "list"], arguments].concat()).await;
    assert_eq!(code, Some(0), "{text}");
    text.lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn events_are_listed_and_told_again_while_the_shop_runs_and_after() {
    let shop = shop();
    sold(&shop).await;

    let live = listed(&shop, &["--subscription", SUBSCRIPTION]).await;
    let told = said(&shop, &["events", "replay", SUBSCRIPTION]).await;
    shop.stop().await.unwrap();
    let closed = listed(&shop, &["--module", "orders", "--state", "done"]).await;

    assert_eq!(live.len(), 1, "{live:?}");
    assert!(live[0].contains("payments.payment-captured.v1"), "{live:?}");
    assert_eq!(told, (Some(0), "events: 1, generation: 2\n".to_owned()));
    assert!(closed.contains(&live[0]), "{closed:?}");
}

#[tokio::test]
async fn what_is_not_parked_stays_as_it_is() {
    let shop = shop();
    sold(&shop).await;
    let listed = listed(&shop, &["--subscription", SUBSCRIPTION]).await;
    let delivery = listed[0].split(' ').next().unwrap();

    for what in ["retry", "skip"] {
        let (code, text) = said(&shop, &["events", what, delivery]).await;
        assert_eq!((code, text), (Some(0), format!("{delivery} done\n")));
    }
    let unknown = "01a1fcf3-e87f-75a8-8465-80a5ab4d300a";
    let (code, text) = said(&shop, &["events", "retry", unknown]).await;
    assert_eq!((code, text.as_str()), (Some(1), "galleria: no such delivery\n"));
}

#[tokio::test]
async fn a_subscription_ends_once() {
    let shop = shop();
    sold(&shop).await;
    shop.stop().await.unwrap();

    let (ended, _) = said(&shop, &["events", "unsubscribe", SUBSCRIPTION]).await;
    let (unknown, text) = said(&shop, &["events", "replay", "orders.dance-on-full-moon"]).await;

    assert_eq!(ended, Some(0));
    assert_eq!(unknown, Some(1));
    assert!(text.contains("no such subscription"), "{text}");
}

#[tokio::test]
async fn operators_see_and_do_the_same_over_http() {
    let shop = shop();
    sold(&shop).await;
    let stage = Stage::enter(&shop).await.unwrap();
    let path = format!("/api/ops/events?state=done&subscription={SUBSCRIPTION}");

    let listed = stage.all(&path).await.unwrap();
    let first = stage.admin.get("/api/ops/sagas?limit=1").await.unwrap().json();
    let rest = format!("/api/ops/sagas?limit=1&cursor={}", text(&first, "/next").unwrap());
    let second = stage.admin.get(rest).await.unwrap().json();
    let id = text(&listed[0], "/id").unwrap();
    let one = stage.admin.get(format!("/api/ops/events/{id}")).await.unwrap().json();
    let skipped = stage.admin.post(format!("/api/ops/events/{id}/skip"), &json!({})).await.unwrap();
    let replay = format!("/api/ops/subscriptions/{SUBSCRIPTION}/replay");
    let told = stage.admin.post(replay, &json!({})).await.unwrap().expect_status(200).unwrap();

    assert_eq!(listed.len(), 1, "{listed:?}");
    assert_ne!(first["items"][0]["id"], second["items"][0]["id"], "{first} {second}");
    assert_eq!(second["next"], json!(null), "{second}");
    assert_eq!(one["event"]["type"], "payments.payment-captured.v1", "{one}");
    assert_eq!(skipped.expect_status(200).unwrap().json()["state"], "done");
    assert_eq!(told.json(), json!({"events": 1, "generation": 2}));
    let unknown = "/api/ops/subscriptions/orders.dance-on-full-moon/replay";
    let unknown = stage.admin.post(unknown, &json!({})).await.unwrap();
    unknown.expect_problem(404, "unknown-subscription").unwrap();
    let wrong = stage.admin.get("/api/ops/events?cursor=nonsense").await.unwrap();
    wrong.expect_problem(422, "invalid-request").unwrap();
}
