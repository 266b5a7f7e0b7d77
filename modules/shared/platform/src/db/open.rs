use std::path::PathBuf;

/// Why a module's database can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The directory can't be made or locked.
    #[error("the data directory {} can't be used", path.display())]
    Directory {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Another process works on the directory.
    #[error("the data directory {} is in use by another galleria; a SQLite directory serves one process", path.display())]
    InUse {
        /// Which.
        path: PathBuf,
    },
    /// The server can't be reached or refuses.
    #[error("can't reach the database of {module}")]
    Unreachable {
        /// Whose database.
        module: String,
        /// Why.
        source: sqlx::Error,
    },
    /// The server refuses to make roles or schemas; an administrator must.
    #[error(
        "the database user may not prepare the schema of {module}; an administrator must run:\n\n{sql}"
    )]
    NotAllowed {
        /// Whose schema.
        module: String,
        /// What to run.
        sql: String,
        /// Why.
        source: sqlx::Error,
    },
    /// A migration failed and was rolled back.
    #[error("migration {migration} of {module} failed")]
    Migration {
        /// Of which module.
        module: String,
        /// Which.
        migration: String,
        /// Why.
        source: kernel::Failure,
    },
}
