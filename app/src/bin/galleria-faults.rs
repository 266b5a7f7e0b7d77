//! The shop, with fault points that bite: for tests alone.

use std::process::ExitCode;

fn main() -> ExitCode {
    galleria::faults::main()
}
