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
mod schema;
mod sessions;
mod shipping;
mod stock;
mod users;

use super::Table;

/// Adds all operations to the table. A new group is one more line here.
pub(super) fn register(table: &mut Table) {
    sessions::register(table);
    account::register(table);
    addresses::register(table);
    users::register(table);
    products::register(table);
    product_edit::register(table);
    categories::register(table);
    import::register(table);
    stock::register(table);
    carts::register(table);
    shipping::register(table);
    checkout::register(table);
    orders::register(table);
    order_events::register(table);
    payments::register(table);
    ops::register(table);
    documents::register(table);
}
