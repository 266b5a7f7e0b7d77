//! Every module at once, small and in memory. What it does is decided by what it is asked for.

mod catalog;
mod checkout;
mod inventory;
mod payments;
mod shop;
mod users;

pub(crate) use shop::Shop;
pub(crate) use users::KEY_ID;
