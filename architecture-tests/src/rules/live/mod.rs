//! Rules of what a live database says of itself after all migrations ran.

pub(super) mod r01_crossings;
pub(super) mod r02_rights;
