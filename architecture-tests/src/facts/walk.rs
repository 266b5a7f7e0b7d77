use std::collections::BTreeMap;

use proc_macro2::{Delimiter, Group, Ident, Literal, TokenStream, TokenTree};

use super::ahead::TestAhead;
use super::cursor::Cursor;
use super::literals::{joined_strings, value};
use super::named::{implemented, is_made, is_pattern, is_public};
use super::source::{Function, How, Source, Text};
use super::uses::resolved;

/// Goes through the tokens of a file once.
#[derive(Default)]
pub(super) struct Walk {
    pub(super) source: Source,
    pub(super) imported: BTreeMap<String, String>,
    /// How many groups deep the tokens are, and the macro around them.
    depth: usize,
    pub(super) within: String,
    /// Whether they give a public name to a type, up to its end.
    pub(super) names_type: bool,
    /// Whether the tokens are of a pattern.
    pub(super) in_pattern: bool,
    pub(super) in_test: bool,
}

impl Walk {
    pub(super) fn read(&mut self, stream: TokenStream) {
        let mut cursor = Cursor::new(stream);
        let tokens = cursor.all();
        let mut ahead = TestAhead::default();
        while let Some(token) = tokens.get(cursor.advance()) {
            let was = self.in_test;
            self.in_test |= ahead.is_on();
            match token {
                TokenTree::Punct(punct) if punct.as_char() == '#' => {
                    self.in_test = was;
                    if self.attribute(&mut cursor) {
                        ahead.begin();
                    }
                    continue;
                }
                TokenTree::Ident(ident) => {
                    if ident == "mod" && cursor.is_punct(1, ';') {
                        self.module(&cursor, ahead.is_on());
                    }
                    self.word(ident, &mut cursor);
                }
                TokenTree::Group(group) => self.inside(group, &cursor),
                TokenTree::Literal(literal) => self.literal(literal),
                TokenTree::Punct(punct) => self.names_type &= punct.as_char() != ';',
            }
            self.in_test = was;
            // What was taken with a word, such as the body of a macro, may be the end as well.
            if let Some(last) = cursor.taken() {
                ahead.pass(last, cursor.behind(0));
            }
        }
    }

    pub(super) fn done(mut self) -> Source {
        for named in &mut self.source.paths {
            if named.how != How::Use {
                named.path = resolved(&named.path, &self.imported);
            }
        }
        self.source
    }

    pub(super) fn group(&mut self, group: &Group) {
        let names_type = self.names_type;
        self.depth += 1;
        self.read(group.stream());
        self.depth -= 1;
        self.names_type = names_type;
    }

    /// Reads a group, which may be a pattern: a value is taken apart in it.
    fn inside(&mut self, group: &Group, cursor: &Cursor) {
        let was = self.in_pattern;
        let is_body = group.delimiter() == Delimiter::Brace;
        let is_guarded = cursor.ident_ahead(0).is_some_and(|word| word == "if" || word == "in");
        self.in_pattern = was || is_pattern(cursor) || is_guarded && !is_body;
        self.group(group);
        self.in_pattern = was;
    }

    /// Notes a module that has a file of its own.
    fn module(&mut self, cursor: &Cursor, is_for_tests: bool) {
        let name = cursor.ident_ahead(0).map(ToString::to_string);
        let name = name.map(|name| name.trim_start_matches("r#").to_owned());
        if is_for_tests {
            self.source.test_modules.extend(name.clone());
        }
        self.source.modules.extend(name);
    }

    fn word(&mut self, ident: &Ident, cursor: &mut Cursor) {
        let word = ident.to_string();
        let line = ident.span().start().line;
        if !self.source.words.contains(&word) {
            self.source.words.insert(word.clone());
        }
        self.outline(&word, line, cursor);
        match word.as_str() {
            "use" => return self.import(cursor),
            "fn" => self.function(line, cursor),
            "type" => self.names_type |= is_public(cursor),
            "impl" if !self.in_test => {
                if let Some(of) = implemented(cursor) {
                    self.source.implements.entry(of).or_insert(line);
                }
            }
            "async" | "await" if !self.in_test => self.source.waits.push(line),
            "static" if !self.in_test && !is_lifetime(cursor) => {
                let text = cursor.ident_ahead(0).map(ToString::to_string).unwrap_or_default();
                self.source.statics.push(Text { text, line, within: self.within.clone() });
            }
            _ => {}
        }
        let last = if cursor.is_separator(0) || is_made(cursor) {
            self.path(word, line, cursor)
        } else {
            if self.names_type && word.starts_with(char::is_uppercase) {
                self.named(&word, line, How::Export);
            }
            word
        };
        if cursor.is_punct(0, '!') && matches!(cursor.ahead(1), Some(TokenTree::Group(_))) {
            self.called(&last, line, cursor);
        }
    }

    /// Notes the first line that a file of `mod` and `use` lines would not have.
    fn outline(&mut self, word: &str, line: usize, cursor: &Cursor) {
        let begins = self.depth == 0 && self.source.other_than_modules.is_none();
        let declared = word == "mod" && cursor.is_punct(1, ';');
        let named = cursor
            .behind(0)
            .is_some_and(|token| matches!(token, TokenTree::Ident(ident) if ident == "mod"));
        if begins && !declared && !named && !matches!(word, "pub" | "use") {
            self.source.other_than_modules = Some(line);
        }
    }

    fn function(&mut self, line: usize, cursor: &Cursor) {
        let Some(name) = cursor.ident_ahead(0) else { return };
        let body = (1..).map_while(|places| cursor.ahead(places)).find_map(|token| match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(Some(group)),
            TokenTree::Punct(punct) if punct.as_char() == ';' => Some(None),
            _ => None,
        });
        if let Some(Some(body)) = body {
            let (first, last) = (body.span_open().start().line, body.span_close().start().line);
            let lines = (last - first).saturating_sub(1);
            self.source.functions.push(Function { name: name.to_string(), line, lines });
        }
    }

    /// Takes the call of a macro.
    fn called(&mut self, name: &str, line: usize, cursor: &mut Cursor) {
        cursor.skip(1);
        let Some(TokenTree::Group(body)) = cursor.next() else { return };
        match name {
            "cfg" => self.gates(&body.stream()),
            "include" | "include_str" | "include_bytes" => {
                let text = joined_strings(&body.stream());
                self.source.taken_in.push(Text { text, line, within: name.to_owned() });
            }
            "concat" if !self.in_test => {
                let text = joined_strings(&body.stream());
                self.source.strings.push(Text { text, line, within: name.to_owned() });
                return;
            }
            "thread_local" if !self.in_test => {
                self.source.statics.push(Text {
                    text: name.to_owned(),
                    line,
                    within: String::new(),
                });
            }
            _ => {}
        }
        let outer = std::mem::replace(&mut self.within, name.to_owned());
        self.group(&body);
        self.within = outer;
    }

    fn literal(&mut self, literal: &Literal) {
        if self.in_test {
            return;
        }
        if let Some(text) = value(literal).filter(|text| text.len() > 2) {
            let within = self.within.clone();
            self.source.strings.push(Text { text, ..Self::place(literal, &within) });
        }
    }

    pub(super) fn place(literal: &Literal, within: &str) -> Text {
        Text { text: String::new(), line: literal.span().start().line, within: within.to_owned() }
    }
}

/// Whether the word that was taken is `'static`.
fn is_lifetime(cursor: &Cursor) -> bool {
    matches!(cursor.behind(0), Some(TokenTree::Punct(punct)) if punct.as_char() == '\'')
}
