use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::cursor::Cursor;
use super::literals::value;
use super::source::Text;
use super::types::pairs;
use super::walk::Walk;

impl Walk {
    /// Takes `[…]` or `![…]` after `#`. Says whether what follows is for tests.
    pub(super) fn attribute(&mut self, cursor: &mut Cursor) -> bool {
        cursor.skip(usize::from(cursor.is_punct(0, '!')));
        let Some(group) = cursor.group_ahead(0, Delimiter::Bracket).cloned() else { return false };
        cursor.skip(1);
        let mut inner = Cursor::new(group.stream());
        let words = segments(&group);
        match words.first().map(String::as_str) {
            Some("doc") => return false,
            Some("path") => {
                inner.skip(2);
                if let Some(TokenTree::Literal(literal)) = inner.next() {
                    let text = Text {
                        text: value(&literal).unwrap_or_default(),
                        ..Self::place(&literal, "path")
                    };
                    self.source.taken_in.push(text);
                }
                return false;
            }
            Some("cfg") => self.gates(&group.stream()),
            Some("cfg_attr") => {
                self.gates(&group.stream());
                self.paths_of(&group.stream());
            }
            Some("sea_orm") => self.entity(&group.stream()),
            _ => {}
        }
        let is_test =
            words.last().is_some_and(|last| last == "test") || is_for_tests(&words, &group);
        self.group(&group);
        is_test
    }

    /// Notes the features that a `cfg` asks for.
    pub(super) fn gates(&mut self, stream: &TokenStream) {
        let mut cursor = Cursor::new(stream.clone());
        while let Some(token) = cursor.next() {
            match token {
                TokenTree::Ident(ident) if ident == "feature" && cursor.is_punct(0, '=') => {
                    let line = ident.span().start().line;
                    let text = match cursor.ahead(1) {
                        Some(TokenTree::Literal(literal)) => value(literal).unwrap_or_default(),
                        _ => String::new(),
                    };
                    self.source.gates.push(Text { text, line, within: "cfg".to_owned() });
                }
                TokenTree::Group(group) => self.gates(&group.stream()),
                _ => {}
            }
        }
    }

    /// Notes the files that a `cfg_attr` takes in as modules.
    fn paths_of(&mut self, stream: &TokenStream) {
        let mut cursor = Cursor::new(stream.clone());
        while let Some(token) = cursor.next() {
            match (token, cursor.ahead(1)) {
                (TokenTree::Ident(key), Some(TokenTree::Literal(literal)))
                    if key == "path" && cursor.is_punct(0, '=') =>
                {
                    let text = value(literal).unwrap_or_default();
                    self.source.taken_in.push(Text { text, ..Self::place(literal, "path") });
                }
                (TokenTree::Group(group), _) => self.paths_of(&group.stream()),
                _ => {}
            }
        }
    }

    /// Notes which table an entity is of.
    fn entity(&mut self, stream: &TokenStream) {
        let arguments = stream.clone().into_iter().nth(1);
        let Some(TokenTree::Group(arguments)) = arguments else { return };
        for (key, text) in pairs(arguments.stream()) {
            let line = arguments.span_open().start().line;
            self.source.entities.push((key, Text { text, line, within: "sea_orm".to_owned() }));
        }
    }
}

/// The words that an attribute begins with: `tokio::test`, `cfg`.
fn segments(attribute: &Group) -> Vec<String> {
    let is_path = |token: &TokenTree| match token {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(punct) => punct.as_char() == ':',
        _ => false,
    };
    let path = attribute.stream().into_iter().take_while(is_path);
    let words = path.filter(|token| matches!(token, TokenTree::Ident(_)));
    words.map(|word| word.to_string()).collect()
}

/// Whether it is `cfg(test)`, or a `cfg` that holds in tests alone.
fn is_for_tests(words: &[String], attribute: &Group) -> bool {
    let is_cfg = words.len() == 1 && words.iter().any(|word| word == "cfg");
    let arguments = attribute.stream().into_iter().nth(1);
    let Some(TokenTree::Group(arguments)) = arguments.filter(|_| is_cfg) else { return false };
    let mut cursor = Cursor::new(arguments.stream());
    match cursor.next() {
        Some(TokenTree::Ident(word)) if word == "test" => true,
        Some(TokenTree::Ident(word)) if word == "all" => {
            let inner = cursor.group_ahead(0, Delimiter::Parenthesis).map(Group::stream);
            inner
                .into_iter()
                .flatten()
                .any(|token| matches!(&token, TokenTree::Ident(word) if word == "test"))
        }
        _ => false,
    }
}
