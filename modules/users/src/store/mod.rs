pub(crate) mod accounts;
pub(crate) mod addresses;
pub(crate) mod audits;
pub(crate) mod rights;
pub(crate) mod sessions;
pub(crate) mod signing_keys;
