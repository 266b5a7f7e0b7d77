use crate::facts::Workspace;
use crate::finding::{Finding, Found};
use crate::need::Need;
use crate::proof::Proof;

/// Something that must hold, and how it is known that its breach is seen.
#[derive(Clone, Copy)]
pub struct Rule {
    /// Its id, for ever: `G02`.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Why it is there, in a sentence.
    pub why: &'static str,
    /// What the plan must say for it to be held.
    pub needs: Need,
    /// What it holds and how, for who asks.
    pub explain: &'static str,
    /// Why it may have nothing to look at, if it may: it forbids what had better not be there.
    pub may_be_empty: Option<&'static str>,
    /// Whether it looks at what is generated of all the rest, and so sees every change.
    pub is_derived: bool,
    /// Looks at the workspace.
    pub check: fn(&Workspace, &mut Found),
    /// Breaks the workspace it is given, in ways that the rule must see.
    pub proofs: fn(&Workspace) -> Vec<Proof>,
}

impl Rule {
    /// All that breaks the rule in a workspace. That it had nothing to look at is a breach of `M01`.
    pub fn findings(&self, workspace: &Workspace) -> Vec<Finding> {
        let mut found = Found::default();
        (self.check)(workspace, &mut found);
        let mut findings = found.findings;
        for finding in &mut findings {
            finding.rule = self.id;
        }
        if found.looked_at == 0 && self.may_be_empty.is_none() {
            findings.push(self.nothing_to_look_at());
        }
        findings.sort();
        findings.dedup();
        findings
    }

    fn nothing_to_look_at(&self) -> Finding {
        Finding {
            rule: "M01",
            path: crate::plan::PLAN.to_owned(),
            line: 1,
            what: format!("{} ({}) finds nothing to look at", self.id, self.name),
            item: self.id.to_owned(),
            fix: format!(
                "mend the pattern that leads it, or say in `[off]` why there is nothing: `{} = \"…\"`",
                self.id
            ),
            also: Vec::new(),
        }
    }
}
