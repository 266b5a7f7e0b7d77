use crate::edit::Edit;
use crate::facts::Workspace;
use crate::finding::Found;
use crate::need::Need;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::{at, library};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "S08",
    name: "stateless",
    why: "what is kept in a process is shared by its modules, and gone when one of them leaves",
    needs: Need::Stateless,
    explain: "Crates of a role with `stateless = true` have no `static` and no `thread_local!` outside tests, in macro bodies either.",
    may_be_empty: None,
    is_derived: false,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    for one in &workspace.crates {
        if !workspace.role(one).is_some_and(|role| role.stateless) {
            continue;
        }
        for source in one.sources.iter().filter(|source| !source.is_test) {
            found.look();
            for kept in &source.statics {
                found.note(
                    (&source.path, kept.line),
                    &kept.text,
                    format!("`{}` keeps `{}` in its process", one.name(), kept.text),
                    "make it a field of the module, or a row",
                );
            }
        }
    }
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let stateless =
        |one: &&crate::facts::Crate| workspace.role(one).is_some_and(|role| role.stateless);
    let Some(file) = workspace.implementations().filter(stateless).find_map(library) else {
        return Vec::new();
    };
    vec![Proof {
        does: "keeps a counter in a static that a macro writes",
        breaks: Edit::append(
            file,
            "macro_rules! counter { () => { static SEEN: AtomicU64 = AtomicU64::new(0); }; }",
        ),
        at: at(file, "static SEEN"),
        also: &[],
        spares: Edit::append(
            file,
            "macro_rules! text { () => { const SEEN: &'static str = \"seen\"; }; }",
        ),
    }]
}
