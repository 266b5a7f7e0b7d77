use std::sync::atomic::Ordering;

use async_trait::async_trait;
use catalog_contract::{
    AddVariant, ArchiveProduct, Catalog, Category, CategoryRefusal, CategoryTree, CreateCategory,
    CreateProduct, DeleteCategory, EditRefusal, GetProduct, ImportPart, ImportRefusal,
    ImportReport, ListCategories, ListProducts, Offer, Offers, Product, ProductRefusal,
    ProductSummary, UpdateCategory, UpdateProduct, UpdateVariant,
};
use kernel::{Call, CallError, Currency, Failure, Page, SkuId};

use super::Shop;
use crate::samples::{MUG, ODD, eur, product, product_id};

/// Tells when the read that holds it is cancelled.
struct Dropped<'a>(&'a Shop);

impl Drop for Dropped<'_> {
    fn drop(&mut self) {
        self.0.slow_read_dropped.notify_one();
    }
}

fn is_sold(sku: &SkuId) -> bool {
    [MUG, ODD].contains(&sku.as_str())
}

fn changed(expected: Option<u64>) -> Result<Product, CallError<EditRefusal>> {
    match expected {
        None | Some(7) => Ok(Product { version: 8, ..product() }),
        Some(_) => Err(EditRefusal::PreconditionFailed.into()),
    }
}

fn category() -> Category {
    Category { slug: "kitchen".to_owned(), title: "Kitchen".to_owned(), parent: None }
}

#[async_trait]
impl Catalog for Shop {
    async fn products(
        &self,
        call: &Call,
        request: ListProducts,
    ) -> Result<Page<ProductSummary>, CallError<ProductRefusal>> {
        self.note(call);
        if request.page.cursor.is_some() {
            return Err(ProductRefusal::UnknownCursor.into());
        }
        let Product { id, slug, title, category, .. } = product();
        let price_from = Some(eur(1999));
        let item = ProductSummary { id, slug, title, category, image: None, price_from };
        Ok(Page { items: vec![item], next: None })
    }

    async fn product(
        &self,
        call: &Call,
        request: GetProduct,
    ) -> Result<Product, CallError<ProductRefusal>> {
        self.note(call);
        match request.product.as_str() {
            "mug" => {}
            id if id == product_id().to_string() => {}
            "panics" => panic!("the secret of the panic"),
            "broken" => return Err(Failure::internal("the secret of the store").into()),
            "hangs" => {
                let _dropped = Dropped(self);
                self.slow_read_began.notify_one();
                std::future::pending::<()>().await;
            }
            _ => return Err(ProductRefusal::NotFound.into()),
        }
        let mut product = product();
        if request.currency.is_some_and(|currency| currency != Currency::EUR) {
            product.variants.iter_mut().for_each(|variant| variant.price = None);
        }
        Ok(product)
    }

    async fn offers(
        &self,
        call: &Call,
        request: Offers,
    ) -> Result<Vec<Offer>, CallError<ProductRefusal>> {
        self.note(call);
        let known = request.skus.into_iter().filter(is_sold);
        let offer = |sku| Offer {
            sku,
            product: product_id(),
            title: "Mug".to_owned(),
            price: Some(eur(1999)),
            weight_grams: 350,
        };
        Ok(known.map(offer).collect())
    }

    async fn categories(
        &self,
        call: &Call,
        _: ListCategories,
    ) -> Result<Vec<CategoryTree>, CallError<CategoryRefusal>> {
        self.note(call);
        let (slug, title) = ("kitchen".to_owned(), "Kitchen".to_owned());
        Ok(vec![CategoryTree { slug, title, count: 1, children: Vec::new() }])
    }

    async fn create_category(
        &self,
        call: &Call,
        _: CreateCategory,
    ) -> Result<Category, CallError<CategoryRefusal>> {
        self.note(call);
        Ok(category())
    }

    async fn update_category(
        &self,
        call: &Call,
        _: UpdateCategory,
    ) -> Result<Category, CallError<CategoryRefusal>> {
        self.note(call);
        Ok(category())
    }

    async fn delete_category(
        &self,
        call: &Call,
        _: DeleteCategory,
    ) -> Result<(), CallError<CategoryRefusal>> {
        self.note(call);
        Ok(())
    }

    async fn create_product(
        &self,
        call: &Call,
        request: CreateProduct,
    ) -> Result<Product, CallError<EditRefusal>> {
        self.note(call);
        if request.title.as_str() == "slow" {
            self.slow_write_began.notify_one();
            self.slow_write_may_end.notified().await;
            self.slow_writes_ended.fetch_add(1, Ordering::SeqCst);
        }
        if request.variants.is_empty() {
            let (field, message) = ("variants".to_owned(), "must not be empty".to_owned());
            return Err(EditRefusal::Invalid { field, message }.into());
        }
        Ok(product())
    }

    async fn update_product(
        &self,
        call: &Call,
        request: UpdateProduct,
    ) -> Result<Product, CallError<EditRefusal>> {
        self.note(call);
        changed(request.expected_version)
    }

    async fn archive_product(
        &self,
        call: &Call,
        _: ArchiveProduct,
    ) -> Result<(), CallError<EditRefusal>> {
        self.note(call);
        Ok(())
    }

    async fn add_variant(
        &self,
        call: &Call,
        _: AddVariant,
    ) -> Result<Product, CallError<EditRefusal>> {
        self.note(call);
        changed(None)
    }

    async fn update_variant(
        &self,
        call: &Call,
        request: UpdateVariant,
    ) -> Result<Product, CallError<EditRefusal>> {
        self.note(call);
        changed(request.expected_version)
    }

    async fn import(
        &self,
        call: &Call,
        part: ImportPart,
    ) -> Result<ImportReport, CallError<ImportRefusal>> {
        self.note(call);
        if !part.header.contains("Handle") {
            let column = "Handle".to_owned();
            return Err(ImportRefusal::MissingColumn { column }.into());
        }
        let variants = part.records.lines().filter(|line| !line.is_empty()).count() as u64;
        self.imported.lock().unwrap().push(part);
        Ok(ImportReport { products: 1, variants, ..ImportReport::default() })
    }
}
