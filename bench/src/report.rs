use std::fmt::Write as _;
use std::path::Path;

use e2e::Outcome;

use crate::ceiling::ROWS;
use crate::load::{Millis, thousands};
use crate::measure::Measured;
use crate::relay::{RATE, Relayed};

const BEGIN: &str = "<!-- figures: written by `just bench`, not by hand -->";
const END: &str = "<!-- end of figures -->";
const NEW_PAGE: &str =
    "# Benchmarks\n\nWritten by the `bench` crate. Clients and server share the machine.\n\n";

/// A database's column.
pub(crate) struct Column {
    /// What was measured.
    pub(crate) measured: Measured,
    /// The rows of a purchase by hand in one transaction.
    pub(crate) one_transaction: String,
    /// The same in four.
    pub(crate) four_transactions: String,
    /// The way of events.
    pub(crate) relayed: Relayed,
}

type Row = (String, &'static str, fn(&Column) -> String);

fn rows() -> [Row; 13] {
    [
        ("start to first answer, migrated database".into(), "≤ 300 ms", |of| {
            of.measured.start_up.to_string()
        }),
        ("idle memory (resident)".into(), "≤ 60 MB", |of| {
            format!("{} MB", (of.measured.memory * 1_024).div_ceil(1_000_000))
        }),
        ("product list, 16 clients".into(), "≥ 5,000/s", |of| of.measured.list.to_string()),
        ("product page, 16 clients".into(), "≥ 4,000/s", |of| of.measured.page.to_string()),
        ("**whole purchase**, 16 buyers".into(), "≥ 400/s, p99 ≤ 100 ms", |of| {
            of.measured.purchase.to_string()
        }),
        ("ceiling: the rows by hand, four transactions (SQLite: one writer)".into(), "", |of| {
            of.four_transactions.clone()
        }),
        ("ceiling: the rows by hand, one transaction (SQLite: one writer)".into(), "", |of| {
            of.one_transaction.clone()
        }),
        ("CPU a purchase, shop".into(), "", |of| of.measured.cost.shop.to_string()),
        ("CPU a purchase, shop and database".into(), "≤ 5 ms", whole_cost),
        ("SQL statements a purchase".into(), "≤ 60", |of| {
            of.measured.cost.statements.to_string()
        }),
        (format!("rows written a purchase (the ceiling writes {ROWS})"), "", |of| {
            of.measured.cost.rows.map_or_else(|| "not counted".to_owned(), thousands)
        }),
        ("events from outbox to handled, of a backlog".into(), "≥ 10,000/s", |of| {
            format!("{}/s", thousands(of.relayed.rate))
        }),
        (
            format!("age of an event when it is handled, at {}/s", thousands(RATE)),
            "p99 < 50 ms",
            |of| format!("p50 {}, p99 {}", of.relayed.median, of.relayed.p99),
        ),
    ]
}

fn whole_cost(of: &Column) -> String {
    let cost = &of.measured.cost;
    Millis(cost.shop.0 + cost.server.as_ref().map_or(0, |server| server.0)).to_string()
}

/// The table in Markdown.
pub(crate) fn table(columns: &[Column]) -> String {
    let mut table = String::from("| | target |");
    for column in columns {
        let _infallible = write!(table, " {} |", column.measured.database);
    }
    table.push_str("\n|---|---|");
    table.push_str(&"---|".repeat(columns.len()));
    for (name, target, figure) in rows() {
        let _infallible = write!(table, "\n| {name} | {target} |");
        for column in columns {
            let _infallible = write!(table, " {} |", figure(column));
        }
    }
    table.push('\n');
    table
}

/// Puts the figures between the marks of a page; the rest of the page stays.
pub(crate) fn write(page: &Path, figures: &str) -> Outcome {
    let old = std::fs::read_to_string(page).unwrap_or_else(|_| NEW_PAGE.to_owned());
    if let Some(directory) = page.parent() {
        std::fs::create_dir_all(directory)?;
    }
    Ok(std::fs::write(page, between_marks(&old, figures))?)
}

fn between_marks(page: &str, figures: &str) -> String {
    let (before, rest) = page.split_once(BEGIN).unwrap_or((page, END));
    let (_, after) = rest.split_once(END).unwrap_or(("", ""));
    let after = if after.is_empty() { "\n" } else { after };
    format!("{before}{BEGIN}\n\n{figures}\n{END}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_replaced_and_the_words_around_them_stay() {
        let first = between_marks("# Title\n\n", "old\n");
        let page = first.replace("# Title", "# Words").trim_end().to_owned() + "\n\nThe end.\n";

        let second = between_marks(&page, "new\n");

        assert!(second.starts_with("# Words") && second.ends_with("The end.\n"), "{second}");
        assert!(second.contains("new") && !second.contains("old"), "{second}");
        assert_eq!(between_marks(&second, "new\n"), second);
    }
}
