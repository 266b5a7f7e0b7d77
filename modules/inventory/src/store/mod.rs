pub(crate) mod reservations;
pub(crate) mod shelf;
