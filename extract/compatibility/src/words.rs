use std::fmt;

use kernel::{Failure, FailureKind};

/// Something that one side may say and the other can't read, or relies on in vain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breaking {
    /// Where: the method and the field, `reserve: request.lines[].sku`.
    pub place: String,
    /// What is wrong there.
    pub problem: String,
    /// For whom.
    pub whom: String,
}

impl fmt::Display for Breaking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: this breaks {}", self.place, self.problem, self.whom)
    }
}

/// How a later document differs from an earlier one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// What needs a new version.
    pub breaking: Vec<Breaking>,
    /// What does not, in words.
    pub additions: Vec<String>,
}

impl Changes {
    /// Notes something that breaks. A place is named once: what is wrong in the other direction follows from it.
    pub(crate) fn breaks(&mut self, place: &str, problem: impl Into<String>, whom: &str) {
        if self.breaking.iter().all(|known| known.place != place) {
            let (place, problem, whom) = (place.to_owned(), problem.into(), whom.to_owned());
            self.breaking.push(Breaking { place, problem, whom });
        }
    }

    /// Notes something that does not.
    pub(crate) fn adds(&mut self, place: &str, what: &str) {
        self.additions.push(format!("{place} {what}"));
    }
}

/// How a process gets along with a peer that serves a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Met {
    /// Both know the same contract.
    Same,
    /// They differ, in words, and all that both know works.
    Compatible(Vec<String>),
    /// Some calls or answers could not be read.
    Incompatible(Vec<Breaking>),
}

impl Met {
    /// What calls to the peer come to if it is incompatible. It names the fields.
    pub fn failure(&self, address: &str) -> Option<Failure> {
        let Self::Incompatible(breaking) = self else { return None };
        let told: Vec<String> = breaking.iter().map(Breaking::to_string).collect();
        let cause = format!("the peer serves another {address}: {}", told.join("; "));
        Some(Failure::new(FailureKind::Mismatch).because(cause).not_executed())
    }
}
