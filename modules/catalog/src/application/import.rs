use std::collections::{BTreeMap, BTreeSet};

use catalog_contract::{Category, ImportPart, ImportRefusal, ImportReport};
use inventory_contract::{OpenStock, OpeningStock};
use kernel::{Call, CallError, Failure, ProductId, SkuId};
use platform::{Sql, UnitOfWork, fault};

use crate::domain::product::ShopProduct;
use crate::importing::columns::Columns;
use crate::importing::draft::{ProductDraft, drafts};
use crate::importing::findings::Findings;
use crate::importing::merge::{category_slug, merge};
use crate::importing::records::records;
use crate::importing::sku::{Naming, candidates};
use crate::importing::variants::Skus;
use crate::store::{categories, guard, products, slugs};
use crate::{CatalogModule, MODULE};

/// The most SKUs that inventory opens at a time.
const MOST_OPENED: usize = 1_000;

/// What a part changed.
#[derive(Default)]
struct Taken {
    products: u64,
    variants: u64,
    stock: Vec<OpeningStock>,
}

/// Takes in a part of a product CSV: the catalogue first, then the first stock of what imports made.
///
/// Where stock is not set because the process dies or inventory does not answer, the next import of the same lines
/// sets it: inventory opens only what has none yet.
pub(crate) async fn import(
    module: &CatalogModule,
    call: &Call,
    part: ImportPart,
) -> Result<ImportReport, CallError<ImportRefusal>> {
    if !call.principal.is_staff() {
        return Err(ImportRefusal::Forbidden.into());
    }
    if part.bytes() > ImportPart::MOST_BYTES {
        return Err(ImportRefusal::PartTooLarge { most: ImportPart::MOST_BYTES as u64 }.into());
    }
    let columns = Columns::read(&part.header)?;
    let mut findings = Findings::new(&columns);
    let lines = records(&part.records, part.first_line);
    let drafts = drafts(&columns, lines, module.settings.shop_currency, &mut findings);

    let uow = UnitOfWork::begin(&module.database, module.clock.now()).await?.traced(call.trace);
    guard::enter(&uow).await?;
    let taken = take_in(&uow, &drafts, &mut findings).await?;
    uow.commit().await?;

    fault::reach("catalog.imported");
    let stock = open_stock(module, call, &taken.stock).await?;
    let (skipped, errors) = findings.into_parts();
    Ok(ImportReport { products: taken.products, variants: taken.variants, stock, skipped, errors })
}

async fn take_in(
    uow: &UnitOfWork,
    drafts: &[ProductDraft],
    findings: &mut Findings<'_>,
) -> Result<Taken, Failure> {
    let handles: Vec<&str> = drafts.iter().map(|draft| draft.handle.as_str()).collect();
    let owners = slugs::owners(uow, &handles).await?;
    let ids: BTreeSet<ProductId> = owners.values().copied().collect();
    let mut known = products::load(uow, &ids.into_iter().collect::<Vec<_>>()).await?;
    let mut skus = skus(uow, drafts).await?;

    let mut taken = Taken::default();
    let mut changed = BTreeSet::new();
    let mut named = BTreeMap::new();
    for draft in drafts {
        let earlier = owners.get(&draft.handle).and_then(|id| known.get(id));
        let Some(merged) = merge(draft, earlier, &mut skus, uow.now(), findings) else { continue };
        taken.stock.extend(merged.stock);
        taken.variants += merged.changed_variants;
        if merged.is_changed {
            changed.insert(merged.product.id);
            named.extend(draft.category.as_deref().map(|title| (category_slug(title), title)));
            known.insert(merged.product.id, merged.product);
        }
    }
    taken.products = changed.len() as u64;
    make_categories(uow, named).await?;
    let changed: Vec<&ShopProduct> = changed.iter().filter_map(|id| known.get(id)).collect();
    products::save(uow, &changed).await?;
    Ok(taken)
}

/// Who has the SKUs that the lines name, and those that may have to be made.
async fn skus(sql: &impl Sql, drafts: &[ProductDraft]) -> Result<Skus, Failure> {
    let lines =
        || drafts.iter().flat_map(|draft| draft.variants.iter().map(move |line| (draft, line)));
    let given: BTreeSet<SkuId> = lines().filter_map(|(_, line)| line.sku.clone()).collect();
    let mut asked = given.clone();
    for (draft, line) in lines().filter(|(_, line)| line.sku.is_none()) {
        let values: Vec<&str> = line.options.iter().map(|option| option.value.as_str()).collect();
        for is_only in [true, false] {
            asked.extend(candidates(&Naming { handle: &draft.handle, is_only }, &values));
        }
    }
    let asked: Vec<SkuId> = asked.into_iter().collect();
    Ok(Skus { owners: products::owners(sql, &asked).await?, given })
}

/// Makes the categories that there are not yet, at the top.
async fn make_categories(uow: &UnitOfWork, named: BTreeMap<String, &str>) -> Result<(), Failure> {
    let slugs: Vec<&str> = named.keys().map(String::as_str).collect();
    let known = categories::known(uow, &slugs).await?;
    let new: Vec<Category> = named
        .iter()
        .filter(|(slug, _)| !known.contains(slug))
        .map(|(slug, title)| Category {
            slug: slug.clone(),
            title: (*title).to_owned(),
            parent: None,
        })
        .collect();
    categories::insert(uow, &new).await
}

/// Gives SKUs that imports made their first stock; those that have some keep it.
async fn open_stock(
    module: &CatalogModule,
    call: &Call,
    stock: &[OpeningStock],
) -> Result<u64, Failure> {
    let mut opened = 0;
    for (number, items) in stock.chunks(MOST_OPENED).enumerate() {
        let call = call.child(MODULE, &format!("open-stock-{number}"));
        let request = OpenStock { items: items.to_vec() };
        let answer = module.inventory.open(&call, request).await;
        opened += answer.map_err(CallError::into_failure)?.opened;
    }
    Ok(opened)
}
