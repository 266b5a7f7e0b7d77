use std::collections::BTreeSet;

use crate::edit::Edit;
use crate::facts::{Crate, Workspace};
use crate::finding::Found;
use crate::need::Need;
use crate::plan::PLAN;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::{at, contract_of, event_of, hearing, implementation_of, library};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "S07",
    name: "declared-subscribers",
    why: "who changes an event must know who hears it, and an event that nobody handles waits for ever",
    needs: Need::Remote,
    explain: "The `SUBSCRIPTIONS` of a contract, `listens` in `architecture.toml` and the names that the implementation handles are \
              the same, in every direction, and every event that is heard is told by the contract of its owner.",
    may_be_empty: None,
    is_derived: false,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    let told: BTreeSet<&str> = workspace
        .remote()
        .flat_map(|one| workspace.vocabularies(one))
        .flat_map(|(_, vocabulary)| vocabulary.events.iter().map(|(_, name, _)| name.as_str()))
        .collect();
    for one in workspace.remote() {
        let mut heard = BTreeSet::new();
        for (path, vocabulary) in workspace.vocabularies(one) {
            for (name, event, line) in &vocabulary.subscriptions {
                found.look();
                heard.insert(event.as_str());
                subscription(workspace, one, (path, *line), (name, event), found);
                if !told.contains(event.as_str()) {
                    found.note(
                        (path, *line),
                        event,
                        format!("nobody tells `{event}`"),
                        "name an event that its owner's contract declares",
                    );
                }
            }
        }
        unheard(workspace, one.context(), &heard, found);
    }
}

fn subscription(
    workspace: &Workspace,
    one: &Crate,
    place: (&str, usize),
    (name, event): (&str, &str),
    found: &mut Found,
) {
    let context = one.context();
    let Some(planned) = workspace.plan.context(context) else { return };
    if name.split('.').next() != Some(context) {
        found.note(
            place,
            name,
            format!("the subscription `{name}` is declared by {context}"),
            format!("name it `{context}.…`"),
        );
    }
    if !planned.listens.contains_key(event) {
        found.note(
            place,
            event,
            format!("{context} listens to `{event}`, and `{PLAN}` does not say so"),
            format!("add `\"{event}\" = \"why\"` to `[context.{context}.listens]`"),
        );
    }
    let handles = |own: &Crate| {
        own.sources
            .iter()
            .any(|source| !source.is_test && source.strings.iter().any(|text| text.text == name))
    };
    let mut own = workspace.implementations().filter(|own| own.context.as_deref() == Some(context));
    if planned.elsewhere.is_none() && !own.any(handles) {
        found.note(
            place,
            name,
            format!("{context} subscribes as `{name}`, and nothing in it handles that"),
            "add a handler of that name, or take the subscription back",
        );
    }
}

/// What the plan says is heard, and is not.
fn unheard(workspace: &Workspace, context: &str, heard: &BTreeSet<&str>, found: &mut Found) {
    let Some(planned) = workspace.plan.context(context) else { return };
    for event in planned.listens.keys().filter(|event| !heard.contains(event.get_ref().as_str())) {
        found.note(
            (PLAN, workspace.plan.line(event)),
            event.get_ref(),
            format!(
                "{context} is said to listen to `{}`, and has no such subscription",
                event.get_ref()
            ),
            "delete the line, or declare the subscription in the contract",
        );
    }
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let deaf = workspace.plan.context.iter().filter(|(_, planned)| planned.listens.is_empty());
    deaf.map(|(context, _)| context.get_ref())
        .find_map(|context| proofs_of(workspace, context))
        .unwrap_or_default()
}

/// A context that listens to nothing hears of a neighbour's event.
fn proofs_of(workspace: &Workspace, context: &str) -> Option<Vec<Proof>> {
    let (contract, one) =
        (contract_of(workspace, context)?, implementation_of(workspace, context)?);
    let (event, _) = workspace.remote().find_map(|other| {
        event_of(workspace, other.context()).filter(|_| other.context() != context)
    })?;
    let file = library(contract)?;
    let declared = format!(
        "pub const SUBSCRIPTIONS: &[kernel::Subscription] = &[kernel::Subscription {{ name: \"{context}.note\", event: \"{event}\" }}];"
    );
    let handled =
        Edit::append(library(one)?, &format!("const HANDLED: &str = \"{context}.note\";"));
    let spares = hearing(workspace, context, event)?;
    let said =
        Edit::append(PLAN, &format!("\n[context.{context}.listens]\n\"{event}\" = \"unheard\""));
    let way = |does, breaks, at| Proof { does, breaks, at, also: &[], spares: spares.clone() };
    let subscribed = || Edit::append(file, &declared);
    Some(vec![
        way("subscribes without saying so", subscribed().then(handled), at(file, &declared)),
        way("subscribes and handles nothing", subscribed().then(said.clone()), at(file, &declared)),
        way("is said to listen and does not", said, at(PLAN, "= \"unheard\"")),
    ])
}
