//! The shop: the public gateway, and what the binary hosts besides it.

pub mod cli;
pub mod doctor;
pub mod faults;
pub mod gateway;
pub mod import;
