use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why the settings can't be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file can't be read.
    #[error("can't read the settings file {}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is not TOML.
    #[error("{} is not TOML: {reason}", path.display())]
    Malformed {
        /// Which.
        path: PathBuf,
        /// Why, and on which line.
        reason: String,
    },
    /// Settings that do not exist or make no sense, all of them.
    #[error("{}", lines(.0))]
    Wrong(Vec<WrongSetting>),
}

impl SettingsError {
    /// One setting that makes no sense.
    pub fn wrong(key: impl Into<String>, problem: impl Into<String>) -> Self {
        let (key, problem) = (key.into(), problem.into());
        Self::Wrong(vec![WrongSetting { key, place: None, problem }])
    }
}

/// A setting that does not exist or makes no sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongSetting {
    /// Its dotted name.
    pub key: String,
    /// Where it stands: a file, or a variable of the environment.
    pub place: Option<String>,
    /// What is wrong with it. Never the value of a secret.
    pub problem: String,
}

impl fmt::Display for WrongSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "setting {}", self.key)?;
        if let Some(place) = &self.place {
            write!(f, " ({place})")?;
        }
        write!(f, ": {}", self.problem)
    }
}

fn lines(wrong: &[WrongSetting]) -> String {
    wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
