//! What is sold, and at which price.

use catalog_contract::{
    AddVariant, ArchiveProduct, CreateCategory, CreateProduct, EditRefusal, GetProduct, Image,
    ListProducts, ProductRefusal, ProductSort, UpdateVariant,
};
use kernel::{Currency, Money, ProductId};

use super::stage::{Stage, any, list, made, offers, shown};
use crate::fresh::{guest, sku, staff, word};
use crate::goods::{eur, product, variant};
use crate::outcomes::refused;
use crate::pages::{lost, pages};

pub(super) async fn a_product_is_found_by_its_id_its_slug_and_its_words(catalog: Stage) {
    let image = Image { url: "/images/mug.jpg".to_owned(), alt: Some("A mug".to_owned()) };
    let wish = CreateProduct {
        description: "<p>Holds <b>coffee</b>.</p>".to_owned(),
        vendor: Some("Weaver".to_owned().try_into().unwrap()),
        tags: vec!["new".to_owned().try_into().unwrap()],
        images: vec![image.clone()],
        ..product(1_999)
    };

    let product = made(&catalog, wish.clone()).await;

    assert_eq!((Some(&product.slug), &product.images), (wish.slug.as_ref(), &vec![image]));
    assert_eq!(
        (product.description.as_str(), &product.tags[0][..]),
        (&wish.description[..], "new")
    );
    for name in [product.id.to_string(), product.slug.clone()] {
        assert_eq!(shown(&catalog, &name).await, product);
    }
    let words = ListProducts { query: Some(product.title.clone()), ..list() };
    let found = catalog.products(&guest(), words).await.unwrap().items;
    assert_eq!(found.iter().map(|found| found.id).collect::<Vec<_>>(), [product.id]);
    assert_eq!(
        (found[0].price_from, found[0].image.as_deref()),
        (Some(eur(1_999)), Some("/images/mug.jpg"))
    );
    let unknown = GetProduct { product: ProductId::generate().to_string(), currency: None };
    assert_eq!(refused(catalog.product(&guest(), unknown).await), ProductRefusal::NotFound);
}

pub(super) async fn a_price_is_told_in_the_currency_that_is_asked_for(catalog: Stage) {
    let (product, yen) = (any(&catalog).await, "JPY".parse::<Currency>().unwrap());
    let (first, further) = (&product.variants[0].sku, variant(2_500));
    let added = AddVariant { product: product.id, variant: further.clone() };
    let priced = UpdateVariant {
        sku: first.clone(),
        title: None,
        prices: vec![Money::new(3_200, yen)],
        compare_at_prices: Some(vec![eur(2_400)]),
        weight_grams: Some(350),
        expected_version: None,
    };

    catalog.add_variant(&staff(), added).await.unwrap();
    let changed = catalog.update_variant(&staff(), priced).await.unwrap();

    assert_eq!(changed.variants[0].compare_at_price, Some(eur(2_400)));
    let asked = [first, &further.sku, &sku()];
    let told = async |currency| {
        let mut told = offers(&catalog, &asked, currency).await;
        told.sort_by_key(|offer| offer.weight_grams);
        told.into_iter().map(|offer| (offer.sku, offer.price)).collect::<Vec<_>>()
    };
    let own = [(further.sku.clone(), Some(eur(2_500))), (first.clone(), Some(eur(1_999)))];
    assert_eq!(told(None).await, own);
    let in_yen = [(further.sku.clone(), None), (first.clone(), Some(Money::new(3_200, yen)))];
    assert_eq!(told(Some(yen)).await, in_yen);
}

pub(super) async fn an_archived_product_is_shown_and_no_more_sold(catalog: Stage) {
    let product = any(&catalog).await;
    let (archive, sku) = (ArchiveProduct { product: product.id }, product.variants[0].sku.clone());

    catalog.archive_product(&staff(), archive.clone()).await.unwrap();
    let archived = shown(&catalog, &product.slug).await;
    catalog.archive_product(&staff(), archive).await.unwrap();

    assert!(archived.archived && archived.version > product.version);
    assert_eq!(shown(&catalog, &product.slug).await, archived);
    assert_eq!(offers(&catalog, &[&sku], None).await, []);
    let words = ListProducts { query: Some(product.title.clone()), ..list() };
    assert_eq!(catalog.products(&guest(), words).await.unwrap().items, []);
    let mut again = crate::goods::product(1);
    again.variants[0].sku = sku.clone();
    let taken = catalog.create_product(&staff(), again).await;
    assert_eq!(refused(taken), EditRefusal::SkuTaken { sku });
}

pub(super) async fn lists_are_in_the_order_asked_for_and_page_to_their_end(catalog: Stage) {
    let title = word("shelf").try_into().unwrap();
    let shelf = CreateCategory { title, slug: None, parent: None };
    let category = Some(catalog.create_category(&staff(), shelf).await.unwrap().slug);
    let mut oldest_first = Vec::new();
    for amount in [300, 100, 500, 200, 400] {
        let wish = CreateProduct { category: category.clone(), ..product(amount) };
        oldest_first.push(made(&catalog, wish).await.id);
    }
    let listed = async |wish: ListProducts| {
        let wish = ListProducts { category: category.clone(), ..wish };
        let page =
            async |page| catalog.products(&guest(), ListProducts { page, ..wish.clone() }).await;
        pages(2, page).await
    };
    let prices = async |wish| {
        let listed = listed(wish).await.into_iter();
        listed.map(|product| product.price_from.unwrap().amount()).collect::<Vec<_>>()
    };

    let newest_first: Vec<_> = listed(list()).await.iter().map(|product| product.id).collect();
    let by_price = |sort| ListProducts { sort, ..list() };

    assert_eq!(newest_first, oldest_first.into_iter().rev().collect::<Vec<_>>());
    assert_eq!(prices(by_price(ProductSort::PriceAscending)).await, [100, 200, 300, 400, 500]);
    assert_eq!(prices(by_price(ProductSort::PriceDescending)).await, [500, 400, 300, 200, 100]);
    let dear = ListProducts { min_price: Some(200), max_price: Some(400), ..list() };
    assert_eq!(prices(dear).await, [400, 200, 300]);
    let nowhere = ListProducts { page: lost(), ..list() };
    assert_eq!(refused(catalog.products(&guest(), nowhere).await), ProductRefusal::UnknownCursor);
    let unknown = ListProducts { category: Some(word("nowhere")), ..list() };
    assert_eq!(refused(catalog.products(&guest(), unknown).await), ProductRefusal::UnknownCategory);
}
