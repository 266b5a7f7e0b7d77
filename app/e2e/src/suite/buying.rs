//! Somebody buys something.

use hyper::Method;
use serde_json::{Value, json};

use crate::{
    Launcher, Opening, Outcome, Purchase, SETTLED, Stage, Ware, eventually, fresh, fresh_email,
    order_body, text,
};

const MUG: Ware<'_> = Ware { sku: "MUG", price: 1_999, stock: 10 };

/// Six calls are a purchase from the demo catalogue.
pub async fn a_guest_buys_in_six_calls(house: &dyn Launcher) -> Outcome {
    let stage = Stage::open(house, &Opening::demo()).await?;
    stocked(&stage).await?;
    let guest = &stage.anyone;

    let products = guest.get("/api/products?limit=5").await?.expect_status(200)?.json();
    let slug = text(&products, "/items/0/slug")?;
    let product = guest.get(format!("/api/products/{slug}")).await?.expect_status(200)?.json();
    let sku = text(&product, "/variants/0/sku")?;
    let cart = guest.post("/api/carts", &json!({})).await?.expect_status(201)?.json();
    let cart = text(&cart, "/id")?;
    let line = format!("/api/carts/{cart}/lines/{sku}");
    let filled = guest.put(line, &json!({"quantity": 1})).await?.expect_status(200)?.json();
    let methods = format!("/api/shipping/methods?cart_id={cart}&country=DE");
    let methods = guest.get(methods).await?.expect_status(200)?.json();
    let body = order_body(cart, text(&methods, "/0/code")?, "tok_ok");
    let order =
        guest.ask(Method::POST, "/api/orders").key(&fresh("key")).json(&body).send().await?;
    let order = order.expect_status(201)?.json();

    assert_eq!((&order["status"], &order["number"]), (&json!("confirmed"), &json!(1)));
    assert_eq!(order["lines"][0]["sku"], sku);
    assert_eq!(order["subtotal"], filled["subtotal"]);
    let path = format!("/api/orders/{}", text(&order, "/id")?);
    let shown = guest.showing(text(&order, "/access_token")?).get(&path).await?;
    assert_eq!(shown.expect_status(200)?.json()["total"], order["total"]);
    guest.get(&path).await?.expect_problem(401, "unauthenticated")?;
    stage.adds_up().await
}

/// Waits until there is some of the first product, in case the catalogue opened before inventory did.
async fn stocked(stage: &Stage<'_>) -> Outcome {
    eventually(SETTLED, "the shop is filled", async || {
        let products = stage.anyone.get("/api/products?limit=1").await?.expect_status(200)?.json();
        let product = format!("/api/products/{}", text(&products, "/items/0/slug")?);
        let product = stage.anyone.get(product).await?.expect_status(200)?.json();
        let stock = stage.stock(text(&product, "/variants/0/sku")?).await?;
        Ok((stock.available > 0).then_some(()))
    })
    .await
}

/// A signed-in buyer buys without an e-mail in the order and finds it among theirs.
pub async fn a_signed_in_buyer_buys(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[MUG]).await?;
    let buyer = stage.new_buyer().await?;
    let me = buyer.get("/api/users/me").await?.expect_status(200)?.json();
    let mut purchase = Purchase::of(&buyer, &[("MUG", 2)], "tok_ok").await?;
    purchase.body.as_object_mut().ok_or("a body that is no object")?.remove("email");

    let order = purchase.send(&buyer).await?.expect_status(201)?.json();

    assert_eq!((&order["status"], &order["email"]), (&json!("confirmed"), &me["email"]));
    let own = buyer.get("/api/orders").await?.expect_status(200)?.json();
    assert_eq!(own["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(own["items"][0]["id"], order["id"]);
    assert_eq!(stage.stock("MUG").await?.reserved, 2);
    stage.adds_up().await
}

/// A guest's cart is theirs after they signed in and claimed it.
pub async fn a_claimed_cart_is_bought_by_its_new_owner(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[MUG]).await?;
    let purchase = Purchase::of(&stage.anyone, &[("MUG", 1)], "tok_ok").await?;
    let buyer = stage.new_buyer().await?;
    let cart = format!("/api/carts/{}", purchase.cart);

    let claimed = buyer.post(format!("{cart}/claim"), &json!({})).await?;

    assert!(claimed.status < 300, "{claimed}");
    stage.anyone.get(&cart).await?.expect_status(404)?;
    purchase.send(&stage.anyone).await?.expect_problem(404, "unknown-cart")?;
    purchase.again().send(&buyer).await?.expect_status(201)?;
    stage.adds_up().await
}

/// Each step of an order is told as an event, the first to the last.
pub async fn the_history_of_an_order_is_streamed(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[MUG]).await?;
    let purchase = Purchase::of(&stage.anyone, &[("MUG", 1)], "tok_ok").await?;
    let order = purchase.through(&stage.anyone).await?.expect_status(201)?.json();
    let (id, token) = (text(&order, "/id")?, text(&order, "/access_token")?);
    let guest = stage.anyone.showing(token);
    let cancelled = guest.post(format!("/api/orders/{id}/cancel"), &json!({})).await?;
    assert_eq!(cancelled.expect_status(200)?.json()["status"], "cancelled");

    let events = guest.get(format!("/api/orders/{id}/events")).await?.expect_status(200)?;

    assert_eq!(events.header("content-type").split(';').next(), Some("text/event-stream"));
    let told = String::from_utf8_lossy(&events.body).into_owned();
    let statuses: Vec<String> = told
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line.strip_prefix("data:")?).ok())
        .filter_map(|data| Some(data["status"].as_str()?.to_owned()))
        .collect();
    assert_eq!(statuses.first().map(String::as_str), Some("pending"), "{told}");
    assert_eq!(statuses.last().map(String::as_str), Some("cancelled"), "{told}");
    Ok(())
}

/// A guest without an e-mail can't be told anything, so they can't buy.
pub async fn a_guest_without_an_email_is_refused(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[MUG]).await?;
    let mut purchase = Purchase::of(&stage.anyone, &[("MUG", 1)], "tok_ok").await?;
    purchase.body.as_object_mut().ok_or("a body that is no object")?.remove("email");

    purchase.send(&stage.anyone).await?.expect_status(422)?;

    let mended = purchase.with("email", json!(fresh_email()));
    mended.send(&stage.anyone).await?.expect_status(201)?;
    stage.adds_up().await
}
