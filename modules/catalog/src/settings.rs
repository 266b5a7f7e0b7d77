use kernel::Currency;
use serde::Deserialize;

/// What the catalogue is told by the shop's settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CatalogSettings {
    /// The currency of imports, and of prices where nobody asks for another.
    pub shop_currency: Currency,
}

impl Default for CatalogSettings {
    fn default() -> Self {
        Self { shop_currency: Currency::EUR }
    }
}
