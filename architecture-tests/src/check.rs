use crate::Unread;
use crate::facts::Workspace;
use crate::finding::Finding;
use crate::plan::{Exception, PLAN, Pattern};
use crate::proof::prove;
use crate::rule::Rule;

/// What a check came to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What breaks a rule, and is not excepted.
    pub findings: Vec<Finding>,
    /// What could not be read, and so was not checked.
    pub unread: Vec<Unread>,
    /// The rules that were held.
    pub rules: usize,
    /// The rules that were not, each with why.
    pub left_out: Vec<(&'static str, String)>,
    /// The proofs that were run.
    pub proofs: usize,
    /// The rules that could not prove themselves here, where the plan does not ask for it.
    pub unproven: Vec<&'static str>,
    /// The breaches that the baseline has.
    pub accepted: usize,
}

impl Outcome {
    /// What a process ends with: 0 where all holds, 1 where a rule is broken, 2 where something could not be read.
    pub fn code(&self) -> u8 {
        match (self.unread.is_empty(), self.findings.is_empty()) {
            (false, _) => 2,
            (true, false) => 1,
            (true, true) => 0,
        }
    }
}

/// Holds a workspace to rules, and proves the rules where that is wished.
pub fn check(workspace: &Workspace, rules: &[Rule], with_proofs: bool) -> Outcome {
    let mut outcome = Outcome { unread: workspace.unread.clone(), ..Outcome::default() };
    if !outcome.unread.is_empty() {
        return outcome;
    }
    let mut found = Vec::new();
    for rule in rules {
        if let Some(why) = why_not(workspace, rule) {
            outcome.left_out.push((rule.id, why));
            continue;
        }
        outcome.rules += 1;
        found.extend(rule.findings(workspace));
    }
    outcome.findings = excepted(workspace, rules, found);
    outcome.findings.extend(unknown_ids(workspace));
    if with_proofs {
        let proven = prove(workspace, rules);
        outcome.proofs = proven.proofs;
        if workspace.plan.proofs.all {
            outcome.findings.extend(proven.findings);
        } else {
            outcome.unproven = proven.rules();
        }
    }
    outcome
}

fn why_not(workspace: &Workspace, rule: &Rule) -> Option<String> {
    let needs_database = rule.id.starts_with('R') && workspace.catalogue.is_none();
    let off = workspace.plan.is_off(rule.id).map(str::to_owned);
    let missing = rule.needs.missing(&workspace.plan).map(|what| format!("{PLAN} has {what}"));
    off.or(missing).or_else(|| needs_database.then(|| "not run: no database was asked".to_owned()))
}

/// Leaves out what the plan excepts; an exception that excepts nothing is found instead.
fn excepted(workspace: &Workspace, rules: &[Rule], found: Vec<Finding>) -> Vec<Finding> {
    let is_held = |except: &&Exception| rules.iter().any(|rule| rule.id == except.rule.get_ref());
    let exceptions: Vec<&Exception> = workspace.plan.except.iter().filter(is_held).collect();
    let mut used = vec![false; exceptions.len()];
    let mut left: Vec<Finding> = Vec::new();
    for finding in found {
        let meant = exceptions.iter().position(|except| {
            except.rule.get_ref() == finding.rule
                && except.item == finding.item
                && Pattern::new(&except.at).matches(&finding.path)
        });
        match meant {
            Some(meant) => used[meant] = true,
            None => left.push(finding),
        }
    }
    let unused = exceptions.iter().zip(used).filter(|(_, used)| !used).map(|(except, _)| {
        let (line, rule) = (workspace.plan.line(&except.rule), except.rule.get_ref());
        told(
            "G04",
            line,
            format!(
                "the exception of {rule} for `{}` in {} excepts nothing",
                except.item, except.at
            ),
        )
    });
    left.extend(unused);
    left
}

fn unknown_ids(workspace: &Workspace) -> Vec<Finding> {
    let rules = crate::rules::all();
    let known = |id: &str| rules.iter().any(|rule| rule.id == id);
    let off = workspace.plan.off.keys();
    let said = off.chain(workspace.plan.except.iter().map(|except| &except.rule));
    let unknown = said.filter(|id| !known(id.get_ref()));
    unknown
        .map(|id| {
            told("G04", workspace.plan.line(id), format!("there is no rule {}", id.get_ref()))
        })
        .collect()
}

fn told(rule: &'static str, line: usize, what: String) -> Finding {
    let fix =
        "delete these lines; what is permitted and not used lets it come back unseen".to_owned();
    Finding { rule, path: PLAN.to_owned(), line, item: what.clone(), what, fix, also: Vec::new() }
}
