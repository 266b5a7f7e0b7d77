pub(crate) mod cart;
pub(crate) mod market;
