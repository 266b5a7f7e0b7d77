use std::rc::Rc;

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

/// A place in the tokens of one group.
#[derive(Clone)]
pub(super) struct Cursor {
    tokens: Rc<[TokenTree]>,
    at: usize,
}

impl Cursor {
    pub(super) fn new(stream: TokenStream) -> Self {
        Self { tokens: stream.into_iter().collect(), at: 0 }
    }

    /// All tokens, which stay where they are while the cursor moves.
    pub(super) fn all(&self) -> Rc<[TokenTree]> {
        Rc::clone(&self.tokens)
    }

    /// Takes the next token, by its place among all.
    pub(super) fn advance(&mut self) -> usize {
        self.at += 1;
        self.at - 1
    }

    pub(super) fn next(&mut self) -> Option<TokenTree> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    pub(super) fn skip(&mut self, tokens: usize) {
        self.at += tokens;
    }

    /// The token so many places ahead of the next one.
    pub(super) fn ahead(&self, places: usize) -> Option<&TokenTree> {
        self.tokens.get(self.at + places)
    }

    /// The token that was taken last.
    pub(super) fn taken(&self) -> Option<&TokenTree> {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at))
    }

    /// The token so many places before the one that was taken last.
    pub(super) fn behind(&self, places: usize) -> Option<&TokenTree> {
        self.at.checked_sub(places + 2).and_then(|at| self.tokens.get(at))
    }

    pub(super) fn ident_ahead(&self, places: usize) -> Option<&Ident> {
        match self.ahead(places) {
            Some(TokenTree::Ident(ident)) => Some(ident),
            _ => None,
        }
    }

    pub(super) fn group_ahead(&self, places: usize, delimiter: Delimiter) -> Option<&Group> {
        match self.ahead(places) {
            Some(TokenTree::Group(group)) if group.delimiter() == delimiter => Some(group),
            _ => None,
        }
    }

    pub(super) fn is_punct(&self, places: usize, wanted: char) -> bool {
        matches!(self.ahead(places), Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
    }

    /// Whether `::` is so many places ahead.
    pub(super) fn is_separator(&self, places: usize) -> bool {
        self.is_punct(places, ':') && self.is_punct(places + 1, ':')
    }
}
