//! What other modules may know of `catalog`: what the shop sells, and at which price.

mod categories;
mod edit;
mod events;
mod import;
mod products;

pub use categories::{
    Category, CategoryRefusal, CategoryTree, CreateCategory, DeleteCategory, ListCategories,
    UpdateCategory,
};
pub use edit::{
    AddVariant, ArchiveProduct, CreateProduct, EditRefusal, NewVariant, UpdateProduct,
    UpdateVariant,
};
pub use events::ProductChanged;
pub use import::{ImportPart, ImportProblem, ImportRefusal, ImportReport};
pub use products::{
    GetProduct, Image, ListProducts, Offer, Offers, Product, ProductRefusal, ProductSort,
    ProductSummary, Variant, VariantOption,
};

use kernel::{Call, CallError, Page, async_trait, contract};

/// Products, their variants and prices, and the categories they stand in.
#[contract(name = "catalog", version = 1)]
#[async_trait]
pub trait Catalog: Send + Sync + 'static {
    /// Products that match, in the order asked for.
    #[call(read)]
    async fn products(
        &self,
        call: &Call,
        request: ListProducts,
    ) -> Result<Page<ProductSummary>, CallError<ProductRefusal>>;

    /// One product by id or slug, archived ones too.
    #[call(read)]
    async fn product(
        &self,
        call: &Call,
        request: GetProduct,
    ) -> Result<Product, CallError<ProductRefusal>>;

    /// What the SKUs are and cost, in one query; those that are not sold are left out.
    #[call(read)]
    async fn offers(
        &self,
        call: &Call,
        request: Offers,
    ) -> Result<Vec<Offer>, CallError<ProductRefusal>>;

    /// All categories as a tree, with the number of products in each and below it.
    #[call(read)]
    async fn categories(
        &self,
        call: &Call,
        request: ListCategories,
    ) -> Result<Vec<CategoryTree>, CallError<CategoryRefusal>>;

    /// Makes a category.
    #[call(write, once)]
    async fn create_category(
        &self,
        call: &Call,
        request: CreateCategory,
    ) -> Result<Category, CallError<CategoryRefusal>>;

    /// Renames or moves a category.
    #[call(write, once)]
    async fn update_category(
        &self,
        call: &Call,
        request: UpdateCategory,
    ) -> Result<Category, CallError<CategoryRefusal>>;

    /// Removes a category that has no children; its products stay, without one.
    #[call(write, once)]
    async fn delete_category(
        &self,
        call: &Call,
        request: DeleteCategory,
    ) -> Result<(), CallError<CategoryRefusal>>;

    /// Makes a product with its variants.
    #[call(write, once)]
    async fn create_product(
        &self,
        call: &Call,
        request: CreateProduct,
    ) -> Result<Product, CallError<EditRefusal>>;

    /// Changes what is said of a product.
    #[call(write, once)]
    async fn update_product(
        &self,
        call: &Call,
        request: UpdateProduct,
    ) -> Result<Product, CallError<EditRefusal>>;

    /// Takes a product off sale. Old orders keep it, and its SKUs stay taken. A repeat changes nothing.
    /// Keyed by the product.
    #[call(write, keyed)]
    async fn archive_product(
        &self,
        call: &Call,
        request: ArchiveProduct,
    ) -> Result<(), CallError<EditRefusal>>;

    /// Adds a variant.
    #[call(write, once)]
    async fn add_variant(
        &self,
        call: &Call,
        request: AddVariant,
    ) -> Result<Product, CallError<EditRefusal>>;

    /// Changes a variant's title, price or weight; its SKU stays.
    #[call(write, once)]
    async fn update_variant(
        &self,
        call: &Call,
        request: UpdateVariant,
    ) -> Result<Product, CallError<EditRefusal>>;

    /// Takes in a part of a Shopify product CSV. All lines that are right go in; the others are reported.
    /// Keyed by the content: a repeat changes nothing.
    #[call(write, keyed)]
    async fn import(
        &self,
        call: &Call,
        request: ImportPart,
    ) -> Result<ImportReport, CallError<ImportRefusal>>;
}
