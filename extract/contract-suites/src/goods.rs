//! Things to buy.

use catalog_contract::{Catalog, CreateProduct, NewVariant};
use inventory_contract::{GetStock, Inventory, SetOnHand, Stock};
use kernel::{Currency, Money, SkuId};

use crate::fresh::{guest, sku, staff, word};

pub(crate) fn eur(amount: i64) -> Money {
    Money::new(amount, Currency::EUR)
}

/// A product of one variant.
pub(crate) fn product(amount: i64) -> CreateProduct {
    let slug = word("mug");
    CreateProduct {
        title: slug.replace('-', " ").try_into().unwrap(),
        slug: Some(slug),
        description: String::new(),
        category: None,
        vendor: None,
        tags: Vec::new(),
        images: Vec::new(),
        variants: vec![variant(amount)],
    }
}

pub(crate) fn variant(amount: i64) -> NewVariant {
    NewVariant {
        sku: sku(),
        title: Some(word("variant").try_into().unwrap()),
        options: Vec::new(),
        prices: vec![eur(amount)],
        compare_at_prices: Vec::new(),
        weight_grams: 300,
    }
}

/// Something new to buy, and so many of it.
pub(crate) async fn stocked(
    catalog: &dyn Catalog,
    inventory: &dyn Inventory,
    (amount, on_hand): (i64, u32),
) -> SkuId {
    let made = catalog.create_product(&staff(), product(amount)).await.unwrap();
    let sku = made.variants[0].sku.clone();
    put(inventory, &sku, on_hand).await;
    sku
}

/// Puts so many on the shelf.
pub(crate) async fn put(inventory: &dyn Inventory, sku: &SkuId, on_hand: u32) {
    let request = SetOnHand { sku: sku.clone(), on_hand };
    inventory.set_on_hand(&staff(), request).await.unwrap();
}

/// How many lie there, are held, and can be sold.
pub(crate) async fn counters(inventory: &dyn Inventory, sku: &SkuId) -> [u32; 3] {
    let request = GetStock { sku: sku.clone() };
    let Stock { on_hand, reserved, available, .. } =
        inventory.stock(&guest(), request).await.unwrap();
    [on_hand, reserved, available]
}
