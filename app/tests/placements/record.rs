use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use e2e::{Outcome, Page, Row, machine};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/placements.md");

/// What becomes of every journey, by placement, in the order in which they were planned.
#[derive(Clone)]
pub(crate) struct Record {
    rows: Arc<Mutex<Vec<(String, Row)>>>,
    /// Whether the page of results is written: a placement's row as soon as all its journeys were run.
    kept: bool,
}

impl Record {
    pub(crate) fn new(kept: bool) -> Self {
        Self { rows: Arc::default(), kept }
    }

    /// Notes that a journey of a suite is to be run over a placement.
    pub(crate) fn plan(&self, placement: &str, suite: &str) {
        self.with(placement, |row| {
            row.journeys += 1;
            if !row.suite.split(" + ").any(|known| known == suite) {
                let joined = if row.suite.is_empty() { "" } else { " + " };
                row.suite = format!("{}{joined}{suite}", row.suite);
            }
        });
    }

    /// Notes how a journey went.
    pub(crate) fn note(&self, placement: &str, journey: &str, took: Duration, well: bool) {
        let whole = self.with(placement, |row| {
            row.run += 1;
            row.took += took;
            if !well {
                row.failed.push(journey.to_owned());
            }
            row.run == row.journeys
        });
        if whole && let Err(error) = self.write() {
            eprintln!("the page of results can't be written: {error}");
        }
    }

    fn with<T>(&self, placement: &str, change: impl FnOnce(&mut Row) -> T) -> T {
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        let at = rows.iter().position(|(name, _)| name == placement).unwrap_or_else(|| {
            rows.push((placement.to_owned(), Row::default()));
            rows.len() - 1
        });
        change(&mut rows[at].1)
    }

    /// Writes what was run into the page of results, where that is kept.
    pub(crate) fn write(&self) -> Outcome {
        if !self.kept {
            return Ok(());
        }
        let rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        let mut page = Page::read(Path::new(PAGE))?;
        for (name, row) in rows.iter().filter(|(_, row)| row.run > 0) {
            page.put(name, row);
        }
        let about = format!("- machine: {}\n- command: `just matrix`", machine());
        let names: Vec<String> = rows.iter().map(|(name, _)| name.clone()).collect();
        page.write(Path::new(PAGE), &about, &names)
    }
}
