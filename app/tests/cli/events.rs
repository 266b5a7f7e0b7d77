use e2e::{Launcher as _, Monolith};

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
