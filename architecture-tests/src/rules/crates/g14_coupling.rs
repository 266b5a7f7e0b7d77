use crate::edit::Edit;
use crate::facts::Workspace;
use crate::finding::Found;
use crate::need::Need;
use crate::plan::PLAN;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::at;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "G14",
    name: "coupling-budget",
    why: "a context that needs everybody is down when anybody is",
    needs: Need::Calls,
    explain: "A context calls at most `limits.calls` others.",
    may_be_empty: None,
    is_derived: false,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    let Some(most) = workspace.plan.limits.calls else { return };
    for (name, context) in &workspace.plan.context {
        found.look();
        if context.calls.len() > most {
            found.note(
                (PLAN, workspace.plan.line(name)),
                name.get_ref(),
                format!(
                    "{} calls {} contexts; {most} are the most",
                    name.get_ref(),
                    context.calls.len()
                ),
                "let it be told by events what it asks for now, or part it",
            );
        }
    }
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let Some(most) = workspace.plan.limits.calls else { return Vec::new() };
    let largest = workspace.plan.context.iter().max_by_key(|(_, context)| context.calls.len());
    let Some((name, context)) = largest.filter(|(_, context)| context.calls.len() > 1) else {
        return Vec::new();
    };
    let said = |most: usize| format!("calls = {most}\n");
    vec![Proof {
        does: "calls one context more than it may",
        breaks: Edit::replace(PLAN, &said(most), &said(context.calls.len() - 1)),
        at: at(PLAN, name.get_ref()),
        also: &[],
        spares: Edit::replace(PLAN, &said(most), &said(context.calls.len())),
    }]
}
