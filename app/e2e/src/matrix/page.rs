use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use crate::Outcome;

const BEGIN: &str = "<!-- results: written by `just matrix`, not by hand -->";
const END: &str = "<!-- end of results -->";
const HEAD: &str = "| placement | suite | journeys passed | time | run on | outcome |\n|---|---|---|---|---|---|\n";

/// The page of results, a row for each placement that was ever run.
pub struct Page {
    text: String,
    /// Lines of the table by the name of their placement.
    rows: BTreeMap<String, String>,
}

/// What became of a placement.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// What was to be run over it.
    pub suite: String,
    /// How many journeys that is.
    pub journeys: usize,
    /// How many were run.
    pub run: usize,
    /// Which failed.
    pub failed: Vec<String>,
    /// How long they took, one after the other.
    pub took: Duration,
}

impl Page {
    /// Reads a page; the table is empty where there is none.
    pub fn read(path: &Path) -> Outcome<Self> {
        Ok(Self::of(std::fs::read_to_string(path)?))
    }

    fn of(text: String) -> Self {
        let table = text.split_once(BEGIN).and_then(|(_, rest)| rest.split_once(END));
        let lines = table.map_or("", |(table, _)| table).lines();
        let rows = lines.filter_map(|line| {
            let name = line.strip_prefix("| `")?.split_once('`')?.0;
            Some((name.to_owned(), format!("{line}\n")))
        });
        Self { rows: rows.collect(), text }
    }

    /// Puts a row in the place of the one before.
    pub fn put(&mut self, name: &str, row: &Row) {
        let Row { suite, journeys, run, failed, took } = row;
        let day = today();
        let outcome = match (failed.is_empty(), run == journeys) {
            (true, true) => "passed".to_owned(),
            (true, false) => format!("passed; {run} run"),
            (false, _) => format!("**failed**: {}", failed.join(", ")),
        };
        let (passed, seconds) = (run - failed.len(), took.as_secs());
        let line = format!(
            "| `{name}` | {suite} | {passed} of {journeys} | {seconds} s | {day} | {outcome} |\n"
        );
        self.rows.insert(name.to_owned(), line);
    }

    /// Writes the rows of these placements, in this order, with words about the run before them. What is said around the table
    /// stays, and a placement that is no more goes.
    pub fn write(&self, path: &Path, about: &str, names: &[String]) -> Outcome {
        Ok(std::fs::write(path, self.text(about, names))?)
    }

    fn text(&self, about: &str, names: &[String]) -> String {
        let (before, rest) = self.text.split_once(BEGIN).unwrap_or((&self.text, END));
        let after = rest.split_once(END).map_or("", |(_, after)| after);
        let mut text = format!("{before}{BEGIN}\n\n{about}\n\n{HEAD}");
        for name in names {
            let never = || format!("| `{name}` | | | | | not run yet |\n");
            let _infallible =
                write!(text, "{}", self.rows.get(name).cloned().unwrap_or_else(never));
        }
        format!("{text}\n{END}{}", if after.is_empty() { "\n" } else { after })
    }
}

fn today() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(failed: &[&str]) -> Row {
        Row {
            suite: "short".to_owned(),
            journeys: 8,
            run: 8,
            failed: failed.iter().map(|&journey| journey.to_owned()).collect(),
            took: Duration::from_secs(12),
        }
    }

    #[test]
    fn a_row_replaces_the_one_before_and_the_others_and_the_words_stay() {
        let names = ["one".to_owned(), "two".to_owned()];
        let mut first = Page::of("# Words\n\n".to_owned());
        first.put("one", &row(&[]));
        first.put("two", &row(&["buying::fails"]));
        first.put("gone", &row(&[]));
        let mut second = Page::of(first.text("once", &names) + "The end.\n");

        second.put("two", &row(&[]));

        let page = second.text("twice", &names);
        assert!(page.starts_with("# Words") && page.ends_with("The end.\n"), "{page}");
        assert!(
            page.contains("twice") && !page.contains("once") && !page.contains("gone"),
            "{page}"
        );
        let passed = format!("| `one` | short | 8 of 8 | 12 s | {} | passed |", today());
        assert!(page.contains(&passed), "{page}");
        assert!(!page.contains("buying::fails"), "{page}");
    }

    #[test]
    fn a_failure_is_told_and_so_is_what_was_not_run() {
        let mut page = Page::of(String::new());
        page.put("one", &row(&["buying::fails"]));

        let text = page.text("", &["one".to_owned(), "two".to_owned()]);

        assert!(text.contains("| 7 of 8 | 12 s |"), "{text}");
        assert!(text.contains("| **failed**: buying::fails |"), "{text}");
        assert!(text.contains("| `two` | | | | | not run yet |"), "{text}");
    }
}
