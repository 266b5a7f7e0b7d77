use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use catalog::{CatalogModule, CatalogSettings, MODULE, audit};
use catalog_contract::{
    Catalog, CreateProduct, GetProduct, ImportPart, ImportReport, ListProducts, NewVariant,
    Product, ProductSort, VariantOption,
};
use inventory_contract::{
    AdjustStock, Availability, GetStock, Inventory, ListMovements, Movement, OpenStock, Release,
    Reservation, Reserve, ReserveRefusal, SetOnHand, Stock, StockLevel, StockOpened, StockRefusal,
};
use kernel::{Call, CallError, Currency, Failure, Money, Page, PageRequest, Principal, UserId};
use platform::Database;
use testkit::ManualClock;

/// A catalogue, and what stands around it.
pub(crate) struct Shop {
    pub(crate) catalog: Arc<CatalogModule>,
    pub(crate) inventory: Arc<FakeInventory>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) database: Database,
}

/// Keeps the first stock of each SKU, unless it is told to fail.
#[derive(Default)]
pub(crate) struct FakeInventory {
    stock: Mutex<BTreeMap<String, u32>>,
    pub(crate) is_down: AtomicBool,
}

impl Shop {
    pub(crate) fn on(database: &Database) -> Self {
        let (inventory, clock) = (Arc::<FakeInventory>::default(), Arc::<ManualClock>::default());
        let catalog = CatalogModule::new(
            database.clone(),
            Arc::clone(&clock) as Arc<dyn kernel::Clock>,
            Arc::clone(&inventory) as Arc<dyn Inventory>,
            CatalogSettings::default(),
        );
        Self { catalog: Arc::new(catalog), inventory, clock, database: database.clone() }
    }

    /// Makes a product with one variant, a microsecond after the one before.
    pub(crate) async fn make(&self, slug: &str, amount: i64) -> Product {
        self.clock.advance(Duration::from_micros(1));
        self.catalog.create_product(&call(), product(slug, amount)).await.unwrap()
    }

    pub(crate) async fn import(&self, file: &str) -> ImportReport {
        self.catalog.import(&call(), part(file)).await.unwrap()
    }

    pub(crate) async fn get(&self, slug: &str) -> Product {
        let request = GetProduct { product: slug.into(), currency: None };
        self.catalog.product(&call(), request).await.unwrap()
    }

    /// The slugs of all pages of a list.
    pub(crate) async fn slugs(&self, request: ListProducts) -> Vec<String> {
        let mut slugs = Vec::new();
        let mut page = request.page.clone();
        loop {
            let request = ListProducts { page: page.clone(), ..request.clone() };
            let listed = self.catalog.products(&call(), request).await.unwrap();
            slugs.extend(listed.items.into_iter().map(|product| product.slug));
            match listed.next {
                Some(next) => page.cursor = Some(next),
                None => return slugs,
            }
        }
    }

    pub(crate) async fn search(&self, query: &str) -> Vec<String> {
        let request = ListProducts { query: Some(query.into()), ..list(ProductSort::Relevance) };
        self.slugs(request).await
    }

    pub(crate) async fn is_sound(&self) {
        assert_eq!(audit(&self.database).await.unwrap(), Vec::<String>::new());
    }
}

impl FakeInventory {
    pub(crate) fn of(&self, sku: &str) -> Option<u32> {
        self.stock.lock().unwrap().get(sku).copied()
    }

    pub(crate) fn sell(&self, sku: &str) {
        *self.stock.lock().unwrap().get_mut(sku).unwrap() -= 1;
    }
}

pub(crate) fn call() -> Call {
    Call::new(MODULE, Principal::Staff { id: UserId::generate() }, Duration::from_secs(10))
}

pub(crate) fn buyer() -> Call {
    Call::new(MODULE, Principal::User { id: UserId::generate() }, Duration::from_secs(10))
}

pub(crate) fn eur(amount: i64) -> Money {
    Money::new(amount, Currency::EUR)
}

pub(crate) fn product(slug: &str, amount: i64) -> CreateProduct {
    CreateProduct {
        title: slug.replace('-', " ").try_into().unwrap(),
        slug: Some(slug.into()),
        description: String::new(),
        category: None,
        vendor: None,
        tags: Vec::new(),
        images: Vec::new(),
        variants: vec![variant(slug, "", amount)],
    }
}

/// A variant of one size; none if that is empty.
pub(crate) fn variant(sku: &str, size: &str, amount: i64) -> NewVariant {
    let option = VariantOption { name: "Size".into(), value: size.into() };
    NewVariant {
        sku: sku.parse().unwrap(),
        title: None,
        options: Some(option).filter(|option| !option.value.is_empty()).into_iter().collect(),
        prices: vec![eur(amount)],
        compare_at_prices: Vec::new(),
        weight_grams: 0,
    }
}

pub(crate) fn list(sort: ProductSort) -> ListProducts {
    ListProducts {
        query: None,
        category: None,
        min_price: None,
        max_price: None,
        sort,
        currency: None,
        page: PageRequest { limit: 3, cursor: None },
    }
}

pub(crate) fn part(file: &str) -> ImportPart {
    let (header, records) = file.split_once('\n').unwrap();
    ImportPart { header: header.into(), records: records.into(), first_line: 2 }
}

#[async_trait]
impl Inventory for FakeInventory {
    async fn open(
        &self,
        call: &Call,
        request: OpenStock,
    ) -> Result<StockOpened, CallError<StockRefusal>> {
        assert!(call.principal.is_staff());
        if self.is_down.load(Ordering::SeqCst) {
            return Err(Failure::unavailable("down").into());
        }
        let mut stock = self.stock.lock().unwrap();
        let before = stock.len();
        for item in request.items {
            stock.entry(item.sku.to_string()).or_insert(item.on_hand);
        }
        Ok(StockOpened { opened: (stock.len() - before) as u64 })
    }

    async fn reserve(
        &self,
        _: &Call,
        _: Reserve,
    ) -> Result<Reservation, CallError<ReserveRefusal>> {
        panic!("not called")
    }

    async fn release(&self, _: &Call, _: Release) -> Result<(), CallError<ReserveRefusal>> {
        panic!("not called")
    }

    async fn availability(
        &self,
        _: &Call,
        _: Availability,
    ) -> Result<Vec<StockLevel>, CallError<StockRefusal>> {
        panic!("not called")
    }

    async fn stock(&self, _: &Call, _: GetStock) -> Result<Stock, CallError<StockRefusal>> {
        panic!("not called")
    }

    async fn set_on_hand(&self, _: &Call, _: SetOnHand) -> Result<Stock, CallError<StockRefusal>> {
        panic!("not called")
    }

    async fn adjust(&self, _: &Call, _: AdjustStock) -> Result<Stock, CallError<StockRefusal>> {
        panic!("not called")
    }

    async fn movements(
        &self,
        _: &Call,
        _: ListMovements,
    ) -> Result<Page<Movement>, CallError<StockRefusal>> {
        panic!("not called")
    }
}
