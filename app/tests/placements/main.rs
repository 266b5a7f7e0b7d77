//! The purchase suite over placements of separate processes: the short suite over a few, or with `GALLERIA_MATRIX` set, over
//! all there are, written into `docs/placements.md`.

mod instances;
mod record;
mod trials;

use std::path::PathBuf;
use std::process::ExitCode;

use e2e::Binaries;
use libtest_mimic::Arguments;

fn main() -> ExitCode {
    let all = std::env::var_os("GALLERIA_MATRIX").is_some();
    let arguments = Arguments::from_args();
    let record = record::Record::new(all && !arguments.list);
    let mut trials = trials::of_placements(&trials::placements(all), &record);
    trials.extend(instances::trials(all, &record));
    let conclusion = libtest_mimic::run(&arguments, trials);
    if let Err(error) = record.write() {
        eprintln!("the page of results can't be written: {error}");
        return ExitCode::FAILURE;
    }
    conclusion.exit_code()
}

fn binaries() -> Binaries {
    Binaries {
        galleria: PathBuf::from(env!("CARGO_BIN_EXE_galleria")),
        faults: PathBuf::from(env!("CARGO_BIN_EXE_galleria-faults")),
    }
}
