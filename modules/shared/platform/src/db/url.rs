use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use kernel::Invalid;

/// Where the data lies: `sqlite://<directory>` or `postgres://…`. Its password is never printed.
#[derive(Clone, PartialEq, Eq)]
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

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(directory) => write!(f, "sqlite://{}", directory.display()),
            Self::Postgres(_) => f.write_str("postgres://…"),
        }
    }
}
