use proc_macro2::{Delimiter, Group, TokenTree};

use super::cursor::Cursor;
use super::source::{How, Named};
use super::uses::used;
use super::walk::Walk;

impl Walk {
    /// Takes what is behind `use`.
    pub(super) fn import(&mut self, cursor: &mut Cursor) {
        let how = if is_public(cursor) { How::Export } else { How::Use };
        for used in used(cursor) {
            self.source.words.extend(used.path.split("::").map(str::to_owned));
            self.named(&used.path, used.line, how);
            self.imported.insert(used.alias, used.path);
        }
    }

    /// Takes a path whose first word was taken, and answers its last one.
    pub(super) fn path(&mut self, first: String, line: usize, cursor: &mut Cursor) -> String {
        let before = cursor.behind(0).cloned();
        let is_dot = |token: Option<&TokenTree>| token.is_some_and(|token| is_punct(token, '.'));
        let is_declared = is_declared(cursor);
        let is_method = is_dot(before.as_ref()) && !is_dot(cursor.behind(1));
        let (mut path, mut last) = (first.clone(), first);
        while cursor.is_separator(0) {
            let Some(next) = cursor.ident_ahead(2) else { break };
            let next = next.to_string();
            if !self.source.words.contains(&next) {
                self.source.words.insert(next.clone());
            }
            path = format!("{path}::{next}");
            last = next;
            cursor.skip(3);
        }
        let how = match () {
            () if self.names_type => How::Export,
            () if is_made(cursor) && !is_declared && !self.is_taken_apart(cursor) => How::Make,
            () => How::Mention,
        };
        let is_type = path.starts_with(char::is_uppercase) && how == How::Make;
        if !is_method && (path.contains("::") || is_type) {
            self.named(&path, line, how);
        }
        last
    }

    pub(super) fn named(&mut self, path: &str, line: usize, how: How) {
        let (path, in_test) = (path.to_owned(), self.in_test);
        self.source.paths.push(Named { path, line, how, in_test });
    }

    /// Whether `{ … }` ahead takes a value apart: it is a pattern, or leaves fields out as one alone can.
    fn is_taken_apart(&self, cursor: &Cursor) -> bool {
        let fields = cursor.group_ahead(0, Delimiter::Brace).map(Group::stream);
        let fields: Vec<TokenTree> = fields.into_iter().flatten().collect();
        let is_rest = fields.iter().rev().take(2).filter(|token| is_punct(token, '.')).count() == 2;
        let mut behind = cursor.clone();
        behind.skip(1);
        let is_guarded = behind.ident_ahead(0).is_some_and(|word| word == "if" || word == "in");
        self.in_pattern || self.within == "matches" || is_rest || is_guarded || is_pattern(&behind)
    }
}

/// Whether `pub` stands before the word that was taken.
pub(super) fn is_public(cursor: &Cursor) -> bool {
    matches!(cursor.behind(0), Some(TokenTree::Ident(word)) if word == "pub")
}

fn is_punct(token: &TokenTree, wanted: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == wanted)
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

/// Whether a type is declared or answered under the name that was taken, rather than made: `struct Name {`, `-> &Name {`.
fn is_declared(cursor: &Cursor) -> bool {
    let is = |places: usize, wanted: char| {
        cursor.behind(places).is_some_and(|token| is_punct(token, wanted))
    };
    let mut places = 0;
    loop {
        match cursor.behind(places) {
            Some(TokenTree::Punct(punct)) if matches!(punct.as_char(), '&' | '\'') => places += 1,
            Some(TokenTree::Ident(word)) if word == "mut" || is(places + 1, '\'') => places += 1,
            Some(TokenTree::Ident(word)) => {
                let word = word.to_string();
                let words = ["struct", "enum", "union", "trait", "impl", "for", "mod"];
                return words.contains(&word.as_str());
            }
            _ => return is(places, '>') && is(places + 1, '-'),
        }
    }
}

/// Whether what was taken is a pattern, by what follows: an arrow, `=`, the type of an argument, or the end of a closure's.
pub(super) fn is_pattern(cursor: &Cursor) -> bool {
    let is_arrow = cursor.is_punct(0, '=') && !cursor.is_punct(1, '=');
    let is_type = cursor.is_punct(0, ':') && !cursor.is_separator(0);
    let is_other = cursor.is_punct(0, '|') && !cursor.is_punct(1, '|');
    is_arrow || is_type || is_other
}
