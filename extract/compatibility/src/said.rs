//! What becomes of a message from one version to the next, in both directions.

use serde_json::Value;

use crate::reading::{Finding, Found, read};
use crate::words::Changes;

/// Who writes a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writer {
    /// Callers write requests, servers read them.
    Caller,
    /// Servers write answers and refusals, callers read them.
    Server,
    /// Producers write events, subscribers read them.
    Producer,
}

const EARLIER_CALLERS: &str = "callers of the committed version";
const LATER_CALLERS: &str = "callers of the new version at servers of the committed one";
const EARLIER_SUBSCRIBERS: &str = "subscribers of the committed version";
const LATER_SUBSCRIBERS: &str = "subscribers of the new version, to whom older events are told";

impl Writer {
    /// For whom it is bad if the new version can't read what the committed one writes.
    fn hurt_by_new_reader(self) -> &'static str {
        match self {
            Self::Caller => EARLIER_CALLERS,
            Self::Server => LATER_CALLERS,
            Self::Producer => LATER_SUBSCRIBERS,
        }
    }

    /// For whom it is bad if the committed version can't read what the new one writes.
    fn hurt_by_new_writer(self) -> &'static str {
        match self {
            Self::Caller => LATER_CALLERS,
            Self::Server => EARLIER_CALLERS,
            Self::Producer => EARLIER_SUBSCRIBERS,
        }
    }

    /// Who notices that a field is gone, and how.
    fn hurt_by_loss(self) -> (&'static str, &'static str) {
        match self {
            Self::Caller => ("is no longer read", EARLIER_CALLERS),
            Self::Server => ("is no longer sent", EARLIER_CALLERS),
            Self::Producer => ("is no longer sent", EARLIER_SUBSCRIBERS),
        }
    }
}

/// Compares the committed and the new form of a message. `place` is where it stands: `reserve: request`.
pub(crate) fn compare(
    changes: &mut Changes,
    place: &str,
    (committed, new): (&Value, &Value),
    writer: Writer,
) {
    let (forth, back) = (read(place, committed, new), read(place, new, committed));
    // Whoever runs already is told of first.
    if writer == Writer::Caller {
        unreadable(changes, &forth, writer.hurt_by_new_reader());
        unreadable(changes, &back, writer.hurt_by_new_writer());
    } else {
        unreadable(changes, &back, writer.hurt_by_new_writer());
        unreadable(changes, &forth, writer.hurt_by_new_reader());
    }
    lost(changes, &forth, writer);
    gained(changes, &back);
}

fn unreadable(changes: &mut Changes, found: &[Found], whom: &str) {
    for Found { field, finding } in found {
        if let Finding::Unreadable(problem) = finding {
            changes.breaks(field, problem.as_str(), whom);
        }
    }
}

fn lost(changes: &mut Changes, found: &[Found], writer: Writer) {
    for Found { field, finding } in found {
        match finding {
            Finding::Ignored => {
                let (problem, whom) = writer.hurt_by_loss();
                changes.breaks(field, problem, whom);
            }
            Finding::Closed => {
                let problem = "takes listed values alone from now on";
                changes.breaks(field, problem, writer.hurt_by_new_reader());
            }
            Finding::Unreadable(_) => {}
        }
    }
}

fn gained(changes: &mut Changes, found: &[Found]) {
    for Found { field, finding } in found {
        match finding {
            Finding::Ignored => changes.adds(field, "is new"),
            Finding::Closed => changes.adds(field, "takes values of later versions from now on"),
            Finding::Unreadable(_) => {}
        }
    }
}
