use crate::edit::Edit;
use crate::facts::Workspace;
use crate::finding::Found;
use crate::graph::{Map, written};
use crate::need::Need;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::at;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "M06",
    name: "pictures-in-step",
    why: "a picture that is a little wrong is believed as much as one that is right",
    needs: Need::Pictures,
    explain: "The pictures and the page of each context below `layout.pictures`, and the picture on the pages of `layout.shows`, are \
              those that `graph --write` draws of the code. It sees whatever changes what is drawn, so other rules' proofs leave it out.",
    may_be_empty: None,
    is_derived: true,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    for (path, wanted) in written(workspace) {
        found.look();
        let committed = workspace.tree.text(&path).map(ToString::to_string).unwrap_or_default();
        if committed == wanted {
            continue;
        }
        let is_same = |(one, other): &(&str, &str)| one == other;
        let line = committed.lines().zip(wanted.lines()).take_while(is_same).count() + 1;
        found.note(
            (&path, line),
            &path,
            format!("`{path}` is not what the code says"),
            "`cargo run -p architecture-tests -- graph --write`, and commit what it writes",
        );
    }
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let Some(folder) = workspace.plan.layout.pictures.as_deref() else { return Vec::new() };
    let picture = format!("{folder}/contexts.dot");
    let mut proofs = vec![Proof {
        does: "draws by hand",
        breaks: Edit::replace(&picture, "rankdir = TB", "rankdir = LR"),
        at: at(&picture, "rankdir"),
        also: &[],
        spares: Edit::create(&format!("{folder}/by-hand.md"), "Notes.\n"),
    }];
    let map = Map::of(workspace);
    let shown = workspace.plan.layout.shows.first().zip(map.calls.first());
    proofs.extend(shown.map(|(page, (from, to, _))| Proof {
        does: "turns an arrow of a page round",
        breaks: Edit::replace(
            page.get_ref(),
            &format!("{from} --> {to}\n"),
            &format!("{to} --> {from}\n"),
        ),
        at: at(page.get_ref(), &format!("{to} --> {from}")),
        also: &[],
        spares: Edit::append(page.get_ref(), "\nA word more.\n"),
    }));
    proofs
}
