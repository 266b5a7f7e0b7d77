//! Whether a reader can read whatever a writer may write.

use std::collections::HashSet;

use serde_json::Value;

use crate::cases::{Case, cases_of, constant};
use crate::values::{described, lengths, number, same_type, text};

/// What a reader finds in what a writer may write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Finding {
    /// It can't read it.
    Unreadable(String),
    /// It does not know the field, and ignores it.
    Ignored,
    /// It knows listed values alone, where the writer's later versions may write others.
    Closed,
}

/// What was found, and in which field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) field: String,
    pub(crate) finding: Finding,
}

/// All that a reader of one schema finds in what a writer of the other may write.
pub(crate) fn read(field: &str, writer: &Value, reader: &Value) -> Vec<Found> {
    let mut reading = Reading { writer, reader, within: HashSet::new() };
    reading.schemas(field, writer, reader)
}

struct Reading<'a> {
    writer: &'a Value,
    reader: &'a Value,
    /// The pairs of named types that are being compared, which may contain themselves.
    within: HashSet<(String, String)>,
}

impl Reading<'_> {
    fn schemas(&mut self, field: &str, writer: &Value, reader: &Value) -> Vec<Found> {
        if writer.get("$ref").is_none() && reader.get("$ref").is_none() {
            return self.compared(field, writer, reader);
        }
        let pair = (writer.to_string(), reader.to_string());
        if !self.within.insert(pair.clone()) {
            return Vec::new();
        }
        let found = self.compared(field, writer, reader);
        self.within.remove(&pair);
        found
    }

    fn compared(&mut self, field: &str, writer: &Value, reader: &Value) -> Vec<Found> {
        let (written, known) = (cases_of(self.writer, writer), cases_of(self.reader, reader));
        let mut found = Vec::new();
        let takes_any = known.open || known.cases.iter().any(|case| !case.contains_key("const"));
        if written.open && !takes_any {
            found.push(Found { field: field.to_owned(), finding: Finding::Closed });
        }
        for case in &written.cases {
            let is_text = case.get("type").is_some_and(|kind| kind == "string");
            let best = self.best(field, case, &known.cases);
            if !(known.open && is_text && best.iter().any(is_unreadable)) {
                found.extend(best);
            }
        }
        found
    }

    /// What is found by the case of the reader that fits best.
    fn best(&mut self, field: &str, writer: &Case, readers: &[Case]) -> Vec<Found> {
        let fitting: Vec<&Case> = readers.iter().filter(|reader| may_fit(writer, reader)).collect();
        let all: Vec<Vec<Found>> =
            fitting.into_iter().map(|reader| self.case(field, writer, reader)).collect();
        let unreadable =
            |found: &Vec<Found>| found.iter().filter(|found| is_unreadable(found)).count();
        all.into_iter().min_by_key(|found| (unreadable(found), found.len())).unwrap_or_else(|| {
            vec![cannot(field, format!("may be {}, which is not known there", described(writer)))]
        })
    }

    fn case(&mut self, field: &str, writer: &Case, reader: &Case) -> Vec<Found> {
        if reader.contains_key("const") {
            return Vec::new();
        }
        let plain = match reader.get("type").and_then(Value::as_str) {
            Some("integer" | "number") => number(writer, reader),
            Some("string") if writer.contains_key("const") => None,
            Some("string") => text(writer, reader),
            Some("array") => return self.list(field, writer, reader),
            Some("object") => return self.object(field, writer, reader),
            _ => None,
        };
        plain.map(|problem| cannot(field, problem)).into_iter().collect()
    }

    fn list(&mut self, field: &str, writer: &Case, reader: &Case) -> Vec<Found> {
        let length = lengths((writer, reader), ("minItems", "maxItems"), "items");
        let mut found: Vec<Found> =
            length.map(|problem| cannot(field, problem)).into_iter().collect();
        let places = |case: &Case| case.get("prefixItems").and_then(Value::as_array).cloned();
        let (written, read) =
            (places(writer).unwrap_or_default(), places(reader).unwrap_or_default());
        for (number, read) in read.iter().enumerate() {
            let written = written.get(number).or_else(|| writer.get("items"));
            let written = written.unwrap_or(&Value::Bool(true));
            found.extend(self.schemas(&format!("{field}[{number}]"), written, read));
        }
        if let (Some(written), Some(read)) = (writer.get("items"), reader.get("items")) {
            found.extend(self.schemas(&format!("{field}[]"), written, read));
        }
        found
    }

    fn object(&mut self, field: &str, writer: &Case, reader: &Case) -> Vec<Found> {
        let mut found = missing(field, writer, reader);
        for (name, written) in fields(writer) {
            let field = format!("{field}.{name}");
            match reader.get("properties").and_then(|fields| fields.get(name)) {
                Some(read) => found.extend(self.schemas(&field, written, read)),
                None => found.extend(self.unknown(&field, written, reader)),
            }
        }
        let open =
            |case: &Case| case.get("additionalProperties").filter(|more| more.is_object()).cloned();
        if let Some(written) = open(writer) {
            found.extend(self.unknown(&format!("{field}.*"), &written, reader));
        }
        found
    }

    /// A field that the reader does not know by name.
    fn unknown(&mut self, field: &str, written: &Value, reader: &Case) -> Vec<Found> {
        match reader.get("additionalProperties") {
            Some(Value::Bool(false)) => {
                vec![cannot(field, "is not known there, and unknown fields are refused")]
            }
            Some(read @ Value::Object(_)) => self.schemas(field, written, read),
            _ => vec![Found { field: field.to_owned(), finding: Finding::Ignored }],
        }
    }
}

/// Fields that the reader needs and the writer may leave out.
fn missing(field: &str, writer: &Case, reader: &Case) -> Vec<Found> {
    let needed =
        |case: &Case| case.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let sent = needed(writer);
    let lacking = needed(reader).into_iter().filter(|name| !sent.contains(name));
    lacking
        .filter_map(|name| name.as_str().map(str::to_owned))
        .map(|name| {
            let known = fields(writer).any(|(known, _)| *known == name);
            let problem =
                if known { "may be left out, and is needed" } else { "is not sent, and is needed" };
            cannot(&format!("{field}.{name}"), problem)
        })
        .collect()
}

fn fields(case: &Case) -> impl Iterator<Item = (&String, &Value)> {
    case.get("properties").and_then(Value::as_object).into_iter().flatten()
}

/// Whether the reader may take the one case for the other: same type, same value, same tag.
fn may_fit(writer: &Case, reader: &Case) -> bool {
    if let Some(read) = reader.get("const") {
        return writer.get("const") == Some(read);
    }
    let tags_differ = fields(writer).any(|(name, written)| {
        let read = reader.get("properties").and_then(|fields| fields.get(name)).and_then(constant);
        matches!((constant(written), read), (Some(written), Some(read)) if written != read)
    });
    same_type(writer, reader) && !tags_differ
}

fn is_unreadable(found: &Found) -> bool {
    matches!(found.finding, Finding::Unreadable(_))
}

fn cannot(field: &str, problem: impl Into<String>) -> Found {
    Found { field: field.to_owned(), finding: Finding::Unreadable(problem.into()) }
}
