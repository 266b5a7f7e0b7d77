use std::collections::{BTreeMap, BTreeSet};

use kernel::{ProductId, SkuId, VariantId};

use super::columns::Column;
use super::draft::{Said, VariantDraft};
use super::findings::Wrong;
use super::sku::{Naming, candidates};
use crate::domain::limits;
use crate::domain::product::{Price, ShopProduct, ShopVariant};

/// Who has which SKU, in the shop and in the part that goes in.
pub(crate) struct Skus {
    pub(crate) owners: BTreeMap<String, ProductId>,
    /// Those that lines of the part name themselves: none is made for another line.
    pub(crate) given: BTreeSet<SkuId>,
}

/// Puts what a line says into its product, as a change or as a new variant; gives its number there.
pub(crate) fn put(
    product: &mut ShopProduct,
    draft: &VariantDraft,
    naming: &Naming<'_>,
    skus: &mut Skus,
) -> Result<usize, Wrong> {
    let known = known(product, draft, skus)?;
    let number = known.map_or_else(|| add(product, draft, naming, skus), Ok)?;
    fill(&mut product.variants[number], draft);
    Ok(number)
}

fn add(
    product: &mut ShopProduct,
    draft: &VariantDraft,
    naming: &Naming<'_>,
    skus: &mut Skus,
) -> Result<usize, Wrong> {
    if product.variants.len() >= limits::MOST_VARIANTS {
        let message = format!("a product has at most {} variants", limits::MOST_VARIANTS);
        return Err(Wrong::new(Column::Handle, message));
    }
    let sku = new_sku(draft, naming, skus)?;
    skus.owners.insert(sku.to_string(), product.id);
    product.variants.push(empty(sku, product.next_position()));
    Ok(product.variants.len() - 1)
}

/// The variant that the line is of: the one with its SKU, else the one with its option values.
fn known(product: &ShopProduct, draft: &VariantDraft, skus: &Skus) -> Result<Option<usize>, Wrong> {
    let values: Vec<&str> = draft.options.iter().map(|option| option.value.as_str()).collect();
    let alike = product.variants.iter().position(|variant| variant.values() == values);
    let Some(sku) = &draft.sku else { return Ok(alike) };
    let wrong = |message: String| Err(Wrong::new(Column::Sku, message));
    match (skus.owners.get(sku.as_str()), alike) {
        (Some(owner), _) if *owner != product.id => {
            wrong(format!("{sku} is the SKU of another product"))
        }
        (Some(_), alike) => {
            let named = product.variants.iter().position(|variant| variant.sku == *sku);
            match alike {
                Some(other) if Some(other) != named => {
                    wrong(format!("{} has these option values", product.variants[other].sku))
                }
                _ => Ok(named),
            }
        }
        (None, Some(other)) => wrong(format!(
            "these option values have the SKU {}, and a SKU never changes",
            product.variants[other].sku
        )),
        (None, None) => Ok(None),
    }
}

fn new_sku(draft: &VariantDraft, naming: &Naming<'_>, skus: &Skus) -> Result<SkuId, Wrong> {
    if let Some(sku) = &draft.sku {
        return Ok(sku.clone());
    }
    let values: Vec<&str> = draft.options.iter().map(|option| option.value.as_str()).collect();
    candidates(naming, &values)
        .into_iter()
        .find(|sku| !skus.owners.contains_key(sku.as_str()) && !skus.given.contains(sku))
        .ok_or_else(|| {
            Wrong::new(Column::Sku, "is missing, and every one that could be made is taken")
        })
}

fn empty(sku: SkuId, position: u32) -> ShopVariant {
    ShopVariant {
        id: VariantId::generate(),
        sku,
        position,
        title: None,
        options: Vec::new(),
        weight_grams: 0,
        prices: BTreeMap::new(),
        imported: true,
    }
}

fn fill(variant: &mut ShopVariant, draft: &VariantDraft) {
    variant.options.clone_from(&draft.options);
    if let Some(grams) = draft.grams {
        variant.weight_grams = grams;
    }
    let price = variant
        .prices
        .entry(draft.price.currency())
        .or_insert(Price { amount: 0, compare_at: None });
    price.amount = draft.price.amount();
    if let Said::This(compare_at) = draft.compare_at {
        price.compare_at = compare_at.map(kernel::Money::amount);
    }
}
