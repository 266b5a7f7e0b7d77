use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use e2e::{Outcome, Page, Row, machine};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/placements.md");

/// What becomes of every journey, by placement, in the order in which they were planned.
#[derive(Clone, Default)]
pub(crate) struct Record(Arc<Mutex<Vec<(String, Row)>>>);

impl Record {
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
        self.with(placement, |row| {
            row.run += 1;
            row.took += took;
            if !well {
                row.failed.push(journey.to_owned());
            }
        });
    }

    fn with(&self, placement: &str, change: impl FnOnce(&mut Row)) {
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = rows.iter().position(|(name, _)| name == placement).unwrap_or_else(|| {
            rows.push((placement.to_owned(), Row::default()));
            rows.len() - 1
        });
        change(&mut rows[at].1);
    }

    /// Writes what was run into the page of results.
    pub(crate) fn write(&self) -> Outcome {
        let rows = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut page = Page::read(Path::new(PAGE))?;
        for (name, row) in rows.iter().filter(|(_, row)| row.run > 0) {
            page.put(name, row);
        }
        let about = format!("- machine: {}\n- command: `just matrix`", machine());
        let names: Vec<String> = rows.into_iter().map(|(name, _)| name).collect();
        page.write(Path::new(PAGE), &about, &names)
    }
}
