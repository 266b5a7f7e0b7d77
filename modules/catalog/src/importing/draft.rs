use std::collections::BTreeMap;

use catalog_contract::{Image, VariantOption};
use kernel::{Currency, Money, SkuId};

use super::cells::Line;
use super::columns::{Column, Columns};
use super::findings::{Findings, Wrong};
use super::records::Record;
use crate::domain::{limits, slug};

/// What the lines of one handle say. What the file has no column for is absent.
pub(crate) struct ProductDraft {
    pub(crate) handle: String,
    pub(crate) title: String,
    pub(crate) description: Option<String>,
    pub(crate) vendor: Said<Option<String>>,
    /// The title of its category.
    pub(crate) category: Option<String>,
    pub(crate) tags: Option<Vec<String>>,
    pub(crate) images: Option<Vec<Image>>,
    pub(crate) published: Option<bool>,
    pub(crate) variants: Vec<VariantDraft>,
    /// How many lines are variants, right or wrong.
    pub(crate) variant_lines: usize,
    /// All its lines.
    pub(crate) lines: Vec<u64>,
}

/// What a cell says, where the file has its column.
pub(crate) enum Said<T> {
    Nothing,
    This(T),
}

/// What a line says of a variant.
pub(crate) struct VariantDraft {
    pub(crate) line: u64,
    pub(crate) sku: Option<SkuId>,
    pub(crate) options: Vec<VariantOption>,
    pub(crate) grams: Option<u32>,
    pub(crate) quantity: Option<u32>,
    pub(crate) price: Money,
    pub(crate) compare_at: Said<Option<Money>>,
}

/// Reads the records of a part, by handle, in the order in which handles come.
pub(crate) fn drafts(
    columns: &Columns,
    records: impl Iterator<Item = Record>,
    currency: Currency,
    findings: &mut Findings<'_>,
) -> Vec<ProductDraft> {
    let mut products: Vec<Vec<Record>> = Vec::new();
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    for record in records {
        let handle = columns.cell(&record, Column::Handle);
        if let Some(wrong) = unreadable(columns, &record) {
            findings.skip(record.line, wrong);
        } else if let Some(number) = numbers.get(handle) {
            products[*number].push(record);
        } else {
            numbers.insert(handle.to_owned(), products.len());
            products.push(vec![record]);
        }
    }
    products.iter().filter_map(|records| draft(columns, records, currency, findings)).collect()
}

fn unreadable(columns: &Columns, record: &Record) -> Option<Wrong> {
    if record.is_open {
        return Some(Wrong::new(Column::Handle, "a quote is never closed"));
    }
    if let Some(column) = columns.unfit(record) {
        return Some(Wrong::new(column, "contains U+0000"));
    }
    let is_missing = columns.cell(record, Column::Handle).is_empty();
    is_missing.then(|| Wrong::new(Column::Handle, "is missing"))
}

fn draft(
    columns: &Columns,
    records: &[Record],
    currency: Currency,
    findings: &mut Findings<'_>,
) -> Option<ProductDraft> {
    let first = Line { columns, record: records.first()? };
    let mut draft = match product(&first) {
        Ok(draft) => draft,
        Err(wrong) => {
            findings.skip(first.record.line, wrong);
            findings.skip_all(records.iter().map(|record| record.line));
            return None;
        }
    };
    draft.lines = records.iter().map(|record| record.line).collect();
    let names = [1, 2, 3].map(|number| first.cell(Column::OptionName(number)).to_owned());
    for (number, record) in records.iter().enumerate() {
        let line = Line { columns, record };
        if number == 0 || is_variant(&line) {
            draft.variant_lines += 1;
            match variant(&line, &names, currency) {
                Ok(variant) => draft.variants.push(variant),
                Err(wrong) => findings.skip(record.line, wrong),
            }
        } else if line.filled(Column::ImageSrc).is_none() {
            findings.skip(record.line, Wrong::new(Column::Price, "is missing"));
            continue;
        }
        add_image(&mut draft, &line, findings);
    }
    Some(draft)
}

fn product(line: &Line<'_>) -> Result<ProductDraft, Wrong> {
    let handle = line.cell(Column::Handle);
    slug::checked(handle).map_err(|problem| Wrong::new(Column::Handle, problem.0))?;
    let title = line.label::<200>(Column::Title)?;
    let description = line.cell(Column::Body);
    limits::description(description).map_err(|problem| Wrong::new(Column::Body, problem.0))?;
    let vendor = line.label::<200>(Column::Vendor)?;
    let tags = line.tags()?;
    let has = |column| line.columns.has(column);
    Ok(ProductDraft {
        handle: handle.to_owned(),
        title: title.ok_or_else(|| Wrong::new(Column::Title, "is missing"))?,
        description: has(Column::Body).then(|| description.to_owned()),
        vendor: if has(Column::Vendor) { Said::This(vendor) } else { Said::Nothing },
        category: line.label::<200>(Column::Type)?,
        tags: has(Column::Tags).then_some(tags),
        images: has(Column::ImageSrc).then(Vec::new),
        published: line.published()?,
        variants: Vec::new(),
        variant_lines: 0,
        lines: Vec::new(),
    })
}

/// A further line is a variant if it names an option, a price or a SKU; else it is only a further image.
fn is_variant(line: &Line<'_>) -> bool {
    let telling = [
        Column::OptionValue(1),
        Column::OptionValue(2),
        Column::OptionValue(3),
        Column::Price,
        Column::Sku,
    ];
    telling.iter().any(|column| line.filled(*column).is_some())
}

fn variant(line: &Line<'_>, names: &[String], currency: Currency) -> Result<VariantDraft, Wrong> {
    let sku = line.filled(Column::Sku).map(str::parse).transpose();
    let compare_at = if line.columns.has(Column::CompareAt) {
        Said::This(line.compare_at(currency)?)
    } else {
        Said::Nothing
    };
    Ok(VariantDraft {
        line: line.record.line,
        sku: sku.map_err(|problem: kernel::Invalid| Wrong::new(Column::Sku, problem.0))?,
        options: line.options(names)?,
        grams: line.grams()?,
        quantity: line.quantity()?,
        price: line.price(currency)?,
        compare_at,
    })
}

/// Adds the image of a line. One that is wrong is left out alone.
fn add_image(draft: &mut ProductDraft, line: &Line<'_>, findings: &mut Findings<'_>) {
    let Some(images) = &mut draft.images else { return };
    match line.image() {
        Ok(None) => {}
        Ok(Some(image)) if images.contains(&image) => {}
        Ok(Some(_)) if images.len() >= limits::MOST_IMAGES => {
            let message = format!("a product has at most {} images", limits::MOST_IMAGES);
            findings.tell(line.record.line, Wrong::new(Column::ImageSrc, message));
        }
        Ok(Some(image)) => images.push(image),
        Err(wrong) if line.record.line != draft.lines[0] && !is_variant(line) => {
            findings.skip(line.record.line, wrong);
        }
        Err(wrong) => findings.tell(line.record.line, wrong),
    }
}
