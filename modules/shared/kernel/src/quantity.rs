use std::fmt;
use std::num::NonZeroU32;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Invalid;

/// How many of one thing: 1 to 999. Zero can't be written.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "u32", into = "u32")]
#[schemars(with = "u32", extend("minimum" = 1, "maximum" = 999))]
pub struct Quantity(NonZeroU32);

impl Quantity {
    /// The most of one thing that an order line can name.
    pub const MAX: u32 = 999;

    /// The number.
    pub fn get(self) -> u32 {
        self.0.get()
    }
}

impl TryFrom<u32> for Quantity {
    type Error = Invalid;

    fn try_from(number: u32) -> Result<Self, Invalid> {
        NonZeroU32::new(number)
            .filter(|number| number.get() <= Self::MAX)
            .map(Self)
            .ok_or_else(|| Invalid::new(format!("must be between 1 and {}", Self::MAX)))
    }
}

impl From<Quantity> for u32 {
    fn from(quantity: Quantity) -> Self {
        quantity.get()
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
