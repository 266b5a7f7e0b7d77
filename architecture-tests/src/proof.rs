use crate::edit::Edit;
use crate::facts::Workspace;
use crate::finding::Finding;
use crate::rule::Rule;
use crate::threads::side_by_side;

/// A way to break a rule, and its near-miss twin.
#[derive(Debug, Clone)]
pub struct Proof {
    /// What it does, for people.
    pub does: &'static str,
    /// What breaks the rule.
    pub breaks: Edit,
    /// The file that the rule must name, and what stands in the line that it must name.
    pub at: (String, String),
    /// The other rules that may see it too.
    pub also: &'static [&'static str],
    /// What is as close to a breach as can be, and is none.
    pub spares: Edit,
}

/// What came of all proofs.
#[derive(Debug, Default)]
pub struct Proven {
    /// How many were run.
    pub proofs: usize,
    /// The rules that did not prove that they bite.
    pub findings: Vec<Finding>,
}

/// Runs the proofs of all rules, each on a copy of the workspace in memory.
pub fn prove(workspace: &Workspace, rules: &[Rule]) -> Proven {
    let mut proven = Proven::default();
    let active: Vec<Rule> =
        rules.iter().filter(|rule| workspace.plan.is_off(rule.id).is_none()).copied().collect();
    let before = all(workspace, &active);
    let proofs: Vec<(Rule, Proof)> = active
        .iter()
        .flat_map(|rule| (rule.proofs)(workspace).into_iter().map(move |proof| (*rule, proof)))
        .collect();
    for rule in &active {
        if !proofs.iter().any(|(proven, _)| proven.id == rule.id) {
            proven.findings.push(unproven(rule, "it has no proof here"));
        }
    }
    let one = |(rule, proof): &(Rule, Proof)| {
        let seeing: Vec<Rule> = active
            .iter()
            .filter(|other| !other.is_derived || other.id == rule.id)
            .copied()
            .collect();
        let refuted = run(workspace, &seeing, &before, rule, proof).err()?;
        Some(unproven(rule, &format!("`{}`: {refuted}", proof.does)))
    };
    proven.proofs = proofs.len();
    proven.findings.extend(side_by_side(&proofs, one).into_iter().flatten());
    proven
}

fn run(
    workspace: &Workspace,
    rules: &[Rule],
    before: &[Finding],
    rule: &Rule,
    proof: &Proof,
) -> Result<(), String> {
    let (seen, broken) = after(workspace, rules, before, &proof.breaks)?;
    let hit =
        seen.iter().any(|finding| finding.rule == rule.id && is_at(finding, &proof.at, &broken));
    if !hit {
        return Err(format!(
            "it is not seen at {} `{}`; seen: {}",
            proof.at.0,
            proof.at.1,
            told(&seen)
        ));
    }
    let expected =
        |finding: &&Finding| finding.rule == rule.id || proof.also.contains(&finding.rule);
    if let Some(other) = seen.iter().find(|finding| !expected(finding)) {
        return Err(format!("{} sees it too: {}", other.rule, told(std::slice::from_ref(other))));
    }
    let (seen, _) = after(workspace, rules, before, &proof.spares)?;
    if seen.is_empty() { Ok(()) } else { Err(format!("its near miss is seen: {}", told(&seen))) }
}

/// What is found after an edit and was not before.
fn after(
    workspace: &Workspace,
    rules: &[Rule],
    before: &[Finding],
    edit: &Edit,
) -> Result<(Vec<Finding>, Workspace), String> {
    let edited = edit.applied(workspace)?;
    if let Some(unread) = edited.unread.first() {
        return Err(format!("what it writes can't be read: {unread}"));
    }
    let is_new = |finding: &Finding| {
        !before.iter().any(|old| {
            (old.rule, &old.path, &old.what) == (finding.rule, &finding.path, &finding.what)
        })
    };
    let seen = all(&edited, rules).into_iter().filter(is_new).collect();
    Ok((seen, edited))
}

fn all(workspace: &Workspace, rules: &[Rule]) -> Vec<Finding> {
    rules.iter().flat_map(|rule| rule.findings(workspace)).collect()
}

fn is_at(finding: &Finding, at: &(String, String), workspace: &Workspace) -> bool {
    let line = workspace
        .tree
        .text(&finding.path)
        .and_then(|text| text.lines().nth(finding.line.checked_sub(1)?));
    finding.path == at.0 && line.is_none_or(|line| line.contains(&at.1))
}

fn told(findings: &[Finding]) -> String {
    let one = |finding: &Finding| {
        format!("{} at {}:{}, {}", finding.rule, finding.path, finding.line, finding.what)
    };
    if findings.is_empty() {
        "nothing".to_owned()
    } else {
        findings.iter().map(one).collect::<Vec<_>>().join("; ")
    }
}

fn unproven(rule: &Rule, why: &str) -> Finding {
    Finding {
        rule: "M03",
        path: crate::plan::PLAN.to_owned(),
        line: 1,
        what: format!("{} ({}) is not proven to bite: {why}", rule.id, rule.name),
        item: rule.id.to_owned(),
        fix: "mend the rule or its proof; a rule that was never seen red is not known to work"
            .to_owned(),
        also: Vec::new(),
    }
}
