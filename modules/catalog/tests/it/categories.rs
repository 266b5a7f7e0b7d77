use catalog_contract::{
    Catalog as _, CategoryRefusal, CategoryTree, CreateCategory, CreateProduct, DeleteCategory,
    ListCategories, UpdateCategory,
};
use kernel::CallError;
use testkit::on_each_engine;

use crate::shop::{Shop, buyer, call, product};

fn new(title: &str, parent: Option<&str>) -> CreateCategory {
    let title = title.to_owned().try_into().unwrap();
    CreateCategory { title, slug: None, parent: parent.map(Into::into) }
}

fn moved(slug: &str, parent: Option<&str>) -> UpdateCategory {
    UpdateCategory { slug: slug.into(), title: None, parent: Some(parent.map(Into::into)) }
}

fn told(tree: &[CategoryTree]) -> String {
    let one = |branch: &CategoryTree| {
        format!("{}:{}[{}]", branch.slug, branch.count, told(&branch.children))
    };
    tree.iter().map(one).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn the_tree_counts_products_on_sale_in_a_category_and_below_it() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        for (title, parent) in [("Kitchen", None), ("Mugs", Some("kitchen")), ("Bath", None)] {
            shop.catalog.create_category(&call(), new(title, parent)).await.unwrap();
        }
        for (slug, category) in [("knife", "kitchen"), ("cup", "mugs"), ("mug", "mugs")] {
            let request = CreateProduct { category: Some(category.into()), ..product(slug, 100) };
            shop.catalog.create_product(&call(), request).await.unwrap();
        }
        let product = shop.get("mug").await.id;
        let archive = catalog_contract::ArchiveProduct { product };
        shop.catalog.archive_product(&call(), archive).await.unwrap();

        let tree = shop.catalog.categories(&call(), ListCategories {}).await.unwrap();

        assert_eq!(told(&tree), "bath:0[] kitchen:2[mugs:1[]]");
    })
    .await;
}

#[tokio::test]
async fn a_category_is_never_put_under_itself_even_by_two_at_once() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        for (title, parent) in [("A", None), ("B", Some("a")), ("C", Some("b")), ("D", None)] {
            shop.catalog.create_category(&call(), new(title, parent)).await.unwrap();
        }

        for parent in ["a", "c", "unknown"] {
            let refused = shop.catalog.update_category(&call(), moved("a", Some(parent))).await;
            assert!(matches!(refused, Err(CallError::Refused(CategoryRefusal::InvalidParent))));
        }
        let (staff, other) = (call(), call());
        let (one, two) = tokio::join!(
            shop.catalog.update_category(&staff, moved("a", Some("d"))),
            shop.catalog.update_category(&other, moved("d", Some("c"))),
        );

        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
        shop.is_sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_category_that_is_removed_leaves_its_products_without_one() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        for (title, parent) in [("Kitchen", None), ("Mugs", Some("kitchen"))] {
            shop.catalog.create_category(&call(), new(title, parent)).await.unwrap();
        }
        let request = CreateProduct { category: Some("mugs".into()), ..product("cup", 100) };
        shop.catalog.create_product(&call(), request).await.unwrap();
        assert_eq!(shop.search("mugs").await, ["cup"]);
        let delete = |slug: &str| DeleteCategory { slug: slug.into() };

        let refused = shop.catalog.delete_category(&call(), delete("kitchen")).await;
        shop.catalog.delete_category(&call(), delete("mugs")).await.unwrap();
        shop.catalog.delete_category(&call(), delete("kitchen")).await.unwrap();
        let gone = shop.catalog.delete_category(&call(), delete("mugs")).await;

        assert!(matches!(refused, Err(CallError::Refused(CategoryRefusal::HasChildren))));
        assert!(matches!(gone, Err(CallError::Refused(CategoryRefusal::NotFound))));
        assert_eq!(shop.get("cup").await.category, None);
        assert_eq!(shop.search("mugs").await, Vec::<String>::new());
        shop.is_sound().await;
    })
    .await;
}

#[tokio::test]
async fn slugs_of_categories_are_made_of_titles_and_are_unique() {
    on_each_engine("catalog", async |database| {
        let shop = Shop::on(&database);
        let with = |slug: &str| CreateCategory { slug: Some(slug.into()), ..new("Any", None) };

        let mut slugs = Vec::new();
        for _ in 0..3 {
            let category = shop.catalog.create_category(&call(), new("Café & Küche", None)).await;
            slugs.push(category.unwrap().slug);
        }
        let taken = shop.catalog.create_category(&call(), with("cafe-kuche")).await;
        let wrong = shop.catalog.create_category(&call(), with("Not a slug")).await;
        let forbidden = shop.catalog.create_category(&buyer(), with("free")).await;

        assert_eq!(slugs, ["cafe-kuche", "cafe-kuche-2", "cafe-kuche-3"]);
        assert!(matches!(taken, Err(CallError::Refused(CategoryRefusal::SlugTaken { .. }))));
        assert!(matches!(wrong, Err(CallError::Refused(CategoryRefusal::InvalidSlug))));
        assert!(matches!(forbidden, Err(CallError::Refused(CategoryRefusal::Forbidden))));
    })
    .await;
}
