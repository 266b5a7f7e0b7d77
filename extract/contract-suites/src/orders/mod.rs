//! What `orders` promises.

mod buying;
mod reading;
mod refusals;
mod sentences;
mod stage;
mod undoing;

pub use sentences::SUITE;
pub use stage::Stage;
