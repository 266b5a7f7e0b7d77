use crate::edit::Edit;
use crate::facts::{Crate, Edge, Workspace};
use crate::finding::Found;
use crate::need::Need;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::{at, callers, contract_of, implementation_of, manifest, on, path};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "G02",
    name: "no-implementation",
    why: "contexts may run in different processes; one that is built with another's implementation can't leave without it",
    needs: Need::Contexts,
    explain: "A crate of one context depends on another context through its contract alone, in every section: normal, dev, build, \
              optional and for one platform. The edge is judged by the folder behind it, so a renamed dependency is seen too. \
              Crates of a role with `root = true` put contexts together and may depend on all.",
    may_be_empty: None,
    is_derived: false,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    for one in &workspace.crates {
        let is_root = workspace.role(one).is_some_and(|role| role.root);
        if one.context.is_none() || is_root {
            continue;
        }
        found.look();
        for edge in &one.edges {
            if let Some(to) = edge.to.map(|to| &workspace.crates[to])
                && is_foreign(one, to)
                && !workspace.is_open(to)
            {
                note(workspace, one, to, edge, found);
            }
        }
    }
}

/// Whether a crate is of another context.
fn is_foreign(one: &Crate, to: &Crate) -> bool {
    to.context.is_some() && to.context != one.context
}

fn note(workspace: &Workspace, one: &Crate, to: &Crate, edge: &Edge, found: &mut Found) {
    let ident = edge.declared.ident();
    let seen = one.sources.iter().flat_map(|source| {
        let of_it = source.paths.iter().filter(|named| named.first() == ident);
        of_it.map(|named| format!("named at {}:{}", source.path, named.line))
    });
    let seen: Vec<String> = seen.take(5).collect();
    let contract = contract_of(workspace, to.context());
    let fix = contract.map_or_else(
        || format!("`{}` has no contract; give it one, and depend on that", to.context()),
        |contract| {
            format!(
                "depend on `{}`, take `Arc<dyn …>` of its trait, and let the wiring hand it in",
                contract.name()
            )
        },
    );
    found.note(
        (manifest(one), edge.declared.line),
        format!("{} -> {}", one.name(), to.name()),
        format!(
            "`{}` ({}) depends on `{}`, an implementation of {}",
            one.name(),
            one.context(),
            to.name(),
            to.context()
        ),
        fix,
    );
    found.see(seen);
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let Some((one, other, contract)) = neighbours(workspace) else { return Vec::new() };
    let (name, path) = (other.name(), path(one, other));
    let ways = [
        ("declares a neighbour's implementation", "dependencies", format!("{name} = {{ {path} }}")),
        ("… as an optional one", "dependencies", format!("{name} = {{ {path}, optional = true }}")),
        (
            "… for one platform",
            "target.'cfg(windows)'.dependencies",
            format!("{name} = {{ {path} }}"),
        ),
        (
            "… under another name",
            "dependencies",
            format!("friend = {{ {path}, package = \"{name}\" }}"),
        ),
        ("… for tests", "dev-dependencies", format!("{name} = {{ {path} }}")),
        ("… for the build script", "build-dependencies", format!("{name} = {{ {path} }}")),
    ];
    let way = |(does, section, line): (&'static str, &str, String)| Proof {
        does,
        breaks: Edit::depend(manifest(one), section, &line),
        at: at(manifest(one), line.split(' ').next().unwrap_or_default()),
        also: if section.ends_with("dev-dependencies") || section.starts_with("build") {
            &[]
        } else {
            &["E01", "G13"]
        },
        spares: Edit::depend(manifest(one), "dev-dependencies", &on(one, contract)),
    };
    ways.into_iter().map(way).collect()
}

/// A caller, the implementation of what it calls, and its contract.
fn neighbours(workspace: &Workspace) -> Option<(&Crate, &Crate, &Crate)> {
    let is_called = |one: &Crate| contract_of(workspace, one.context()).is_some();
    callers(workspace).filter(|(one, _)| is_called(one)).find_map(|(one, called)| {
        Some((one, implementation_of(workspace, called)?, contract_of(workspace, called)?))
    })
}
