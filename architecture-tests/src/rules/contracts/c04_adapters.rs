use toml::Spanned;

use crate::edit::Edit;
use crate::facts::{Crate, File, Trait, Workspace};
use crate::finding::Found;
use crate::need::Need;
use crate::plan::PLAN;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::{at, implementation_of};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "C04",
    name: "both-adapters",
    why: "a contract that is served in one way alone can't be moved, and nobody notices until it must",
    needs: Need::Lists,
    explain: "Each contract is implemented by exactly one crate of its context (none, where the plan says that it is `elsewhere`), and \
              every file of `layout.lists` names it: the wiring that hosts or reaches it, what meets its peers, and the documents. \
              Every file of `layout.suites` names `<context>::SUITE`, the suite that all its adapters pass there, where the plan \
              does not say that it is `elsewhere`. The macro of contracts writes the remote side.",
    may_be_empty: None,
    is_derived: false,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    for one in workspace.remote() {
        for (path, vocabulary) in workspace.vocabularies(one) {
            for declared in vocabulary.traits.iter().filter(|declared| declared.contract.is_some())
            {
                found.look();
                implemented(workspace, one, (path, declared), found);
                listed(workspace, one, (path, declared), found);
                suited(workspace, one, (path, declared), found);
            }
        }
    }
}

fn implemented(
    workspace: &Workspace,
    one: &Crate,
    (path, declared): (&str, &Trait),
    found: &mut Found,
) {
    let by = |own: &&Crate| {
        let mut sources = own.sources.iter().filter(|source| !source.is_test);
        sources.any(|source| source.implements.contains_key(&declared.name))
    };
    let own = workspace.implementations().filter(|own| own.context == one.context);
    let count = own.filter(by).count();
    let elsewhere = is_elsewhere(workspace, one);
    if count != usize::from(!elsewhere) {
        let what = format!("{count} crates of {} implement `{}`", one.context(), declared.name);
        let fix = "implement it in one crate of its context, or say in its context in which folder it is: `elsewhere`";
        found.note((path, declared.line), &declared.name, what, fix);
    }
}

fn listed(workspace: &Workspace, one: &Crate, (path, declared): (&str, &Trait), found: &mut Found) {
    let elsewhere = is_elsewhere(workspace, one);
    for list in &workspace.plan.layout.lists {
        let file = list.get_ref();
        let is_wiring = workspace.plan.layout.wiring.iter().any(|wiring| wiring.get_ref() == file);
        match source(workspace, list, found) {
            Some(source) if !(is_wiring && elsewhere || source.words.contains(&declared.name)) => {
                found.note(
                    (path, declared.line),
                    format!("{} {file}", declared.name),
                    format!("`{file}` does not name the contract `{}`", declared.name),
                    "add it there, as its neighbours are",
                );
            }
            _ => {}
        }
    }
}

/// That the suite of a contract is put to the test.
fn suited(workspace: &Workspace, one: &Crate, (path, declared): (&str, &Trait), found: &mut Found) {
    let suite = format!("{}::SUITE", one.context().replace('-', "_"));
    for list in &workspace.plan.layout.suites {
        let Some(source) = source(workspace, list, found) else { continue };
        let is_run = source.paths.iter().any(|named| named.goes_through(&suite));
        if !is_run && !is_elsewhere(workspace, one) {
            found.note(
                (path, declared.line),
                format!("{} {}", declared.name, list.get_ref()),
                format!("`{}` does not run the suite of `{}`", list.get_ref(), declared.name),
                format!("write `{suite}`, what it promises to its callers, and add it there"),
            );
        }
    }
}

fn is_elsewhere(workspace: &Workspace, one: &Crate) -> bool {
    workspace.plan.context(one.context()).is_some_and(|context| context.elsewhere.is_some())
}

/// The file that a line of the plan names; one that is not there is found.
fn source<'a>(
    workspace: &'a Workspace,
    named: &Spanned<String>,
    found: &mut Found,
) -> Option<&'a File> {
    let mut all = workspace.crates.iter().flat_map(|one| &one.sources);
    let source = all.find(|source| source.path == *named.get_ref());
    if source.is_none() {
        found.note(
            (PLAN, workspace.plan.line(named)),
            named.get_ref(),
            format!("there is no `{}`", named.get_ref()),
            "mend the path",
        );
    }
    source
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let place = workspace.remote().find_map(|one| {
        let own = implementation_of(workspace, one.context())?;
        workspace.vocabularies(one).find_map(|(path, vocabulary)| {
            let declared = vocabulary.traits.iter().find(|declared| declared.contract.is_some())?;
            let source =
                own.sources.iter().find(|source| source.implements.contains_key(&declared.name))?;
            Some((path, declared.name.clone(), source.path.as_str()))
        })
    });
    let (Some((path, name, file)), Some(list)) = (place, workspace.plan.layout.lists.first())
    else {
        return Vec::new();
    };
    let line = format!("trait {name}");
    let implemented = format!("impl {name} for ");
    let mut proofs = vec![
        Proof {
            does: "implements the contract no more",
            breaks: Edit::replace(file, &implemented, "impl "),
            at: at(path, &line),
            also: &[],
            spares: Edit::append(file, "impl Iterator for Proof {}"),
        },
        Proof {
            does: "is forgotten by a list of all contracts",
            breaks: Edit::replace(list.get_ref(), "", "/*")
                .then(Edit::append(list.get_ref(), "*/")),
            at: at(path, &line),
            also: &["E02", "E04", "E05", "S01", "G13", "C01"],
            spares: Edit::append(list.get_ref(), "// A word more."),
        },
    ];
    proofs.extend(untested(workspace));
    proofs
}

/// A contract whose suite nobody runs.
fn untested(workspace: &Workspace) -> Option<Proof> {
    let list = workspace.plan.layout.suites.first()?.get_ref();
    let text = workspace.tree.text(list)?;
    workspace.remote().find_map(|one| {
        let suite = format!("&{}::SUITE", one.context());
        let (path, declared) = workspace.vocabularies(one).find_map(|(path, vocabulary)| {
            let mut traits = vocabulary.traits.iter();
            Some((path, traits.find(|declared| declared.contract.is_some())?))
        })?;
        text.contains(&suite).then(|| Proof {
            does: "has a suite that nobody runs",
            breaks: Edit::replace(list, &suite, "&nobody::SUITE"),
            at: at(path, &format!("trait {}", declared.name)),
            also: &[],
            spares: Edit::append(list, "// A word more."),
        })
    })
}
