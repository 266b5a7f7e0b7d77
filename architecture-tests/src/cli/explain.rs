use std::process::ExitCode;

use architecture_tests::facts::Workspace;
use architecture_tests::{rules, tell};

pub(super) fn explain(workspace: &Workspace, id: Option<&str>) -> ExitCode {
    let rules = rules::all();
    let Some(id) = id else {
        for rule in &rules {
            println!("{} {}: {}", rule.id, rule.name, rule.why);
        }
        return ExitCode::SUCCESS;
    };
    if let Some(rule) = rules.iter().find(|rule| rule.id.eq_ignore_ascii_case(id)) {
        print!("{}", tell::explained(workspace, rule));
    } else if let Some((id, held)) =
        rules::META.iter().find(|(known, _)| known.eq_ignore_ascii_case(id))
    {
        println!("{id}\n\n{held}");
    } else {
        eprintln!("error: there is no rule {id}; `explain` alone lists them");
        return ExitCode::from(2);
    }
    ExitCode::SUCCESS
}
