/// The deepest that JSON of a client may nest.
pub(super) const MAX_DEPTH: usize = 32;

/// What a JSON text has that no field of ours takes. A field is a member of the outermost object.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Oddities {
    /// The field that nests too deep, where the looking stopped.
    pub(super) too_deep: Option<String>,
    /// The field, or the one before it, that holds an escaped U+0000.
    pub(super) nul: Option<String>,
}

/// Looks at nesting and at escaped U+0000 in one pass. Whether it is JSON at all is for the parser to say.
pub(super) fn scan(json: &[u8]) -> Oddities {
    let mut found = Oddities::default();
    let mut depth = 0_usize;
    let mut field: &[u8] = b"";
    let mut rest = json.iter().enumerate();
    while let Some((at, byte)) = rest.next() {
        match byte {
            b'{' | b'[' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    found.too_deep = Some(text(field));
                    return found;
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let string = string_at(json.get(at + 1..).unwrap_or_default());
                if depth == 1 && is_name(json.get(at + 2 + string.length..).unwrap_or_default()) {
                    field = json.get(at + 1..at + 1 + string.length).unwrap_or_default();
                }
                if string.has_nul && found.nul.is_none() {
                    found.nul = Some(text(field));
                }
                rest.nth(string.length); // the string and its closing quote
            }
            _ => {}
        }
    }
    found
}

struct Scanned {
    length: usize,
    has_nul: bool,
}

/// Measures a string from behind its opening quote up to its closing one.
fn string_at(bytes: &[u8]) -> Scanned {
    let mut at = 0;
    let mut has_nul = false;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => break,
            b'\\' => {
                has_nul |= bytes.get(at + 1..at + 6) == Some(b"u0000");
                at += 2;
            }
            _ => at += 1,
        }
    }
    Scanned { length: at.min(bytes.len()), has_nul }
}

fn is_name(after: &[u8]) -> bool {
    after.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':')
}

fn text(field: &[u8]) -> String {
    String::from_utf8_lossy(field).chars().take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_deep_a_value_is_named() {
        let json = format!(r#"{{"a":1,"lines":{}{}}}"#, "[".repeat(40), "]".repeat(40));

        assert_eq!(scan(json.as_bytes()).too_deep.as_deref(), Some("lines"));
    }

    #[test]
    fn brackets_and_quotes_in_text_do_not_nest() {
        let json = format!(r#"{{"a":"{}\"{}","b":[1]}}"#, "[".repeat(40), "{".repeat(40));

        assert_eq!(scan(json.as_bytes()), Oddities::default());
    }

    #[test]
    fn an_escaped_nul_is_found_and_an_escaped_backslash_is_not_one() {
        assert_eq!(scan(br#"{"a":1,"b":"x\u0000","c":1}"#).nul.as_deref(), Some("b"));
        assert_eq!(scan(br#"{"b":"\\u0000"}"#), Oddities::default());
    }

    #[test]
    fn what_is_no_json_does_not_trouble_it() {
        for json in [&b"\"\\"[..], b"\"", b"]]]", b"{\"", b"\xff\"\xff", b"\"\\u00"] {
            assert_eq!(scan(json), Oddities::default());
        }
    }
}
