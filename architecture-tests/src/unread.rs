use std::fmt::Display;

/// Something that could not be read, and so was not checked. It is never a pass.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}{}: {why}", at(*line))]
pub struct Unread {
    /// Which file, from the root.
    pub path: String,
    /// Where in it; 0 where that is unknown.
    pub line: usize,
    /// What is wrong with it.
    pub why: String,
}

impl Unread {
    /// Tells why a file was not read.
    pub fn new(path: &str, line: usize, why: impl Display) -> Self {
        Self { path: path.to_owned(), line, why: why.to_string() }
    }
}

fn at(line: usize) -> String {
    if line == 0 { String::new() } else { format!(":{line}") }
}

/// The line of a byte offset, from 1.
pub(crate) fn line_at(text: &str, offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or(text);
    before.bytes().filter(|byte| *byte == b'\n').count() + 1
}
