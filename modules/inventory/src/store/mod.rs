pub(crate) mod audit;
pub(crate) mod reservations;
pub(crate) mod shelf;
