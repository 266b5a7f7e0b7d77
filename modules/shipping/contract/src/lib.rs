//! What other modules may know of `shipping`: how a parcel can go, and what that costs.

mod tariff;

use kernel::{Call, CallError, Country, Currency, Money, async_trait, contract, refusal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use tariff::{GetTariff, Tariff, TariffMethod, TariffPrice};

/// The ways a parcel can go.
#[contract(name = "shipping", version = 1)]
#[async_trait]
pub trait Shipping: Send + Sync + 'static {
    /// The methods that take such a parcel to a country, cheapest first; empty where none does.
    #[call(read)]
    async fn methods(
        &self,
        call: &Call,
        request: ListMethods,
    ) -> Result<Vec<ShippingMethod>, CallError<ShippingRefusal>>;

    /// All methods with all their prices, for who must be able to tell a price while this module is away.
    #[call(read)]
    async fn tariff(
        &self,
        call: &Call,
        request: GetTariff,
    ) -> Result<Tariff, CallError<ShippingRefusal>>;
}

/// Asks how a parcel can go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListMethods {
    /// Where to.
    pub country: Country,
    /// What it weighs, in grams.
    pub weight_grams: u64,
    /// In which currency the price is wanted; methods without a price in it are left out.
    pub currency: Currency,
}

/// One way to send a parcel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ShippingMethod {
    /// Its stable code.
    pub code: String,
    /// Its name for people.
    pub title: String,
    /// What it costs, tax treated as the shop's prices are.
    pub price: Money,
    /// How many days it takes at most.
    pub days: u16,
}

/// Why methods can't be told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum ShippingRefusal {
    /// The weight is beyond any parcel.
    #[error("no parcel weighs that much")]
    TooHeavy,
}
refusal!(ShippingRefusal { TooHeavy => Invalid });
