use jiff::ToSpan as _;
use jiff::civil::Date;

use super::draft::Draft;
use super::preset::Preset;
use super::{folders, groups, hexagon, monolith, written};
use crate::facts::Workspace;
use crate::plan::PLAN;
use crate::{BASELINE, Entry, Finding, Tree, Unread, check, rules};

/// A first plan, and the baseline with which it holds.
#[derive(Debug)]
pub struct Begun {
    /// How the workspace is seen.
    pub preset: Preset,
    /// Why.
    pub why: String,
    /// The text of `architecture.toml`.
    pub plan: String,
    /// The breaches that can't be said in it.
    pub accepted: Vec<Entry>,
    /// The rules that are off to begin with, each with why.
    pub off: Vec<(String, String)>,
    /// So many crates are planned.
    pub crates: usize,
}

/// Why there is no first plan.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// A file that a crate is built of can't be read.
    #[error("could not read {0}")]
    Unread(#[from] Unread),
    /// There is no workspace.
    #[error("there is no crate here; let `--root` be the folder with the workspace's `Cargo.toml`")]
    NoCrates,
    /// The end of the baseline is beyond the calendar.
    #[error(transparent)]
    Day(#[from] jiff::Error),
}

/// Rules of habit: a workspace that never heard of them breaks them everywhere, and a baseline of that says nothing.
const HABITS: [&str; 2] = ["G12", "L02"];
/// So many breaches of any other rule are no exception but how things are done.
const MANY: usize = 40;
const OWNER: &str = "nobody yet";
const REASON: &str = "was there before architecture.toml";

/// Draws up a plan for the crates in a tree, and a baseline, with which `check` holds.
pub fn begin(mut tree: Tree, wished: Option<Preset>, today: Date) -> Result<Begun, InitError> {
    tree.remove(BASELINE);
    tree.put(PLAN, "");
    let workspace = Workspace::default().with(tree);
    if let Some(unread) = workspace.unread.first() {
        return Err(unread.clone().into());
    }
    if workspace.crates.is_empty() {
        return Err(InitError::NoCrates);
    }
    let seen = || Preset::seen(&workspace);
    let (preset, why) = wished.map_or_else(seen, |preset| (preset, "it was asked for".to_owned()));
    let mut draft = Draft::default();
    let mut contexts = vec![None; workspace.crates.len()];
    match preset {
        Preset::ModularMonolith => contexts = monolith::draft(&workspace, &mut draft),
        Preset::Hexagon => draft.roles = hexagon::roles(&workspace),
        Preset::Layers => {
            let all: Vec<usize> = (0..workspace.crates.len()).collect();
            draft.roles = groups::roles(&workspace, &all);
        }
    }
    draft.tell_apart();
    folders::draft(&workspace, &mut draft);
    draft.head = written::head(preset, &why);
    let (plan, left) = settled(&workspace, &mut draft, &contexts)?;
    let until = today.checked_add(6.months())?;
    let accepted =
        left.iter().map(|finding| Entry::accepting(finding, OWNER, REASON, until)).collect();
    let (off, crates) = (draft.off.into_iter().collect(), workspace.crates.len());
    Ok(Begun { preset, why, plan, accepted, off, crates })
}

/// The text of a plan, and what breaks it still. Whatever the plan can say is said first.
fn settled(
    workspace: &Workspace,
    draft: &mut Draft,
    contexts: &[Option<String>],
) -> Result<(String, Vec<Finding>), InitError> {
    loop {
        let plan = written::plan(workspace, draft, contexts);
        let mut tree = workspace.tree.clone();
        tree.put(PLAN, &plan);
        let outcome = check(&workspace.with(tree), &rules::all(), false);
        if let Some(unread) = outcome.unread.first() {
            return Err(unread.clone().into());
        }
        if !says_more(draft, &outcome.findings) {
            return Ok((plan, outcome.findings));
        }
    }
}

/// Takes what findings tell into the plan. Whether that was anything new.
fn says_more(draft: &mut Draft, findings: &[Finding]) -> bool {
    let before = (draft.takes_in.len(), draft.off.len());
    for finding in findings.iter().filter(|finding| finding.rule == "S01") {
        if finding.item.starts_with("include_str ") || finding.item.starts_with("include_bytes ") {
            draft.takes_in.insert(finding.path.clone());
        }
    }
    for finding in findings.iter().filter(|finding| finding.rule == "M01") {
        draft.off.insert(finding.item.clone(), "there is nothing to look at yet".to_owned());
    }
    for rule in rules::all() {
        let count = findings.iter().filter(|finding| finding.rule == rule.id).count();
        let is_habit = count > 0 && HABITS.contains(&rule.id);
        let is_edge = rule.id.starts_with('G');
        if is_habit || count > MANY && !is_edge {
            let why = format!("places that break it today: {count}; delete this line to see them");
            draft.off.insert(rule.id.to_owned(), why);
        }
    }
    before != (draft.takes_in.len(), draft.off.len())
}
