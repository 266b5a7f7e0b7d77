use crate::edit::Edit;
use crate::facts::{Crate, Trait, Workspace};
use crate::finding::Found;
use crate::need::Need;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::at;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "S04",
    name: "remotable",
    why: "a call that can't cross a process keeps its module where it is, whatever the settings say",
    needs: Need::Remote,
    explain: "Every trait of a contract is `Send + Sync + 'static` without generics, and has nothing but methods. A method is `async`, \
              takes `&self`, `&Call` and owned plain data, says its effect with `#[call(…)]`, and answers \
              `Result<_, CallError<_>>` of owned plain data: no borrow, no generic, no `impl`, no closure, no transaction.",
    may_be_empty: None,
    is_derived: false,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    for one in workspace.remote() {
        for (path, vocabulary) in workspace.vocabularies(one) {
            for declared in &vocabulary.traits {
                found.look();
                whole(one, path, declared, found);
                for method in &declared.methods {
                    let called = format!("{}::{}", declared.name, method.name);
                    for (why, line) in &method.bound {
                        found.note(
                            (path, *line),
                            &called,
                            format!("`{called}` can't cross a process: {why}"),
                            FIX,
                        );
                    }
                    if method.effect.is_empty() {
                        let what = format!("`{called}` does not say what a repeat of it does");
                        found.note((path, method.line), &called, what, "add `#[call(read)]`, `#[call(write, keyed)]` or `#[call(write, once)]`");
                    }
                }
            }
        }
    }
}

const FIX: &str = "write `async fn name(&self, call: &Call, request: Message) -> Result<Answer, CallError<Refusal>>`, all of it owned";

fn whole(one: &Crate, path: &str, declared: &Trait, found: &mut Found) {
    let shared = declared.asks.contains("Send") && declared.asks.contains("Sync");
    let why = match (&declared.contract, &declared.more) {
        (None, _) => "it has no `#[contract(name = \"…\", version = …)]`",
        (_, Some(_)) => "it has more than methods",
        _ if !shared => "it is not `Send + Sync + 'static`",
        _ => return,
    };
    let name = &declared.name;
    found.note(
        (path, declared.line),
        name,
        format!(
            "the trait `{name}` of `{}` can't be called from another process: {why}",
            one.name()
        ),
        "keep the contract to one plain trait; move anything else behind it",
    );
}

/// A contract's file and name.
fn contract(workspace: &Workspace) -> Option<(&str, &str)> {
    workspace.remote().find_map(|one| {
        workspace.vocabularies(one).find_map(|(path, vocabulary)| {
            let declared = vocabulary.traits.iter().find(|declared| declared.contract.is_some())?;
            Some((path, declared.name.as_str()))
        })
    })
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let Some((path, name)) = contract(workspace) else { return Vec::new() };
    let header = format!("pub trait {name}: Send + Sync + 'static {{");
    let with = |method: &str| {
        Edit::replace(path, &header, &format!("{header}\n    #[call(read)]\n    {method}"))
    };
    let refusal = "Result<u32, CallError<Refused>>";
    let way = |does, method: String| Proof {
        does,
        breaks: with(&method),
        at: at(path, &method),
        also: &["C01"],
        spares: Edit::replace(path, &header, &format!("{header}\n    // A word more.\n")),
    };
    vec![
        way(
            "borrows an argument",
            format!("async fn proof(&self, call: &Call, request: &str) -> {refusal};"),
        ),
        way(
            "takes a closure",
            format!("async fn proof(&self, call: &Call, each: Box<dyn Fn(u32)>) -> {refusal};"),
        ),
        way(
            "takes anything that can be told",
            format!(
                "async fn proof(&self, call: &Call, all: impl Iterator<Item = u32>) -> {refusal};"
            ),
        ),
        way(
            "is generic",
            format!("async fn proof<T>(&self, call: &Call, request: T) -> {refusal};"),
        ),
        way("takes a transaction", format!("async fn proof(&self, uow: UnitOfWork) -> {refusal};")),
        way(
            "changes its implementation",
            format!("async fn proof(&mut self, call: &Call) -> {refusal};"),
        ),
        way("can't fail", "async fn proof(&self, call: &Call) -> u32;".to_owned()),
        way("does not wait", format!("fn proof(&self, call: &Call) -> {refusal};")),
    ]
}
