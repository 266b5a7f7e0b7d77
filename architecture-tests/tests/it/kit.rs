//! Small workspaces in memory, of shapes that others have.

use std::fmt::Write as _;

use architecture_tests::facts::Workspace;
use architecture_tests::init::{Begun, Preset, begin};
use architecture_tests::jiff::civil::{Date, date};
use architecture_tests::plan::PLAN;
use architecture_tests::{BASELINE, Baseline, Edit, Outcome, Tree, check, rules, tell, written};

pub(crate) const TODAY: Date = date(2026, 11, 21);

/// A workspace that is being made.
#[derive(Default)]
pub(crate) struct Made {
    pub(crate) tree: Tree,
}

impl Made {
    /// A virtual workspace of these members.
    pub(crate) fn of(members: &str) -> Self {
        Self::default().with("Cargo.toml", &format!("[workspace]\nmembers = [{members}]\n"))
    }

    pub(crate) fn with(mut self, path: &str, text: &str) -> Self {
        self.tree.put(path, text);
        self
    }

    /// A library, which is built of others by their folders, and names them.
    pub(crate) fn library(self, folder: &str, uses: &[&str]) -> Self {
        self.crate_of(folder, uses, "src/lib.rs")
    }

    /// A program.
    pub(crate) fn program(self, folder: &str, uses: &[&str]) -> Self {
        self.crate_of(folder, uses, "src/main.rs")
    }

    fn crate_of(self, folder: &str, uses: &[&str], file: &str) -> Self {
        let mut manifest = format!("[package]\nname = \"{}\"\n\n[dependencies]\n", name(folder));
        let mut source = String::new();
        for used in uses {
            let _ = writeln!(manifest, "{}", depends(folder, used));
            let _ = writeln!(source, "use {} as _;", name(used).replace('-', "_"));
        }
        self.with(&format!("{folder}/Cargo.toml"), &manifest)
            .with(&format!("{folder}/{file}"), &source)
    }
}

/// A package's name: that of its folder, with those above where that says nothing.
pub(crate) fn name(folder: &str) -> String {
    folder.trim_start_matches("crates/").replace('/', "-")
}

/// The line of a manifest for a dependency on another folder.
pub(crate) fn depends(from: &str, to: &str) -> String {
    format!("{} = {{ path = \"{}{to}\" }}", name(to), "../".repeat(from.split('/').count()))
}

/// A workspace with its first plan and baseline, which must hold.
pub(crate) fn begun(tree: &Tree, preset: Option<Preset>) -> (Begun, Workspace) {
    let begun = begin(tree.clone(), preset, TODAY).unwrap();
    let mut tree = tree.clone();
    tree.put(PLAN, &begun.plan);
    tree.put(BASELINE, &written(&begun.accepted).unwrap());
    let workspace = Workspace::default().with(tree);
    let (outcome, told) = checked(&workspace);
    assert_eq!(outcome.code(), 0, "{told}\n{}", begun.plan);
    (begun, workspace)
}

/// What a check comes to with the baseline, and how it is told.
pub(crate) fn checked(workspace: &Workspace) -> (Outcome, String) {
    checked_on(workspace, TODAY)
}

/// The same on another day.
pub(crate) fn checked_on(workspace: &Workspace, today: Date) -> (Outcome, String) {
    let rules = rules::all();
    let mut outcome = check(workspace, &rules, true);
    Baseline::of(workspace).unwrap().apply(&mut outcome, today);
    let told = tell::text(workspace, &rules, &outcome);
    (outcome, told)
}

/// The messages of a check after a change.
pub(crate) fn told(workspace: &Workspace, edit: &Edit) -> String {
    let (outcome, told) = checked(&edit.applied(workspace).unwrap());
    assert_eq!(outcome.code(), 1, "nothing was found: {told}");
    told
}

/// Whether a message of a rule says all of this.
pub(crate) fn says(told: &str, rule: &str, all: &[&str]) -> bool {
    let of_rule = told.split("\n\n").filter(|message| message.contains(&format!("error[{rule}]")));
    of_rule.into_iter().any(|message| all.iter().all(|text| message.contains(text)))
}
