use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use catalog_contract as contract;
use kernel::{Call, ProductId, SkuId};

use super::common::{Answer, created};
use super::product_body::{CreateProduct, NewVariant, UpdateProduct, UpdateVariant};
use super::product_view::Product;
use super::products::availability;
use crate::gateway::auth::Caller;
use crate::gateway::http::{Body, IfMatch, Path, Versioned};
use crate::gateway::{Access, Gateway, Operation, Table};

pub(super) fn register(table: &mut Table) {
    table.add(
        Operation::post("/api/products", "createProduct", "Makes a product with its variants")
            .access(Access::Staff)
            .body::<CreateProduct>()
            .answer_header("Location")
            .versioned()
            .answers::<Product>(201, "The product.")
            .refuses(409, &["sku-taken", "slug-taken"])
            .refuses(422, &["unknown-category"]),
        create,
    );
    table.add(
        Operation::patch(
            "/api/products/{id}",
            "updateProduct",
            "Changes what is said of a product",
        )
        .access(Access::Staff)
        .body::<UpdateProduct>()
        .conditional()
        .answers::<Product>(200, "The product as it is now.")
        .refuses(404, &["not-found"])
        .refuses(409, &["slug-taken"])
        .refuses(422, &["unknown-category"]),
        update,
    );
    table.add(
        Operation::delete("/api/products/{id}", "archiveProduct", "Takes a product off sale")
            .access(Access::Staff)
            .answers_nothing("Old orders keep it, and its SKUs stay taken.")
            .refuses(404, &["not-found"]),
        archive,
    );
    register_variants(table);
}

fn register_variants(table: &mut Table) {
    table.add(
        Operation::post("/api/products/{id}/variants", "addVariant", "Adds a variant")
            .access(Access::Staff)
            .body::<NewVariant>()
            .answer_header("Location")
            .versioned()
            .answers::<Product>(201, "The product with it.")
            .refuses(404, &["not-found"])
            .refuses(409, &["sku-taken"]),
        add_variant,
    );
    table.add(
        Operation::patch(
            "/api/variants/{sku}",
            "updateVariant",
            "Changes a variant's title, prices or weight",
        )
        .access(Access::Staff)
        .body::<UpdateVariant>()
        .conditional()
        .answers::<Product>(200, "The product as it is now.")
        .refuses(404, &["not-found", "unknown-sku"]),
        update_variant,
    );
}

async fn create(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Body(body): Body<CreateProduct>,
) -> Answer<Response> {
    let request = contract::CreateProduct::from(body);
    let product = gateway.services.catalog.create_product(&call, request).await?;
    let location = format!("/api/products/{}", product.id);
    Ok(created(&location, shown(&gateway, &call, product).await))
}

async fn update(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Path(product): Path<ProductId>,
    IfMatch(expected_version): IfMatch,
    Body(body): Body<UpdateProduct>,
) -> Answer<Response> {
    let request = body.of(product, expected_version);
    let product = gateway.services.catalog.update_product(&call, request).await?;
    Ok(shown(&gateway, &call, product).await.into_response())
}

async fn archive(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Path(product): Path<ProductId>,
) -> Answer<StatusCode> {
    let request = contract::ArchiveProduct { product };
    gateway.services.catalog.archive_product(&call, request).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn add_variant(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Path(product): Path<ProductId>,
    Body(variant): Body<NewVariant>,
) -> Answer<Response> {
    let request = contract::AddVariant { product, variant: variant.into() };
    let product = gateway.services.catalog.add_variant(&call, request).await?;
    let location = format!("/api/products/{}", product.id);
    Ok(created(&location, shown(&gateway, &call, product).await))
}

async fn update_variant(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Path(sku): Path<SkuId>,
    IfMatch(expected_version): IfMatch,
    Body(body): Body<UpdateVariant>,
) -> Answer<Response> {
    let request = body.of(sku, expected_version);
    let product = gateway.services.catalog.update_variant(&call, request).await?;
    Ok(shown(&gateway, &call, product).await.into_response())
}

async fn shown(gateway: &Gateway, call: &Call, product: contract::Product) -> Versioned<Product> {
    let availability = availability(gateway, call, &product).await;
    Versioned { version: product.version, body: Product::of(product, &availability) }
}
