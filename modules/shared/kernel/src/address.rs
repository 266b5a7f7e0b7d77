use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Country, Label};

/// Where a parcel goes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PostalAddress {
    /// Who receives it.
    pub name: Label<200>,
    /// Street and number.
    pub line1: Label<200>,
    /// Floor, flat, care of.
    #[serde(default)]
    pub line2: Option<Label<200>>,
    /// Town.
    pub city: Label<100>,
    /// Postal code as the country writes it.
    pub postal_code: Label<20>,
    /// State, province or county.
    #[serde(default)]
    pub region: Option<Label<100>>,
    /// Country.
    pub country: Country,
    /// For the carrier.
    #[serde(default)]
    pub phone: Option<Label<40>>,
}

impl std::fmt::Debug for PostalAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PostalAddress(…, {})", self.country)
    }
}
