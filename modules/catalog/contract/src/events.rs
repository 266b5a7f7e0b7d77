use kernel::{Event, ProductId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A product was made or changed, or went off sale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProductChanged {
    /// Which.
    pub product_id: ProductId,
    /// Its name in addresses from now on.
    pub slug: String,
    /// Its name for people from now on.
    pub title: String,
    /// Whether it is off sale.
    pub archived: bool,
}

impl Event for ProductChanged {
    const NAME: &'static str = "catalog.product-changed.v1";

    fn key(&self) -> String {
        self.product_id.to_string()
    }
}
