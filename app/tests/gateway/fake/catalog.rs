use std::sync::atomic::Ordering;

use async_trait::async_trait;
use catalog_contract::{
    AddVariant, ArchiveProduct, Catalog, Category, CategoryRefusal, CategoryTree, CreateCategory,
    CreateProduct, DeleteCategory, EditRefusal, GetProduct, ImportPart, ImportRefusal,
    ImportReport, ListCategories, ListProducts, Offer, Offers, Product, ProductRefusal,
    ProductSummary, UpdateCategory, UpdateProduct, UpdateVariant,
};
use inventory_contract::{
    AdjustStock, Availability, GetStock, Inventory, ListMovements, Movement, OpenStock, Release,
    Reservation, Reserve, ReserveRefusal, SetOnHand, Stock, StockLevel, StockOpened, StockRefusal,
};
use kernel::{Call, CallError, Currency, Failure, Page, SkuId};

use super::Shop;
use crate::samples::{MUG, ODD, eur, now, product, product_id};

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

#[async_trait]
impl Inventory for Shop {
    async fn reserve(
        &self,
        _: &Call,
        request: Reserve,
    ) -> Result<Reservation, CallError<ReserveRefusal>> {
        Ok(Reservation { order: request.order, lines: request.lines })
    }

    async fn release(&self, _: &Call, _: Release) -> Result<(), CallError<ReserveRefusal>> {
        Ok(())
    }

    async fn availability(
        &self,
        call: &Call,
        _: Availability,
    ) -> Result<Vec<StockLevel>, CallError<StockRefusal>> {
        self.note(call);
        if self.inventory_is_down.load(Ordering::SeqCst) {
            return Err(Failure::unavailable("inventory is down").into());
        }
        Ok(vec![StockLevel { sku: MUG.parse().unwrap(), available: 5 }])
    }

    async fn stock(
        &self,
        call: &Call,
        request: GetStock,
    ) -> Result<Stock, CallError<StockRefusal>> {
        self.note(call);
        if request.sku.as_str() != MUG {
            return Err(StockRefusal::UnknownSku { sku: request.sku }.into());
        }
        Ok(Stock { sku: request.sku, on_hand: 7, reserved: 2, available: 5 })
    }

    async fn set_on_hand(
        &self,
        call: &Call,
        request: SetOnHand,
    ) -> Result<Stock, CallError<StockRefusal>> {
        self.note(call);
        match request.on_hand.checked_sub(2) {
            None => Err(StockRefusal::BelowReserved { reserved: 2 }.into()),
            Some(available) if available < 1_000_000 => {
                let SetOnHand { sku, on_hand } = request;
                Ok(Stock { sku, on_hand, reserved: 2, available })
            }
            Some(_) => Err(StockRefusal::TooMuch { most: 1_000_002 }.into()),
        }
    }

    async fn adjust(
        &self,
        call: &Call,
        request: AdjustStock,
    ) -> Result<Stock, CallError<StockRefusal>> {
        self.note(call);
        if request.delta > 1_000_000 {
            return Err(StockRefusal::TooMuch { most: 1_000_000 }.into());
        }
        Ok(Stock { sku: request.sku, on_hand: 7, reserved: 2, available: 5 })
    }

    async fn open(&self, _: &Call, _: OpenStock) -> Result<StockOpened, CallError<StockRefusal>> {
        Ok(StockOpened { opened: 0 })
    }

    async fn movements(
        &self,
        call: &Call,
        _: ListMovements,
    ) -> Result<Page<Movement>, CallError<StockRefusal>> {
        self.note(call);
        let movement = Movement {
            number: 1,
            kind: "opened".to_owned(),
            on_hand_delta: 7,
            reserved_delta: 0,
            reference: None,
            at: now(),
        };
        Ok(Page { items: vec![movement], next: None })
    }
}
