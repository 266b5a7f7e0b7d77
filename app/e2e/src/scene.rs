use std::time::Instant;

use hyper::Method;
use serde_json::{Value, json};

use crate::expected::Does;
use crate::monolith::ADMIN;
use crate::{Answer, Client, Outcome, Purchase, Stage, cart_of, order_body, shipping_method, text};

/// The calls of the public API that stand for all, as `docs/degradation.md` names them.
pub(crate) const CALLS: [&str; 23] = [
    "GET /api/products",
    "GET /api/products/{id}",
    "GET /api/categories",
    "POST /api/carts",
    "GET /api/carts/{id}",
    "PUT /api/carts/{id}/lines/{sku}",
    "GET /api/shipping/methods",
    "POST /api/orders/quote",
    "POST /api/orders",
    "POST /api/orders without an e-mail",
    "GET /api/orders/{id}",
    "GET /api/orders",
    "POST /api/orders/{id}/cancel",
    "POST /api/users/login",
    "GET /api/users/me",
    "GET /api/stock/{sku}",
    "PUT /api/stock/{sku}",
    "GET /api/payments/{id}",
    "POST /api/payments/{id}/capture",
    "GET /api/ops/events",
    "GET /api/ops/events/{id} of none",
    "GET /api/ops/modules",
    "GET /readyz",
];

/// The id of nothing.
const NO_ID: &str = "0197f0c2-2a00-7000-8000-000000000000";

/// What is sold in every scene.
pub(crate) const SKU: &str = "MUG";

/// Everything that the calls need, made while the shop was well, so that each of them depends on itself alone.
pub(crate) struct Scene {
    anyone: Client,
    admin: Client,
    buyer: Client,
    internal: Client,
    shown: String,
    changed: String,
    quoted: Value,
    by_guest: Purchase,
    by_buyer: Purchase,
    order: Value,
    cancelled: Value,
    captured: Value,
}

impl Scene {
    /// Fills carts and places orders in a shop that is well.
    pub(crate) async fn prepare(stage: &Stage<'_>) -> Outcome<Self> {
        let (anyone, buyer) = (stage.anyone.clone(), stage.new_buyer().await?);
        stage.all("/api/ops/events").await?; // who calls whom for the first time gets to know it first
        let shown = cart_of(&anyone, &[(SKU, 1)]).await?;
        let method = shipping_method(&anyone, &shown).await?;
        let mut by_buyer = Purchase::of(&buyer, &[(SKU, 1)], "tok_ok").await?;
        by_buyer.body.as_object_mut().ok_or("a body that is no object")?.remove("email");
        let bought = async || {
            let purchase = Purchase::of(&anyone, &[(SKU, 1)], "tok_ok").await?;
            Outcome::Ok(purchase.through(&anyone).await?.expect_status(201)?.json())
        };
        Ok(Self {
            admin: stage.admin.clone(),
            internal: Client::of(stage.house.internal()),
            changed: cart_of(&anyone, &[(SKU, 1)]).await?,
            quoted: order_body(&shown, &method, "tok_ok"),
            shown,
            by_guest: Purchase::of(&anyone, &[(SKU, 1)], "tok_ok").await?,
            by_buyer,
            order: bought().await?,
            cancelled: bought().await?,
            captured: bought().await?,
            anyone,
            buyer,
        })
    }

    /// Makes a call, and says when it was answered. Making it again does the same.
    pub(crate) async fn timed(&self, call: &str) -> Outcome<(Answer, std::time::Duration)> {
        let asked = Instant::now();
        let answer = self.make(call).await?;
        Ok((answer, asked.elapsed()))
    }

