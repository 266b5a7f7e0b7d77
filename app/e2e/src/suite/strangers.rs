//! What is somebody else's does not exist.

use hyper::Method;
use serde_json::{Value, json};

use crate::{
    Answer, Client, Launcher, Outcome, Purchase, Stage, Ware, address, cart_of, fresh, order_body,
    text,
};

const MUG: Ware<'_> = Ware { sku: "MUG", price: 1_999, stock: 10 };
const NOTHING: &str = "00000000-0000-4000-8000-000000000000";

struct Owned {
    cart: String,
    spent: String,
    order: String,
    payment: String,
    address: String,
}

type Operation = (Method, String, Option<Value>);

/// Another buyer's cart, order, address and payment are answered as if there were none, in every operation.
pub async fn what_is_somebody_elses_is_not_found(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[MUG]).await?;
    let owner = stage.new_buyer().await?;
    let things = belongings(&owner).await?;
    let stranger = stage.new_buyer().await?;
    let with_a_token = stage.anyone.showing(&other_token(&stage).await?);
    let before = seen_by(&owner, &things).await?;

    for (real, imagined) in operations(&things).into_iter().zip(operations(&Owned::imagined())) {
        for intruder in [&stranger, &stage.anyone, &with_a_token] {
            let answer = send(intruder, &real).await?;
            if answer.status == 401 {
                continue; // an operation for signed-in users alone
            }
            let nothing = send(intruder, &imagined).await?;
            assert_eq!((answer.status, answer.code()), (404, nothing.code()), "{answer}");
            assert_eq!(nothing.status, 404, "{nothing}");
        }
    }

    assert_eq!(seen_by(&owner, &things).await?, before);
    let orders = stranger.get("/api/orders").await?.expect_status(200)?.json();
    assert_eq!(orders["items"], json!([]));
    stage.adds_up().await
}

/// A guest's order is shown to its token alone, and the token of one opens no other.
pub async fn a_guests_order_is_shown_to_its_token_alone(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[MUG]).await?;
    let purchase = Purchase::of(&stage.anyone, &[("MUG", 1)], "tok_ok").await?;
    let order = purchase.send(&stage.anyone).await?.expect_status(201)?.json();
    let (id, token) = (text(&order, "/id")?, text(&order, "/access_token")?);
    let stranger = stage.new_buyer().await?;
    let others = [other_token(&stage).await?, format!("{token}x"), "x".to_owned()];
    let mut intruders = vec![stranger];
    intruders.extend(others.iter().map(|token| stage.anyone.showing(token)));

    for intruder in &intruders {
        for path in [format!("/api/orders/{id}"), format!("/api/orders/{id}/events")] {
            intruder.get(path).await?.expect_status(404)?;
        }
        let cancel = format!("/api/orders/{id}/cancel");
        intruder.post(cancel, &json!({})).await?.expect_status(404)?;
    }

    let nobody = stage.anyone.get(format!("/api/orders/{id}")).await?;
    nobody.expect_problem(401, "unauthenticated")?;
    let shown = stage.anyone.showing(token).get(format!("/api/orders/{id}")).await?;
    assert_eq!(shown.expect_status(200)?.json()["status"], "confirmed");
    Ok(())
}

/// What only staff or an admin may do is refused to a buyer and to nobody known.
pub async fn what_staff_may_do_is_refused_to_others(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[MUG]).await?;
    let buyer = stage.new_buyer().await?;
    let operations = [
        (Method::PUT, "/api/stock/MUG".to_owned(), Some(json!({"on_hand": 1_000}))),
        (
            Method::POST,
            "/api/stock/MUG/adjustments".to_owned(),
            Some(json!({"delta": 1, "reason": "x"})),
        ),
        (Method::GET, "/api/stock/MUG/movements".to_owned(), None),
        (Method::POST, "/api/products".to_owned(), Some(json!({"title": "Mine"}))),
        (Method::PATCH, "/api/variants/MUG".to_owned(), Some(json!({"title": "Mine"}))),
        (Method::POST, "/api/products/import".to_owned(), Some(json!({}))),
        (Method::GET, "/api/users".to_owned(), None),
        (Method::PATCH, format!("/api/users/{NOTHING}"), Some(json!({"role": "admin"}))),
        (Method::POST, format!("/api/payments/{NOTHING}/capture"), Some(json!({}))),
        (Method::GET, "/api/ops/events".to_owned(), None),
        (Method::GET, "/api/ops/modules".to_owned(), None),
        (Method::GET, "/api/ops/sagas".to_owned(), None),
    ];

    for operation in &operations {
        send(&stage.anyone, operation).await?.expect_problem(401, "unauthenticated")?;
        send(&buyer, operation).await?.expect_problem(403, "forbidden")?;
    }

    assert_eq!(stage.stock("MUG").await?.on_hand, 10);
    Ok(())
}

