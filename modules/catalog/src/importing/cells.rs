use catalog_contract::{Image, VariantOption};
use kernel::{Currency, Label, Money};

use super::columns::{Column, Columns};
use super::findings::Wrong;
use super::records::Record;
use crate::domain::limits;

/// The most of a SKU that a shelf holds.
const MOST_ON_HAND: u32 = 1_000_000_000;

/// One line of the file.
pub(crate) struct Line<'a> {
    pub(crate) columns: &'a Columns,
    pub(crate) record: &'a Record,
}

impl<'a> Line<'a> {
    /// A cell without the blanks around it.
    pub(crate) fn cell(&self, column: Column) -> &'a str {
        self.columns.cell(self.record, column)
    }

    /// A cell that is not empty.
    pub(crate) fn filled(&self, column: Column) -> Option<&'a str> {
        Some(self.cell(column)).filter(|text| !text.is_empty())
    }

    /// A cell of one line of text, if it is not empty.
    pub(crate) fn label<const MAX: usize>(&self, column: Column) -> Result<Option<String>, Wrong> {
        let label = self.filled(column).map(|text| Label::<MAX>::try_from(text.to_owned()));
        let label = label.transpose().map_err(|problem| Wrong::new(column, problem.0))?;
        Ok(label.map(String::from))
    }

    /// The tags, each once.
    pub(crate) fn tags(&self) -> Result<Vec<String>, Wrong> {
        let wrong = |problem: kernel::Invalid| Wrong::new(Column::Tags, problem.0);
        let mut tags: Vec<String> = Vec::new();
        for tag in self.cell(Column::Tags).split(',').map(str::trim).filter(|tag| !tag.is_empty()) {
            let tag = String::from(Label::<100>::try_from(tag.to_owned()).map_err(wrong)?);
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        limits::at_most(&tags, limits::MOST_TAGS).map_err(wrong)?;
        Ok(tags)
    }

    /// Whether the product is published; none where the file does not say.
    pub(crate) fn published(&self) -> Result<Option<bool>, Wrong> {
        let said = |column: Column, yes: &[&str], no: &[&str]| {
            let cell = self.cell(column).to_lowercase();
            match cell.as_str() {
                "" => Ok(None),
                text if yes.contains(&text) => Ok(Some(true)),
                text if no.contains(&text) => Ok(Some(false)),
                _ => Err(Wrong::new(
                    column,
                    format!("{cell:?} is none of {}, {}", yes.join(", "), no.join(", ")),
                )),
            }
        };
        let status = said(Column::Status, &["active"], &["draft", "archived", "unlisted"])?;
        let published = said(Column::Published, &["true", "yes", "1"], &["false", "no", "0"])?;
        Ok(match (status, published) {
            (None, None) => None,
            (status, published) => Some(status.unwrap_or(true) && published.unwrap_or(true)),
        })
    }

    /// The image of the line, if it has one.
    pub(crate) fn image(&self) -> Result<Option<Image>, Wrong> {
        let Some(url) = self.filled(Column::ImageSrc) else { return Ok(None) };
        let alt = self.filled(Column::ImageAlt).map(ToOwned::to_owned);
        let image = Image { url: url.to_owned(), alt };
        limits::image(&image).map_err(|problem| Wrong::new(Column::ImageSrc, problem.0))?;
        Ok(Some(image))
    }

    /// What tells the variant from its siblings, named as on the first line of the product.
    pub(crate) fn options(&self, names: &[String]) -> Result<Vec<VariantOption>, Wrong> {
        let mut options = Vec::new();
        for (number, name) in (1..).zip(names) {
            let Some(value) = self.filled(Column::OptionValue(number)) else { continue };
            if name.is_empty() {
                return Err(Wrong::new(Column::OptionName(number), "is missing"));
            }
            options.push(VariantOption { name: name.clone(), value: value.to_owned() });
        }
        if matches!(options.as_slice(), [only] if only.name == "Title" && only.value == "Default Title")
        {
            return Ok(Vec::new());
        }
        let wrong = |problem: kernel::Invalid| Wrong::new(Column::OptionValue(1), problem.0);
        limits::options(&options).map_err(wrong)?;
        Ok(options)
    }

    /// The price of the variant.
    pub(crate) fn price(&self, currency: Currency) -> Result<Money, Wrong> {
        let text =
            self.filled(Column::Price).ok_or_else(|| Wrong::new(Column::Price, "is missing"))?;
        Money::parse_decimal(text, currency).map_err(|problem| Wrong::new(Column::Price, problem.0))
    }

    /// The price that it is compared with; none is written as nothing or as zero.
    pub(crate) fn compare_at(&self, currency: Currency) -> Result<Option<Money>, Wrong> {
        let price = self.filled(Column::CompareAt).map(|text| Money::parse_decimal(text, currency));
        let price =
            price.transpose().map_err(|problem| Wrong::new(Column::CompareAt, problem.0))?;
        Ok(price.filter(|price| price.amount() > 0))
    }

    /// What the variant weighs. The file always has grams here; its unit is how they are shown.
    pub(crate) fn grams(&self) -> Result<Option<u32>, Wrong> {
        self.number(Column::Grams, limits::MOST_GRAMS)
    }

    /// How many of the variant there are.
    pub(crate) fn quantity(&self) -> Result<Option<u32>, Wrong> {
        self.number(Column::Quantity, MOST_ON_HAND)
    }

    fn number(&self, column: Column, most: u32) -> Result<Option<u32>, Wrong> {
        let Some(text) = self.filled(column) else { return Ok(None) };
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let has_digits = !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit());
        if !has_digits || !fraction.bytes().all(|byte| byte == b'0') {
            return Err(Wrong::new(column, format!("{text:?} is not a whole number from 0")));
        }
        match whole.parse::<u32>() {
            Ok(number) if number <= most => Ok(Some(number)),
            _ => Err(Wrong::new(column, format!("must be at most {most}"))),
        }
    }
}
