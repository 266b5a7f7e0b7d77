use std::collections::BTreeMap;

use kernel::{BasisPoints, Country};

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

/// What a shop charges that sets no rates of its own.
pub(super) fn standard_rates() -> BTreeMap<Country, BasisPoints> {
    let rate = |(code, rate): &(&str, u16)| Some((code.parse().ok()?, BasisPoints(*rate)));
    STANDARD_RATES.iter().filter_map(rate).collect()
}
