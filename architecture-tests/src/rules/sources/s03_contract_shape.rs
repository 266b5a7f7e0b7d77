use crate::edit::Edit;
use crate::facts::Workspace;
use crate::finding::Found;
use crate::need::Need;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::{at, library};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "S03",
    name: "contract-shape",
    why: "what a contract does itself is done in every process that links it, in each one's own version",
    needs: Need::Remote,
    explain: "A contract has traits, plain data, refusals, constants and what makes or shows a value in a few lines. It has no free \
              functions, nothing that waits besides its traits, and no statics, in modules of its files either. A subscription or the \
              name of an event that is no literal can't be read, and what can't be read is no pass.",
    may_be_empty: None,
    is_derived: false,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    for one in workspace.remote() {
        for (path, vocabulary) in workspace.vocabularies(one) {
            found.look();
            for (what, line) in &vocabulary.logic {
                found.note(
                    (path, *line),
                    what,
                    format!("the contract `{}` has logic: {what}", one.name()),
                    "make it a method of the trait, or move it behind the contract",
                );
            }
        }
    }
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let Some(file) = workspace.remote().find_map(library) else { return Vec::new() };
    let near = "/// How many at most.\npub const MOST: u32 = 100;";
    let way = |does, code: &str| Proof {
        does,
        breaks: Edit::append(file, code),
        at: at(file, code),
        also: &[],
        spares: Edit::append(file, near),
    };
    vec![
        way(
            "puts a sum into a contract",
            "pub fn total(prices: &[i64]) -> i64 { prices.iter().sum() }",
        ),
        Proof {
            does: "puts one into a module of a contract's file",
            breaks: Edit::append(file, "pub mod sums { pub fn total() -> i64 { 0 } }"),
            at: at(file, "pub mod sums"),
            also: &[],
            spares: Edit::append(file, "#[cfg(test)]\nmod sums { fn total() -> i64 { 0 } }"),
        },
        Proof {
            does: "gives a message a method that waits",
            breaks: Edit::append(file, "impl Proof {\n    pub async fn fetch(&self) {}\n}"),
            at: at(file, "pub async fn fetch"),
            also: &[],
            spares: Edit::append(
                file,
                "impl Proof {\n    pub fn is_open(&self) -> bool {\n        true\n    }\n}",
            ),
        },
    ]
}
