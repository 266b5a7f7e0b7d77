use std::collections::BTreeSet;

use crate::edit::Edit;
use crate::facts::Workspace;
use crate::finding::Found;
use crate::need::Need;
use crate::plan::PLAN;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::at;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "C05",
    name: "known-neighbours",
    why: "a process that starts without the address of a context that it calls fails at the first call instead of at its start",
    needs: Need::Neighbourhood,
    explain: "The table of `layout.neighbourhood`, by which a process finds out what it can't do without, says the same as `calls` in \
              `architecture.toml`, both ways.",
    may_be_empty: None,
    is_derived: false,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    let Some(path) = workspace.plan.layout.neighbourhood.as_deref() else { return };
    let Some(text) = workspace.tree.text(path) else { return };
    let known = table(text);
    for (from, to, line) in &known {
        found.look();
        let planned =
            workspace.plan.context(from).is_some_and(|context| context.calls.contains_key(*to));
        if !planned {
            found.note(
                (path, *line),
                format!("{from} -> {to}"),
                format!("{from} is given the address of {to}, which it does not call"),
                format!(
                    "delete it, or add `{to} = \"why\"` to `[context.{from}.calls]` in `{PLAN}`"
                ),
            );
        }
    }
    for (from, context) in &workspace.plan.context {
        for to in context.calls.keys() {
            found.look();
            let is_known =
                known.iter().any(|(one, other, _)| one == from.get_ref() && other == to.get_ref());
            if !is_known && context.elsewhere.is_none() {
                found.note(
                    (PLAN, workspace.plan.line(to)),
                    format!("{} -> {}", from.get_ref(), to.get_ref()),
                    format!(
                        "{} calls {}, and `{path}` does not know it",
                        from.get_ref(),
                        to.get_ref()
                    ),
                    "add it to `calls` there",
                );
            }
        }
    }
}

/// Who calls whom, by lines such as `("carts", &["catalog", "inventory"]),`.
fn table(text: &str) -> BTreeSet<(&str, &str, usize)> {
    let mut known = BTreeSet::new();
    for (number, line) in text.lines().enumerate() {
        let Some((from, to)) =
            line.split_once("\", &[").filter(|_| line.trim_start().starts_with("(\""))
        else {
            continue;
        };
        let from = from.trim_start().trim_start_matches("(\"");
        known.extend(to.split('"').skip(1).step_by(2).map(|to| (from, to, number + 1)));
    }
    known
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let Some(path) = workspace.plan.layout.neighbourhood.as_deref() else { return Vec::new() };
    let text = workspace.tree.text(path).map(std::string::ToString::to_string).unwrap_or_default();
    let Some((from, to, _)) = table(&text).into_iter().next_back() else { return Vec::new() };
    let near = Edit::append(path, "// A word more.");
    let entry = format!("(\"{from}\", &[");
    let uncalled = workspace.plan.context.keys().find(|name| {
        let is_called = workspace
            .plan
            .context(from)
            .is_some_and(|context| context.calls.contains_key(name.get_ref().as_str()));
        !is_called && name.get_ref() != from
    });
    let Some(uncalled) = uncalled else { return Vec::new() };
    vec![
        Proof {
            does: "is given the address of a context that it does not call",
            breaks: Edit::replace(path, &entry, &format!("{entry}\"{}\", ", uncalled.get_ref())),
            at: at(path, &entry),
            also: &[],
            spares: near.clone(),
        },
        Proof {
            does: "is not given the address of a context that it calls",
            breaks: Edit::replace(path, &format!("{entry}\"{to}\""), &entry).then(Edit::none()),
            at: at(PLAN, to),
            also: &[],
            spares: near,
        },
    ]
}
