//! Ways in which somebody breaks a boundary of this workspace, each caught with a message that names the place.

use architecture_tests::{Edit, check, rules, tell};

use crate::ours;

/// What the text of a check says of a change.
fn told(edit: &Edit) -> String {
    let workspace = edit.applied(ours()).unwrap();
    let outcome = check(&workspace, &rules::all(), false);
    assert_eq!(outcome.code(), 1, "nothing was found");
    tell::text(&workspace, &rules::all(), &outcome)
}

/// That a rule names a file, shows the line in it that has a text, and says why.
fn is_told(edit: &Edit, rule: &str, (path, text): (&str, &str), why: &str) {
    let told = told(edit);

    let at = format!("--> {path}:");
    let is_place = |line: &str| line.split_once(&at).is_some_and(|(_, shown)| shown.contains(text));
    let is_it = |message: &&str| {
        let is_at = message.lines().any(is_place);
        message.starts_with(&format!("error[{rule}]")) && is_at && message.contains(why)
    };
    let message = told.split("\n\n").find(is_it);
    let message =
        message.unwrap_or_else(|| panic!("no {rule} at {path} `{text}` with `{why}`: {told}"));
    assert!(message.contains("\n  why: ") && message.contains("\n  fix: "), "{message}");
}

#[test]
fn a_module_that_uses_a_neighbours_implementation() {
    let edit = Edit::depend("modules/carts/Cargo.toml", "dependencies", "catalog.workspace = true")
        .then(Edit::append("modules/carts/src/lib.rs", "fn peek() { catalog::is_empty(); }"));

    is_told(
        &edit,
        "G02",
        ("modules/carts/Cargo.toml", "catalog.workspace"),
        "depend on `catalog-contract`",
    );
    is_told(
        &edit,
        "G02",
        ("modules/carts/Cargo.toml", "catalog.workspace"),
        "named at modules/carts/src/lib.rs:",
    );
}

#[test]
fn a_type_of_a_neighbour_that_is_handed_on() {
    let edit =
        Edit::append("modules/orders/contract/src/lib.rs", "pub use payments_contract::Payments;")
            .then(Edit::depend(
                "modules/orders/contract/Cargo.toml",
                "dependencies",
                "payments-contract.workspace = true",
            ));

    is_told(
        &edit,
        "S02",
        ("modules/orders/contract/src/lib.rs", "pub use payments_contract"),
        "belongs to payments",
    );
}

#[test]
fn an_implementation_whose_library_has_another_name() {
    let host = "extract/service/src/operated.rs";
    let edit = Edit::append("modules/catalog/Cargo.toml", "[lib]\nname = \"wares\"")
        .then(Edit::append(host, "fn build() { wares::build() }"));

    is_told(&edit, "E02", (host, "fn build()"), "`wares::build` outside the wiring");
}

#[test]
fn sql_that_joins_a_neighbours_table() {
    let store = "modules/carts/src/store/carts.rs";
    let string = Edit::append(
        store,
        "const A: &str = \"SELECT 1 FROM cart c JOIN catalog.product p ON true\";",
    );
    let format = Edit::append(
        store,
        "fn a(n: u8) -> String { format!(\"SELECT {n} FROM cart JOIN catalog.product ON true\") }",
    );
    let view = "CREATE VIEW seen AS SELECT 1 FROM cart c JOIN catalog.product p ON true;";

    is_told(&string, "D06", (store, "const A"), "a table of catalog");
    is_told(&format, "D06", (store, "fn a(n: u8)"), "a table of catalog");
    is_told(
        &Edit::append("migrations/carts/0001_carts.sql", view),
        "D03",
        ("migrations/carts/0001_carts.sql", "CREATE VIEW seen"),
        "fed by events",
    );
}

