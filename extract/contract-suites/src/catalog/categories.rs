//! Where products stand.

use catalog_contract::{
    Category, CategoryRefusal, CategoryTree, CreateCategory, CreateProduct, DeleteCategory,
    ListCategories, ListProducts, UpdateCategory,
};

use super::stage::{Stage, list, made, shown};
use crate::fresh::{guest, staff, word};
use crate::goods::product;
use crate::outcomes::refused;

async fn created(catalog: &Stage, parent: Option<&Category>) -> Category {
    let (title, slug) = (word("shelf").try_into().unwrap(), Some(word("shelf")));
    let parent = parent.map(|parent| parent.slug.clone());
    catalog.create_category(&staff(), CreateCategory { title, slug, parent }).await.unwrap()
}

async fn top(catalog: &Stage, slug: &str) -> CategoryTree {
    let tree = catalog.categories(&guest(), ListCategories {}).await.unwrap();
    tree.into_iter().find(|top| top.slug == slug).unwrap()
}

fn gone(category: &Category) -> DeleteCategory {
    DeleteCategory { slug: category.slug.clone() }
}

pub(super) async fn categories_are_a_tree_that_counts_its_products(catalog: Stage) {
    let above = created(&catalog, None).await;
    let below = created(&catalog, Some(&above)).await;

    for slug in [&above.slug, &below.slug, &below.slug] {
        made(&catalog, CreateProduct { category: Some(slug.clone()), ..product(100) }).await;
    }

    let tree = top(&catalog, &above.slug).await;
    assert_eq!((&tree.title, tree.count), (&above.title, 3));
    let children: Vec<_> = tree.children.iter().map(|child| (&child.slug, child.count)).collect();
    assert_eq!(children, [(&below.slug, 2)]);
    let inside = ListProducts { category: Some(above.slug), ..list() };
    assert!(catalog.products(&guest(), inside).await.unwrap().next.is_some());
}

pub(super) async fn a_category_that_goes_leaves_its_products(catalog: Stage) {
    let above = created(&catalog, None).await;
    let below = created(&catalog, Some(&above)).await;
    let wish = CreateProduct { category: Some(below.slug.clone()), ..product(100) };
    let product = made(&catalog, wish).await;

    let full = catalog.delete_category(&staff(), gone(&above)).await;
    catalog.delete_category(&staff(), gone(&below)).await.unwrap();
    let again = catalog.delete_category(&staff(), gone(&below)).await;
    catalog.delete_category(&staff(), gone(&above)).await.unwrap();

    assert_eq!(refused(full), CategoryRefusal::HasChildren);
    assert_eq!(refused(again), CategoryRefusal::NotFound);
    assert_eq!(shown(&catalog, &product.slug).await.category, None);
}

pub(super) async fn a_tree_that_makes_no_sense_is_refused(catalog: Stage) {
    let above = created(&catalog, None).await;
    let below = created(&catalog, Some(&above)).await;
    let make = async |slug: &str, parent: Option<String>| {
        let title = word("shelf").try_into().unwrap();
        let wish = CreateCategory { title, slug: Some(slug.to_owned()), parent };
        refused(catalog.create_category(&staff(), wish).await)
    };
    let under = |parent| UpdateCategory { slug: above.slug.clone(), title: None, parent };
    let nothing = UpdateCategory { slug: word("nowhere"), ..under(None) };

    let taken = CategoryRefusal::SlugTaken { slug: above.slug.clone() };
    assert_eq!(make(&above.slug, None).await, taken);
    assert_eq!(make("No Slug", None).await, CategoryRefusal::InvalidSlug);
    let nowhere = make(&word("shelf"), Some(word("nowhere"))).await;
    assert_eq!(nowhere, CategoryRefusal::InvalidParent);
    let turned = catalog.update_category(&staff(), under(Some(Some(below.slug)))).await;
    assert_eq!(refused(turned), CategoryRefusal::InvalidParent);
    let unknown = catalog.update_category(&staff(), nothing).await;
    assert_eq!(refused(unknown), CategoryRefusal::NotFound);
}
