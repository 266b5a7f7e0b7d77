use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use catalog_contract as contract;
use inventory_contract as inventory;
use kernel::{Call, CallError, Currency, SkuId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::common::{Amount, Answer, List, page};
use super::product_view::{Availability, Product, ProductSummary};
use crate::gateway::auth::Caller;
use crate::gateway::http::{Limit, Path, Problem, ProductRef, Query, Text, Versioned};
use crate::gateway::{Gateway, Operation, Table};

/// So many SKUs are asked for at once.
const SKUS_A_CALL: usize = 100;

pub(super) fn register(table: &mut Table) {
    table.add(
        Operation::get("/api/products", "listProducts", "Products on sale that match")
            .public()
            .query::<ListQuery>()
            .answers::<List<ProductSummary>>(200, "A part of the list.")
            .refuses(404, &["unknown-category"]),
        list,
    );
    table.add(
        Operation::get("/api/products/{id}", "getProduct", "A product by id or slug")
            .public()
            .query::<PageQuery>()
            .versioned()
            .answers::<Product>(200, "The product, with what can be sold of it now.")
            .refuses(404, &["not-found"])
            .refuses(422, &["no-price"]),
        one,
    );
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// Words that all must begin words of the product.
    #[param(value_type = Option<String>, max_length = 200)]
    q: Option<Text<200>>,
    /// The slug of a category; products below it count.
    #[param(value_type = Option<String>, max_length = 200)]
    category: Option<Text<200>>,
    /// In minor units of the currency.
    #[param(value_type = Option<i64>, minimum = 0)]
    min_price: Option<Amount>,
    /// In minor units of the currency.
    #[param(value_type = Option<i64>, minimum = 0)]
    max_price: Option<Amount>,
    /// `relevance` unless asked.
    #[serde(default)]
    #[param(inline, value_type = Option<Sort>)]
    sort: Sort,
    /// How many; 20 unless asked.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// The `next` of the part before.
    cursor: Option<String>,
    /// In which currency prices are wanted; the shop's own unless asked.
    #[param(value_type = Option<String>)]
    currency: Option<Currency>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
enum Sort {
    #[default]
    #[serde(rename = "relevance")]
    Relevance,
    #[serde(rename = "newest")]
    Newest,
    #[serde(rename = "price")]
    PriceAscending,
    #[serde(rename = "-price")]
    PriceDescending,
}

impl From<Sort> for contract::ProductSort {
    fn from(sort: Sort) -> Self {
        match sort {
            Sort::Relevance => Self::Relevance,
            Sort::Newest => Self::Newest,
            Sort::PriceAscending => Self::PriceAscending,
            Sort::PriceDescending => Self::PriceDescending,
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct PageQuery {
    /// In which currency prices are wanted; the shop's own unless asked.
    #[param(value_type = Option<String>)]
    currency: Option<Currency>,
}

async fn list(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Query(query): Query<ListQuery>,
) -> Answer<Json<List<ProductSummary>>> {
    let request = contract::ListProducts {
        query: query.q.map(String::from),
        category: query.category.map(String::from),
        min_price: query.min_price.map(|amount| amount.0),
        max_price: query.max_price.map(|amount| amount.0),
        sort: query.sort.into(),
        currency: query.currency,
        page: page(query.limit, query.cursor),
    };
    let products = gateway.services.catalog.products(&call, request).await?;
    Ok(List::of(products, ProductSummary::from))
}

async fn one(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Path(ProductRef(product)): Path<ProductRef>,
    Query(PageQuery { currency }): Query<PageQuery>,
) -> Answer<Versioned<Product>> {
    let request = contract::GetProduct { product, currency };
    let product = gateway.services.catalog.product(&call, request).await?;
    if let Some(currency) = currency {
        refuse_without_any_price(&product, currency)?;
    }
    let availability = availability(&gateway, &call, &product).await;
    Ok(Versioned { version: product.version, body: Product::of(product, &availability) })
}

fn refuse_without_any_price(product: &contract::Product, currency: Currency) -> Answer<()> {
    match product.variants.first() {
        Some(first) if product.variants.iter().all(|variant| variant.price.is_none()) => {
            let detail = format!("{} has no price in {currency}", first.sku);
            Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "no-price", detail)
                .with("sku", first.sku.as_str())
                .with("currency", currency.code()))
        }
        _ => Ok(()),
    }
}

/// How many of each variant can be sold. The page does without, where inventory does not say so in time.
pub(super) async fn availability(
    gateway: &Gateway,
    call: &Call,
    product: &contract::Product,
) -> Availability {
    let patience = gateway.server.availability_deadline();
    // The call itself has no more time, so that inventory is left alone once it often took too long.
    let asking = call.clone().within(patience);
    let answered = tokio::time::timeout(patience, levels(gateway, &asking, product)).await;
    let cause = match answered {
        Ok(Ok(levels)) => return Some(levels),
        Ok(Err(error)) => error.into_failure().chain(),
        Err(_) => "no answer in time".to_owned(),
    };
    // Every page would say so while inventory is down, so this is counted, and not told aloud.
    metrics::counter!("galleria_gateway_availability_unknown_total").increment(1);
    tracing::debug!(error = cause, "a product page goes without availability: {cause}");
    None
}

async fn levels(
    gateway: &Gateway,
    call: &Call,
    product: &contract::Product,
) -> Result<HashMap<SkuId, u32>, CallError<inventory::StockRefusal>> {
    let mut levels = HashMap::with_capacity(product.variants.len());
    for variants in product.variants.chunks(SKUS_A_CALL) {
        let skus = variants.iter().map(|variant| variant.sku.clone()).collect();
        let request = inventory::Availability { skus };
        let known = gateway.services.inventory.availability(call, request).await?;
        levels.extend(known.into_iter().map(|level| (level.sku, level.available)));
    }
    Ok(levels)
}
