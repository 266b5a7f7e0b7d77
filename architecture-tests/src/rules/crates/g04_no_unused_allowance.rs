use toml::Spanned;

use super::allowed;
use crate::edit::Edit;
use crate::facts::{Crate, Kind, Workspace};
use crate::finding::Found;
use crate::need::Need;
use crate::plan::{PLAN, Role, as_written};
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::{at, callers};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "G04",
    name: "no-unused-allowance",
    why: "what is permitted and not used lets it come back unseen",
    needs: Need::Nothing,
    explain: "Every line of `architecture.toml` that permits something is used: a pattern matches a crate, a context has a crate, a \
              call is declared by a manifest, `uses`, `dev` and `external` of a role by one of its crates, `uses` and `names` of a \
              layer by one of its files, a schema has migrations, a list is forbidden to somebody, and an exception excepts \
              something. What `forbids` names is a list, and whatever has a reason says it.",
    may_be_empty: None,
    is_derived: false,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    allowed::layers(workspace, found);
    allowed::lists(workspace, found);
    allowed::contexts(workspace, found);
    allowed::reasons(workspace, found);
    for (name, role) in &workspace.plan.role {
        let own: Vec<&Crate> =
            workspace.crates.iter().filter(|one| one.roles.contains(name.get_ref())).collect();
        patterns(workspace, role, &own, found);
        roles(workspace, (name.get_ref(), role), &own, found);
        packages(workspace, (name.get_ref(), role), &own, found);
    }
    for (name, context) in &workspace.plan.context {
        let own =
            || workspace.crates.iter().filter(|one| one.context.as_ref() == Some(name.get_ref()));
        found.look();
        if own().next().is_none() {
            note(workspace, name, format!("the context `{}` has no crate", name.get_ref()), found);
        }
        for called in context.calls.keys() {
            found.look();
            let uses = own().flat_map(|one| &one.edges).filter_map(|edge| edge.to);
            let is_used = uses
                .into_iter()
                .any(|to| workspace.crates[to].context.as_ref() == Some(called.get_ref()));
            if !is_used && context.elsewhere.is_none() {
                note(
                    workspace,
                    called,
                    format!(
                        "{} is said to call {} and knows nothing of it",
                        name.get_ref(),
                        called.get_ref()
                    ),
                    found,
                );
            }
        }
    }
}

fn patterns(workspace: &Workspace, role: &Role, own: &[&Crate], found: &mut Found) {
    for pattern in &role.crates {
        found.look();
        let matches = crate::plan::Pattern::new(pattern.get_ref());
        if !own.iter().any(|one| matches.matches(as_written(&one.manifest.folder))) {
            note(
                workspace,
                pattern,
                format!("the pattern `{}` matches no crate", pattern.get_ref()),
                found,
            );
        }
    }
}

fn roles(workspace: &Workspace, (name, role): (&str, &Role), own: &[&Crate], found: &mut Found) {
    let reached = |in_tests: bool, wanted: &str| {
        let edges = own.iter().flat_map(|one| &one.edges);
        let edges = edges.filter(|edge| in_tests == (edge.declared.kind == Kind::Dev));
        edges
            .filter_map(|edge| edge.to)
            .any(|to| workspace.crates[to].roles.iter().any(|role| role == wanted))
    };
    for used in &role.uses {
        found.look();
        if !reached(false, used.get_ref()) {
            note(
                workspace,
                used,
                format!(
                    "no crate of the role `{name}` uses one of the role `{}` outside tests",
                    used.get_ref()
                ),
                found,
            );
        }
    }
    for used in &role.dev {
        found.look();
        if !reached(true, used.get_ref()) {
            note(
                workspace,
                used,
                format!(
                    "no test of the role `{name}` uses a crate of the role `{}`",
                    used.get_ref()
                ),
                found,
            );
        }
    }
}

fn packages(workspace: &Workspace, (name, role): (&str, &Role), own: &[&Crate], found: &mut Found) {
    for package in role.external.iter().flatten() {
        found.look();
        let edges =
            || own.iter().flat_map(|one| &one.edges).filter(|edge| edge.declared.kind != Kind::Dev);
        if !edges().any(|edge| edge.to.is_none() && edge.declared.package == *package.get_ref()) {
            note(
                workspace,
                package,
                format!("no crate of the role `{name}` depends on `{}`", package.get_ref()),
                found,
            );
        }
    }
}

pub(super) fn note(workspace: &Workspace, said: &Spanned<String>, what: String, found: &mut Found) {
    let line = workspace.plan.line(said);
    found.note(
        (PLAN, line),
        said.get_ref(),
        what,
        format!("delete it from line {line} of `{PLAN}`"),
    );
}

/// A role that no crate has.
fn idle_role() -> Proof {
    let crates = "crates = [\"unheard_of/by/anybody\"]";
    Proof {
        does: "has a role for crates that there are not",
        breaks: Edit::append(PLAN, &format!("\n[role.unheard-of]\nis = \"nothing\"\n{crates}")),
        at: at(PLAN, crates),
        also: &[],
        spares: Edit::append(PLAN, "# A word more."),
    }
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let mut proofs = vec![idle_role()];
    proofs.extend(idle_call(workspace));
    proofs.extend(allowed::proofs(workspace));
    proofs
}

/// A call that is permitted and that nobody makes.
fn idle_call(workspace: &Workspace) -> Option<Proof> {
    let (one, called) = callers(workspace).next()?;
    let idle = workspace.plan.context.keys().find(|name| {
        let reaches = |from: &str, to: &str| {
            workspace.plan.context(from).is_some_and(|context| context.calls.contains_key(to))
        };
        name.get_ref() != one.context()
            && !reaches(one.context(), name.get_ref())
            && !reaches(name.get_ref(), one.context())
    });
    let idle = idle?;
    let header = format!("[context.{}.calls]\n", one.context());
    let reason = workspace
        .plan
        .context(one.context())
        .and_then(|context| context.calls.get(called).cloned())
        .unwrap_or_default();
    Some(Proof {
        does: "permits a call that nobody makes",
        breaks: Edit::replace(
            PLAN,
            &header,
            &format!("{header}{} = \"for later\"\n", idle.get_ref()),
        ),
        at: at(PLAN, "for later"),
        also: &["C05", "G14"],
        spares: Edit::replace(PLAN, &reason, "for another reason"),
    })
}
