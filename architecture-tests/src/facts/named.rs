use proc_macro2::{Delimiter, TokenTree};

use super::cursor::Cursor;
use super::source::{How, Named};
use super::uses::used;
use super::walk::Walk;

impl Walk {
    /// Takes what is behind `use`.
    pub(super) fn import(&mut self, cursor: &mut Cursor) {
        let public = matches!(cursor.behind(0), Some(TokenTree::Ident(ident)) if ident == "pub");
        let how = if public { How::Export } else { How::Use };
        for used in used(cursor) {
            self.source.words.extend(used.path.split("::").map(str::to_owned));
            self.source.paths.push(Named {
                path: used.path.clone(),
                line: used.line,
                how,
                in_test: self.in_test,
            });
            self.imported.insert(used.alias, used.path);
        }
    }

    /// Takes a path whose first word was taken.
    pub(super) fn path(&mut self, first: String, line: usize, cursor: &mut Cursor) {
        let before = cursor.behind(0).cloned();
        let is_dot = |token: Option<&TokenTree>| matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == '.');
        let is_word = |places: usize, word: &str| matches!(cursor.behind(places), Some(TokenTree::Ident(ident)) if ident == word);
        // pub type Name = path
        let names_type = is_word(2, "type") && is_word(3, "pub");
        let is_method = is_dot(before.as_ref()) && !is_dot(cursor.behind(1));
        let mut path = first;
        while cursor.is_separator(0) {
            let Some(next) = cursor.ident_ahead(2) else { break };
            let next = next.to_string();
            if !self.source.words.contains(&next) {
                self.source.words.insert(next.clone());
            }
            path = format!("{path}::{next}");
            cursor.skip(3);
        }
        let how = match () {
            () if names_type => How::Export,
            () if is_made(cursor) && makes(before.as_ref()) => How::Make,
            () => How::Mention,
        };
        if !is_method && (path.contains("::") || how == How::Make) {
            self.source.paths.push(Named { path, line, how, in_test: self.in_test });
        }
    }
}

/// The trait behind `impl`: the name before `for`.
pub(super) fn implemented(cursor: &Cursor) -> Option<String> {
    let until_body = (0..).map_while(|places| cursor.ahead(places).filter(|token| !is_body(token)));
    let words = until_body.filter_map(|token| match token {
        TokenTree::Ident(word) => Some(word.to_string()),
        _ => None,
    });
    let words: Vec<String> = words.collect();
    let at = words.iter().position(|word| word == "for")?;
    at.checked_sub(1).and_then(|before| words.get(before)).cloned()
}

fn is_body(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

/// Whether `{` follows a name, as it does where a value is made, a type is declared, or taken apart.
pub(super) fn is_made(cursor: &Cursor) -> bool {
    cursor.group_ahead(0, Delimiter::Brace).is_some()
}

/// Whether a value is made behind this token, rather than declared or taken apart.
fn makes(before: Option<&TokenTree>) -> bool {
    match before {
        Some(TokenTree::Punct(punct)) => matches!(punct.as_char(), '=' | '&'),
        Some(TokenTree::Ident(word)) => word == "return",
        _ => false,
    }
}
