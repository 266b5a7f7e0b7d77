pub(crate) mod access;
pub(crate) mod pricing;
pub(crate) mod tariff;
