use std::collections::BTreeSet;

/// A word, a name or a sign of SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// In small letters; `{}` for a gap that a program fills.
    pub(super) word: String,
    pub(super) line: usize,
    /// Whether it can name something.
    pub(super) is_name: bool,
    /// Whether it is written in capitals.
    pub(super) is_loud: bool,
}

/// The tokens of SQL, those in bodies between dollars included, and the line of what was not closed.
pub(super) fn tokens(sql: &str) -> (Vec<Token>, Option<usize>) {
    let mut reading = Reading { sql, at: 0, line: 1, tokens: Vec::new(), open: None };
    while reading.at < sql.len() {
        reading.step();
    }
    (reading.tokens, reading.open)
}

/// The names of common table expressions: `name AS (`, `name (columns) AS (`.
pub(super) fn locals(tokens: &[Token]) -> BTreeSet<&str> {
    let word = |at: usize| tokens.get(at).map_or("", |token| token.word.as_str());
    let mut names = BTreeSet::new();
    for at in 1..tokens.len() {
        if word(at) != "as"
            || !(word(at + 1) == "(" || word(at + 1) == "materialized" || word(at + 1) == "not")
        {
            continue;
        }
        let mut name = at - 1;
        if word(name) == ")" {
            name = (0..name).rev().find(|at| word(*at) == "(").unwrap_or(0).saturating_sub(1);
        }
        names.insert(word(name));
    }
    names
}

struct Reading<'a> {
    sql: &'a str,
    at: usize,
    line: usize,
    tokens: Vec<Token>,
    open: Option<usize>,
}

impl Reading<'_> {
    fn step(&mut self) {
        let rest = &self.sql[self.at..];
        let Some(first) = rest.chars().next() else { return };
        match first {
            '-' if rest.starts_with("--") => self.pass(rest.find('\n').unwrap_or(rest.len())),
            '/' if rest.starts_with("/*") => self.until(2, "*/"),
            '\'' => {
                self.until(1, "'");
                self.put("''", false, false);
            }
            '"' => {
                let end = rest[1..].find('"').map_or(rest.len(), |end| end + 1);
                self.put(&rest[1..end], true, false);
                self.until(1, "\"");
            }
            '$' => self.dollar(rest),
            '{' if rest.starts_with("{{") => self.pass(2),
            '{' => {
                self.put("{}", true, false);
                self.pass(rest.find('}').map_or(rest.len(), |end| end + 1));
            }
            letter if letter.is_alphabetic() || letter == '_' => {
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
                let word = &rest[..end.unwrap_or(rest.len())];
                self.put(&word.to_lowercase(), true, !word.contains(char::is_lowercase));
                self.pass(word.len());
            }
            sign => {
                if !sign.is_whitespace() {
                    self.put(sign.encode_utf8(&mut [0; 4]), false, false);
                }
                self.pass(sign.len_utf8());
            }
        }
    }

    /// A parameter, or the sign around a body, of which the inside is SQL like the rest.
    fn dollar(&mut self, rest: &str) {
        let tag = rest[1..].find(|c: char| !c.is_alphanumeric() && c != '_').map(|end| end + 1);
        match tag {
            Some(end) if rest[end..].starts_with('$') => {
                let sign = &rest[..=end];
                let opened = self.sql[..self.at].matches(sign).count().is_multiple_of(2);
                if opened && !rest[sign.len()..].contains(sign) {
                    self.open.get_or_insert(self.line);
                }
                self.pass(sign.len());
            }
            end => {
                self.put("$", false, false);
                self.pass(end.unwrap_or(rest.len()));
            }
        }
    }

    fn put(&mut self, word: &str, is_name: bool, is_loud: bool) {
        let word = word.to_owned();
        self.tokens.push(Token { word, line: self.line, is_name, is_loud });
    }

    /// Passes what is open up to its end, which is missed where there is none.
    fn until(&mut self, from: usize, end: &str) {
        let rest = &self.sql[self.at..];
        if let Some(found) = rest[from..].find(end) {
            self.pass(from + found + end.len());
        } else {
            self.open.get_or_insert(self.line);
            self.pass(rest.len());
        }
    }

    fn pass(&mut self, bytes: usize) {
        let passed = &self.sql[self.at..self.at + bytes];
        self.line += passed.matches('\n').count();
        self.at += bytes;
    }
}
