use super::sql::Reading;
use super::sql_tokens::tokens;

/// What a piece of SQL names, by its words: a whole migration, or a fragment that a program puts together.
#[derive(Debug, Clone, Default)]
pub struct Script {
    /// Every relation that it names.
    pub mentions: Vec<Mention>,
}

/// A relation that is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// What is done to it.
    pub verb: Verb,
    /// The schema before its name; `{}` where a program fills it in.
    pub schema: Option<String>,
    /// Its name; `{}` where a program fills it in.
    pub name: String,
    /// In which line of the piece, from 1.
    pub line: usize,
    /// Whether the keyword before it is in capitals, as ours are, or goes on as SQL alone does, and so can't be English.
    pub is_loud: bool,
}

/// What a statement does to a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// It is made.
    Create,
    /// It is changed, dropped or moved.
    Alter,
    /// Its rows are.
    Write,
    /// Its rows are read.
    Read,
    /// A foreign key leads to it.
    Reference,
    /// It stands behind a schema and a point, and another verb says what for.
    Qualify,
    /// It stands behind a point, and no word that is known says what for.
    Stray,
    /// Somebody is let at something, or made its owner.
    Grant,
    /// The session is told where names are looked up.
    Path,
}

impl Script {
    /// Reads SQL that is whole. What is not closed is an error, with its line.
    pub fn read(sql: &str) -> Result<Self, usize> {
        let (tokens, open) = tokens(sql);
        open.map_or_else(|| Ok(Reading::of(&tokens)), Err)
    }

    /// Reads what may be a fragment.
    pub fn fragment(sql: &str) -> Self {
        Reading::of(&tokens(sql).0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a piece does to which name.
    fn told(sql: &str) -> Vec<String> {
        let mentions = Script::fragment(sql).mentions.into_iter();
        let told = mentions.map(|Mention { verb, schema, name, .. }| {
            let schema = schema.map(|schema| format!("{schema}.")).unwrap_or_default();
            format!("{verb:?} {schema}{name}")
        });
        told.collect()
    }

    #[test]
    fn what_is_no_relation_is_not_told() {
        assert_eq!(told("SELECT EXTRACT(EPOCH FROM created_at) FROM cart"), ["Read cart"]);
        assert_eq!(told("SELECT TRIM(BOTH FROM name) FROM cart"), ["Read cart"]);
        assert_eq!(told("SELECT n INTO total FROM cart"), ["Read cart"]);
        assert_eq!(told("CREATE TRIGGER t INSTEAD OF UPDATE ON seen"), ["Alter seen"]);
        assert_eq!(
            told("SELECT (SELECT 1 FROM cart), TRIM(a) FROM line"),
            ["Read cart", "Read line"]
        );
        assert_eq!(told("INSERT OR REPLACE INTO cart SELECT 1"), ["Write cart"]);
    }

    #[test]
    fn a_name_behind_a_schema_is_told_behind_any_word() {
        assert_eq!(told("DROP INDEX catalog.x"), ["Stray catalog.x"]);
        assert_eq!(told("LOCK TABLE catalog.x IN SHARE MODE"), ["Stray catalog.x"]);
        assert_eq!(told("SELECT catalog.f(1)"), ["Stray catalog.f"]);
        assert_eq!(told("SELECT 1 FROM catalog.x"), ["Read catalog.x", "Qualify catalog.x"]);
        assert_eq!(
            told("MERGE INTO cart USING catalog.x ON true"),
            ["Write cart", "Read catalog.x", "Qualify catalog.x"]
        );
    }
}
