use catalog_contract::{Catalog, ImportPart, ImportRefusal, ImportReport};
use kernel::{Call, CallError};

const PRODUCTS: &str = include_str!("../demo/products.csv");

/// Fills a shop with the demo catalogue, through the same import as any file. Calling it again changes nothing.
pub async fn seed_demo(
    catalog: &dyn Catalog,
    call: &Call,
) -> Result<ImportReport, CallError<ImportRefusal>> {
    let (header, records) = PRODUCTS.split_once('\n').unwrap_or_default();
    let part = ImportPart { header: header.to_owned(), records: records.to_owned(), first_line: 2 };
    catalog.import(call, part).await
}
