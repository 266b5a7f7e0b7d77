//! What commands say. Standard output is for what was asked, standard error for everything else.

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
