use std::collections::BTreeMap;

use crate::edit::Edit;
use crate::facts::{How, Named, Workspace};
use crate::finding::Found;
use crate::need::Need;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::{at, contract_of, event_of, implementation_of, library};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "S06",
    name: "event-ownership",
    why: "an event that two contexts tell has no owner who knows what it means",
    needs: Need::Remote,
    explain: "An event is named after the context whose contract declares it (`orders.order-confirmed.v1`), and only crates of that \
              context make one, outside tests. Who hears it takes it apart and never makes it. Events are declared by contracts alone: \
              an implementation implements no `Event`.",
    may_be_empty: None,
    is_derived: false,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    let owners = owners(workspace, found);
    undeclared(workspace, found);
    for one in workspace.crates.iter().filter(|one| one.context.is_some()) {
        for source in &one.sources {
            for named in source.live().filter(|named| !matches!(named.how, How::Use | How::Export))
            {
                let Some(kind) = made(named) else { continue };
                let Some((owner, krate)) = owners.get(kind) else { continue };
                found.look();
                if named.first() == *krate && one.context() != *owner {
                    found.note(
                        (&source.path, named.line),
                        kind,
                        format!("{} makes `{kind}`, an event of {owner}", one.context()),
                        format!(
                            "ask {owner} to do it through its contract; it tells what happened"
                        ),
                    );
                }
            }
        }
    }
}

/// Events that an implementation declares, and no contract.
fn undeclared(workspace: &Workspace, found: &mut Found) {
    for one in workspace.implementations() {
        for source in one.sources.iter().filter(|source| !source.is_test) {
            found.look();
            if let Some(line) = source.implements.get("Event") {
                found.note(
                    (&source.path, *line),
                    "Event",
                    format!(
                        "`{}` declares an event beside the contract of {}",
                        one.name(),
                        one.context()
                    ),
                    "declare it in the contract, where its document and those who hear it are held",
                );
            }
        }
    }
}

/// The type that a path makes a value of: `Type { … }`, `Type::of`.
fn made(named: &Named) -> Option<&str> {
    let (kind, last) = named.path.rfind(':').map_or(("", named.path.as_str()), |end| {
        (named.path[..end].trim_end_matches(':'), &named.path[end + 1..])
    });
    if named.how == How::Make {
        return Some(last);
    }
    let function = last.starts_with(char::is_lowercase) && named.how == How::Mention;
    function.then(|| kind.rfind(':').map_or(kind, |end| &kind[end + 1..]))
}

/// The context and the crate of each event's type. An event with a name of somebody else is found on the way.
fn owners<'a>(workspace: &'a Workspace, found: &mut Found) -> BTreeMap<&'a str, (&'a str, String)> {
    let mut owners = BTreeMap::new();
    for one in workspace.remote() {
        for (path, vocabulary) in workspace.vocabularies(one) {
            for (kind, name, line) in &vocabulary.events {
                found.look();
                owners.insert(kind.as_str(), (one.context(), one.ident()));
                if name.split('.').next() != Some(one.context()) {
                    found.note(
                        (path, *line),
                        name,
                        format!("the event `{name}` is declared by {}", one.context()),
                        format!(
                            "name it `{}.…`, or declare it in the contract of its owner",
                            one.context()
                        ),
                    );
                }
            }
        }
    }
    owners
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let listener = workspace.plan.context.iter().find_map(|(name, context)| {
        let owner = context.listens.keys().next()?.get_ref().split('.').next()?;
        let one = implementation_of(workspace, name.get_ref())?;
        let (_, kind) = event_of(workspace, owner)?;
        Some((library(one)?, contract_of(workspace, owner)?, kind))
    });
    let Some((file, contract, kind)) = listener else { return Vec::new() };
    let ident = contract.ident();
    let import = format!("use {ident}::{kind} as Told;");
    let heard = format!(
        "{import}\nfn hear(event: Told) {{ if let Some(Told {{ id }}) = Some(event) {{}} }}\nfn told() -> &'static Told {{ told() }}"
    );
    let way = |does, code: &str, near: &str| Proof {
        does,
        breaks: Edit::append(file, &format!("{import}\n{code}")),
        at: at(file, code),
        also: &[],
        spares: Edit::append(file, near),
    };
    let mut proofs: Vec<Proof> = WAYS.iter().map(|(does, code)| way(does, code, &heard)).collect();
    let called = format!("fn tell() {{ {ident}::{kind}::of(1) }}");
    proofs.push(way("makes a neighbour's event by a function", &called, &heard));
    let (declared, near) = ("impl kernel::Event for Proof {}", "impl Iterator for Proof {}");
    proofs.push(way("declares an event of its own", declared, near));
    proofs
}

/// Ways to make an event that is imported as `Told`.
const WAYS: [(&str, &str); 5] = [
    ("makes a neighbour's event under another name", "fn tell() { let event = Told { id: 1 }; }"),
    ("answers with a neighbour's event", "fn tell() -> Told { Told { id: 1 } }"),
    ("makes one in a macro", "fn tell() { vec![Told { id: 1 }]; }"),
    ("makes one inside another", "fn tell() { hear(Some(Told { id: 1 })) }"),
    ("makes one behind an arrow", "fn tell() { match 1 { _ => Told { id: 1 } } }"),
];
