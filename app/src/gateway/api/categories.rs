use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use catalog_contract as contract;
use kernel::Label;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::common::{Answer, Change, created};
use crate::gateway::auth::Caller;
use crate::gateway::http::{Body, Path, Slug, Text};
use crate::gateway::{Access, Gateway, Operation, Table};

pub(super) fn register(table: &mut Table) {
    table.add(
        Operation::get("/api/categories", "listCategories", "All categories, as a tree")
            .public()
            .answers_all::<Category>(200, "Those at the top, with those below them."),
        list,
    );
    table.add(
        Operation::post("/api/categories", "createCategory", "Makes a category")
            .access(Access::Staff)
            .body::<CreateCategory>()
            .answer_header("Location")
            .answers::<FlatCategory>(201, "The category.")
            .refuses(409, &["slug-taken"]),
        create,
    );
    table.add(
        Operation::patch("/api/categories/{slug}", "updateCategory", "Renames or moves a category")
            .access(Access::Staff)
            .body::<UpdateCategory>()
            .answers::<FlatCategory>(200, "The category as it is now.")
            .refuses(404, &["not-found"]),
        update,
    );
    table.add(
        Operation::delete(
            "/api/categories/{slug}",
            "deleteCategory",
            "Removes a category; its products stay",
        )
        .access(Access::Staff)
        .answers_nothing("It is gone.")
        .refuses(404, &["not-found"])
        .refuses(409, &["has-children"]),
        delete,
    );
}

/// A category and those below it.
#[derive(Serialize, ToSchema)]
struct Category {
    slug: String,
    title: String,
    /// How many products on sale stand in it or below it.
    count: u64,
    #[schema(no_recursion)]
    children: Vec<Category>,
}

impl From<contract::CategoryTree> for Category {
    fn from(tree: contract::CategoryTree) -> Self {
        let contract::CategoryTree { slug, title, count, children } = tree;
        Self { slug, title, count, children: children.into_iter().map(Self::from).collect() }
    }
}

/// A category alone.
#[derive(Serialize, ToSchema)]
struct FlatCategory {
    slug: String,
    title: String,
    /// The slug of the one above it.
    parent: Option<String>,
}

impl From<contract::Category> for FlatCategory {
    fn from(category: contract::Category) -> Self {
        let contract::Category { slug, title, parent } = category;
        Self { slug, title, parent }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateCategory {
    /// For people.
    #[schema(value_type = String, max_length = 200)]
    title: Label<200>,
    /// In addresses; made of the title if left out.
    #[schema(value_type = Option<String>, max_length = 200)]
    slug: Option<Text<200>>,
    /// The slug of the one above it.
    #[schema(value_type = Option<String>, max_length = 200)]
    parent: Option<Text<200>>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdateCategory {
    /// For people.
    #[schema(value_type = Option<String>, max_length = 200)]
    title: Option<Label<200>>,
    /// The slug of the one above it from now on; null takes it to the top.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200)]
    parent: Change<Text<200>>,
}

async fn list(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
) -> Answer<Json<Vec<Category>>> {
    let tree = gateway.services.catalog.categories(&call, contract::ListCategories {}).await?;
    Ok(Json(tree.into_iter().map(Category::from).collect()))
}

async fn create(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Body(body): Body<CreateCategory>,
) -> Answer<Response> {
    let request = contract::CreateCategory {
        title: body.title,
        slug: body.slug.map(String::from),
        parent: body.parent.map(String::from),
    };
    let category = gateway.services.catalog.create_category(&call, request).await?;
    let location = format!("/api/categories/{}", category.slug);
    Ok(created(&location, Json(FlatCategory::from(category))))
}

async fn update(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Path(Slug(slug)): Path<Slug>,
    Body(body): Body<UpdateCategory>,
) -> Answer<Json<FlatCategory>> {
    let parent = body.parent.nested();
    let request = contract::UpdateCategory { slug, title: body.title, parent };
    Ok(Json(gateway.services.catalog.update_category(&call, request).await?.into()))
}

async fn delete(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Path(Slug(slug)): Path<Slug>,
) -> Answer<StatusCode> {
    gateway.services.catalog.delete_category(&call, contract::DeleteCategory { slug }).await?;
    Ok(StatusCode::NO_CONTENT)
}
