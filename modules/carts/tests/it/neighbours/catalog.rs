use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use async_trait::async_trait;
use catalog_contract::{
    AddVariant, ArchiveProduct, Catalog, Category, CategoryRefusal, CategoryTree, CreateCategory,
    CreateProduct, DeleteCategory, EditRefusal, GetProduct, ImportPart, ImportRefusal,
    ImportReport, ListCategories, ListProducts, Offer, Offers, Product, ProductRefusal,
    ProductSummary, UpdateCategory, UpdateProduct, UpdateVariant,
};
use kernel::{Call, CallError, Currency, Money, Page, ProductId, SkuId};

use super::down;

/// Prices in minor units, by currency.
type Prices = BTreeMap<Currency, i64>;
type Meanwhile = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A catalogue that sells what a test says, and lets something happen while it is asked.
#[derive(Default)]
pub(crate) struct FakeCatalog {
    sold: Mutex<BTreeMap<SkuId, Prices>>,
    meanwhile: Mutex<Option<Meanwhile>>,
    down: AtomicBool,
    calls: AtomicUsize,
}

impl FakeCatalog {
    pub(crate) fn sell(&self, sku: &str, prices: &[(&str, i64)]) {
        let prices = prices.iter().map(|(currency, amount)| (currency.parse().unwrap(), *amount));
        self.sold.lock().unwrap().insert(sku.parse().unwrap(), prices.collect());
    }

    pub(crate) fn stop_selling(&self, sku: &str) {
        self.sold.lock().unwrap().remove(&sku.parse().unwrap());
    }

    /// Lets something happen while the next question waits for its answer.
    pub(crate) fn meanwhile(&self, happens: impl Future<Output = ()> + Send + 'static) {
        *self.meanwhile.lock().unwrap() = Some(Box::pin(happens));
    }

    pub(crate) fn go_down(&self) {
        self.down.store(true, Ordering::SeqCst);
    }

    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

fn offer(sku: &SkuId, prices: &Prices, currency: Option<Currency>) -> Offer {
    let currency = currency.unwrap();
    Offer {
        sku: sku.clone(),
        product: ProductId::derived(sku.as_str()),
        title: format!("The {sku}"),
        price: prices.get(&currency).map(|amount| Money::new(*amount, currency)),
        weight_grams: 100,
    }
}

#[async_trait]
impl Catalog for FakeCatalog {
    async fn products(
        &self,
        _: &Call,
        _: ListProducts,
    ) -> Result<Page<ProductSummary>, CallError<ProductRefusal>> {
        down()
    }

    async fn product(&self, _: &Call, _: GetProduct) -> Result<Product, CallError<ProductRefusal>> {
        down()
    }

    async fn offers(
        &self,
        _: &Call,
        request: Offers,
    ) -> Result<Vec<Offer>, CallError<ProductRefusal>> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        assert!(request.skus.len() <= 100, "asked for too many SKUs");
        let meanwhile = self.meanwhile.lock().unwrap().take();
        if let Some(meanwhile) = meanwhile {
            meanwhile.await;
        }
        if self.down.load(Ordering::SeqCst) {
            return down();
        }
        let sold = self.sold.lock().unwrap();
        Ok(request
            .skus
            .iter()
            .filter_map(|sku| Some(offer(sku, sold.get(sku)?, request.currency)))
            .collect())
    }

    async fn categories(
        &self,
        _: &Call,
        _: ListCategories,
    ) -> Result<Vec<CategoryTree>, CallError<CategoryRefusal>> {
        down()
    }

    async fn create_category(
        &self,
        _: &Call,
        _: CreateCategory,
    ) -> Result<Category, CallError<CategoryRefusal>> {
        down()
    }

    async fn update_category(
        &self,
        _: &Call,
        _: UpdateCategory,
    ) -> Result<Category, CallError<CategoryRefusal>> {
        down()
    }

    async fn delete_category(
        &self,
        _: &Call,
        _: DeleteCategory,
    ) -> Result<(), CallError<CategoryRefusal>> {
        down()
    }

    async fn create_product(
        &self,
        _: &Call,
        _: CreateProduct,
    ) -> Result<Product, CallError<EditRefusal>> {
        down()
    }

    async fn update_product(
        &self,
        _: &Call,
        _: UpdateProduct,
    ) -> Result<Product, CallError<EditRefusal>> {
        down()
    }

    async fn archive_product(
        &self,
        _: &Call,
        _: ArchiveProduct,
    ) -> Result<(), CallError<EditRefusal>> {
        down()
    }

    async fn add_variant(
        &self,
        _: &Call,
        _: AddVariant,
    ) -> Result<Product, CallError<EditRefusal>> {
        down()
    }

    async fn update_variant(
        &self,
        _: &Call,
        _: UpdateVariant,
    ) -> Result<Product, CallError<EditRefusal>> {
        down()
    }

    async fn import(
        &self,
        _: &Call,
        _: ImportPart,
    ) -> Result<ImportReport, CallError<ImportRefusal>> {
        down()
    }
}
