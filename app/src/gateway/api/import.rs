use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use catalog_contract as contract;
use kernel::Call;
use serde::Serialize;
use utoipa::ToSchema;

use super::common::Answer;
use crate::gateway::auth::Caller;
use crate::gateway::http::{Problem, next_chunk, require_content_type};
use crate::gateway::{Access, Gateway, Operation, Table};
use crate::import::{Splitter, Total, Unsplittable};

pub(super) fn register(table: &mut Table) {
    table.add(
        Operation::post(
            "/api/products/import",
            "importProducts",
            "Takes in a Shopify product CSV; what is right goes in, the rest is reported",
        )
        .access(Access::Staff)
        .streamed()
        .csv_body()
        .answers::<ImportReport>(200, "What was done.")
        .refuses(422, &["missing-column"]),
        import,
    );
}

/// What an import did.
#[derive(Serialize, ToSchema)]
struct ImportReport {
    /// Products made or changed.
    products: u64,
    /// Variants made or changed.
    variants: u64,
    /// SKUs that got their first stock.
    stock: u64,
    /// Lines that did not go in.
    skipped: u64,
    /// Why, a line each; the first 1,000.
    errors: Vec<ImportError>,
}

/// Why a line did not go in.
#[derive(Serialize, ToSchema)]
struct ImportError {
    /// The line of the file, from 1.
    line: u64,
    /// The column's name in the header.
    column: String,
    message: String,
}

impl From<contract::ImportReport> for ImportReport {
    fn from(report: contract::ImportReport) -> Self {
        let contract::ImportReport { products, variants, stock, skipped, errors } = report;
        let errors = errors.into_iter().map(|error| ImportError {
            line: error.line,
            column: error.column,
            message: error.message,
        });
        Self { products, variants, stock, skipped, errors: errors.collect() }
    }
}

async fn import(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    request: Request,
) -> Answer<Json<ImportReport>> {
    let is_csv = |essence: &str| essence.eq_ignore_ascii_case("text/csv");
    require_content_type(request.headers(), is_csv, "text/csv")?;
    let mut body = request.into_body();
    let mut splitter = Splitter::default();
    let mut total = Total::default();
    while let Some(chunk) = next_chunk(&mut body, gateway.next_chunk_due()).await? {
        splitter.push(&chunk)?;
        while let Some(part) = splitter.next_part() {
            total.add(take_in(&gateway, &call, part).await?);
        }
    }
    splitter.finish()?;
    while let Some(part) = splitter.next_part() {
        total.add(take_in(&gateway, &call, part).await?);
    }
    total.add(splitter.into_report());
    Ok(Json(total.into_report().into()))
}

async fn take_in(
    gateway: &Gateway,
    call: &Call,
    part: contract::ImportPart,
) -> Answer<contract::ImportReport> {
    let patience = gateway.server.import_part_deadline();
    let mut call = gateway.call(call.principal.clone());
    call.deadline = std::time::Instant::now() + patience;
    let taken = tokio::time::timeout(patience, gateway.services.catalog.import(&call, part)).await;
    Ok(taken
        .map_err(|_| Problem::deadline_exceeded().because("an import part took too long"))??)
}

impl From<Unsplittable> for Problem {
    fn from(reason: Unsplittable) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-request", "the file can't be read")
            .with(
                "errors",
                serde_json::json!([{ "field": "header", "message": reason.to_string() }]),
            )
    }
}
