use std::collections::BTreeSet;

use crate::edit::Edit;
use crate::facts::Workspace;
use crate::finding::Found;
use crate::need::Need;
use crate::plan::PLAN;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::at;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "M04",
    name: "page-in-step",
    why: "who reads the page trusts it, and an invariant whose test is gone is a hope",
    needs: Need::Page,
    explain: "On the page of `layout.page` each test that a table names is a function of the workspace (`…` stands for the rest of a \
              name), each rule that it names is one of these that is held, and each path in the first column of a table is there.",
    may_be_empty: None,
    is_derived: false,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    let Some(path) = workspace.plan.layout.page.as_deref() else { return };
    let Some(page) = workspace.tree.text(path) else {
        found.note((PLAN, 1), path, format!("there is no `{path}`"), "mend `page` in `layout`");
        return;
    };
    let functions: BTreeSet<&str> = workspace
        .crates
        .iter()
        .flat_map(|one| &one.sources)
        .flat_map(|source| source.functions.iter().map(|function| function.name.as_str()))
        .collect();
    for (number, line) in page.lines().enumerate().filter(|(_, line)| line.starts_with("| ")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').collect();
        for (column, cell) in cells.iter().enumerate() {
            for word in cell.split('`').skip(1).step_by(2) {
                found.look();
                let place = (path, number + 1);
                if column == 0 && is_path(word) && !workspace.tree.has(word.trim_end_matches('/')) {
                    let what = format!("the page speaks of `{word}`, which is not there");
                    found.note(place, word, what, "mend the line");
                }
                holds(workspace, &functions, (place, word), found);
            }
        }
    }
}

/// Whether what is said to hold an invariant is there.
fn holds(
    workspace: &Workspace,
    functions: &BTreeSet<&str>,
    (place, word): ((&str, usize), &str),
    found: &mut Found,
) {
    if let Some(test) = test(word).filter(|test| !is_there(functions, test)) {
        let what = format!(
            "the page says that `{test}` holds an invariant, and there is no such function"
        );
        let fix = "name the test that holds it now; where none does, write one";
        found.note(place, test, what, fix);
    }
    if is_rule(word) && !is_held(workspace, word) {
        let what =
            format!("the page says that the rule {word} holds an invariant, and it is not held");
        found.note(place, word, what, "name the rule that holds it now");
    }
}

fn is_path(word: &str) -> bool {
    word.contains('/') && !word.contains(['<', ' ', '*', '…'])
}

/// The name of a test, where a word is one: several words with `_` between.
fn test(word: &str) -> Option<&str> {
    let name = word.rsplit("::").next()?;
    let letters = name.trim_end_matches('…');
    let is_name = letters
        .chars()
        .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_');
    (is_name && letters.matches('_').count() >= 3).then_some(name)
}

fn is_there(functions: &BTreeSet<&str>, test: &str) -> bool {
    match test.strip_suffix('…') {
        Some(start) => functions.range(start..).next().is_some_and(|next| next.starts_with(start)),
        None => functions.contains(test),
    }
}

fn is_rule(word: &str) -> bool {
    let mut letters = word.chars();
    word.len() == 3
        && letters.next().is_some_and(|first| first.is_ascii_uppercase())
        && letters.all(|digit| digit.is_ascii_digit())
}

fn is_held(workspace: &Workspace, rule: &str) -> bool {
    let known = crate::rules::all().iter().any(|known| known.id == rule)
        || crate::rules::META.iter().any(|(id, _)| *id == rule);
    known && workspace.plan.is_off(rule).is_none()
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let Some(path) = workspace.plan.layout.page.as_deref() else { return Vec::new() };
    let row = |first: &str, second: &str| Edit::append(path, &format!("\n| {first} | {second} |"));
    let way = |does, first: &str, second: &str, line: &str| Proof {
        does,
        breaks: row(first, second),
        at: at(path, line),
        also: &[],
        spares: row("It is `Cargo.toml`", "`G01` and `cargo test`"),
    };
    vec![
        way(
            "says that a test holds, which is gone",
            "It holds",
            "`a_test_that_nobody_wrote_yet`",
            "a_test_that_nobody",
        ),
        way("names a rule that there is not", "It holds", "`Z99`", "Z99"),
        way("maps a folder that is not there", "`modules/unheard-of`", "nothing", "unheard-of"),
    ]
}
