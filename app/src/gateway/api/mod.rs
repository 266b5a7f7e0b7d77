//! The operations, a file for each group, with the request and answer types that clients see.

mod account;
mod addresses;
mod carts;
mod categories;
mod checkout;
mod common;
mod documents;
mod import;
mod ops;
mod ops_pages;
mod ops_view;
mod order_events;
mod order_view;
mod orders;
mod payments;
mod product_body;
mod product_edit;
mod product_view;
mod products;
mod register;
mod schema;
mod sessions;
mod shipping;
mod stock;
mod users;

pub(super) use register::register;
