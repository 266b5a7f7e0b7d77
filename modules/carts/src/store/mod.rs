pub(crate) mod audit;
pub(crate) mod carts;
pub(crate) mod freezes;
