use hyper::Method;
use serde_json::{Value, json};

use crate::stage::{fresh, fresh_email, text};
use crate::{Answer, Client, Outcome, PATIENCE, eventually};

/// A cart on its way to the till: a repeat of the purchase sends the same key and the same body.
#[derive(Debug, Clone)]
pub struct Purchase {
    /// The cart's id.
    pub cart: String,
    /// The purchase's key.
    pub key: String,
    /// What is sent.
    pub body: Value,
}

impl Purchase {
    /// Fills a cart, chooses the first way of shipping to Germany, and pays with a token.
    pub async fn of(buyer: &Client, lines: &[(&str, u32)], token: &str) -> Outcome<Self> {
        let cart = cart_of(buyer, lines).await?;
        let method = shipping_method(buyer, &cart).await?;
        let body = order_body(&cart, &method, token);
        Ok(Self { cart, key: fresh("key"), body })
    }

    /// The same cart under another key.
    #[must_use]
    pub fn again(&self) -> Self {
        Self { key: fresh("key"), ..self.clone() }
    }

    /// The same purchase with a field of the body changed.
    #[must_use]
    pub fn with(mut self, field: &str, value: Value) -> Self {
        self.body[field] = value;
        self
    }

    /// Sends it.
    pub async fn send(&self, buyer: &Client) -> Outcome<Answer> {
        buyer.ask(Method::POST, "/api/orders").key(&self.key).json(&self.body).send().await
    }

    /// The guest's e-mail, unlike every other's.
    pub fn email(&self) -> &str {
        self.body["email"].as_str().unwrap_or_default()
    }
}

/// Fills a new cart and gives its id.
pub async fn cart_of(buyer: &Client, lines: &[(&str, u32)]) -> Outcome<String> {
    let cart = buyer.post("/api/carts", &json!({})).await?.expect_status(201)?.json();
    let cart = text(&cart, "/id")?.to_owned();
    for (sku, quantity) in lines {
        let line = format!("/api/carts/{cart}/lines/{sku}");
        buyer.put(line, &json!({"quantity": quantity})).await?.expect_status(200)?;
    }
    Ok(cart)
}

/// The code of the first way of shipping a cart to Germany.
pub async fn shipping_method(buyer: &Client, cart: &str) -> Outcome<String> {
    let methods = format!("/api/shipping/methods?cart_id={cart}&country=DE");
    let methods = buyer.get(methods).await?.expect_status(200)?.json();
    Ok(text(&methods, "/0/code")?.to_owned())
}

/// What is sent to buy a cart.
pub fn order_body(cart: &str, shipping_method: &str, token: &str) -> Value {
    json!({
        "cart_id": cart,
        "email": fresh_email(),
        "shipping_address": address(),
        "shipping_method": shipping_method,
        "payment": {"provider": "sandbox", "token": token},
    })
}

/// An address in Germany.
pub fn address() -> Value {
    json!({
        "name": "Billie Buyer", "line1": "Hauptstraße 1", "city": "Köln",
        "postal_code": "50667", "country": "DE",
    })
}

impl Purchase {
    /// Sends it until it has an outcome: a busy shop is asked again, and so is one that does not know yet.
    pub async fn through(&self, buyer: &Client) -> Outcome<Answer> {
        eventually(PATIENCE, "the purchase has an outcome", async || {
            let answer = self.send(buyer).await?;
            Ok((!matches!(answer.status, 202 | 429 | 503)).then_some(answer))
        })
        .await
    }

    /// Sends it until it has an outcome, also over connections that break and servers that start again.
    pub async fn whatever_happens(&self, buyer: &Client) -> Outcome<Answer> {
        eventually(PATIENCE, "the purchase has an outcome", async || {
            let answer = self.send(buyer).await?;
            Ok((answer.status < 500 && answer.status != 202).then_some(answer))
        })
        .await
    }
}
