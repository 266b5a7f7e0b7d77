use std::collections::BTreeMap;
use std::time::Duration;

use kernel::{BasisPoints, Country};
use serde::{Deserialize, Serialize};

/// How orders are priced and settled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OrdersSettings {
    /// Whether prices include tax; recorded on each order.
    pub prices_include_tax: bool,
    /// The tax rate of each country, in basis points; a country that is not named has none.
    pub tax: BTreeMap<Country, BasisPoints>,
    /// An order that did not settle for so long is rejected, in seconds.
    pub settle_within_seconds: u64,
}

/// Standard rates of value-added tax in the European Union and its neighbours, in 2026.
const STANDARD_RATES: &[(&str, u16)] = &[
    ("AT", 2000),
    ("BE", 2100),
    ("BG", 2000),
    ("CH", 810),
    ("CY", 1900),
    ("CZ", 2100),
    ("DE", 1900),
    ("DK", 2500),
    ("EE", 2400),
    ("ES", 2100),
    ("FI", 2550),
    ("FR", 2000),
    ("GB", 2000),
    ("GR", 2400),
    ("HR", 2500),
    ("HU", 2700),
    ("IE", 2300),
    ("IT", 2200),
    ("LT", 2100),
    ("LU", 1700),
    ("LV", 2100),
    ("MT", 1800),
    ("NL", 2100),
    ("NO", 2500),
    ("PL", 2300),
    ("PT", 2300),
    ("RO", 2100),
    ("SE", 2500),
    ("SI", 2200),
    ("SK", 2300),
];

impl Default for OrdersSettings {
    fn default() -> Self {
        let rate = |(code, rate): &(&str, u16)| Some((code.parse().ok()?, BasisPoints(*rate)));
        let tax = STANDARD_RATES.iter().filter_map(rate).collect();
        Self { prices_include_tax: true, tax, settle_within_seconds: 15 * 60 }
    }
}

impl OrdersSettings {
    pub(crate) fn rate(&self, country: Country) -> BasisPoints {
        self.tax.get(&country).copied().unwrap_or_default()
    }

    pub(crate) fn settle_within(&self) -> Duration {
        Duration::from_secs(self.settle_within_seconds)
    }
}
