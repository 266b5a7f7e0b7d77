use crate::edit::Edit;
use crate::facts::{Crate, Source, Text, Workspace, joined};
use crate::finding::Found;
use crate::need::Need;
use crate::plan::PLAN;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::{at, libraries, library, strangers};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "S01",
    name: "no-path-escape",
    why: "what is taken in past Cargo is an edge that no manifest shows",
    needs: Need::Nothing,
    explain: "`#[path]`, `include!`, `include_str!` and `include_bytes!` stay in the folder of their crate, wherever in the path the \
              way out is. The files of `layout.takes_in` may take in text that others must see too.",
    may_be_empty: Some("a workspace that takes in nothing is what is wished for"),
    is_derived: false,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    let mut used = vec![false; workspace.plan.layout.takes_in.len()];
    for one in &workspace.crates {
        for source in &one.sources {
            for taken in &source.taken_in {
                found.look();
                if !leaves(one, source, taken) {
                    continue;
                }
                match workspace
                    .plan
                    .layout
                    .takes_in
                    .iter()
                    .position(|may| *may.get_ref() == source.path)
                {
                    Some(may) if taken.within != "path" && taken.within != "include" => {
                        used[may] = true;
                    }
                    _ => note(one, source, taken, found),
                }
            }
        }
    }
    for (may, used) in workspace.plan.layout.takes_in.iter().zip(used) {
        if !used {
            let line = workspace.plan.line(may);
            let what = format!("`{}` takes in nothing of other folders", may.get_ref());
            found.note(
                (PLAN, line),
                may.get_ref(),
                what,
                format!("delete it from `takes_in` in `{PLAN}`"),
            );
        }
    }
}

fn leaves(one: &Crate, source: &Source, taken: &Text) -> bool {
    let folder = source.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let target = joined(folder, &taken.text);
    let inside = |folder: &str| folder.is_empty() || target.starts_with(&format!("{folder}/"));
    taken.text.starts_with('/') || !inside(&one.manifest.folder)
}

fn note(one: &Crate, source: &Source, taken: &Text, found: &mut Found) {
    found.note(
        (&source.path, taken.line),
        format!("{} {}", taken.within, taken.text),
        format!("`{}` takes in `{}`, which is not in its folder", one.name(), taken.text),
        "depend on the crate that has it",
    );
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let first_two = || Some((libraries(workspace).next()?, libraries(workspace).nth(1)?));
    let Some((one, other)) = strangers(workspace).or_else(first_two) else { return Vec::new() };
    let (Some(file), Some(theirs)) = (library(one), library(other)) else { return Vec::new() };
    let up = "../".repeat(file.matches('/').count());
    let text = format!("const THEIRS: &str = include_str!(\"./{up}{theirs}\");");
    vec![
        Proof {
            does: "copies a neighbour's module, the way out not at the front",
            breaks: Edit::append(file, &format!("#[path = \"./{up}{theirs}\"]\nmod theirs;")),
            at: at(file, "#[path"),
            also: &[],
            spares: Edit::append(file, "#[path = \"./../src/ours.rs\"]\nmod ours;"),
        },
        Proof {
            does: "takes in a neighbour's text",
            breaks: Edit::append(file, &text),
            at: at(file, "const THEIRS"),
            also: &[],
            spares: Edit::append(file, "const OURS: &str = include_str!(\"../README.md\");"),
        },
    ]
}
