pub(crate) mod audit;
pub(crate) mod history;
pub(crate) mod orders;
pub(crate) mod read;
pub(crate) mod secret;
pub(crate) mod tariff;
