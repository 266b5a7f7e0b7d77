mod defaults;
mod method;
mod validate;

pub use method::{MethodSettings, PriceSettings, Reach, ShippingSettings};
