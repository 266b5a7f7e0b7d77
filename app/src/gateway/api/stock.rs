use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use catalog_contract::Offers;
use inventory_contract as contract;
use kernel::{Call, CallError, Label, Page, SkuId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::common::{Answer, List, page};
use super::schema::{Sku, Time};
use crate::gateway::auth::Caller;
use crate::gateway::http::{Body, Limit, Path, Problem, Query};
use crate::gateway::{Access, Gateway, Operation, Table};

pub(super) fn register(table: &mut Table) {
    table.add(
        Operation::get("/api/stock/{sku}", "getStock", "How many of a SKU can be sold")
            .answers::<Stock>(200, "To staff, the counters as well.")
            .refuses(404, &["unknown-sku"]),
        one,
    );
    table.add(
        Operation::put("/api/stock/{sku}", "setStock", "Says how many lie on the shelf")
            .access(Access::Staff)
            .body::<SetStock>()
            .answers::<Stock>(200, "The counters as they are now.")
            .refuses(404, &["unknown-sku"])
            .refuses(409, &["below-reserved"]),
        set,
    );
    table.add(
        Operation::post(
            "/api/stock/{sku}/adjustments",
            "adjustStock",
            "Adds to the shelf or takes from it",
        )
        .access(Access::Staff)
        .body::<AdjustStock>()
        .answers::<Stock>(200, "The counters as they are now.")
        .refuses(404, &["unknown-sku"])
        .refuses(409, &["below-reserved"]),
        adjust,
    );
    table.add(
        Operation::get(
            "/api/stock/{sku}/movements",
            "listMovements",
            "Every change of the counters, newest first",
        )
        .access(Access::Staff)
        .query::<MovementsQuery>()
        .answers::<List<Movement>>(200, "A part of the list.")
        .refuses(404, &["unknown-sku"]),
        movements,
    );
}

/// How many of a SKU there are.
#[derive(Serialize, ToSchema)]
struct Stock {
    #[schema(value_type = Sku)]
    sku: SkuId,
    /// How many can be sold.
    available: u32,
    /// How many lie on the shelf; for staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    on_hand: Option<u32>,
    /// How many of them are held for orders; for staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    reserved: Option<u32>,
}

impl Stock {
    fn of(stock: contract::Stock, call: &Call) -> Json<Self> {
        let for_staff = |count| call.principal.is_staff().then_some(count);
        Json(Self {
            sku: stock.sku,
            available: stock.available,
            on_hand: for_staff(stock.on_hand),
            reserved: for_staff(stock.reserved),
        })
    }
}

/// One change of the counters.
#[derive(Serialize, ToSchema)]
struct Movement {
    /// Its number within the SKU, from 1.
    number: u64,
    /// `opened`, `counted`, `adjusted`, `reserved` or `released`.
    kind: String,
    /// What it added to `on_hand`.
    on_hand_delta: i64,
    /// What it added to `reserved`.
    reserved_delta: i64,
    /// The order, or the reason that staff gave.
    reference: Option<String>,
    #[schema(value_type = Time)]
    at: Timestamp,
}

impl From<contract::Movement> for Movement {
    fn from(movement: contract::Movement) -> Self {
        let contract::Movement { number, kind, on_hand_delta, reserved_delta, reference, at } =
            movement;
        Self { number, kind, on_hand_delta, reserved_delta, reference, at }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetStock {
    /// How many, those held for orders included.
    on_hand: u32,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AdjustStock {
    /// How many more, or fewer.
    delta: i32,
    /// Why.
    #[schema(value_type = String, max_length = 200)]
    reason: Label<200>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct MovementsQuery {
    /// How many; 20 unless asked.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// The `next` of the part before.
    cursor: Option<String>,
}

async fn one(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Path(sku): Path<SkuId>,
) -> Answer<Json<Stock>> {
    let request = contract::GetStock { sku: sku.clone() };
    match gateway.services.inventory.stock(&call, request).await {
        Err(CallError::Refused(contract::StockRefusal::UnknownSku { .. })) => {
            // What the shop has and never put on a shelf is there, none of it.
            kept(&gateway, &call, &sku).await?;
            Ok(Stock::of(contract::Stock { sku, on_hand: 0, reserved: 0, available: 0 }, &call))
        }
        answered => Ok(Stock::of(answered?, &call)),
    }
}

async fn set(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Path(sku): Path<SkuId>,
    Body(SetStock { on_hand }): Body<SetStock>,
) -> Answer<Json<Stock>> {
    kept(&gateway, &call, &sku).await?;
    let request = contract::SetOnHand { sku, on_hand };
    let stock = gateway.services.inventory.set_on_hand(&call, request).await?;
    Ok(Stock::of(stock, &call))
}

async fn adjust(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Path(sku): Path<SkuId>,
    Body(AdjustStock { delta, reason }): Body<AdjustStock>,
) -> Answer<Json<Stock>> {
    kept(&gateway, &call, &sku).await?;
    let request = contract::AdjustStock { sku, delta, reason };
    let stock =
        gateway.services.inventory.adjust(&call, request).await.map_err(
            |error| match Problem::from(error) {
                problem if problem.code() == "invalid-request" => {
                    Problem::invalid("delta", "more than a shelf holds")
                }
                problem => problem,
            },
        )?;
    Ok(Stock::of(stock, &call))
}

async fn movements(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Path(sku): Path<SkuId>,
    Query(query): Query<MovementsQuery>,
) -> Answer<Json<List<Movement>>> {
    let request = contract::ListMovements { sku, page: page(query.limit, query.cursor) };
    let movements = match gateway.services.inventory.movements(&call, request).await {
        Err(CallError::Refused(contract::StockRefusal::UnknownSku { sku })) => {
            kept(&gateway, &call, &sku).await?;
            Page { items: Vec::new(), next: None }
        }
        answered => answered?,
    };
    Ok(List::of(movements, Movement::from))
}

/// Refuses a SKU that the catalogue does not have. Staff count what is not on sale as well.
async fn kept(gateway: &Gateway, call: &Call, sku: &SkuId) -> Answer<()> {
    let not_on_sale_too = call.principal.is_staff();
    let request = Offers { skus: vec![sku.clone()], currency: None, not_on_sale_too };
    let offers = gateway.services.catalog.offers(call, request).await?;
    if offers.is_empty() {
        let unknown = contract::StockRefusal::UnknownSku { sku: sku.clone() };
        return Err(Problem::from_refusal(&unknown));
    }
    Ok(())
}
