use kernel::{json_length, refusal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A part of a Shopify product CSV: its header and some whole records, at most 960 KiB together as JSON writes them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ImportPart {
    /// The header record.
    pub header: String,
    /// Whole records; all of one handle that stand together are in one part.
    pub records: String,
    /// The line in the file on which the records begin, from 1.
    pub first_line: u64,
}

impl ImportPart {
    /// The most bytes of a part: a broker takes no message above 1 MiB unless it is told otherwise.
    pub const MOST_BYTES: usize = 960 * 1024;

    /// How many bytes the part has as JSON writes it.
    pub fn bytes(&self) -> usize {
        json_length(&self.header) + json_length(&self.records)
    }
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ImportReport {
    /// Products made or changed.
    pub products: u64,
    /// Variants made or changed.
    pub variants: u64,
    /// SKUs that got their first stock.
    pub stock: u64,
    /// Lines that did not go in.
    pub skipped: u64,
    /// Why, a line each; the first 1,000.
    pub errors: Vec<ImportProblem>,
}

/// Why a line did not go in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ImportProblem {
    /// The line of the file, from 1.
    pub line: u64,
    /// The column's name in the header.
    pub column: String,
    /// Why.
    pub message: String,
}

/// Why a part can't be taken in at all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum ImportRefusal {
    /// The header is not that of a Shopify product CSV.
    #[error("the column {column} is missing")]
    MissingColumn {
        /// Which.
        column: String,
    },
    /// The part is larger than parts may be.
    #[error("a part has at most {most} bytes")]
    PartTooLarge {
        /// The most.
        most: u64,
    },
    /// Only staff may.
    #[error("only staff may change the catalogue")]
    Forbidden,
}
refusal!(ImportRefusal { MissingColumn => Invalid, PartTooLarge => Invalid, Forbidden => Forbidden });
