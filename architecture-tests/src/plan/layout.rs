use serde::Deserialize;
use toml::Spanned;

/// What is where, from the root; what is left out is not there.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// The migrations of each context: `migrations/<context>/*.sql`, where `<context>` is a schema.
    pub migrations: Option<String>,
    /// The migrations that every schema begins with.
    pub shared_migrations: Option<String>,
    /// The tables that a context needs to tell and hear events.
    #[serde(default)]
    pub event_tables: Vec<Spanned<String>>,
    /// The folder of the committed documents of contracts.
    pub documents: Option<String>,
    /// The files with `cfg(feature)`, which alone know implementations.
    #[serde(default)]
    pub wiring: Vec<Spanned<String>>,
    /// The files that name every contract.
    #[serde(default)]
    pub lists: Vec<Spanned<String>>,
    /// The file that lists who calls whom for the wiring.
    pub neighbourhood: Option<String>,
    /// The files that may take in files of other folders.
    #[serde(default)]
    pub takes_in: Vec<Spanned<String>>,
    /// The folder of generated pictures, and of a page for each context.
    pub pictures: Option<String>,
    /// The pages that show the picture between two marks.
    #[serde(default)]
    pub shows: Vec<Spanned<String>>,
    /// The page whose code map and tests are held to the code.
    pub page: Option<String>,
}

/// How large things may be.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// The lines of a file.
    pub file_lines: usize,
    /// The lines of a function's body.
    pub function_lines: usize,
    /// The folders between `src` and a file.
    pub folders: usize,
    /// The contexts that a context calls.
    pub calls: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file_lines: 400, function_lines: 60, folders: 2, calls: usize::MAX }
    }
}
