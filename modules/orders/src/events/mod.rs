mod payments;

pub use payments::handlers;
