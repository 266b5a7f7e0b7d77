//! The shop in one binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    galleria::cli::main()
}
