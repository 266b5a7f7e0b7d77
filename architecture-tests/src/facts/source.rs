use std::collections::{BTreeMap, HashSet};

use proc_macro2::LexError;

use super::Script;
use super::walk::Walk;
use crate::Unread;

/// What a source file says, by its tokens, those inside macro bodies included.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// The file, from the root.
    pub path: String,
    /// How many lines it has.
    pub lines: usize,
    /// Every path of two or more segments, and every use, as it is called outside this file.
    pub paths: Vec<Named>,
    /// Every identifier.
    pub words: HashSet<String>,
    /// The text of every string outside tests; those of one `concat!` are one.
    pub strings: Vec<Text>,
    /// What those strings name as SQL, each with its line; those that name nothing are left out.
    pub statements: Vec<(usize, Script)>,
    /// Every `cfg` of a feature.
    pub gates: Vec<Text>,
    /// Every file that is taken in: `#[path]`, `include!`, `include_str!`, `include_bytes!`.
    pub taken_in: Vec<Text>,
    /// Every function with a body.
    pub functions: Vec<Function>,
    /// The traits that it implements, each with its first line.
    pub implements: BTreeMap<String, usize>,
    /// Where it has state of the process: `static`, `thread_local!`.
    pub statics: Vec<Text>,
    /// What its entities say of their tables: `table_name`, `schema_name`.
    pub entities: Vec<(String, Text)>,
    /// Where it waits: `async` and `await`.
    pub waits: Vec<usize>,
    /// The modules whose files it declares.
    pub modules: Vec<String>,
    /// Those of them that are compiled for tests alone.
    pub test_modules: Vec<String>,
    /// The first line that is no `mod` and no `use`.
    pub other_than_modules: Option<usize>,
}

/// A path that is written somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The segments, with `::` between.
    pub path: String,
    /// Where.
    pub line: usize,
    /// For what.
    pub how: How,
    /// Whether tests alone see it.
    pub in_test: bool,
}

/// What a path is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// `use`
    Use,
    /// `pub use`, or `pub type … =`
    Export,
    /// A value that is made of fields: `Path { … }`.
    Make,
    /// Anything else.
    Mention,
}

/// Something written in a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// What.
    pub text: String,
    /// Where.
    pub line: usize,
    /// The macro around it, if there is one.
    pub within: String,
}

/// A function with a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// Where it begins.
    pub line: usize,
    /// How many lines its body has.
    pub lines: usize,
}

impl Source {
    /// Reads one.
    pub fn read(path: &str, text: &str) -> Result<Self, Unread> {
        let tokens = without_shebang(text).parse().map_err(|error: LexError| {
            Unread::new(path, error.span().start().line, "no Rust that can be taken apart")
        })?;
        let mut walk = Walk::default();
        walk.read(tokens);
        let mut source = walk.done();
        path.clone_into(&mut source.path);
        source.lines = text.lines().count();
        let statements = source.strings.iter().filter(|text| text.text.contains([' ', '.']));
        let statements = statements.map(|text| (text.line, Script::fragment(&text.text)));
        source.statements = statements.filter(|(_, script)| !script.mentions.is_empty()).collect();
        // Else every file that was ever read is kept for its spans.
        proc_macro2::extra::invalidate_current_thread_spans();
        Ok(source)
    }
}

/// The text behind a line such as `#!/usr/bin/env run`, which is no Rust; `#![…]` is.
fn without_shebang(text: &str) -> &str {
    let is_shebang = text.starts_with("#!") && !text[2..].trim_start().starts_with('[');
    let end = text.find('\n').unwrap_or(text.len());
    if is_shebang { &text[end..] } else { text }
}

impl Source {
    /// Whether any of its paths can go through these segments.
    pub fn knows(&self, segments: &str) -> bool {
        let last = segments.rfind(':').map_or(segments, |end| &segments[end + 1..]);
        self.words.contains(last)
    }
}

impl Named {
    /// The crate or module that it begins with.
    pub fn first(&self) -> &str {
        self.path.find(':').map_or(self.path.as_str(), |end| &self.path[..end])
    }

    /// Whether it goes through these segments: one alone must come first, several may come anywhere.
    pub fn goes_through(&self, segments: &str) -> bool {
        if !segments.contains("::") {
            return self.first() == segments;
        }
        if segments.len() > self.path.len() {
            return false; // most are too short, and looking costs more than asking
        }
        let is_end = |rest: &str| rest.is_empty() || rest.starts_with("::");
        let is_start = |before: &str| before.is_empty() || before.ends_with("::");
        let mut places = self.path.match_indices(segments);
        places
            .any(|(at, found)| is_start(&self.path[..at]) && is_end(&self.path[at + found.len()..]))
    }
}
