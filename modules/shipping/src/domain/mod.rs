pub(crate) mod tariff;
