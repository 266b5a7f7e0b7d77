use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use utoipa::openapi::OpenApi;

use super::http::{Problem, at_the_edge};
use super::{Gateway, Table, api};

/// The public API, to be served or called in process.
pub fn router(gateway: &Arc<Gateway>) -> Router {
    router_of(table(), gateway)
}

/// The `OpenAPI` document of the public API.
pub fn openapi() -> OpenApi {
    table().document()
}

/// All operations of the public API.
pub fn table() -> Table {
    let mut table = Table::default();
    api::register(&mut table);
    table
}

fn router_of(table: Table, gateway: &Arc<Gateway>) -> Router {
    let (routes, _) = table.split();
    routes
        .fallback(|| async { Problem::unknown_path() })
        .method_not_allowed_fallback(|| async { Problem::wrong_method() })
        .layer(from_fn_with_state(Arc::clone(gateway), at_the_edge))
        .with_state(Arc::clone(gateway))
}
