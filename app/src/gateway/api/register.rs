use super::{
    account, addresses, carts, categories, checkout, documents, import, ops, order_events, orders,
    payments, product_edit, products, sessions, shipping, stock, users,
};
use crate::gateway::Table;

/// Adds all operations to the table. A new group is one more line here.
pub(in crate::gateway) fn register(table: &mut Table) {
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
