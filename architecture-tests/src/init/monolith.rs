use std::collections::BTreeMap;

use super::contexts::Contexts;
use super::draft::{ContextDraft, Draft, Place, RoleDraft};
use super::names::{patterns, place};
use super::{groups, names};
use crate::facts::Workspace;
use crate::plan::{Pattern, as_written};

/// Draws up contexts with their contracts, what puts them together, and what they share.
pub(super) fn draft(workspace: &Workspace, draft: &mut Draft) -> Vec<Option<String>> {
    let contexts = Contexts::with_contracts(workspace)
        .unwrap_or_else(|| Contexts::without_contracts(workspace));
    let mut of = contexts.of.clone();
    let mut named: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, context) in of.iter().enumerate() {
        let Some(context) = context else { continue };
        let role = role_of(workspace, &contexts, at, context);
        named.entry(role).or_default().push(at);
    }
    let roles = named.into_iter().map(|(name, members)| part(workspace, &contexts, name, members));
    draft.roles.extend(roles);
    draft.roles.sort_by_key(|role| role.place != Place::Open);
    let rest: Vec<usize> = (0..of.len()).filter(|at| of[*at].is_none()).collect();
    let (roots, shared): (Vec<usize>, Vec<usize>) =
        rest.into_iter().partition(|at| puts_together(workspace, &contexts, *at));
    draft.roles.extend(groups::roles(workspace, &shared));
    for role in &mut draft.roles {
        if role.place == Place::Root {
            role.place = Place::Inside;
        }
    }
    if !roots.is_empty() {
        let (name, is) = ("root".to_owned(), "what puts contexts together".to_owned());
        let patterns = patterns(workspace, &roots);
        draft.roles.push(RoleDraft {
            name,
            is,
            members: roots,
            patterns,
            place: Place::Root,
            ..RoleDraft::default()
        });
    }
    say_contexts(workspace, &contexts, draft);
    of.truncate(workspace.crates.len());
    of
}

/// The role of crates that contexts have: open, where all of them are contracts.
fn part(
    workspace: &Workspace,
    contexts: &Contexts,
    name: String,
    members: Vec<usize>,
) -> RoleDraft {
    let (is, place) = if members.iter().all(|at| contexts.contracts.contains(at)) {
        ("what neighbours may know of a context", Place::Open)
    } else {
        ("a part of the business", Place::Inside)
    };
    let patterns =
        captured(workspace, contexts, &members).unwrap_or_else(|| patterns(workspace, &members));
    RoleDraft { name, is: is.to_owned(), members, patterns, place, ..RoleDraft::default() }
}

/// What a crate of a context is called there: `contract`, the folder that others have too, or `module`.
fn role_of(workspace: &Workspace, contexts: &Contexts, at: usize, context: &str) -> String {
    if contexts.contracts.contains(&at) {
        return "contract".to_owned();
    }
    let tail = |at: usize, context: &str| {
        let folder = workspace.crates[at].manifest.folder.as_str();
        let below = contexts.above.as_ref().and_then(|above| folder.strip_prefix(above.as_str()));
        let own = below.map(|below| {
            below.trim_start_matches('/').trim_start_matches(context).trim_start_matches('/')
        });
        let own = own.unwrap_or_else(|| {
            place(&workspace.crates[at])
                .1
                .trim_start_matches(context)
                .trim_start_matches(['-', '_'])
        });
        own.split('/').next().unwrap_or_default().to_owned()
    };
    let own = tail(at, context);
    let is_shared = |(other, name): (usize, &Option<String>)| {
        name.as_deref().is_some_and(|name| name != context && tail(other, name) == own)
    };
    let is_folder =
        own != context && workspace.crates[at].manifest.folder.contains(&format!("/{own}/"));
    let known = is_folder || contexts.of.iter().enumerate().any(is_shared);
    if own.is_empty() || !known { "module".to_owned() } else { own }
}

/// Patterns with `<context>`, where each means these members alone and names their contexts.
fn captured(workspace: &Workspace, contexts: &Contexts, members: &[usize]) -> Option<Vec<String>> {
    let above = contexts.above.as_deref()?;
    let folder = |at: usize| workspace.crates[at].manifest.folder.as_str();
    let mut all: Vec<String> = Vec::new();
    for at in members {
        let context = contexts.of[*at].as_deref()?;
        let tail = folder(*at).strip_prefix(&format!("{above}/{context}"))?.trim_start_matches('/');
        let tail = tail.split_once('/').map_or(tail.to_owned(), |(first, rest)| {
            format!("{first}/{}", vec!["*"; rest.split('/').count()].join("/"))
        });
        let pattern = format!("{above}/<context>/{tail}").trim_end_matches('/').to_owned();
        if !all.contains(&pattern) {
            all.push(pattern);
        }
    }
    let means = |pattern: &String, at: usize| {
        let seen = Pattern::new(pattern).captures(folder(at));
        seen.is_none_or(|seen| members.contains(&at) && contexts.of[at].as_deref() == Some(seen))
    };
    let fits = |pattern: &String| (0..workspace.crates.len()).all(|at| means(pattern, at));
    all.iter().all(fits).then_some(all)
}

/// Whether a crate of no context is built of an implementation.
fn puts_together(workspace: &Workspace, contexts: &Contexts, at: usize) -> bool {
    let edges = workspace.crates[at].edges.iter().filter_map(|edge| edge.to);
    edges.into_iter().any(|to| contexts.of[to].is_some() && !contexts.contracts.contains(&to))
}

/// Says each context, with its folders where its roles don't say it, and whom it calls.
fn say_contexts(workspace: &Workspace, contexts: &Contexts, draft: &mut Draft) {
    for (at, context) in contexts.of.iter().enumerate() {
        let Some(context) = context else { continue };
        let folder = as_written(&workspace.crates[at].manifest.folder);
        let role = draft.role_of(at);
        let is_said = role.is_some_and(|role| {
            role.patterns
                .iter()
                .any(|pattern| Pattern::new(pattern).captures(folder) == Some(context))
        });
        let calls = workspace.crates[at].edges.iter().filter_map(|edge| edge.to);
        let calls =
            calls.filter(|to| !contexts.contracts.contains(&at) && contexts.contracts.contains(to));
        let calls = calls.filter_map(|to| contexts.of[to].clone()).filter(|other| other != context);
        let calls: Vec<String> = calls.collect();
        let said: &mut ContextDraft = draft.contexts.entry(context.clone()).or_default();
        said.calls.extend(calls);
        if !is_said {
            said.crates.push(folder.to_owned());
        }
    }
    for (context, said) in &mut draft.contexts {
        let own = |at: &usize| {
            contexts.of[*at].as_ref() == Some(context)
                && said
                    .crates
                    .iter()
                    .any(|folder| folder == as_written(&workspace.crates[*at].manifest.folder))
        };
        let members: Vec<usize> = (0..workspace.crates.len()).filter(own).collect();
        said.crates = names::patterns(workspace, &members);
    }
}
