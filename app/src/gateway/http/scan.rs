/// The deepest that JSON of a client may nest.
const MAX_DEPTH: usize = 32;

/// What is wrong with the shape of a JSON text, before its meaning is looked at.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Misshapen {
    /// It nests too deep, below this member of the outermost object.
    TooDeep { field: String },
    /// The last name or text of the outermost object before this place holds U+0000.
    Nul { field: String },
}

impl Misshapen {
    pub(super) fn field_and_message(self) -> (String, String) {
        match self {
            Self::TooDeep { field } => (field, format!("nests deeper than {MAX_DEPTH}")),
            Self::Nul { field } => (field, "must not contain U+0000".to_owned()),
        }
    }
}

/// Looks at nesting and at escaped U+0000 in one pass. Whether it is JSON at all is for the parser to say.
pub(super) fn scan(json: &[u8]) -> Result<(), Misshapen> {
    let mut depth = 0_usize;
    let mut field: &[u8] = b"";
    let mut rest = json.iter().enumerate();
    while let Some((at, byte)) = rest.next() {
        match byte {
            b'{' | b'[' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(Misshapen::TooDeep { field: text(field) });
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let string = string_at(json.get(at + 1..).unwrap_or_default());
                if depth == 1 && is_name(json.get(at + 2 + string.length..).unwrap_or_default()) {
                    field = json.get(at + 1..at + 1 + string.length).unwrap_or_default();
                }
                if string.has_nul {
                    return Err(Misshapen::Nul { field: text(field) });
                }
                rest.nth(string.length); // the string and its closing quote
            }
            _ => {}
        }
    }
    Ok(())
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

        assert_eq!(scan(json.as_bytes()), Err(Misshapen::TooDeep { field: "lines".to_owned() }));
    }

    #[test]
    fn brackets_and_quotes_in_text_do_not_nest() {
        let json = format!(r#"{{"a":"{}\"{}","b":[1]}}"#, "[".repeat(40), "{".repeat(40));

        assert_eq!(scan(json.as_bytes()), Ok(()));
    }

    #[test]
    fn an_escaped_nul_is_found_and_an_escaped_backslash_is_not_one() {
        assert_eq!(
            scan(br#"{"a":1,"b":"x\u0000"}"#),
            Err(Misshapen::Nul { field: "b".to_owned() })
        );
        assert_eq!(scan(br#"{"b":"\\u0000"}"#), Ok(()));
    }

    #[test]
    fn what_is_no_json_does_not_trouble_it() {
        for json in [&b"\"\\"[..], b"\"", b"]]]", b"{\"", b"\xff\"\xff", b"\"\\u00"] {
            assert_eq!(scan(json), Ok(()));
        }
    }
}
