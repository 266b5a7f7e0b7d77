use std::path::Path;
use std::time::Duration;

use crate::Outcome;

/// The table of `docs/degradation.md` for one state of a module: what each call does meanwhile.
pub(crate) struct Expected {
    modules: Vec<String>,
    rows: Vec<(String, Vec<Cell>)>,
}

/// What a call does, and how long that takes at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) does: Does,
    pub(crate) within: Within,
}

/// What a call does while a module is in trouble.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Does {
    /// The same as ever.
    Works,
    /// It works, and `available` is null.
    NoAvailability,
    /// It works, and names the module as missing.
    MissingIt,
    /// It works, and says that the module is not ready.
    SaysSo,
    /// The order is recorded, and settles by itself.
    Pending,
    /// It is refused with this status and code.
    Refuses(u16, String),
}

/// How long a call takes at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Within {
    /// No time that anybody notices.
    AtOnce,
    /// That long.
    Time(Duration),
    /// The time that requests have.
    Deadline,
}

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/degradation.md");

impl Expected {
    /// The table below a heading of the document.
    pub(crate) fn read(heading: &str) -> Outcome<Self> {
        Self::parse(&std::fs::read_to_string(Path::new(DOCUMENT))?, heading)
    }

    fn parse(document: &str, heading: &str) -> Outcome<Self> {
        let title = format!("## {heading}");
        let below = document.lines().skip_while(|line| *line != title).skip(1);
        let section = below.take_while(|line| !line.starts_with("## "));
        let mut lines = section.filter_map(cells_of);
        let head = lines.next().ok_or_else(|| format!("no table below {title}"))?;
        let modules: Vec<_> = head.into_iter().skip(1).collect();
        let mut rows = Vec::new();
        for line in lines.skip(1) {
            let (call, texts) = line.split_first().ok_or("an empty row")?;
            if texts.len() != modules.len() {
                return Err(format!("{title}: {call} has {} cells", texts.len()).into());
            }
            let cells = texts.iter().map(|text| Cell::parse(text)).collect::<Outcome<_>>()?;
            rows.push((call.clone(), cells));
        }
        Ok(Self { modules, rows })
    }

    /// The calls that it has, in its order.
    pub(crate) fn calls(&self) -> Vec<&str> {
        self.rows.iter().map(|(call, _)| call.as_str()).collect()
    }

    /// What a call does while a module is in trouble.
    pub(crate) fn of(&self, call: &str, module: &str) -> Outcome<&Cell> {
        let row = self.rows.iter().find(|(known, _)| known == call);
        let column = self.modules.iter().position(|known| known == module);
        let found = row.zip(column).map(|((_, cells), column)| &cells[column]);
        found.ok_or_else(|| {
            format!("the table does not say what {call} does without {module}").into()
        })
    }
}

/// The cells of a row of a table, without their quotes.
fn cells_of(line: &str) -> Option<Vec<String>> {
    let inner = line.strip_prefix('|')?.trim_end().strip_suffix('|')?;
    Some(inner.split('|').map(|cell| cell.replace('`', "").trim().to_owned()).collect())
}

impl Cell {
    fn parse(text: &str) -> Outcome<Self> {
        let (does, within) = text.split_once(" in ").unwrap_or((text, ""));
        let within = match within.split_once(' ') {
            None if within.is_empty() => Within::AtOnce,
            None if within == "time" => Within::Deadline,
            Some((seconds, "s")) => Within::Time(Duration::from_secs_f64(seconds.parse()?)),
            _ => return Err(format!("no time: {text}").into()),
        };
        let does = match does {
            "works" => Does::Works,
            "no availability" => Does::NoAvailability,
            "missing it" => Does::MissingIt,
            "says so" => Does::SaysSo,
            "202 pending" => Does::Pending,
            refused => {
                let (status, code) =
                    refused.split_once(' ').ok_or_else(|| format!("what is {text}"))?;
                Does::Refuses(status.parse()?, code.to_owned())
            }
        };
        Ok(Self { does, within })
    }
}

impl Within {
    /// The same in a shop whose requests have so much time.
    pub(crate) fn at_most(self, deadline: Duration) -> Duration {
        match self {
            Self::AtOnce => Duration::ZERO,
            Self::Time(time) => time,
            Self::Deadline => deadline,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_says_what_a_call_does_and_how_long_that_takes() {
        let document = "## Up\n| c | m |\n|---|---|\n| `x` | works |\n## Down\n\n| call | `a` | `b` |\n|---|---|---|\n\
                        | `GET /x` | works | 503 `unavailable` in 1.5 s |\n| `GET /y` | 202 pending in time | says so |\n";
        let table = Expected::parse(document, "Down").unwrap();

        assert_eq!(table.calls(), ["GET /x", "GET /y"]);
        let cell = |call, module| {
            let cell = table.of(call, module).unwrap().clone();
            (cell.does, cell.within)
        };
        assert_eq!(cell("GET /x", "a"), (Does::Works, Within::AtOnce));
        let refused = Does::Refuses(503, "unavailable".to_owned());
        assert_eq!(cell("GET /x", "b"), (refused, Within::Time(Duration::from_millis(1_500))));
        assert_eq!(cell("GET /y", "a"), (Does::Pending, Within::Deadline));
        assert_eq!(cell("GET /y", "b"), (Does::SaysSo, Within::AtOnce));
        assert!(table.of("GET /z", "a").is_err() && table.of("GET /x", "c").is_err());
    }

    #[test]
    fn a_word_that_means_nothing_is_no_cell() {
        for text in ["", "perhaps", "works in 3 h", "5x3 gone"] {
            assert!(Cell::parse(text).is_err(), "{text}");
        }
    }
}
