//! The schema of every module, as forward-only SQL that `SQLite` and `PostgreSQL` both take.
//!
//! The type `key_text` is text in byte order: a domain on `PostgreSQL`, plain text on `SQLite`. Times are microseconds
//! since 1970. A migration that has run is never edited; a release must run on the schema of the next one.

/// One step of a module's schema.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Stable, sorts after those before it.
    pub name: &'static str,
    /// Statements, run in one transaction.
    pub sql: &'static str,
}

/// What every module's schema holds besides its own tables: outbox, inbox, sagas.
pub const PLATFORM: &[Migration] = &[
    Migration { name: "platform/0001_events", sql: include_str!("../platform/0001_events.sql") },
    Migration {
        name: "platform/0002_blanking",
        sql: include_str!("../platform/0002_blanking.sql"),
    },
];

/// The steps of each module's own tables, by module.
pub const MODULES: &[(&str, &[Migration])] = &[
    ("carts", &[Migration { name: "0001_carts", sql: include_str!("../carts/0001_carts.sql") }]),
    (
        "catalog",
        &[Migration { name: "0001_products", sql: include_str!("../catalog/0001_products.sql") }],
    ),
    (
        "inventory",
        &[Migration { name: "0001_stock", sql: include_str!("../inventory/0001_stock.sql") }],
    ),
    (
        "orders",
        &[
            Migration { name: "0001_orders", sql: include_str!("../orders/0001_orders.sql") },
            Migration { name: "0002_tariff", sql: include_str!("../orders/0002_tariff.sql") },
            Migration { name: "0003_as_placed", sql: include_str!("../orders/0003_as_placed.sql") },
        ],
    ),
    (
        "payments",
        &[Migration { name: "0001_payments", sql: include_str!("../payments/0001_payments.sql") }],
    ),
    (
        "sandbox_provider",
        &[Migration {
            name: "0001_charges",
            sql: include_str!("../sandbox_provider/0001_charges.sql"),
        }],
    ),
    (
        "users",
        &[Migration { name: "0001_accounts", sql: include_str!("../users/0001_accounts.sql") }],
    ),
];

/// The steps of a module's own tables; none for a module that has none.
pub fn of(module: &str) -> &'static [Migration] {
    MODULES.iter().find(|(name, _)| *name == module).map_or(&[], |(_, steps)| steps)
}
