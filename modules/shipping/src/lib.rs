//! How a parcel can go, and what that costs: by country and weight, from settings.

mod application;
mod domain;
mod settings;

use async_trait::async_trait;
use kernel::{Call, CallError, ModuleName};
use shipping_contract::{
    GetTariff, ListMethods, Shipping, ShippingMethod, ShippingRefusal, Tariff,
};

pub use application::audit::audit;
pub use settings::{MethodSettings, PriceSettings, Reach, ShippingSettings};

/// The name of this module, its schema and its settings.
pub const MODULE: ModuleName = ModuleName::new("shipping");

/// The ways in which a shop sends its parcels.
///
/// It keeps nothing yet: its database is opened like any other's, for what the platform keeps in it.
pub struct ShippingModule {
    settings: ShippingSettings,
}

impl ShippingModule {
    /// Goes by settings that were checked with [`ShippingSettings::validate`].
    pub fn new(settings: ShippingSettings) -> Self {
        Self { settings }
    }
}

#[async_trait]
impl Shipping for ShippingModule {
    async fn methods(
        &self,
        _: &Call,
        request: ListMethods,
    ) -> Result<Vec<ShippingMethod>, CallError<ShippingRefusal>> {
        Ok(application::methods::methods(self, &request)?)
    }

    async fn tariff(&self, _: &Call, _: GetTariff) -> Result<Tariff, CallError<ShippingRefusal>> {
        Ok(application::methods::tariff(self))
    }
}
