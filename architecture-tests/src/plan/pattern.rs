/// A pattern of paths: `*` is a part of one folder's name, `**` any folders, `<context>` a folder, or a part of its name, that is a context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(String);

impl Pattern {
    /// Takes it as it is written.
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Whether a path is meant.
    pub fn matches(&self, path: &str) -> bool {
        self.captures(path).is_some()
    }

    /// What `<context>` is in a path that is meant; empty where the pattern does not ask.
    pub fn captures<'p>(&self, path: &'p str) -> Option<&'p str> {
        let pattern: Vec<&str> = self.0.split('/').collect();
        let path: Vec<&str> = path.split('/').collect();
        along(&pattern, &path, "")
    }
}

fn along<'p>(pattern: &[&str], path: &[&'p str], captured: &'p str) -> Option<&'p str> {
    match (pattern.split_first(), path.split_first()) {
        (None, None) => Some(captured),
        (Some((&"**", rest)), None) => along(rest, path, captured),
        (Some((&"**", rest)), Some((_, deeper))) => {
            along(rest, path, captured).or_else(|| along(pattern, deeper, captured))
        }
        (Some((part, rest)), Some((name, deeper))) if part.contains("<context>") => {
            let (start, end) = part.split_once("<context>")?;
            let named = name.strip_prefix(start)?.strip_suffix(end)?;
            (!named.is_empty()).then(|| along(rest, deeper, named))?
        }
        (Some((part, rest)), Some((name, deeper))) if is_part(part, name) => {
            along(rest, deeper, captured)
        }
        _ => None,
    }
}

fn is_part(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|name| {
            (0..=name.len())
                .filter(|at| name.is_char_boundary(*at))
                .any(|at| is_part(rest, &name[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_names_the_context_of_a_path() {
        let contract = Pattern::new("modules/<context>/contract");

        assert_eq!(contract.captures("modules/orders/contract"), Some("orders"));
        assert_eq!(contract.captures("modules/orders"), None);
        assert_eq!(contract.captures("modules/orders/providers/contract"), None);
        let flat = Pattern::new("crates/<context>-api");
        assert_eq!(flat.captures("crates/orders-api"), Some("orders"));
        assert_eq!(flat.captures("crates/-api"), None);
    }

    #[test]
    fn stars_stand_for_parts_of_a_name_and_for_folders() {
        assert!(Pattern::new("src/*.rs").matches("src/lib.rs"));
        assert!(!Pattern::new("src/*.rs").matches("src/store/mod.rs"));
        assert!(Pattern::new("src/**").matches("src/store/mod.rs"));
        assert!(Pattern::new("**/mod.rs").matches("src/store/mod.rs"));
        assert!(!Pattern::new("**/mod.rs").matches("src/store/rows.rs"));
    }
}
