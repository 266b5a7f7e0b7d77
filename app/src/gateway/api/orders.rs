use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kernel::{Email, Label, OrderId, UserId};
use orders_contract as contract;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::common::{Answer, List, page};
use super::order_view::Order;
use crate::gateway::auth::Caller;
use crate::gateway::http::{Limit, OptionalBody, Path, Query};
use crate::gateway::{Access, Gateway, Operation, Table};

pub(super) fn register(table: &mut Table) {
    table.add(
        Operation::get(
            "/api/orders",
            "listOrders",
            "The caller's orders, or all to staff; newest first",
        )
        .access(Access::Buyer)
        .query::<ListQuery>()
        .answers::<List<Order>>(200, "A part of the list."),
        list,
    );
    table.add(
        Operation::get("/api/orders/{id}", "getOrder", "An order")
            .access(Access::Holder)
            .answers::<Order>(200, "The order.")
            .refuses(404, &["not-found"]),
        one,
    );
    table.add(
        Operation::post(
            "/api/orders/{id}/cancel",
            "cancelOrder",
            "Undoes an order: stock back, money back",
        )
        .access(Access::Holder)
        .body::<CancelOrder>()
        .answers::<Order>(200, "The order as it is now.")
        .refuses(404, &["not-found"])
        .refuses(409, &["too-late"]),
        cancel,
    );
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// Only those this far.
    #[param(inline)]
    status: Option<Status>,
    /// Only those of this e-mail, in any case; for staff.
    #[param(value_type = Option<String>)]
    email: Option<Email>,
    /// Only those of this account; for staff.
    #[param(value_type = Option<String>, format = "uuid")]
    user_id: Option<UserId>,
    /// How many; 20 unless asked.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// The `next` of the part before.
    cursor: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Status {
    Pending,
    Confirmed,
    Rejected,
    Cancelled,
}

impl From<Status> for contract::OrderStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Pending => Self::Pending,
            Status::Confirmed => Self::Confirmed,
            Status::Rejected => Self::Rejected,
            Status::Cancelled => Self::Cancelled,
        }
    }
}

#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CancelOrder {
    /// Why.
    #[schema(value_type = Option<String>, max_length = 200)]
    reason: Option<Label<200>>,
}

async fn list(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Query(query): Query<ListQuery>,
) -> Answer<Json<List<Order>>> {
    let request = contract::ListOrders {
        status: query.status.map(contract::OrderStatus::from),
        email: query.email,
        user: query.user_id,
        page: page(query.limit, query.cursor),
    };
    Ok(List::of(gateway.services.orders.list(&call, request).await?, Order::from))
}

async fn one(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Path(order): Path<OrderId>,
) -> Answer<Json<Order>> {
    Ok(Json(gateway.services.orders.order(&call, contract::GetOrder { order }).await?.into()))
}

async fn cancel(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Path(order): Path<OrderId>,
    OptionalBody(CancelOrder { reason }): OptionalBody<CancelOrder>,
) -> Answer<Json<Order>> {
    let request = contract::Cancel { order, reason };
    Ok(Json(gateway.services.orders.cancel(&call, request).await?.into()))
}
