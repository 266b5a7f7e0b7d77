//! `L01` to `L03`: what a reader can hold in mind.

use crate::edit::Edit;
use crate::facts::{Crate, File, Workspace};
use crate::finding::Found;
use crate::need::Need;
use crate::plan::PLAN;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::{at, in_layer, libraries, library};

pub(in crate::rules) const SIZES: Rule = Rule {
    id: "L01",
    name: "sizes",
    why: "what does not fit on a screen is not read whole, and so not reviewed",
    needs: Need::Sizes,
    explain: "A file has at most `limits.file_lines` lines, and a function's body at most `limits.function_lines`, tests included.",
    may_be_empty: None,
    is_derived: false,
    check: sizes,
    proofs: too_long,
};

pub(in crate::rules) const MODULE_FILES: Rule = Rule {
    id: "L02",
    name: "module-files",
    why: "a file named `mod.rs` says what there is; what is done is in a file that says so",
    needs: Need::Nothing,
    explain: "A `mod.rs` has `mod` and `use` lines alone.",
    may_be_empty: Some("modules may have files of their own names"),
    is_derived: false,
    check: module_files,
    proofs: |workspace| {
        let files = libraries(workspace).flat_map(|one| &one.sources);
        let Some(file) =
            files.into_iter().find(|source| source.path.ends_with("/mod.rs") && !source.is_test)
        else {
            return Vec::new();
        };
        vec![Proof {
            does: "puts a function into a `mod.rs`",
            breaks: Edit::append(&file.path, "fn decide() {}"),
            at: at(&file.path, "fn decide"),
            also: &[],
            spares: Edit::append(&file.path, "#[cfg(test)]\nmod decided;"),
        }]
    },
};

pub(in crate::rules) const DEPTH: Rule = Rule {
    id: "L03",
    name: "depth",
    why: "what lies deep is a crate that nobody named",
    needs: Need::Depth,
    explain: "Between `src` and a file are at most `limits.folders` folders.",
    may_be_empty: None,
    is_derived: false,
    check: depth,
    proofs: |workspace| {
        let place = workspace.plan.layer.keys().find_map(|layer| {
            in_layer(workspace, layer.get_ref()).filter(|(_, file)| file.matches('/').count() > 3)
        });
        let layered = place.map(|(_, file)| file);
        let plain = || libraries(workspace).find_map(library);
        let Some(file) = layered.or_else(plain) else { return Vec::new() };
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        let own = folder.rsplit_once("src/").map_or(0, |(_, below)| below.split('/').count());
        let deep = |folders: usize| format!("{folder}/{}deep.rs", "more/".repeat(folders - own));
        let Some(most) = workspace.plan.limits.folders else { return Vec::new() };
        vec![Proof {
            does: "lays a file a folder too deep",
            breaks: Edit::create(&deep(most + 1), "struct Deep;\n"),
            at: at(&deep(most + 1), "struct Deep"),
            also: &[],
            spares: Edit::create(&deep(most), "struct Deep;\n"),
        }]
    },
};

/// A function and a file that are a line too long, in the shortest library.
fn too_long(workspace: &Workspace) -> Vec<Proof> {
    let lines = |file: &&str| workspace.tree.text(file).map_or(0, |text| text.lines().count());
    let Some(file) = libraries(workspace).filter_map(library).min_by_key(lines) else {
        return Vec::new();
    };
    let length = lines(&file);
    let way = |does, line: &str, most: usize, long: &dyn Fn(usize) -> String| Proof {
        does,
        breaks: Edit::append(file, &long(most + 1)),
        at: at(file, line),
        also: &[],
        spares: Edit::append(file, &long(most)),
    };
    let body = |lines: usize| format!("fn long() {{\n{}}}", "    call();\n".repeat(lines));
    let blank = |lines: usize| "//\n".repeat(lines.saturating_sub(length + 1)) + "//";
    let limits = &workspace.plan.limits;
    let function = limits.function_lines;
    let function = function
        .map(|most| way("writes a function that is a line too long", "fn long()", most, &body));
    let file = limits.file_lines;
    let file = file.map(|most| way("writes a file that is a line too long", "//", most, &blank));
    function.into_iter().chain(file).collect()
}

fn files(workspace: &Workspace) -> impl Iterator<Item = (&Crate, &File)> {
    workspace.crates.iter().flat_map(|one| one.sources.iter().map(move |source| (one, source)))
}

/// The most lines of a file and of a function; as many as there can be, where the plan does not say.
fn limits(workspace: &Workspace) -> (usize, usize) {
    let limits = &workspace.plan.limits;
    (limits.file_lines.unwrap_or(usize::MAX), limits.function_lines.unwrap_or(usize::MAX))
}

fn sizes(workspace: &Workspace, found: &mut Found) {
    let (most_in_file, most_in_function) = limits(workspace);
    for (_, source) in files(workspace) {
        found.look();
        if source.lines > most_in_file {
            let what = format!("the file has {} lines; {most_in_file} are the most", source.lines);
            found.note(
                (&source.path, source.lines),
                "file",
                what,
                format!("part it, or raise `file_lines` in `{PLAN}`"),
            );
        }
        for function in source.functions.iter().filter(|function| function.lines > most_in_function)
        {
            let (name, lines, most) = (&function.name, function.lines, most_in_function);
            let what = format!("the body of `{name}` has {lines} lines; {most} are the most");
            found.note(
                (&source.path, function.line),
                name,
                what,
                "name its parts, each a function",
            );
        }
    }
}

fn module_files(workspace: &Workspace, found: &mut Found) {
    for (_, source) in files(workspace).filter(|(_, source)| source.path.ends_with("/mod.rs")) {
        found.look();
        if let Some(line) = source.other_than_modules {
            let what = "a `mod.rs` has something else than `mod` and `use`";
            found.note(
                (&source.path, line),
                "mod.rs",
                what,
                "move it to a file of its own, and `use` it from there",
            );
        }
    }
}

fn depth(workspace: &Workspace, found: &mut Found) {
    let Some(most) = workspace.plan.limits.folders else { return };
    for (one, source) in files(workspace) {
        let Some(below) = source.path.strip_prefix(&format!("{}/", one.path("src"))) else {
            continue;
        };
        found.look();
        let folders = below.matches('/').count();
        if folders > most {
            let what =
                format!("{folders} folders are between `src` and the file; {most} are the most");
            found.note((&source.path, 1), "depth", what, "make a crate of it, or fewer folders");
        }
    }
}
