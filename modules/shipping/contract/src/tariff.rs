use std::collections::{BTreeMap, BTreeSet};

use kernel::{Country, Currency};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Asks for everything that a shop asks for its parcels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetTariff {}

/// Everything that a shop asks for its parcels. Who keeps it can tell methods while `shipping` is away.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Tariff {
    /// The methods, each for some countries. Of those with one code, no two go to the same country.
    pub methods: Vec<TariffMethod>,
}

/// One way to send a parcel to some countries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TariffMethod {
    /// Its stable code.
    pub code: String,
    /// Its name for people.
    pub title: String,
    /// How many days it takes at most.
    pub days: u16,
    /// Whether it goes everywhere but to `countries`, instead of to them alone.
    pub everywhere_but: bool,
    /// Where it goes, or does not.
    pub countries: BTreeSet<Country>,
    /// What it costs, lightest parcels first; heavier ones than the last it does not take.
    pub prices: Vec<TariffPrice>,
}

/// What a parcel costs that weighs no more than so much.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TariffPrice {
    /// The heaviest parcel of this price, in grams.
    pub up_to_grams: u64,
    /// The price by currency, in its minor units. In a currency that is not here the method is not offered.
    pub amounts: BTreeMap<Currency, i64>,
}
