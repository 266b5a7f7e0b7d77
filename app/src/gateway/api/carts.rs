use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use carts_contract as contract;
use kernel::{CartId, Currency, Quantity, SkuId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::common::{Answer, Money, created};
use super::schema::{CurrencyCode, Id, Sku, Time};
use crate::gateway::auth::Caller;
use crate::gateway::http::{Body, OptionalBody, Path};
use crate::gateway::{Access, Gateway, Operation, Table};

pub(super) fn register(table: &mut Table) {
    table.add(
        Operation::post(
            "/api/carts",
            "createCart",
            "Makes an empty cart, the caller's own if signed in",
        )
        .body::<CreateCart>()
        .answer_header("Location")
        .answers::<Cart>(201, "The cart. Its id is the key to it."),
        create,
    );
    table.add(
        Operation::get("/api/carts/{id}", "getCart", "A cart, priced now")
            .answers::<Cart>(200, "The cart.")
            .refuses(404, &["unknown-cart"]),
        one,
    );
    register_lines(table);
    table.add(
        Operation::post(
            "/api/carts/{id}/claim",
            "claimCart",
            "Makes a guest's cart the caller's own",
        )
        .access(Access::Buyer)
        .answers::<Cart>(200, "The cart.")
        .refuses(404, &["unknown-cart"])
        .refuses(409, &["cart-spent"]),
        claim,
    );
}

fn register_lines(table: &mut Table) {
    table.add(
        Operation::put(
            "/api/carts/{id}/lines/{sku}",
            "putLine",
            "Sets how many of a SKU; 0 removes it",
        )
        .body::<PutLine>()
        .answers::<Cart>(200, "The cart as it is now.")
        .refuses(404, &["unknown-cart", "unknown-sku"])
        .refuses(409, &["cart-spent"])
        .refuses(422, &["no-price", "too-many-lines"]),
        put_line,
    );
    table.add(
        Operation::delete("/api/carts/{id}/lines/{sku}", "removeLine", "Removes a SKU")
            .answers::<Cart>(200, "The cart as it is now.")
            .refuses(404, &["unknown-cart", "unknown-sku"])
            .refuses(409, &["cart-spent"]),
        remove_line,
    );
}

/// A cart, priced now.
#[derive(Serialize, ToSchema)]
struct Cart {
    #[schema(value_type = Id)]
    id: CartId,
    #[schema(value_type = CurrencyCode)]
    currency: Currency,
    lines: Vec<CartLine>,
    /// The sum of the lines that have a price.
    subtotal: Money,
    #[schema(value_type = Time)]
    updated_at: Timestamp,
}

/// So many of a SKU.
#[derive(Serialize, ToSchema)]
struct CartLine {
    #[schema(value_type = Sku)]
    sku: SkuId,
    title: String,
    #[schema(value_type = u32, minimum = 1, maximum = 999)]
    quantity: Quantity,
    /// Null where it is no longer sold.
    unit_price: Option<Money>,
    /// Null where it is no longer sold.
    line_total: Option<Money>,
    /// How many can be sold; null while inventory can't be reached.
    available: Option<u32>,
}

impl From<contract::Cart> for Cart {
    fn from(cart: contract::Cart) -> Self {
        let lines = cart.lines.into_iter().map(|line| CartLine {
            sku: line.sku,
            title: line.title,
            quantity: line.quantity,
            unit_price: line.unit_price.map(Money::from),
            line_total: line.line_total.map(Money::from),
            available: line.available,
        });
        Self {
            id: cart.id,
            currency: cart.currency,
            lines: lines.collect(),
            subtotal: cart.subtotal.into(),
            updated_at: cart.updated_at,
        }
    }
}

#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateCart {
    /// The shop's own if left out.
    #[schema(value_type = Option<CurrencyCode>)]
    currency: Option<Currency>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PutLine {
    /// 0 removes the line.
    #[schema(value_type = u32, minimum = 0, maximum = 999)]
    quantity: LineQuantity,
}

/// How many, where none is an answer too.
#[derive(Deserialize)]
#[serde(try_from = "u32")]
struct LineQuantity(Option<Quantity>);

impl TryFrom<u32> for LineQuantity {
    type Error = String;

    fn try_from(number: u32) -> Result<Self, String> {
        if number == 0 {
            return Ok(Self(None));
        }
        let out_of_range = |_| format!("must be between 0 and {}", Quantity::MAX);
        Quantity::try_from(number).map(|quantity| Self(Some(quantity))).map_err(out_of_range)
    }
}

async fn create(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    OptionalBody(CreateCart { currency }): OptionalBody<CreateCart>,
) -> Answer<Response> {
    let cart = gateway.services.carts.create(&call, contract::CreateCart { currency }).await?;
    Ok(created(&format!("/api/carts/{}", cart.id), Json(Cart::from(cart))))
}

async fn one(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Path(cart): Path<CartId>,
) -> Answer<Json<Cart>> {
    Ok(Json(gateway.services.carts.cart(&call, contract::GetCart { cart }).await?.into()))
}

async fn put_line(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Path((cart, sku)): Path<(CartId, SkuId)>,
    Body(body): Body<PutLine>,
) -> Answer<Json<Cart>> {
    let request = contract::PutLine { cart, sku, quantity: body.quantity.0 };
    Ok(Json(gateway.services.carts.put_line(&call, request).await?.into()))
}

async fn remove_line(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Path((cart, sku)): Path<(CartId, SkuId)>,
) -> Answer<Json<Cart>> {
    let request = contract::RemoveLine { cart, sku };
    Ok(Json(gateway.services.carts.remove_line(&call, request).await?.into()))
}

async fn claim(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Path(cart): Path<CartId>,
) -> Answer<Json<Cart>> {
    Ok(Json(gateway.services.carts.claim(&call, contract::ClaimCart { cart }).await?.into()))
}
