use std::collections::BTreeSet;

use super::sql_tokens::{Token, locals};
use super::{Mention, Script, Verb};

/// Goes through the tokens of a piece of SQL once.
pub(super) struct Reading<'a> {
    tokens: &'a [Token],
    /// What the piece itself gives names to.
    local: BTreeSet<&'a str>,
    /// Where the names begin that a keyword took.
    taken: BTreeSet<usize>,
    script: Script,
}

impl<'a> Reading<'a> {
    pub(super) fn of(tokens: &'a [Token]) -> Script {
        let local = locals(tokens);
        let (taken, script) = (BTreeSet::new(), Script::default());
        let mut reading = Reading { tokens, local, taken, script };
        for at in 0..tokens.len() {
            reading.keyword(at);
            reading.qualified(at);
        }
        reading.script
    }

    fn word(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |token| token.word.as_str())
    }

    fn before(&self, at: usize) -> &'a str {
        at.checked_sub(1).map_or("", |at| self.word(at))
    }

    fn keyword(&mut self, at: usize) {
        match self.word(at) {
            "from" if self.before(at) == "distinct" || self.is_argument(at) => {}
            "from" if self.before(at) == "delete" => self.relation(Verb::Write, at, at + 1),
            "from" => self.relations(at),
            "join" => self.relation(Verb::Read, at, at + 1),
            "using"
                if self.word(at + 1) != "(" && matches!(self.statement(at), "delete" | "merge") =>
            {
                self.relation(Verb::Read, at, at + 1);
            }
            "update"
                if matches!(
                    self.before(at),
                    "for" | "on" | "do" | "key" | "after" | "before" | "or" | "of"
                ) => {}
            "into" if !self.is_insert(at) => {}
            "into" | "update" | "truncate" => self.relation(Verb::Write, at, at + 1),
            "references" => self.relation(Verb::Reference, at, at + 1),
            "table" | "view" | "sequence" | "trigger" | "function" | "procedure" | "policy"
            | "domain" | "type" => self.defined(at),
            "index" => self.index(at),
            "schema" if matches!(self.before(at), "set" | "alter" | "drop" | "create") => {
                self.moved(at);
            }
            "grant" | "revoke" | "owner" | "role" | "authorization" => self.right(at),
            "search_path" => {
                self.mention(Verb::Path, at, None, "search_path".to_owned());
            }
            _ => {}
        }
    }

    /// Whether `from` parts the arguments of a function: `EXTRACT(EPOCH FROM created_at)`.
    fn is_argument(&self, at: usize) -> bool {
        let mut closed = 0;
        for place in (0..at).rev() {
            match self.word(place) {
                ")" => closed += 1,
                "(" if closed > 0 => closed -= 1,
                "(" => {
                    let function = self.before(place);
                    return matches!(function, "extract" | "trim" | "substring" | "overlay");
                }
                "select" | ";" if closed == 0 => return false,
                _ => {}
            }
        }
        false
    }

    /// Whether rows go behind `into`, rather than into a variable: `SELECT n INTO total`. A fragment may begin with it.
    fn is_insert(&self, at: usize) -> bool {
        let before = self.before(at);
        matches!(before, "" | "insert" | "merge" | "replace" | "ignore" | "abort" | "fail")
    }

    /// The first word of the statement around a place.
    fn statement(&self, at: usize) -> &'a str {
        let from =
            self.tokens[..at].iter().rposition(|token| token.word == ";").map_or(0, |end| end + 1);
        self.word(from)
    }

    /// What is behind a keyword that makes, changes or drops something.
    fn defined(&mut self, at: usize) {
        let mut verb = at;
        while verb > 0
            && matches!(
                self.word(verb - 1),
                "or" | "replace"
                    | "materialized"
                    | "temp"
                    | "temporary"
                    | "unlogged"
                    | "constraint"
                    | "recursive"
            )
        {
            verb -= 1;
        }
        let verb = match self.before(verb) {
            "create" => Verb::Create,
            "alter" | "drop" | "truncate" => Verb::Alter,
            _ => return,
        };
        let is_relation = matches!(
            self.word(at),
            "table" | "view" | "sequence" | "function" | "procedure" | "domain" | "type"
        );
        if is_relation {
            self.relation(verb, at, at + 1);
        } else if let Some(on) = (at..at + 12).find(|at| self.word(*at) == "on") {
            self.relation(Verb::Alter, at, on + 1);
        }
    }

    fn index(&mut self, at: usize) {
        if matches!(self.before(at), "create" | "unique")
            && let Some(on) = (at..at + 8).find(|at| self.word(*at) == "on")
        {
            self.relation(Verb::Alter, at, on + 1);
        }
    }

    fn moved(&mut self, at: usize) {
        let name = self.word(at + 1).to_owned();
        self.mention(Verb::Alter, at, Some(name), String::new());
    }

    /// Notes who is let at something, or acted as. In small letters it is SQL where no English goes on so.
    fn right(&mut self, at: usize) {
        let (word, next) = (self.word(at), self.word(at + 1));
        let is_for_now = matches!(self.before(at), "local" | "session");
        let before = if is_for_now { self.before(at - 1) } else { self.before(at) };
        let (is_it, is_sure) = match word {
            "owner" => (next == "to", self.statement(at) == "alter"),
            "role" => {
                let is_it = matches!(before, "set" | "create" | "alter" | "drop");
                (is_it, self.statement(at) == before)
            }
            "authorization" => (self.before(at) == "session", true),
            _ => (true, is_privilege(next)),
        };
        if is_it {
            self.mention(Verb::Grant, at, None, word.to_owned());
        }
        if let (true, true, Some(last)) = (is_it, is_sure, self.script.mentions.last_mut()) {
            last.is_loud = true;
        }
    }

    /// The relations of a list, up to its end.
    fn relations(&mut self, keyword: usize) {
        let mut at = keyword + 1;
        loop {
            self.relation(Verb::Read, keyword, at);
            let end = (at..at + 7).find(|at| !self.is_name(*at) && self.word(*at) != ".");
            match end {
                Some(end) if self.word(end) == "," => at = end + 1,
                _ => return,
            }
        }
    }

    fn is_name(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is_name)
            && !matches!(
                self.word(at),
                "where"
                    | "join"
                    | "set"
                    | "on"
                    | "left"
                    | "group"
                    | "order"
                    | "limit"
                    | "select"
                    | "values"
            )
    }

    fn relation(&mut self, verb: Verb, keyword: usize, from: usize) {
        let noise = ["if", "not", "exists", "only", "lateral", "concurrently", "table"];
        let Some(at) = (from..from + 5).find(|at| !noise.contains(&self.word(*at))) else { return };
        if !self.tokens.get(at).is_some_and(|token| token.is_name) || self.word(at) == "set" {
            return;
        }
        let is_qualified = self.word(at + 1) == ".";
        let (schema, name) = if is_qualified {
            (Some(self.word(at).to_owned()), self.word(at + 2).to_owned())
        } else {
            (None, self.word(at).to_owned())
        };
        let end = if is_qualified { at + 3 } else { at + 1 };
        let is_call = verb == Verb::Read && self.word(end) == "(";
        let is_local = !is_qualified && self.local.contains(name.as_str());
        if is_qualified || !(is_local || is_call) {
            self.taken.insert(at);
            self.mention(verb, keyword, schema, name);
        }
    }

    fn qualified(&mut self, at: usize) {
        let is_name = |at: usize| self.tokens.get(at).is_some_and(|token| token.is_name);
        // `orders.order-placed.v1` is an event.
        let is_event = self.word(at + 3) == "-";
        if self.before(at) != "."
            && is_name(at)
            && self.word(at + 1) == "."
            && is_name(at + 2)
            && !is_event
        {
            let (schema, name) = (self.word(at).to_owned(), self.word(at + 2).to_owned());
            let verb = if self.taken.contains(&at) { Verb::Qualify } else { Verb::Stray };
            self.mention(verb, at, Some(schema), name);
        }
    }

    fn mention(&mut self, verb: Verb, at: usize, schema: Option<String>, name: String) {
        let Token { line, is_loud, .. } = self.tokens[at];
        self.script.mentions.push(Mention { verb, schema, name, line, is_loud });
    }
}

fn is_privilege(word: &str) -> bool {
    matches!(word, "select" | "insert" | "update" | "delete" | "usage" | "execute")
}
