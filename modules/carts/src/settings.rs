use std::num::NonZeroU32;
use std::time::Duration;

use kernel::Currency;
use serde::{Deserialize, Serialize};

const NINETY_DAYS: NonZeroU32 = match NonZeroU32::new(90) {
    Some(days) => days,
    None => NonZeroU32::MIN,
};

/// What a shop decides about its carts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CartsSettings {
    /// In which currency a cart is that names none: the shop's own. Not a setting of this module, the wiring sets it.
    #[serde(skip)]
    pub shop_currency: Currency,
    /// After so many days without a change a cart that was not ordered is deleted; zero can't be written.
    pub abandoned_after_days: NonZeroU32,
}

impl CartsSettings {
    /// How long a cart that nobody changes is kept.
    pub fn abandoned_after(&self) -> Duration {
        Duration::from_hours(u64::from(self.abandoned_after_days.get()) * 24)
    }
}

impl Default for CartsSettings {
    /// Euro, and 90 days.
    fn default() -> Self {
        Self { shop_currency: Currency::EUR, abandoned_after_days: NINETY_DAYS }
    }
}
