use std::collections::BTreeSet;

use inventory_contract::OpeningStock;
use kernel::{ProductId, Timestamp};

use super::columns::Column;
use super::draft::{ProductDraft, Said, VariantDraft};
use super::findings::{Findings, Wrong};
use super::sku::Naming;
use super::variants::{Skus, put};
use crate::domain::product::{ShopProduct, Standing};
use crate::domain::slug;

/// A product after the import of its lines.
pub(crate) struct Merged {
    pub(crate) product: ShopProduct,
    pub(crate) is_changed: bool,
    /// How many of its variants were made or changed.
    pub(crate) changed_variants: u64,
    /// The first stock of variants that an import made, this one or an earlier one.
    pub(crate) stock: Vec<OpeningStock>,
}

/// The slug of the category that a title stands for.
pub(crate) fn category_slug(title: &str) -> String {
    slug::of_title(title, "category")
}

/// Puts what a file says into a product that there is, or makes one; none if it would have no variant.
pub(crate) fn merge(
    draft: &ProductDraft,
    earlier: Option<&ShopProduct>,
    skus: &mut Skus,
    now: Timestamp,
    findings: &mut Findings<'_>,
) -> Option<Merged> {
    let mut product = earlier.cloned().unwrap_or_else(|| new(draft, now));
    say(&mut product, draft);
    let naming = Naming { handle: &draft.handle, is_only: is_only(draft, &product) };
    let mut numbers = BTreeSet::new();
    let mut stock = Vec::new();
    for line in &draft.variants {
        match put_once(&mut product, line, &naming, (skus, &mut numbers)) {
            Ok(number) => stock.extend(opening(&product, number, line)),
            Err(wrong) => findings.skip(line.line, wrong),
        }
    }
    if product.variants.is_empty() {
        findings.skip_all(draft.lines.iter().copied());
        return None;
    }
    let is_changed = earlier != Some(&product);
    let changed = |number: &&usize| {
        let before = earlier.and_then(|earlier| earlier.variants.get(**number));
        before != product.variants.get(**number)
    };
    let changed_variants = numbers.iter().filter(changed).count() as u64;
    if earlier.is_some() && is_changed {
        product.version += 1;
        product.updated_at = now;
    }
    Some(Merged { product, is_changed, changed_variants, stock })
}

fn put_once(
    product: &mut ShopProduct,
    line: &VariantDraft,
    naming: &Naming<'_>,
    (skus, numbers): (&mut Skus, &mut BTreeSet<usize>),
) -> Result<usize, Wrong> {
    let is_repeated = |number: &usize| {
        let variant = &product.variants[*number];
        let is_alike = variant.options == line.options;
        line.sku.as_ref().map_or(is_alike, |sku| is_alike || variant.sku == *sku)
    };
    if numbers.iter().any(is_repeated) {
        return Err(Wrong::new(Column::OptionValue(1), "another line is of the same variant"));
    }
    let number = put(product, line, naming, skus)?;
    numbers.insert(number);
    Ok(number)
}

fn opening(product: &ShopProduct, number: usize, line: &VariantDraft) -> Option<OpeningStock> {
    let variant = product.variants.get(number).filter(|variant| variant.imported)?;
    Some(OpeningStock { sku: variant.sku.clone(), on_hand: line.quantity? })
}

/// Whether the product has one variant, in the file and in the shop.
fn is_only(draft: &ProductDraft, product: &ShopProduct) -> bool {
    let values = |line: &VariantDraft| {
        line.options.iter().map(|option| option.value.clone()).collect::<Vec<_>>()
    };
    let in_file: Vec<Vec<String>> = draft.variants.iter().map(values).collect();
    draft.variant_lines <= 1
        && product
            .variants
            .iter()
            .all(|variant| in_file.iter().any(|line| variant.values() == *line))
}

fn new(draft: &ProductDraft, now: Timestamp) -> ShopProduct {
    ShopProduct {
        id: ProductId::generate(),
        slug: draft.handle.clone(),
        title: draft.title.clone(),
        description: String::new(),
        category: None,
        vendor: None,
        tags: Vec::new(),
        images: Vec::new(),
        standing: Standing::OnSale,
        variants: Vec::new(),
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

/// What the first line says. A file that names no category or no images leaves those that there are.
fn say(product: &mut ShopProduct, draft: &ProductDraft) {
    product.title.clone_from(&draft.title);
    if let Some(description) = &draft.description {
        product.description.clone_from(description);
    }
    if let Said::This(vendor) = &draft.vendor {
        product.vendor.clone_from(vendor);
    }
    if let Some(title) = &draft.category {
        product.category = Some(category_slug(title));
    }
    if let Some(tags) = &draft.tags {
        product.tags.clone_from(tags);
    }
    if let Some(images) = draft.images.as_ref().filter(|images| !images.is_empty()) {
        product.images.clone_from(images);
    }
    product.standing = match (product.standing, draft.published) {
        (Standing::Archived, _) => Standing::Archived,
        (earlier, None) => earlier,
        (_, Some(true)) => Standing::OnSale,
        (_, Some(false)) => Standing::Unlisted,
    };
}
