pub(crate) mod access;
pub(crate) mod pricing;
