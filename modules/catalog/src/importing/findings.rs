use std::collections::BTreeSet;

use catalog_contract::ImportProblem;

use super::columns::{Column, Columns};

/// The most problems that are told.
const MOST_ERRORS: usize = 1_000;

/// What of a part did not go in, and why.
pub(crate) struct Findings<'c> {
    columns: &'c Columns,
    skipped: BTreeSet<u64>,
    errors: Vec<ImportProblem>,
}

/// What is wrong with a cell.
#[derive(Debug, PartialEq)]
pub(crate) struct Wrong {
    pub(crate) column: Column,
    pub(crate) message: String,
}

impl Wrong {
    pub(crate) fn new(column: Column, message: impl Into<String>) -> Self {
        Self { column, message: message.into() }
    }
}

impl<'c> Findings<'c> {
    pub(crate) fn new(columns: &'c Columns) -> Self {
        Self { columns, skipped: BTreeSet::new(), errors: Vec::new() }
    }

    /// Tells of a cell that is left out; the rest of its line goes in.
    pub(crate) fn tell(&mut self, line: u64, wrong: Wrong) {
        if self.errors.len() < MOST_ERRORS {
            let column = self.columns.name(wrong.column).to_owned();
            self.errors.push(ImportProblem { line, column, message: wrong.message });
        }
    }

    /// Tells why a line is left out.
    pub(crate) fn skip(&mut self, line: u64, wrong: Wrong) {
        self.skipped.insert(line);
        self.tell(line, wrong);
    }

    /// Leaves out lines for a reason that was told of one of them.
    pub(crate) fn skip_all(&mut self, lines: impl IntoIterator<Item = u64>) {
        self.skipped.extend(lines);
    }

    /// How many lines did not go in, and what was told, by line.
    pub(crate) fn into_parts(mut self) -> (u64, Vec<ImportProblem>) {
        self.errors.sort_by_key(|problem| problem.line);
        (u64::try_from(self.skipped.len()).unwrap_or(u64::MAX), self.errors)
    }
}
