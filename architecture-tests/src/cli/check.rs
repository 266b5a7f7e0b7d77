use std::error::Error;
use std::process::ExitCode;

use architecture_tests::facts::Workspace;
use architecture_tests::jiff::Timestamp;
use architecture_tests::jiff::civil::Date;
use architecture_tests::jiff::tz::TimeZone;
use architecture_tests::{Baseline, check as checked, rules, tell};

use super::arguments::Format;

pub(super) fn check(
    workspace: &Workspace,
    with_proofs: bool,
    format: Format,
) -> Result<ExitCode, Box<dyn Error>> {
    let rules = rules::all();
    let mut outcome = checked(workspace, &rules, with_proofs);
    match Baseline::of(workspace) {
        Ok(baseline) => baseline.apply(&mut outcome, today()),
        Err(unread) => outcome.unread.push(unread),
    }
    match format {
        Format::Text => print!("{}", tell::text(workspace, &rules, &outcome)),
        Format::Json => {
            println!("{}", serde_json::to_string_pretty(&tell::json(&rules, &outcome))?);
        }
        Format::Sarif => {
            println!("{}", serde_json::to_string_pretty(&tell::sarif(&rules, &outcome))?);
        }
        Format::Github => print!("{}", tell::annotations(&rules, &outcome)),
    }
    Ok(ExitCode::from(outcome.code()))
}

pub(super) fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}
