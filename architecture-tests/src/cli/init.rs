use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use architecture_tests::init::{Begun, Preset, begin};
use architecture_tests::plan::PLAN;
use architecture_tests::{BASELINE, Tree, written};

use super::arguments::Init;

/// Writes a first plan and its baseline. What is there already stays, unless it is told otherwise.
pub(super) fn init(root: &Path, wished: &Init) -> Result<ExitCode, Box<dyn Error>> {
    let there = [PLAN, BASELINE].into_iter().find(|file| root.join(file).exists());
    if let Some(file) = there.filter(|_| !wished.force) {
        return Err(format!("there is an {file} already; `--force` writes it anew").into());
    }
    let preset = wished.preset.map(Preset::from);
    let begun = begin(Tree::read(root)?, preset, super::today())?;
    std::fs::write(root.join(PLAN), &begun.plan)?;
    let baseline = root.join(BASELINE);
    if !begun.accepted.is_empty() {
        std::fs::write(baseline, written(&begun.accepted)?)?;
    } else if baseline.exists() {
        std::fs::remove_file(baseline)?;
    }
    print!("{}", told(&begun));
    Ok(ExitCode::SUCCESS)
}

fn told(begun: &Begun) -> String {
    let Begun { preset, why, accepted, off, crates, .. } = begun;
    let mut told = format!("{PLAN}: {crates} crates, preset {preset}, for {why}\n");
    if !accepted.is_empty() {
        let _ = writeln!(told, "{BASELINE}: {} breaches that are there already", accepted.len());
    }
    for (rule, why) in off {
        let _ = writeln!(told, "off: {rule} ({why})");
    }
    told.push_str("next: read the plan, give things better names, and run `check`\n");
    told
}
