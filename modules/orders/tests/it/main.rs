//! The module alone, on a real database of either engine, its neighbours faked from their contracts.
#![expect(clippy::unwrap_used, reason = "tests")]

mod asked;
mod cancelling;
mod neighbours;
mod parcels;
mod payments;
mod purchase;
mod till;
mod undone;
mod unused;
