/// Whether arrays and objects lie deeper within each other than allowed. It looks at brackets alone, and reads no values.
pub(crate) fn is_deeper(json: &[u8], deepest: usize) -> bool {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > deepest {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_brackets_outside_of_texts_count() {
        for flat in [r#"[{"a":1},{"b":[]}]"#, r#"{"a":"[[[[","b":"\"[[[["}"#, "", "]]]][[["] {
            assert!(!is_deeper(flat.as_bytes(), 3), "{flat}");
        }
        for deep in ["[[[[", r#"{"a":{"b":{"c":{}}}}"#, r#"{"\\":[[{"#] {
            assert!(is_deeper(deep.as_bytes(), 3), "{deep}");
        }
    }
}
