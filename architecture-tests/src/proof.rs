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

impl Proven {
    /// The rules that did not prove that they bite, each once.
    pub fn rules(&self) -> Vec<&'static str> {
        let rules = crate::rules::all();
        let unproven = rules.iter().map(|rule| rule.id);
        unproven.filter(|id| self.findings.iter().any(|finding| finding.item == *id)).collect()
    }
}

/// Runs the proofs of all rules, each on a copy of the workspace in memory.
pub fn prove(workspace: &Workspace, rules: &[Rule]) -> Proven {
    let is_on = |rule: &&Rule| {
        let plan = &workspace.plan;
        plan.is_off(rule.id).is_none() && rule.needs.missing(plan).is_none()
    };
    let active: Vec<Rule> = rules.iter().filter(is_on).copied().collect();
    let proving = Proving { workspace, before: all(workspace, &active), active };
    let mut jobs: Vec<(Rule, Proof, bool)> = Vec::new();
    let mut proven = Proven::default();
    for rule in &proving.active {
        let proofs = (rule.proofs)(workspace);
        if proofs.is_empty() {
            proven.findings.push(unproven(rule, "it has no proof here"));
        }
        for proof in proofs {
            let known = |(other, earlier, _): &(Rule, Proof, bool)| {
                other.id == rule.id && earlier.spares == proof.spares
            };
            let is_fresh = !jobs.iter().any(known);
            jobs.push((*rule, proof, is_fresh));
        }
    }
    let one = |(rule, proof, is_fresh): &(Rule, Proof, bool)| {
        let refuted =
            proving.bites(rule, proof).and_then(|()| proving.spares(rule, proof, *is_fresh));
        Some(unproven(rule, &format!("`{}`: {}", proof.does, refuted.err()?)))
    };
    proven.proofs = jobs.len();
    proven.findings.extend(side_by_side(&jobs, one).into_iter().flatten());
    proven
}

struct Proving<'a> {
    workspace: &'a Workspace,
    active: Vec<Rule>,
    before: Vec<Finding>,
}

impl Proving<'_> {
    /// Whether a rule sees what breaks it, at its place, and no other rule does that the proof does not list.
    fn bites(&self, rule: &Rule, proof: &Proof) -> Result<(), String> {
        let (seen, broken) = self.after(rule, &proof.breaks)?;
        let is_hit =
            |finding: &Finding| finding.rule == rule.id && is_at(finding, &proof.at, &broken);
        if !seen.iter().any(is_hit) {
            let (path, line) = &proof.at;
            return Err(format!("it is not seen at {path} `{line}`; seen: {}", told(&seen)));
        }
        let is_expected =
            |finding: &&Finding| finding.rule == rule.id || proof.also.contains(&finding.rule);
        match seen.iter().find(|finding| !is_expected(finding)) {
            Some(other) => {
                Err(format!("{} sees it too: {}", other.rule, told(std::slice::from_ref(other))))
            }
            None => Ok(()),
        }
    }

    /// Whether no rule sees the near miss. One that several proofs of a rule share is tried once.
    fn spares(&self, rule: &Rule, proof: &Proof, is_fresh: bool) -> Result<(), String> {
        if !is_fresh {
            return Ok(());
        }
        let (seen, _) = self.after(rule, &proof.spares)?;
        if seen.is_empty() {
            Ok(())
        } else {
            Err(format!("its near miss is seen: {}", told(&seen)))
        }
    }

    /// What is found after an edit and was not before.
    fn after(&self, rule: &Rule, edit: &Edit) -> Result<(Vec<Finding>, Workspace), String> {
        let edited = edit.applied(self.workspace)?;
        if let Some(unread) = edited.unread.first() {
            return Err(format!("what it writes can't be read: {unread}"));
        }
        let is_new = |finding: &Finding| {
            let is_same = |old: &Finding| {
                (old.rule, &old.path, &old.what) == (finding.rule, &finding.path, &finding.what)
            };
            !self.before.iter().any(is_same)
        };
        let looking = self.active.iter().filter(|other| !other.is_derived || other.id == rule.id);
        let seen = looking.flat_map(|rule| rule.findings(&edited)).filter(is_new).collect();
        Ok((seen, edited))
    }
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
