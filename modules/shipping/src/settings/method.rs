use std::collections::{BTreeMap, BTreeSet};

use kernel::{Country, Currency, Invalid};
use serde::{Deserialize, Serialize};

use super::defaults::default_methods;

/// The ways in which a shop sends its parcels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ShippingSettings {
    /// The methods. One code may stand here several times, for different countries.
    pub methods: Vec<MethodSettings>,
}

/// One way to send a parcel to some countries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MethodSettings {
    /// What orders name it by: lower-case letters, digits and hyphens.
    pub code: String,
    /// Its name for people.
    pub title: String,
    /// How many days it takes at most.
    pub days: u16,
    /// Where it goes: `["DE", "AT"]`, or `["*"]` for wherever no other method of the same code goes.
    pub countries: Reach,
    /// What it costs, lightest parcels first; heavier ones than the last it does not take.
    pub prices: Vec<PriceSettings>,
}

/// What a parcel costs that weighs no more than so much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceSettings {
    /// The heaviest parcel of this price, in grams.
    pub up_to_grams: u64,
    /// The price by currency, in its minor units. In a currency that is not here the method is not offered.
    pub amounts: BTreeMap<Currency, i64>,
}

/// Where a method goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub enum Reach {
    /// Wherever no other method of the same code goes.
    Everywhere,
    /// To these countries.
    Countries(BTreeSet<Country>),
}

impl Default for ShippingSettings {
    /// Standard and express: from Germany to its neighbours, the European Union and the world.
    fn default() -> Self {
        Self { methods: default_methods() }
    }
}

impl Reach {
    /// Whether it names the country.
    pub fn names(&self, country: Country) -> bool {
        matches!(self, Self::Countries(countries) if countries.contains(&country))
    }

    /// The countries that it names; none where it is the one for wherever no other goes.
    pub fn named(&self) -> BTreeSet<Country> {
        match self {
            Self::Everywhere => BTreeSet::new(),
            Self::Countries(countries) => countries.clone(),
        }
    }

    /// Whether it is the one for wherever no other goes.
    pub fn is_everywhere(&self) -> bool {
        matches!(self, Self::Everywhere)
    }
}

impl TryFrom<Vec<String>> for Reach {
    type Error = Invalid;

    fn try_from(codes: Vec<String>) -> Result<Self, Invalid> {
        if codes == ["*"] {
            return Ok(Self::Everywhere);
        }
        let countries: BTreeSet<Country> = codes
            .iter()
            .map(|code| code.parse().map_err(|error| Invalid::new(format!("{code:?} is {error}"))))
            .collect::<Result<_, _>>()?;
        if countries.is_empty() {
            return Err(Invalid::new("names no country; \"*\" alone means everywhere"));
        }
        Ok(Self::Countries(countries))
    }
}

impl From<Reach> for Vec<String> {
    fn from(reach: Reach) -> Self {
        match reach {
            Reach::Everywhere => vec!["*".to_owned()],
            Reach::Countries(countries) => countries.into_iter().map(String::from).collect(),
        }
    }
}
