use figment::value::{Dict, Value};

/// Sections whose names are the reader's own: a country each, or a header.
const OPEN: [&str; 2] = ["shop.tax", "telemetry.otlp.headers"];

/// Every setting there is, read off the defaults, so that it can't drift from them.
pub(super) struct Keys {
    defaults: Dict,
    dotted: Vec<String>,
}

/// What a dotted name is.
pub(super) enum Found<'a> {
    /// A setting, with its default.
    Setting(&'a Value),
    /// A section that holds settings.
    Section,
    /// An entry of a section whose names are the reader's own, with one of its defaults.
    Own(Option<&'a Value>),
    /// Nothing.
    Unknown,
}

impl Keys {
    pub(super) fn of(defaults: Dict) -> Self {
        let mut dotted = Vec::new();
        collect(&defaults, "", &mut dotted);
        Self { defaults, dotted }
    }

    pub(super) fn find(&self, path: &[&str]) -> Found<'_> {
        let mut section = &self.defaults;
        for (depth, name) in path.iter().enumerate() {
            let last = depth + 1 == path.len();
            if OPEN.contains(&path[..depth].join(".").as_str()) {
                return if last { Found::Own(section.values().next()) } else { Found::Unknown };
            }
            if depth > 0 && section.is_empty() {
                return Found::Own(None); // of a module that this binary does not have
            }
            match section.get(*name) {
                Some(Value::Dict(_, inner)) if !last => section = inner,
                Some(Value::Dict(..)) => return Found::Section,
                Some(value) if last => return Found::Setting(value),
                _ => return Found::Unknown,
            }
        }
        Found::Section
    }

    /// The known setting whose name is most like this one.
    pub(super) fn nearest(&self, dotted: &str) -> Option<&str> {
        let distance = |known: &&String| strsim::damerau_levenshtein(known, dotted);
        self.dotted.iter().min_by_key(distance).map(String::as_str)
    }

    /// All dotted names.
    #[cfg(test)]
    pub(super) fn all(&self) -> &[String] {
        &self.dotted
    }
}

fn collect(section: &Dict, prefix: &str, dotted: &mut Vec<String>) {
    for (name, value) in section {
        let key = format!("{prefix}{name}");
        match value {
            Value::Dict(_, inner) if !OPEN.contains(&key.as_str()) => {
                collect(inner, &format!("{key}."), dotted);
            }
            _ => dotted.push(key),
        }
    }
}

/// The dotted names of everything that a source sets.
pub(super) fn leaves(section: &Dict, prefix: &[String], found: &mut Vec<Vec<String>>) {
    for (name, value) in section {
        let path = [prefix, std::slice::from_ref(name)].concat();
        match value {
            Value::Dict(_, inner) if !inner.is_empty() => leaves(inner, &path, found),
            _ => found.push(path),
        }
    }
}
