use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use kernel::{CartId, Email, PostalAddress, Principal};
use orders_contract as contract;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::common::{Answer, Money, Postal, created};
use super::order_view::{Order, Quote, Rejection};
use super::schema::{EmailAddress, Id};
use crate::gateway::auth::Caller;
use crate::gateway::http::{Body, Key, Opaque, Problem, Text};
use crate::gateway::{Gateway, Operation, Table};

const REFUSED_404: &[&str] = &["unknown-cart"];
const REFUSED_409: &[&str] = &["cart-empty", "cart-spent", "price-changed", "unknown-sku"];
const REFUSED_422: &[&str] = &[
    "unknown-shipping-method",
    "unknown-discount-code",
    "unknown-provider",
    "no-price",
    "amount-too-large",
];

pub(super) fn register(table: &mut Table) {
    table.add(
        Operation::post(
            "/api/orders/quote",
            "quoteOrder",
            "What an order would cost; it holds and writes nothing",
        )
        .body::<QuoteOrder>()
        .answers::<Quote>(200, "The lines and sums.")
        .refuses(404, REFUSED_404)
        .refuses(409, REFUSED_409)
        .refuses(422, REFUSED_422),
        quote,
    );
    table.add(
        Operation::post("/api/orders", "placeOrder", "Buys a cart")
            .keyed()
            .body::<PlaceOrder>()
            .answer_header("Location")
            .answers::<Order>(201, "It is bought.")
            .answers::<Order>(
                202,
                "A step's outcome is not known yet; the order settles by itself.",
            )
            .refuses(402, &["payment-declined"])
            .refuses(404, REFUSED_404)
            .refuses(409, REFUSED_409)
            .refuses(409, &["out-of-stock", "timed-out"])
            .refuses(422, REFUSED_422),
        place,
    );
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PlaceOrder {
    /// Which cart.
    #[schema(value_type = Id)]
    cart_id: CartId,
    /// Where mail goes; a guest must say it.
    #[schema(value_type = Option<EmailAddress>)]
    email: Option<Email>,
    /// Where the parcel goes.
    shipping_address: Postal,
    /// The code of the way it goes.
    #[schema(value_type = String, max_length = 100)]
    shipping_method: Text<100>,
    /// With what it is paid.
    payment: PaymentMeans,
    /// A code that takes something off.
    #[schema(value_type = Option<String>, max_length = 100)]
    discount_code: Option<Text<100>>,
    /// Refuses if the total is another.
    expected_total: Option<Money>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PaymentMeans {
    /// The provider's code.
    #[schema(value_type = String, max_length = 100)]
    provider: Text<100>,
    /// What the provider gave the buyer.
    #[schema(value_type = String)]
    token: Opaque,
}

/// The same body as an order's, of which some is not needed and not looked at.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct QuoteOrder {
    /// Which cart.
    #[schema(value_type = Id)]
    cart_id: CartId,
    /// Where the parcel goes.
    shipping_address: Postal,
    /// The code of the way it goes.
    #[schema(value_type = String, max_length = 100)]
    shipping_method: Text<100>,
    /// A code that takes something off.
    #[schema(value_type = Option<String>, max_length = 100)]
    discount_code: Option<Text<100>>,
    /// Ignored.
    #[serde(default, rename = "email")]
    #[schema(value_type = Option<String>)]
    _email: serde::de::IgnoredAny,
    /// Ignored.
    #[serde(default, rename = "payment")]
    #[schema(value_type = Option<PaymentMeans>)]
    _payment: serde::de::IgnoredAny,
    /// Ignored.
    #[serde(default, rename = "expected_total")]
    #[schema(value_type = Option<Money>)]
    _expected_total: serde::de::IgnoredAny,
}

async fn quote(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Body(body): Body<QuoteOrder>,
) -> Answer<Json<Quote>> {
    let request = contract::QuoteOrder {
        cart: body.cart_id,
        shipping_address: body.shipping_address.into(),
        shipping_method: body.shipping_method.into(),
        discount_code: body.discount_code.map(String::from),
    };
    Ok(Json(gateway.services.orders.quote(&call, request).await?.into()))
}

async fn place(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Key(key): Key,
    Body(body): Body<PlaceOrder>,
) -> Answer<Response> {
    if body.email.is_none() && matches!(call.principal, Principal::Guest { .. }) {
        return Err(Problem::invalid("email", "is missing; a guest must say where mail goes"));
    }
    let request = contract::PlaceOrder {
        cart: body.cart_id,
        email: body.email,
        shipping_address: PostalAddress::from(body.shipping_address),
        shipping_method: body.shipping_method.into(),
        payment: contract::PaymentMeans {
            provider: body.payment.provider.into(),
            token: body.payment.token.into(),
        },
        discount_code: body.discount_code.map(String::from),
        expected_total: body.expected_total.map(Into::into),
    };
    let placed = gateway.services.orders.place(&call.keyed(key), request).await?;
    let mut response = answer(placed.order);
    if placed.replayed {
        mark_replayed(&mut response);
    }
    Ok(response)
}

/// An order that was recorded and then refused is told as the refusal, once nothing of it is held any more; its key stays
/// bound to it.
fn answer(order: contract::Order) -> Response {
    if order.status == contract::OrderStatus::Pending {
        return (StatusCode::ACCEPTED, Json(Order::from(order))).into_response();
    }
    if let Some(rejection) = order.rejection {
        return refusal(&rejection.into()).into_response();
    }
    let location = format!("/api/orders/{}", order.id);
    created(&location, Json(Order::from(order)))
}

fn refusal(rejection: &Rejection) -> Problem {
    let (status, code, detail) = match rejection {
        Rejection::OutOfStock { .. } => {
            (StatusCode::CONFLICT, "out-of-stock", "there is not enough of some lines")
        }
        Rejection::PaymentDeclined { .. } => {
            (StatusCode::PAYMENT_REQUIRED, "payment-declined", "the payment was declined")
        }
        Rejection::CartSpent { .. } => (StatusCode::CONFLICT, "cart-spent", "the cart was ordered"),
        Rejection::TimedOut => {
            (StatusCode::CONFLICT, "timed-out", "the order did not settle in time")
        }
    };
    let fields = match serde_json::to_value(rejection) {
        Ok(Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    };
    let problem = Problem::new(status, code, detail);
    fields.into_iter().fold(problem, |problem, (field, value)| problem.with(&field, value))
}

/// Says that an earlier answer is repeated.
pub(super) fn mark_replayed(response: &mut Response) {
    const NAME: HeaderName = HeaderName::from_static("idempotency-replayed");
    response.headers_mut().insert(NAME, HeaderValue::from_static("true"));
}
