//! The command: `cargo run -p architecture-tests -- check`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "it prints")]

mod cli;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let arguments = cli::Arguments::parse();
    cli::run(&arguments).unwrap_or_else(|error| {
        eprintln!("error: {error}");
        ExitCode::from(2)
    })
}
