use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use kernel::Invalid;
use serde::{Deserialize, Serialize, Serializer};

/// Where the data lies: `sqlite://<directory>` or `postgres://…`. Its password is never printed, nor written.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum DatabaseUrl {
    /// A directory with a file a module.
    Sqlite(PathBuf),
    /// A server with a schema a module.
    Postgres(String),
}

impl FromStr for DatabaseUrl {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        if let Some(directory) =
            text.strip_prefix("sqlite://").filter(|directory| !directory.is_empty())
        {
            return Ok(Self::Sqlite(directory.into()));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        Err(Invalid::new("must be sqlite://<directory> or postgres://…"))
    }
}

impl TryFrom<String> for DatabaseUrl {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl Serialize for DatabaseUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{self:?}"))
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(directory) => write!(f, "sqlite://{}", directory.display()),
            Self::Postgres(_) => f.write_str("postgres://…"),
        }
    }
}
