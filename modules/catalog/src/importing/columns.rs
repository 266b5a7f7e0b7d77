use catalog_contract::ImportRefusal;

use super::records::{Record, records};

/// A column that the import reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Column {
    Handle,
    Title,
    Body,
    Vendor,
    Type,
    Tags,
    Published,
    Status,
    OptionName(u8),
    OptionValue(u8),
    Sku,
    Grams,
    Quantity,
    Price,
    CompareAt,
    ImageSrc,
    ImageAlt,
}

/// What the columns are called: in the common CSV, and in its newer form.
const NAMES: &[(Column, &str, &str)] = &[
    (Column::Handle, "Handle", "URL handle"),
    (Column::Title, "Title", "Title"),
    (Column::Body, "Body (HTML)", "Description"),
    (Column::Vendor, "Vendor", "Vendor"),
    (Column::Type, "Type", "Type"),
    (Column::Tags, "Tags", "Tags"),
    (Column::Published, "Published", "Published on online store"),
    (Column::Status, "Status", "Status"),
    (Column::OptionName(1), "Option1 Name", "Option1 name"),
    (Column::OptionValue(1), "Option1 Value", "Option1 value"),
    (Column::OptionName(2), "Option2 Name", "Option2 name"),
    (Column::OptionValue(2), "Option2 Value", "Option2 value"),
    (Column::OptionName(3), "Option3 Name", "Option3 name"),
    (Column::OptionValue(3), "Option3 Value", "Option3 value"),
    (Column::Sku, "Variant SKU", "SKU"),
    (Column::Grams, "Variant Grams", "Weight value (grams)"),
    (Column::Quantity, "Variant Inventory Qty", "Inventory quantity"),
    (Column::Price, "Variant Price", "Price"),
    (Column::CompareAt, "Variant Compare At Price", "Compare-at price"),
    (Column::ImageSrc, "Image Src", "Product image URL"),
    (Column::ImageAlt, "Image Alt Text", "Image alt text"),
];

/// Without these the file is not a product CSV.
const NEEDED: [Column; 3] = [Column::Handle, Column::Title, Column::Price];

/// Where in a record each column stands, and what the file calls it.
pub(crate) struct Columns {
    found: Vec<(Column, usize, String)>,
}

impl Columns {
    /// Reads the header, in which columns stand in any order.
    pub(crate) fn read(header: &str) -> Result<Self, ImportRefusal> {
        let header = header.trim_start_matches('\u{feff}');
        let names = records(header, 1).next().map_or_else(Vec::new, |record| record.fields);
        let place =
            |name: &str| names.iter().position(|other| other.trim().eq_ignore_ascii_case(name));
        let mut found = Vec::new();
        for (column, common, newer) in NAMES {
            match place(common).or_else(|| place(newer)) {
                Some(place) => found.push((*column, place, names[place].trim().to_owned())),
                None if NEEDED.contains(column) => {
                    return Err(ImportRefusal::MissingColumn { column: (*common).to_owned() });
                }
                None => {}
            }
        }
        Ok(Self { found })
    }

    /// Whether the file has the column.
    pub(crate) fn has(&self, column: Column) -> bool {
        self.found.iter().any(|(other, ..)| *other == column)
    }

    /// What the file calls a column.
    pub(crate) fn name(&self, column: Column) -> &str {
        let found = self.found.iter().find(|(other, ..)| *other == column);
        let name = found.map(|(_, _, name)| name.as_str());
        let common = || NAMES.iter().find(|(other, ..)| *other == column).map(|(_, name, _)| *name);
        name.or_else(common).unwrap_or_default()
    }

    /// A cell without the blanks around it; empty where there is none.
    pub(crate) fn cell<'r>(&self, record: &'r Record, column: Column) -> &'r str {
        let found = self.found.iter().find(|(other, ..)| *other == column);
        found.and_then(|(_, place, _)| record.fields.get(*place)).map_or("", |text| text.trim())
    }

    /// The first of the columns that are read whose cell can't be kept.
    pub(crate) fn unfit(&self, record: &Record) -> Option<Column> {
        let has_nul = |column: Column| self.cell(record, column).contains('\0');
        self.found.iter().map(|(column, ..)| *column).find(|column| has_nul(*column))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_known_by_name_in_any_order_and_either_form() {
        let columns = Columns::read("\u{feff}Price,\"Other, one\", title ,URL handle\r\n").unwrap();
        let record = Record {
            fields: ["1", "x", " Mug ", "mug"].map(Into::into).into(),
            ..Record::default()
        };

        assert_eq!(columns.cell(&record, Column::Title), "Mug");
        assert_eq!(columns.cell(&record, Column::Handle), "mug");
        assert_eq!(columns.cell(&record, Column::Tags), "");
        assert_eq!(
            (columns.name(Column::Price), columns.name(Column::Sku)),
            ("Price", "Variant SKU")
        );
    }

    #[test]
    fn a_file_without_a_needed_column_is_refused() {
        for (header, column) in
            [("", "Handle"), ("Handle,Variant Price", "Title"), ("Handle;Title;Price", "Handle")]
        {
            let refused = Columns::read(header).err();
            assert_eq!(refused, Some(ImportRefusal::MissingColumn { column: column.into() }));
        }
    }
}
