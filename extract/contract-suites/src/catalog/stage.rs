use std::sync::Arc;

use catalog_contract::{
    Catalog, CreateProduct, GetProduct, ListProducts, Offer, Offers, Product, ProductSort,
    UpdateProduct,
};
use kernel::{Currency, PageRequest, SkuId};

use crate::fresh::{guest, staff};
use crate::goods::product;

/// The contract alone.
pub(super) type Stage = Arc<dyn Catalog>;

pub(super) async fn made(catalog: &Stage, wish: CreateProduct) -> Product {
    catalog.create_product(&staff(), wish).await.unwrap()
}

/// A product of one variant.
pub(super) async fn any(catalog: &Stage) -> Product {
    made(catalog, product(1_999)).await
}

pub(super) async fn shown(catalog: &Stage, product: &str) -> Product {
    let request = GetProduct { product: product.to_owned(), currency: None };
    catalog.product(&guest(), request).await.unwrap()
}

pub(super) async fn offers(
    catalog: &Stage,
    skus: &[&SkuId],
    currency: Option<Currency>,
) -> Vec<Offer> {
    let skus = skus.iter().copied().cloned().collect();
    catalog.offers(&guest(), Offers { skus, currency, not_on_sale_too: false }).await.unwrap()
}

/// Everything, newest first.
pub(super) fn list() -> ListProducts {
    ListProducts {
        query: None,
        category: None,
        min_price: None,
        max_price: None,
        sort: ProductSort::Newest,
        currency: None,
        page: PageRequest { limit: 2, cursor: None },
    }
}

/// A change of nothing.
pub(super) fn change(product: &Product) -> UpdateProduct {
    UpdateProduct {
        product: product.id,
        title: None,
        slug: None,
        description: None,
        category: None,
        vendor: None,
        tags: None,
        images: None,
        expected_version: None,
    }
}
