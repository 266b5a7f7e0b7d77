//! Fault points that bite. The binary `galleria-faults` is the same shop with these installed.
//!
//! `GALLERIA_FAULT_ABORT=<point>[:n]` ends the process, without another word, when it reaches the point for the n-th time.
//! `GALLERIA_FAULT_LOG=<file>` gets the name of every point that is reached, a line each.

use std::env;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};

use platform::fault;

use galleria_service::print;

use crate::cli;

/// Every point there is, a line each. A test compares this list with the sources.
const POINTS: &str = include_str!("fault-points.txt");

/// Runs the command that this process was given, with fault points that bite; `fault-points` lists them.
pub fn main() -> ExitCode {
    if env::args_os().nth(1).is_some_and(|argument| argument == "fault-points") {
        let printed = print::line(POINTS.trim_end());
        return if printed.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    match install() {
        Ok(()) => cli::main(),
        Err(problem) => {
            print::complaint(&format!("galleria-faults: {problem}"));
            ExitCode::from(2)
        }
    }
}

fn install() -> Result<(), String> {
    let log = log().map_err(|error| format!("GALLERIA_FAULT_LOG: {error}"))?;
    let abort = env::var("GALLERIA_FAULT_ABORT").ok().map(|text| parse(&text)).transpose()?;
    let times = AtomicU64::new(0);
    fault::watch(move |point| {
        if let Some(log) = &log {
            // One write, so that lines of several threads do not mix.
            let _unwritten = (&*log).write_all(format!("{point}\n").as_bytes());
        }
        if let Some((at, after)) = &abort
            && at == point
            && times.fetch_add(1, Ordering::SeqCst) + 1 == *after
        {
            std::process::abort();
        }
    });
    Ok(())
}

fn log() -> io::Result<Option<File>> {
    let Some(path) = env::var_os("GALLERIA_FAULT_LOG") else { return Ok(None) };
    OpenOptions::new().create(true).append(true).open(path).map(Some)
}

/// `<point>[:n]`, where the point is one that there is.
fn parse(text: &str) -> Result<(String, u64), String> {
    let (point, times) = text.split_once(':').unwrap_or((text, "1"));
    let times = times.parse().map_err(|_| format!("GALLERIA_FAULT_ABORT: {times} is no number"))?;
    if !POINTS.lines().any(|known| known == point) {
        return Err(format!("GALLERIA_FAULT_ABORT: there is no point {point}"));
    }
    Ok((point.to_owned(), times))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_point_of_the_sources_is_listed() {
        let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../modules");
        let mut found = BTreeSet::new();

        collect(&modules, &mut found);

        assert!(found.len() > 10, "{found:?}");
        assert_eq!(
            POINTS.lines().map(str::to_owned).collect::<BTreeSet<_>>(),
            found,
            "app/src/fault-points.txt is not what the sources reach"
        );
    }

    fn collect(directory: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                // Tests reach points of their own.
                if !path.ends_with("tests") {
                    collect(&path, found);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                for named in ["reach(\"", "before: \"", "after: \""] {
                    let rests = text.split(named).skip(1);
                    found.extend(
                        rests
                            .filter_map(|rest| Some(rest.split_once('"')?.0))
                            .filter(|name| name.contains('.'))
                            .map(str::to_owned),
                    );
                }
            }
        }
    }
}