async fn belongings(owner: &Client) -> Outcome<Owned> {
    let cart = cart_of(owner, &[("MUG", 1)]).await?;
    let purchase = Purchase::of(owner, &[("MUG", 1)], "tok_ok").await?;
    let order = purchase.send(owner).await?.expect_status(201)?.json();
    let address = owner.post("/api/users/me/addresses", &address()).await?.expect_status(201)?;
    Ok(Owned {
        cart,
        spent: purchase.cart,
        order: text(&order, "/id")?.to_owned(),
        payment: text(&order, "/payment/id")?.to_owned(),
        address: text(&address.json(), "/id")?.to_owned(),
    })
}

impl Owned {
    fn imagined() -> Self {
        let [cart, spent, order, payment, address] = std::array::from_fn(|_| NOTHING.to_owned());
        Self { cart, spent, order, payment, address }
    }
}

fn operations(owned: &Owned) -> Vec<Operation> {
    let Owned { cart, spent, order, payment, address } = owned;
    let body = |cart: &str| Some(order_body(cart, "standard", "tok_ok"));
    vec![
        (Method::GET, format!("/api/carts/{cart}"), None),
        (Method::PUT, format!("/api/carts/{cart}/lines/MUG"), Some(json!({"quantity": 5}))),
        (Method::DELETE, format!("/api/carts/{cart}/lines/MUG"), None),
        (Method::POST, format!("/api/carts/{cart}/claim"), Some(json!({}))),
        (Method::PUT, format!("/api/carts/{spent}/lines/MUG"), Some(json!({"quantity": 5}))),
        (Method::GET, format!("/api/shipping/methods?cart_id={cart}&country=DE"), None),
        (Method::POST, "/api/orders/quote".to_owned(), body(cart)),
        (Method::POST, "/api/orders".to_owned(), body(cart)),
        (Method::POST, "/api/orders".to_owned(), body(spent)),
        (Method::GET, format!("/api/orders/{order}"), None),
        (Method::GET, format!("/api/orders/{order}/events"), None),
        (Method::POST, format!("/api/orders/{order}/cancel"), Some(json!({}))),
        (Method::GET, format!("/api/payments/{payment}"), None),
        (Method::PATCH, format!("/api/users/me/addresses/{address}"), Some(json!({"city": "X"}))),
        (Method::DELETE, format!("/api/users/me/addresses/{address}"), None),
    ]
}

async fn send(client: &Client, (method, path, body): &Operation) -> Outcome<Answer> {
    let ask = client.ask(method.clone(), path).key(&fresh("key"));
    match body {
        Some(body) => ask.json(body).send().await,
        None => ask.send().await,
    }
}

/// All that the owner sees of what is theirs.
async fn seen_by(owner: &Client, things: &Owned) -> Outcome<Vec<Value>> {
    let mut seen = Vec::new();
    let paths = [
        format!("/api/carts/{}", things.cart),
        format!("/api/carts/{}", things.spent),
        format!("/api/orders/{}", things.order),
        format!("/api/payments/{}", things.payment),
        "/api/users/me/addresses".to_owned(),
    ];
    for path in paths {
        seen.push(owner.get(path).await?.expect_status(200)?.json());
    }
    Ok(seen)
}

/// The token of an order of another guest.
async fn other_token(stage: &Stage<'_>) -> Outcome<String> {
    let purchase = Purchase::of(&stage.anyone, &[("MUG", 1)], "tok_ok").await?;
    let order = purchase.send(&stage.anyone).await?.expect_status(201)?.json();
    Ok(text(&order, "/access_token")?.to_owned())
}
