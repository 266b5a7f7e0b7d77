//! What comes from another shop.

use catalog_contract::{ImportPart, ImportRefusal};

use super::stage::{Stage, offers, shown};
use crate::fresh::{sku, staff, word};
use crate::goods::eur;
use crate::outcomes::refused;

fn part(records: String) -> ImportPart {
    let header = "Handle,Title,Variant SKU,Variant Price,Variant Inventory Qty".to_owned();
    ImportPart { header, records, first_line: 2 }
}

pub(super) async fn an_import_that_is_repeated_changes_nothing(catalog: Stage) {
    let (handle, good, bad) = (word("mug"), sku(), sku());
    let lines = format!("{handle},A Mug,{good},19.99,3\n{handle},,{bad},free,3\n");

    catalog.import(&staff(), part(lines.clone())).await.unwrap();
    let imported = shown(&catalog, &handle).await;
    let again = catalog.import(&staff(), part(lines)).await.unwrap();

    assert_eq!((again.products, again.variants, again.stock, again.skipped), (0, 0, 0, 1));
    let told: Vec<_> = again.errors.iter().map(|error| (error.line, &error.column[..])).collect();
    assert_eq!(told, [(3, "Variant Price")]);
    assert_eq!(shown(&catalog, &handle).await, imported);
    let sold = offers(&catalog, &[&good, &bad], None).await;
    assert_eq!(
        sold.iter().map(|one| (&one.sku, one.price)).collect::<Vec<_>>(),
        [(&good, Some(eur(1_999)))]
    );
}

pub(super) async fn the_largest_part_is_taken_in_and_a_larger_one_refused(catalog: Stage) {
    let room = ImportPart::MOST_BYTES - part(String::new()).bytes();
    // Each is two bytes on its way.
    let full = part("\"".repeat(room / 2) + &" ".repeat(room % 2));
    let larger = part(full.records.clone() + " ");

    let taken = catalog.import(&staff(), full).await.unwrap();
    let refusal = refused(catalog.import(&staff(), larger).await);

    assert_eq!(taken.products, 0);
    assert_eq!(refusal, ImportRefusal::PartTooLarge { most: 960 * 1024 });
}

pub(super) async fn what_is_no_import_is_refused_whole(catalog: Stage) {
    let headless = ImportPart { header: "Colour".to_owned(), ..part("red\n".to_owned()) };

    let refusal = refused(catalog.import(&staff(), headless).await);

    assert!(matches!(refusal, ImportRefusal::MissingColumn { .. }), "{refusal}");
}
