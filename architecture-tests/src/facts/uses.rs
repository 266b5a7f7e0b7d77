use std::collections::BTreeMap;

use proc_macro2::{Delimiter, TokenTree};

use super::cursor::Cursor;

/// What a `use` names: the whole path, and what this file calls it.
pub(super) struct Used {
    pub(super) path: String,
    pub(super) alias: String,
    pub(super) line: usize,
}

/// Takes the tree after `use`, up to its end.
pub(super) fn used(cursor: &mut Cursor) -> Vec<Used> {
    let mut found = Vec::new();
    branch(cursor, "", &mut found);
    found
}

/// One branch: segments, then a group, a star, another name, or the end.
fn branch(cursor: &mut Cursor, prefix: &str, found: &mut Vec<Used>) {
    let mut path = prefix.to_owned();
    let mut line = 0;
    while let Some(token) = cursor.ahead(0).cloned() {
        match token {
            TokenTree::Ident(word) if word == "as" => {
                let alias = cursor.ident_ahead(1).map_or("_".to_owned(), ToString::to_string);
                cursor.skip(2);
                found.push(Used { path, alias, line });
                return;
            }
            TokenTree::Ident(word) => {
                line = word.span().start().line;
                let word = word.to_string();
                if word != "self" || path.is_empty() {
                    path = if path.is_empty() { word } else { format!("{path}::{word}") };
                }
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                cursor.skip(1);
                let mut inner = Cursor::new(group.stream());
                while inner.ahead(0).is_some() {
                    branch(&mut inner, &path, found);
                    inner.skip(usize::from(inner.is_punct(0, ',')));
                }
                return;
            }
            TokenTree::Punct(punct) if punct.as_char() == '*' => {
                cursor.skip(1);
                let line = punct.span().start().line;
                found.push(Used { path: format!("{path}::*"), alias: "*".to_owned(), line });
                return;
            }
            TokenTree::Punct(punct) if matches!(punct.as_char(), ':' | '$') => {}
            _ => break,
        }
        cursor.skip(1);
    }
    found.extend(by_its_name(path, line));
}

fn by_its_name(path: String, line: usize) -> Option<Used> {
    let alias = path.rsplit("::").next().filter(|name| !name.is_empty())?.to_owned();
    Some(Used { path, alias, line })
}

/// A path as it is called outside the file that imports it.
pub(super) fn resolved(path: &str, imported: &BTreeMap<String, String>) -> String {
    let (first, rest) =
        path.split_once("::").map_or((path, None), |(first, rest)| (first, Some(rest)));
    match (imported.get(first), rest) {
        (Some(whole), Some(rest)) => format!("{whole}::{rest}"),
        (Some(whole), None) => whole.clone(),
        (None, _) => path.to_owned(),
    }
}
