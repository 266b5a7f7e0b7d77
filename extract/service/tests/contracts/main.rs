//! Every business contract keeps its promises wherever its module runs: a trial for each sentence on each way to it.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod fakes;
mod house;
mod shop;
mod trials;
mod ways;

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::Arguments;

fn main() -> ExitCode {
    let houses = Arc::new(ways::Houses::default());
    let conclusion = libtest_mimic::run(&Arguments::from_args(), trials::all(&houses));
    conclusion.exit_code()
}
