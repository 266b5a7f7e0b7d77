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
    /// The files that put each contract's suite to the test, as `<context>::SUITE`.
    #[serde(default)]
    pub suites: Vec<Spanned<String>>,
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

/// How large things may be; what is left out is not held.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// The lines of a file.
    pub file_lines: Option<usize>,
    /// The lines of a function's body.
    pub function_lines: Option<usize>,
    /// The folders between `src` and a file.
    pub folders: Option<usize>,
    /// The contexts that a context calls.
    pub calls: Option<usize>,
}

/// What is asked of proofs.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proofs {
    /// Whether each rule that is held must prove itself on this workspace. Else those do that can, and the rest are told.
    #[serde(default)]
    pub all: bool,
}
