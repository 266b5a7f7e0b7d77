//! What the shop sells, and at which price: products, their variants, the categories they stand in, and imports.

mod application;
mod demo;
mod domain;
mod importing;
mod settings;
mod store;

use std::sync::Arc;

use async_trait::async_trait;
use catalog_contract::{
    AddVariant, ArchiveProduct, Catalog, Category, CategoryRefusal, CategoryTree, CreateCategory,
    CreateProduct, DeleteCategory, EditRefusal, GetProduct, ImportPart, ImportRefusal,
    ImportReport, ListCategories, ListProducts, Offer, Offers, Product, ProductRefusal,
    ProductSummary, UpdateCategory, UpdateProduct, UpdateVariant,
};
use inventory_contract::Inventory;
use kernel::{Call, CallError, Clock, ModuleName, Page};
use platform::Database;

pub use application::audit::{audit, is_empty};
pub use demo::seed_demo;
pub use settings::CatalogSettings;

/// The name of this module, its schema and its settings.
pub const MODULE: ModuleName = ModuleName::new("catalog");

/// The catalogue of a shop, on its own database.
pub struct CatalogModule {
    database: Database,
    clock: Arc<dyn Clock>,
    inventory: Arc<dyn Inventory>,
    settings: CatalogSettings,
}

impl CatalogModule {
    /// Stands on a migrated database. `inventory` is told of the first stock of what imports make.
    pub fn new(
        database: Database,
        clock: Arc<dyn Clock>,
        inventory: Arc<dyn Inventory>,
        settings: CatalogSettings,
    ) -> Self {
        Self { database, clock, inventory, settings }
    }
}

#[async_trait]
impl Catalog for CatalogModule {
    async fn products(
        &self,
        _: &Call,
        request: ListProducts,
    ) -> Result<Page<ProductSummary>, CallError<ProductRefusal>> {
        application::products::products(self, request).await
    }

    async fn product(
        &self,
        _: &Call,
        request: GetProduct,
    ) -> Result<Product, CallError<ProductRefusal>> {
        application::product::product(self, request).await
    }

    async fn offers(
        &self,
        _: &Call,
        request: Offers,
    ) -> Result<Vec<Offer>, CallError<ProductRefusal>> {
        application::offers::offers(self, request).await
    }

    async fn categories(
        &self,
        _: &Call,
        _: ListCategories,
    ) -> Result<Vec<CategoryTree>, CallError<CategoryRefusal>> {
        application::categories::categories(self).await
    }

    async fn create_category(
        &self,
        call: &Call,
        request: CreateCategory,
    ) -> Result<Category, CallError<CategoryRefusal>> {
        application::create_category::create_category(self, call, request).await
    }

    async fn update_category(
        &self,
        call: &Call,
        request: UpdateCategory,
    ) -> Result<Category, CallError<CategoryRefusal>> {
        application::update_category::update_category(self, call, request).await
    }

    async fn delete_category(
        &self,
        call: &Call,
        request: DeleteCategory,
    ) -> Result<(), CallError<CategoryRefusal>> {
        application::delete_category::delete_category(self, call, request).await
    }

    async fn create_product(
        &self,
        call: &Call,
        request: CreateProduct,
    ) -> Result<Product, CallError<EditRefusal>> {
        application::create_product::create_product(self, call, request).await
    }

    async fn update_product(
        &self,
        call: &Call,
        request: UpdateProduct,
    ) -> Result<Product, CallError<EditRefusal>> {
        application::update_product::update_product(self, call, request).await
    }

    async fn archive_product(
        &self,
        call: &Call,
        request: ArchiveProduct,
    ) -> Result<(), CallError<EditRefusal>> {
        application::archive_product::archive_product(self, call, request).await
    }

    async fn add_variant(
        &self,
        call: &Call,
        request: AddVariant,
    ) -> Result<Product, CallError<EditRefusal>> {
        application::add_variant::add_variant(self, call, request).await
    }

    async fn update_variant(
        &self,
        call: &Call,
        request: UpdateVariant,
    ) -> Result<Product, CallError<EditRefusal>> {
        application::update_variant::update_variant(self, call, request).await
    }

    async fn import(
        &self,
        call: &Call,
        request: ImportPart,
    ) -> Result<ImportReport, CallError<ImportRefusal>> {
        application::import::import(self, call, request).await
    }
}
