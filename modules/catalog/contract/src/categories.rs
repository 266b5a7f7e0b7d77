use kernel::{Label, refusal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Asks for the categories.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListCategories {}

/// A category and those below it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CategoryTree {
    /// Its name in addresses.
    pub slug: String,
    /// Its name for people.
    pub title: String,
    /// How many products on sale stand in it or below it.
    pub count: u64,
    /// Those below it, by title.
    pub children: Vec<CategoryTree>,
}

/// A category.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Category {
    /// Its name in addresses.
    pub slug: String,
    /// Its name for people.
    pub title: String,
    /// The slug of the one above it.
    pub parent: Option<String>,
}

/// Makes a category.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateCategory {
    /// Its name for people.
    pub title: Label<200>,
    /// Its name in addresses; made of the title if absent.
    #[serde(default)]
    pub slug: Option<String>,
    /// The slug of the one above it.
    #[serde(default)]
    pub parent: Option<String>,
}

/// Renames or moves a category; what is absent stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateCategory {
    /// Which.
    pub slug: String,
    /// Its new name for people.
    pub title: Option<Label<200>>,
    /// The slug of the one above it from now on; null, `Some(None)`, takes it to the top.
    #[serde(
        default,
        deserialize_with = "kernel::nullable",
        skip_serializing_if = "Option::is_none"
    )]
    pub parent: Option<Option<String>>,
}

/// Removes a category.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DeleteCategory {
    /// Which.
    pub slug: String,
}

/// Why categories can't be shown or changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum CategoryRefusal {
    /// There is none.
    #[error("no such category")]
    NotFound,
    /// Another category has the slug.
    #[error("the slug {slug} is taken")]
    SlugTaken {
        /// Which slug.
        slug: String,
    },
    /// The slug is not lower-case letters, digits and hyphens.
    #[error("not a slug")]
    InvalidSlug,
    /// There is no such category to put it under, or it would be under itself.
    #[error("not a category to put it under")]
    InvalidParent,
    /// Categories stand below it.
    #[error("categories stand below it")]
    HasChildren,
    /// Only staff may.
    #[error("only staff may change the catalogue")]
    Forbidden,
}
refusal!(CategoryRefusal {
    NotFound => NotFound,
    SlugTaken => Conflict,
    InvalidSlug => Invalid,
    InvalidParent => Invalid,
    HasChildren => Conflict,
    Forbidden => Forbidden,
});
