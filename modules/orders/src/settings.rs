use std::collections::BTreeMap;
use std::num::NonZeroU64;
use std::time::Duration;

use kernel::{BasisPoints, Country};

/// How orders are priced and settled.
#[derive(Debug, Clone, PartialEq)]
pub struct OrdersSettings {
    /// Whether prices include tax; recorded on each order.
    pub prices_include_tax: bool,
    /// The tax rate of each country, in basis points; a country that is not named has none.
    pub tax: BTreeMap<Country, BasisPoints>,
    /// An order that did not settle for so long is rejected, in seconds.
    pub settle_within_seconds: NonZeroU64,
}

impl OrdersSettings {
    pub(crate) fn rate(&self, country: Country) -> BasisPoints {
        self.tax.get(&country).copied().unwrap_or_default()
    }

    pub(crate) fn settle_within(&self) -> Duration {
        Duration::from_secs(self.settle_within_seconds.get())
    }
}
