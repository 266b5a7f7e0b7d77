//! Whatever a client can send.

use futures_util::{StreamExt, TryStreamExt, stream};
use hyper::Method;
use serde_json::{Value, json};

use crate::openapi::operations;
use crate::shots::{Shot, shots};
use crate::{
    Answer, Client, Launcher, Outcome, Purchase, Stage, Ware, address, cart_of, fresh, text,
};

const MUG: Ware<'_> = Ware { sku: "MUG", price: 1_999, stock: 1_000 };

/// Nothing that a client sends to a documented operation makes a 5xx, and every refusal is a problem with code and id.
pub async fn nothing_that_is_sent_breaks_the_shop(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[MUG]).await?;
    let document = stage.anyone.get("/api/openapi.json").await?.expect_status(200)?.json();
    let operations = operations(&document)?;
    assert!(operations.len() > 20, "the document states {} operations", operations.len());
    let buyer = stage.new_buyer().await?;
    let objects = objects(&stage, &buyer).await?;
    for actor in [&stage.anyone, &buyer, &stage.admin] {
        for operation in &operations {
            let shots = shots(operation, &objects);
            let all = stream::iter(shots.iter().map(|shot| fire(actor, shot)));
            all.buffer_unordered(8).try_collect::<Vec<()>>().await?;
        }
    }

    let purchase = Purchase::of(&stage.anyone, &[("MUG", 1)], "tok_ok").await?;
    purchase.send(&stage.anyone).await?.expect_status(201)?;
    stage.settled().await?;
    stage.quiet().await?;
    house.doctor().await
}

/// Unknown paths and methods are answered as problems; a method that is wrong names those that are right.
pub async fn unknown_paths_and_methods_are_problems(house: &dyn Launcher) -> Outcome {
    let stage = Stage::empty(house).await?;
    for path in ["/", "/api", "/api/nothing", "/api/orders/a/b/c", "/api//carts", "/api/carts/%ff"]
    {
        let answer = stage.anyone.get(path).await?;
        assert!((400..500).contains(&answer.status), "{answer}");
        is_problem(&answer)?;
    }
    for (method, path) in [(Method::PUT, "/api/carts"), (Method::DELETE, "/api/users/login")] {
        let answer = stage.anyone.ask(method, path).send().await?.expect_status(405)?;
        is_problem(&answer)?;
        assert!(answer.header("allow").contains("POST"), "{answer}");
    }
    Ok(())
}

/// What is wrong with a field is told with the field's name; what is too large is told as that.
pub async fn what_is_out_of_range_is_told_by_field(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[MUG]).await?;
    let cart = cart_of(&stage.anyone, &[]).await?;
    let line = format!("/api/carts/{cart}/lines/MUG");
    for quantity in
        [json!(-1), json!(1_000), json!(1_u64 << 63), json!("1"), json!(1.5), json!(null)]
    {
        let refused = stage.anyone.put(&line, &json!({ "quantity": quantity })).await?;
        let refused = refused.expect_problem(422, "invalid-request")?;
        assert_eq!(refused.json()["errors"][0]["field"], "quantity", "{refused}");
    }
    let unreadable =
        stage.anyone.ask(Method::PUT, &line).body("application/json", "{\"quantity\":");
    unreadable.send().await?.expect_problem(400, "malformed-json")?;
    let huge = format!("{{\"quantity\": 1{}}}", " ".repeat(8 << 20));
    let huge = stage.anyone.ask(Method::PUT, &line).body("application/json", huge).send().await;
    if let Ok(huge) = huge {
        is_problem(&huge.expect_status(413)?)?; // a connection that is cut while the body is sent says the same
    }
    let unknown = format!("/api/carts/{cart}/lines/NO-SUCH");
    let unknown = stage.anyone.put(unknown, &json!({"quantity": 1})).await?;
    unknown.expect_problem(404, "unknown-sku")?;
    Ok(())
}

async fn fire(actor: &Client, shot: &Shot) -> Outcome {
    let ask = actor.ask(shot.method.clone(), &shot.path).key(&fresh("key"));
    let answer = ask.body(shot.content_type, shot.body.clone()).send().await?;
    if answer.status < 400 {
        return Ok(());
    }
    let sent = String::from_utf8_lossy(&shot.body[..shot.body.len().min(300)]);
    is_problem(&answer).map_err(|error| format!("{error}; sent {sent}").into())
}

fn is_problem(answer: &Answer) -> Outcome {
    let body = answer.json();
    let is_one = answer.status < 500
        && answer.header("content-type") == "application/problem+json"
        && body["status"] == answer.status
        && body["code"].as_str().is_some_and(|code| !code.is_empty())
        && body["title"].is_string()
        && body["request_id"].as_str() == Some(answer.header("x-request-id"));
    if is_one { Ok(()) } else { Err(format!("no problem: {answer}").into()) }
}

/// An object of the buyer's, or of the shop's, for each path that takes one.
async fn objects(stage: &Stage<'_>, buyer: &Client) -> Outcome<Value> {
    let cart = cart_of(buyer, &[("MUG", 1)]).await?;
    let purchase = Purchase::of(buyer, &[("MUG", 1)], "tok_ok").await?;
    let order = purchase.send(buyer).await?.expect_status(201)?.json();
    let address = buyer.post("/api/users/me/addresses", &address()).await?.expect_status(201)?;
    let product = stage.anyone.get("/api/products/mug").await?.expect_status(200)?.json();
    let other = stage.new_buyer().await?.get("/api/users/me").await?.expect_status(200)?.json();
    Ok(json!({
        "/api/carts/": cart,
        "/api/orders/": text(&order, "/id")?,
        "/api/payments/": text(&order, "/payment/id")?,
        "/api/products/": text(&product, "/id")?,
        "/api/users/": text(&other, "/id")?,
        "/api/users/me/addresses/": text(&address.json(), "/id")?,
    }))
}
