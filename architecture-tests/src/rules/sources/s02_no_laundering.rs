use crate::edit::Edit;
use crate::facts::{Crate, How, Workspace};
use crate::finding::Found;
use crate::need::Need;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::{at, callers, contract_of, library};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "S02",
    name: "no-laundering",
    why: "who uses a type through somebody else depends on its owner without saying so",
    needs: Need::Contexts,
    explain: "A crate of one context does not hand on what belongs to another: no `pub use` of its crates, whole, renamed or by `*`, \
              and no `pub type` that one of its types is in. A composition root, which is of no context, hands on no implementation.",
    may_be_empty: None,
    is_derived: false,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    for one in &workspace.crates {
        let is_root = workspace.role(one).is_some_and(|role| role.root);
        if one.context.is_none() && !is_root {
            continue;
        }
        found.look();
        let foreign: Vec<(String, &str)> = one
            .edges
            .iter()
            .filter_map(|edge| edge.to.map(|to| (edge.declared.ident(), &workspace.crates[to])))
            .filter(|(_, to)| to.context.is_some() && to.context != one.context)
            .filter(|(_, to)| !is_root || !workspace.is_open(to))
            .map(|(ident, to)| (ident, to.context()))
            .collect();
        for source in &one.sources {
            for named in source.live().filter(|named| named.how == How::Export) {
                if let Some((_, owner)) = foreign.iter().find(|(ident, _)| ident == named.first()) {
                    found.note(
                        (&source.path, named.line),
                        &named.path,
                        format!("`{}` hands on `{}`, which belongs to {owner}", one.name(), named.path),
                        format!("let those who need it depend on the contract of {owner}, or give them a type of your own"),
                    );
                }
            }
        }
    }
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let callers =
        callers(workspace).find_map(|(one, called)| Some((one, contract_of(workspace, called)?)));
    let Some((one, contract)) = callers else { return Vec::new() };
    let Some(file) = library(one) else { return Vec::new() };
    let ident = contract.ident();
    let way = |(does, line, near): (&'static str, String, String)| Proof {
        does,
        breaks: Edit::append(file, &line),
        at: at(file, line.lines().last().unwrap_or_default()),
        also: &[],
        spares: Edit::append(file, &near),
    };
    let mut proofs: Vec<Proof> = ways(&ident).into_iter().map(way).collect();
    proofs.extend(rooted(workspace));
    proofs
}

/// Ways to hand on what a crate has, each with a near miss.
fn ways(ident: &str) -> [(&'static str, String, String); 5] {
    [
        (
            "hands on a neighbour's types by a star",
            format!("pub use {ident}::*;"),
            format!("use {ident}::*;"),
        ),
        (
            "hands on a neighbour's crate under another name",
            format!("pub use {ident} as neighbour;"),
            format!("pub(crate) use {ident} as neighbour;"),
        ),
        (
            "gives a neighbour's type a name of its own",
            format!("pub type Theirs = {ident}::Theirs;"),
            format!("type Theirs = {ident}::Theirs;"),
        ),
        (
            "gives a name to many of a neighbour's",
            format!("pub type Theirs = [Vec<{ident}::Theirs>; 2];"),
            format!("type Theirs = [Vec<{ident}::Theirs>; 2];"),
        ),
        (
            "gives a name to what it imports",
            format!("use {ident}::Theirs;\npub type Ours = Theirs;"),
            format!("use {ident}::Theirs;\npub(crate) type Ours = Theirs;"),
        ),
    ]
}

/// A composition root that hands on what it puts together.
fn rooted(workspace: &Workspace) -> Option<Proof> {
    let is_root = |one: &&Crate| workspace.role(one).is_some_and(|role| role.root);
    let is_closed = |to: &&Crate| to.context.is_some() && !workspace.is_open(to);
    workspace.crates.iter().filter(is_root).find_map(|one| {
        let members = one.edges.iter().filter_map(|edge| Some((edge, &workspace.crates[edge.to?])));
        let (edge, _) = members.into_iter().find(|(_, to)| is_closed(to))?;
        let (file, ident) = (library(one)?, edge.declared.ident());
        Some(Proof {
            does: "hands on an implementation from the root",
            breaks: Edit::append(file, &format!("pub use {ident} as handed;")),
            at: at(file, "pub use"),
            also: &["E02"],
            spares: Edit::append(file, "pub use std::any as handed;"),
        })
    })
}
