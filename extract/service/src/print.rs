//! What commands say. Standard output is for what was asked, standard error for everything else.

use std::error::Error;
use std::io::{self, Write as _};

/// Writes a line to the standard output.
pub fn line(text: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    writeln!(output, "{text}")?;
    output.flush()
}

/// Writes a line to the standard error. If that is closed there is nobody to tell.
pub fn complaint(text: &str) {
    let _closed = writeln!(io::stderr().lock(), "{text}");
}

/// An error with all its causes.
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let words = error.to_string();
        // Some errors repeat their cause in their own words.
        if !text.contains(&words) {
            text.push_str(": ");
            text.push_str(&words);
        }
        cause = error.source();
    }
    text
}
