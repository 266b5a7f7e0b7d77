use crate::edit::Edit;
use crate::facts::{Crate, Source, Text, Workspace, joined};
use crate::finding::Found;
use crate::need::Need;
use crate::plan::PLAN;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::{at, libraries, library, manifest, strangers};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "S01",
    name: "no-path-escape",
    why: "what is taken in past Cargo is an edge that no manifest shows",
    needs: Need::Nothing,
    explain: "`#[path]`, `include!`, `include_str!` and `include_bytes!` stay in the folder of their crate, wherever in the path the \
              way out is and however the macro is called, and so do the targets of a manifest. `CARGO_MANIFEST_DIR` is that \
              folder, `OUT_DIR` stays in it, and what another variable says is unknown. The files of `layout.takes_in` may take in \
              text that others must see too.",
    may_be_empty: Some("a workspace that takes in nothing is what is wished for"),
    is_derived: false,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    let mut used = vec![false; workspace.plan.layout.takes_in.len()];
    for one in &workspace.crates {
        targets(one, found);
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

/// Targets that begin with another crate's file.
fn targets(one: &Crate, found: &mut Found) {
    for (target, line) in &one.manifest.targets {
        found.look();
        if !is_inside(one, target) {
            found.note(
                (&one.manifest.path, *line),
                format!("target {target}"),
                format!("a target of `{}` is `{target}`, which is not in its folder", one.name()),
                "let the target call the crate that has it",
            );
        }
    }
}

fn leaves(one: &Crate, source: &Source, taken: &Text) -> bool {
    let folder = source.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    if let Some(rest) = taken.text.strip_prefix("$CARGO_MANIFEST_DIR") {
        return !is_inside(one, &joined(&one.manifest.folder, rest));
    }
    if let Some(rest) = taken.text.strip_prefix("$OUT_DIR") {
        return joined("", rest).starts_with("..");
    }
    let is_unknown = taken.text.starts_with(['/', '$']);
    is_unknown || !is_inside(one, &joined(folder, &taken.text))
}

/// Whether a path from the root lies in the folder of a crate.
fn is_inside(one: &Crate, path: &str) -> bool {
    let inside = path.strip_prefix(one.manifest.folder.as_str());
    !path.starts_with("..")
        && (one.manifest.folder.is_empty() || inside.is_some_and(|rest| rest.starts_with('/')))
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
    let rooted =
        "../".repeat(one.manifest.folder.split('/').filter(|part| !part.is_empty()).count());
    let theirs = format!("{rooted}{theirs}");
    let target = |path: &str| {
        Edit::append(manifest(one), &format!("[[bin]]\nname = \"proof\"\npath = \"{path}\""))
    };
    let way = |(does, code, near): (&'static str, String, &str)| Proof {
        does,
        breaks: Edit::append(file, &code),
        at: at(file, code.lines().next().unwrap_or_default()),
        also: &[],
        spares: Edit::append(file, near),
    };
    let mut proofs: Vec<Proof> = ways(&theirs).into_iter().map(way).collect();
    proofs.push(Proof {
        does: "builds a target of a neighbour's file",
        breaks: target(&theirs),
        at: at(manifest(one), &theirs),
        also: &[],
        spares: target("src/proof.rs"),
    });
    proofs
}

/// Ways to take in a file that is written from a crate's folder, each with a near miss; `src` is one folder deeper.
fn ways(theirs: &str) -> [(&'static str, String, &'static str); 5] {
    let ours = "const OURS: &str = include_str!(\"../README.md\");";
    [
        (
            "copies a neighbour's module, the way out not at the front",
            format!("#[path = \"./../{theirs}\"]\nmod theirs;"),
            "#[path = \"./../src/ours.rs\"]\nmod ours;",
        ),
        (
            "copies it by an attribute behind a condition",
            format!("#[cfg_attr(all(), path = \"../{theirs}\")]\nmod theirs;"),
            "#[cfg_attr(all(), path = \"ours.rs\")]\nmod ours;",
        ),
        (
            "takes in a neighbour's text",
            format!("const THEIRS: &str = include_str!(\"./../{theirs}\");"),
            ours,
        ),
        (
            "takes it in by the macro's whole path",
            format!("const THEIRS: &str = std::include_str!(\"../{theirs}\");"),
            ours,
        ),
        (
            "takes in a neighbour's code by its crate's own folder",
            format!("include!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/{theirs}\"));"),
            "include!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/src/ours.rs\"));",
        ),
    ]
}
