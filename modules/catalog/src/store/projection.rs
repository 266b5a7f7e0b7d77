use kernel::{Failure, ProductId};
use platform::{UnitOfWork, params};

use super::batch;
use crate::domain::product::{ShopProduct, Standing};
use crate::domain::terms::terms;

/// Writes anew what lists and searches know of products.
pub(crate) async fn refresh(uow: &UnitOfWork, products: &[&ShopProduct]) -> Result<(), Failure> {
    let ids: Vec<ProductId> = products.iter().map(|product| product.id).collect();
    batch::remove(uow, "DELETE FROM listing WHERE product_id", &ids).await?;
    batch::remove(uow, "DELETE FROM search_term WHERE product_id", &ids).await?;

    let mut listings = Vec::new();
    let mut words = Vec::new();
    for product in products.iter().filter(|product| product.standing == Standing::OnSale) {
        for (currency, amount) in product.cheapest() {
            listings.extend(params![product.id, currency, product.category, amount]);
        }
        for (term, weight) in terms(product) {
            words.extend(params![term, product.id, weight]);
        }
    }
    let insert = ("INSERT INTO listing (product_id, currency, category, amount) VALUES", "");
    batch::insert(uow, insert, 4, listings).await?;
    let insert = ("INSERT INTO search_term (term, product_id, weight) VALUES", "");
    batch::insert(uow, insert, 3, words).await
}