    async fn make(&self, call: &str) -> Outcome<Answer> {
        let Self { anyone, admin, buyer, shown, changed, .. } = self;
        match call {
            "GET /api/products" => anyone.get("/api/products").await,
            "GET /api/products/{id}" => anyone.get("/api/products/mug").await,
            "GET /api/categories" => anyone.get("/api/categories").await,
            "POST /api/carts" => anyone.post("/api/carts", &json!({})).await,
            "GET /api/carts/{id}" => anyone.get(format!("/api/carts/{shown}")).await,
            "PUT /api/carts/{id}/lines/{sku}" => {
                let line = format!("/api/carts/{changed}/lines/{SKU}");
                anyone.put(line, &json!({"quantity": 2})).await
            }
            "GET /api/shipping/methods" => {
                anyone.get(format!("/api/shipping/methods?cart_id={shown}&country=DE")).await
            }
            "POST /api/orders/quote" => anyone.post("/api/orders/quote", &self.quoted).await,
            "POST /api/orders" => self.by_guest.send(anyone).await,
            "POST /api/orders without an e-mail" => self.by_buyer.send(buyer).await,
            "GET /api/orders" => buyer.get("/api/orders").await,
            "POST /api/users/login" => {
                let login = json!({"email": ADMIN.0, "password": ADMIN.1});
                anyone.post("/api/users/login", &login).await
            }
            "GET /api/users/me" => buyer.get("/api/users/me").await,
            "GET /api/stock/{sku}" => admin.get(format!("/api/stock/{SKU}")).await,
            "PUT /api/stock/{sku}" => admin.put("/api/stock/PLATE", &json!({"on_hand": 9})).await,
            "GET /api/ops/events" => admin.get("/api/ops/events").await,
            "GET /api/ops/events/{id} of none" => {
                admin.get(format!("/api/ops/events/{NO_ID}")).await
            }
            "GET /api/ops/modules" => admin.get("/api/ops/modules").await,
            "GET /readyz" => self.internal.get("/readyz").await,
            of_order => self.make_of_an_order(of_order).await,
        }
    }

    async fn make_of_an_order(&self, call: &str) -> Outcome<Answer> {
        let id = |order: &Value| text(order, "/id").map(ToOwned::to_owned);
        let payment = |order: &Value| text(order, "/payment/id").map(ToOwned::to_owned);
        match call {
            "GET /api/orders/{id}" => {
                let guest = self.anyone.showing(text(&self.order, "/access_token")?);
                guest.get(format!("/api/orders/{}", id(&self.order)?)).await
            }
            "POST /api/orders/{id}/cancel" => {
                let guest = self.anyone.showing(text(&self.cancelled, "/access_token")?);
                let cancel = format!("/api/orders/{}/cancel", id(&self.cancelled)?);
                guest.post(cancel, &json!({})).await
            }
            "GET /api/payments/{id}" => {
                self.admin.get(format!("/api/payments/{}", payment(&self.order)?)).await
            }
            "POST /api/payments/{id}/capture" => {
                let capture = format!("/api/payments/{}/capture", payment(&self.captured)?);
                self.admin.ask(Method::POST, capture).send().await
            }
            unknown => Err(format!("nobody knows how to make {unknown}").into()),
        }
    }
}

/// What an answer says that a call did, where a module is in trouble.
pub(crate) fn told(call: &str, answer: &Answer, module: &str) -> Does {
    let well = match call {
        "POST /api/carts" | "POST /api/orders" | "POST /api/orders without an e-mail" => 201,
        _ => 200,
    };
    let body = answer.json();
    if call.ends_with(" of none") && answer.status == 404 {
        return Does::Works;
    }
    if answer.status == 202 && body["status"] == "pending" {
        return Does::Pending;
    }
    if answer.status != well {
        return Does::Refuses(answer.status, answer.code());
    }
    match call {
        "GET /api/products/{id}" => counted(&body["variants"]),
        "GET /api/carts/{id}" | "PUT /api/carts/{id}/lines/{sku}" => counted(&body["lines"]),
        "GET /api/ops/events" if body["missing"] != json!([]) => {
            let missing = body["missing"].as_array().into_iter().flatten();
            let known = missing.clone().any(|name| name == module);
            if known { Does::MissingIt } else { Does::Refuses(200, body["missing"].to_string()) }
        }
        "GET /api/ops/modules" => {
            let all = body["items"].as_array().into_iter().flatten();
            ready(all.map(|item| (item["module"].as_str(), &item["status"])), module)
        }
        "GET /readyz" => {
            let all = body["modules"].as_object().into_iter().flatten();
            ready(all.map(|(name, item)| (Some(name.as_str()), &item["status"])), module)
        }
        _ => Does::Works,
    }
}

fn counted(of: &Value) -> Does {
    match of.get(0).and_then(|first| first.get("available")) {
        Some(Value::Number(_)) => Does::Works,
        Some(Value::Null) => Does::NoAvailability,
        other => Does::Refuses(200, format!("available: {other:?}")),
    }
}

/// Works where the module is ready, says so where it is not. How others are is told for information, and not waited for.
fn ready<'v>(mut all: impl Iterator<Item = (Option<&'v str>, &'v Value)>, module: &str) -> Does {
    match all.find(|(name, _)| *name == Some(module)).map(|(_, status)| status.as_str()) {
        Some(Some("ready")) => Does::Works,
        Some(Some("not-ready")) => Does::SaysSo,
        other => Does::Refuses(200, format!("{module} is {other:?}")),
    }
}