#[test]
fn a_foreign_key_into_a_neighbours_schema() {
    let key =
        "ALTER TABLE cart_line ADD FOREIGN KEY (sku) REFERENCES catalog.variant (sku) NOT VALID;";

    is_told(
        &Edit::append("migrations/carts/0001_carts.sql", key),
        "D02",
        ("migrations/carts/0001_carts.sql", "ADD FOREIGN KEY"),
        "catalog.variant",
    );
}

#[test]
fn a_framework_in_a_domain() {
    let edit = Edit::depend("modules/orders/Cargo.toml", "dependencies", "axum.workspace = true")
        .then(Edit::append("modules/orders/src/domain/pricing.rs", "use axum::Json;"));

    is_told(
        &edit,
        "G07",
        ("modules/orders/Cargo.toml", "axum.workspace"),
        "`orders` (module) depends on `axum`",
    );
    is_told(
        &edit,
        "S09",
        ("modules/orders/src/domain/pricing.rs", "use axum"),
        "a module has no transport",
    );
}

#[test]
fn the_clock_of_the_machine_in_a_use_case() {
    let edit = Edit::append(
        "modules/orders/src/application/cancel.rs",
        "fn now() { chrono::Utc::now(); }",
    );

    is_told(
        &edit,
        "S09",
        ("modules/orders/src/application/cancel.rs", "Utc::now"),
        "take `kernel::Clock`",
    );
}

#[test]
fn a_field_of_an_event_that_is_taken_away() {
    let edit =
        Edit::replace("modules/orders/contract/src/events.rs", "    pub total: Money,\n", "");

    is_told(
        &edit,
        "C02",
        ("modules/orders/contract/src/events.rs", "OrderConfirmed"),
        "`OrderConfirmed` has no field for `total`",
    );
}

#[test]
fn an_event_whose_type_is_nowhere() {
    let events = "modules/orders/contract/src/events.rs";
    let edit = Edit::replace(
        events,
        "impl Event for OrderConfirmed",
        "impl Event for super::order::Confirmed",
    );

    is_told(
        &edit,
        "C02",
        (events, "impl Event for super::order::Confirmed"),
        "is not declared in its file",
    );
}

#[test]
fn a_contract_method_with_a_borrowed_argument() {
    let edit = Edit::replace(
        "modules/orders/contract/src/lib.rs",
        "request: GetOrder",
        "request: &GetOrder",
    );

    is_told(
        &edit,
        "S04",
        ("modules/orders/contract/src/lib.rs", "&GetOrder"),
        "its argument `&GetOrder` is borrowed",
    );
}

#[test]
fn a_gate_outside_the_wiring() {
    let edit = Edit::append(
        "modules/orders/src/lib.rs",
        "#[cfg(feature = \"orders-http\")]\nmod remote {}",
    );

    is_told(&edit, "E05", ("modules/orders/src/lib.rs", "orders-http"), "let the wiring decide it");
}

#[test]
fn a_crate_that_nobody_classified() {
    let edit = Edit::create("modules/shared/helpers/Cargo.toml", "[package]\nname = \"helpers\"\n");

    is_told(
        &edit,
        "G01",
        ("modules/shared/helpers/Cargo.toml", "[package]"),
        "add `modules/shared/helpers` to the `crates` of a role",
    );
}

#[test]
fn a_subscriber_that_nobody_declared() {
    let subscription = "pub const SUBSCRIPTIONS: &[kernel::Subscription] = &[kernel::Subscription { \
                        name: \"shipping.ship-order-confirmed\", event: \"orders.order-confirmed.v1\" }];";
    let edit = Edit::append("modules/shipping/contract/src/lib.rs", subscription);

    is_told(
        &edit,
        "S07",
        ("modules/shipping/contract/src/lib.rs", "SUBSCRIPTIONS"),
        "nothing in it handles that",
    );
    is_told(
        &edit,
        "S07",
        ("modules/shipping/contract/src/lib.rs", "SUBSCRIPTIONS"),
        "`[context.shipping.listens]`",
    );
}
