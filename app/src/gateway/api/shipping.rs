use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use carts_contract::GetCart;
use catalog_contract::Offers;
use kernel::{CartId, Country, SkuId};
use serde::{Deserialize, Serialize};
use shipping_contract as contract;
use utoipa::{IntoParams, ToSchema};

use super::common::{Answer, Money};
use crate::gateway::auth::Caller;
use crate::gateway::http::Query;
use crate::gateway::{Gateway, Operation, Table};

pub(super) fn register(table: &mut Table) {
    table.add(
        Operation::get(
            "/api/shipping/methods",
            "listShippingMethods",
            "How a cart can be sent to a country, cheapest first",
        )
        .query::<MethodsQuery>()
        .answers_all::<ShippingMethod>(200, "All ways; none where none goes there.")
        .refuses(404, &["unknown-cart"])
        .refuses(422, &["too-heavy"]),
        list,
    );
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct MethodsQuery {
    /// Which cart.
    #[param(value_type = String, format = "uuid")]
    cart_id: CartId,
    /// Where to: ISO 3166-1 alpha-2.
    #[param(value_type = String)]
    country: Country,
}

/// One way to send a parcel.
#[derive(Serialize, ToSchema)]
struct ShippingMethod {
    /// For `shipping_method` of an order.
    code: String,
    title: String,
    price: Money,
    /// How many days it takes at most.
    days: u16,
}

async fn list(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Query(MethodsQuery { cart_id, country }): Query<MethodsQuery>,
) -> Answer<Json<Vec<ShippingMethod>>> {
    let cart = gateway.services.carts.contents(&call, GetCart { cart: cart_id }).await?;
    let skus: Vec<SkuId> = cart.lines.iter().map(|line| line.sku.clone()).collect();
    let weights: HashMap<SkuId, u32> = if skus.is_empty() {
        HashMap::new()
    } else {
        let request = Offers { skus, currency: Some(cart.currency), not_on_sale_too: false };
        let offers = gateway.services.catalog.offers(&call, request).await?;
        offers.into_iter().map(|offer| (offer.sku, offer.weight_grams)).collect()
    };
    let weight_grams = cart.lines.iter().fold(0_u64, |sum, line| {
        let one = weights.get(&line.sku).copied().unwrap_or_default();
        sum.saturating_add(u64::from(one).saturating_mul(u64::from(line.quantity.get())))
    });
    let request = contract::ListMethods { country, weight_grams, currency: cart.currency };
    let methods = gateway.services.shipping.methods(&call, request).await?;
    let shown = methods.into_iter().map(|method| ShippingMethod {
        code: method.code,
        title: method.title,
        price: method.price.into(),
        days: method.days,
    });
    Ok(Json(shown.collect()))
}
