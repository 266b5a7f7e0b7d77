//! How what is sold changes.

use catalog_contract::{
    AddVariant, ArchiveProduct, CreateCategory, CreateProduct, DeleteCategory, EditRefusal,
    ImportPart, ImportRefusal, UpdateCategory, UpdateProduct, UpdateVariant,
};
use kernel::{ProductId, SkuId};

use super::stage::{Stage, any, change, made, shown};
use crate::fresh::{guest, sku, staff, stranger, word};
use crate::goods::{product, variant};
use crate::outcomes::refused;

fn variant_change(sku: SkuId) -> UpdateVariant {
    UpdateVariant {
        sku,
        title: None,
        prices: Vec::new(),
        compare_at_prices: None,
        weight_grams: Some(1),
        expected_version: None,
    }
}

fn category(parent: Option<String>) -> CreateCategory {
    CreateCategory { title: word("shelf").try_into().unwrap(), slug: None, parent }
}

pub(super) async fn what_is_absent_stays_and_what_is_taken_away_goes(catalog: Stage) {
    let above = catalog.create_category(&staff(), category(None)).await.unwrap().slug;
    let child = category(Some(above.clone()));
    let below = catalog.create_category(&staff(), child).await.unwrap().slug;
    let vendor = Some("Weaver".to_owned().try_into().unwrap());
    let wish = CreateProduct { category: Some(below.clone()), vendor, ..product(100) };
    let before = made(&catalog, wish).await;
    let title = Some(word("pot").try_into().unwrap());
    let rename = UpdateProduct { title, ..change(&before) };
    let empty = UpdateProduct { category: Some(None), vendor: Some(None), ..change(&before) };
    let move_to = |parent| UpdateCategory { slug: below.clone(), title: None, parent };

    let renamed = catalog.update_product(&staff(), rename).await.unwrap();
    let emptied = catalog.update_product(&staff(), empty).await.unwrap();
    let kept = catalog.update_category(&staff(), move_to(None)).await.unwrap();
    let moved = catalog.update_category(&staff(), move_to(Some(None))).await.unwrap();

    assert_eq!(
        (renamed.category, renamed.vendor, renamed.slug),
        (before.category, before.vendor, before.slug)
    );
    assert_ne!(renamed.title, before.title);
    assert_eq!((&emptied.category, &emptied.vendor), (&None, &None));
    assert_eq!(emptied.title, renamed.title);
    assert_eq!((kept.parent, moved.parent), (Some(above), None));
}

pub(super) async fn a_change_is_of_the_version_that_was_read(catalog: Stage) {
    let read = any(&catalog).await;
    let described = |text: &str| UpdateProduct {
        description: Some(text.to_owned()),
        expected_version: Some(read.version),
        ..change(&read)
    };
    let weighed = UpdateVariant {
        expected_version: Some(read.version),
        ..variant_change(read.variants[0].sku.clone())
    };

    let changed = catalog.update_product(&staff(), described("first")).await.unwrap();
    let late = [
        refused(catalog.update_product(&staff(), described("second")).await),
        refused(catalog.update_variant(&staff(), weighed).await),
    ];

    assert!(changed.version > read.version);
    assert_eq!(late, [const { EditRefusal::PreconditionFailed }; 2]);
    assert_eq!(shown(&catalog, &read.slug).await, changed);
}

pub(super) async fn what_makes_no_sense_is_refused_by_its_code(catalog: Stage) {
    let (one, other) = (any(&catalog).await, any(&catalog).await);
    let make = async |wish| refused(catalog.create_product(&staff(), wish).await);
    let add = async |product, variant| {
        refused(catalog.add_variant(&staff(), AddVariant { product, variant }).await)
    };
    let taken = one.variants[0].sku.clone();
    let with_taken = catalog_contract::NewVariant { sku: taken.clone(), ..variant(1) };

    let refusal = make(CreateProduct { slug: Some(one.slug.clone()), ..product(1) }).await;
    assert_eq!(refusal, EditRefusal::SlugTaken { slug: one.slug.clone() });
    assert_eq!(add(other.id, with_taken).await, EditRefusal::SkuTaken { sku: taken });
    let refusal = make(CreateProduct { category: Some(word("nowhere")), ..product(1) }).await;
    assert_eq!(refusal, EditRefusal::UnknownCategory);
    let refusal = make(CreateProduct { variants: Vec::new(), ..product(1) }).await;
    assert!(matches!(refusal, EditRefusal::Invalid { field, .. } if field == "variants"));
    let nowhere = ProductId::generate();
    let nothing = UpdateProduct { product: nowhere, ..change(&one) };
    let unknown = [
        add(nowhere, variant(1)).await,
        refused(catalog.update_product(&staff(), nothing).await),
        refused(catalog.update_variant(&staff(), variant_change(sku())).await),
        refused(catalog.archive_product(&staff(), ArchiveProduct { product: nowhere }).await),
    ];
    assert_eq!(unknown, [const { EditRefusal::NotFound }; 4]);
    assert_eq!(shown(&catalog, &one.slug).await, one);
}

pub(super) async fn staff_alone_change_the_catalogue(catalog: Stage) {
    use catalog_contract::CategoryRefusal;
    let product = any(&catalog).await;
    let slug = catalog.create_category(&staff(), category(None)).await.unwrap().slug;
    let part = ImportPart { header: "Handle".to_owned(), records: String::new(), first_line: 2 };

    for call in [guest(), stranger()] {
        let added = AddVariant { product: product.id, variant: variant(1) };
        let sku = product.variants[0].sku.clone();
        let edits = [
            refused(catalog.create_product(&call, crate::goods::product(1)).await),
            refused(catalog.update_product(&call, change(&product)).await),
            refused(catalog.archive_product(&call, ArchiveProduct { product: product.id }).await),
            refused(catalog.add_variant(&call, added).await),
            refused(catalog.update_variant(&call, variant_change(sku)).await),
        ];
        assert_eq!(edits, [const { EditRefusal::Forbidden }; 5]);
        let moved = UpdateCategory { slug: slug.clone(), title: None, parent: None };
        let categories = [
            refused(catalog.create_category(&call, category(None)).await),
            refused(catalog.update_category(&call, moved).await),
            refused(catalog.delete_category(&call, DeleteCategory { slug: slug.clone() }).await),
        ];
        assert_eq!(categories, [const { CategoryRefusal::Forbidden }; 3]);
        let imported = refused(catalog.import(&call, part.clone()).await);
        assert_eq!(imported, ImportRefusal::Forbidden);
    }
    assert_eq!(shown(&catalog, &product.slug).await, product);
}
