//! Plain values: whether all that one case of a schema allows another allows as well.

use serde_json::Value;

use crate::cases::{Case, type_of};

/// What of the writer's texts the reader can't read.
pub(crate) fn text(writer: &Case, reader: &Case) -> Option<String> {
    lengths((writer, reader), ("minLength", "maxLength"), "characters").or_else(|| {
        let demanded = |key: &str, words: &str| {
            let wanted = reader.get(key)?.as_str()?;
            let met = writer.get(key).and_then(Value::as_str) == Some(wanted);
            (!met).then(|| format!("may be a text that {words} {wanted}"))
        };
        demanded("pattern", "does not match").or_else(|| demanded("format", "is no"))
    })
}

/// What of the writer's numbers the reader can't read.
pub(crate) fn number(writer: &Case, reader: &Case) -> Option<String> {
    let ((least, most), (lower, upper)) = (range(writer), range(reader));
    let below = lower.filter(|lower| least.is_none_or(|least| least < *lower));
    let above = upper.filter(|upper| most.is_none_or(|most| most > *upper));
    below
        .map(|lower| format!("may be less than {lower}"))
        .or_else(|| above.map(|upper| format!("may be more than {upper}")))
}

/// Which lengths of the writer's texts or lists the reader can't read.
pub(crate) fn lengths(
    (writer, reader): (&Case, &Case),
    (least, most): (&str, &str),
    parts: &str,
) -> Option<String> {
    let of = |case: &Case, key: &str| case.get(key).and_then(Value::as_u64);
    let (written, shortest) = (of(writer, least).unwrap_or(0), of(reader, least).unwrap_or(0));
    if written < shortest {
        return Some(format!("may have fewer than {shortest} {parts}"));
    }
    let longest = of(reader, most)?;
    let fits = of(writer, most).is_some_and(|written| written <= longest);
    (!fits).then(|| format!("may have more than {longest} {parts}"))
}

/// A case in words.
pub(crate) fn described(case: &Case) -> String {
    if let Some(value) = case.get("const") {
        return value.to_string();
    }
    let tag = case.get("properties").and_then(Value::as_object).and_then(|fields| {
        fields.iter().find_map(|(name, field)| {
            crate::cases::constant(field).map(|value| format!("an object whose {name} is {value}"))
        })
    });
    let word = match case.get("type").and_then(Value::as_str) {
        Some("null") => "null",
        Some("boolean") => "true or false",
        Some("integer") => "a whole number",
        Some("number") => "a number",
        Some("string") => "any text",
        Some("array") => "a list",
        Some("object") => "an object",
        _ => "anything",
    };
    tag.unwrap_or_else(|| word.to_owned())
}

/// Whether a case may be a value of the other's type.
pub(crate) fn same_type(writer: &Case, reader: &Case) -> bool {
    let kind = |case: &Case| match case.get("const") {
        Some(value) => Some(type_of(value).to_owned()),
        None => case.get("type").and_then(Value::as_str).map(str::to_owned),
    };
    match (kind(writer), kind(reader)) {
        (_, None) => true,
        (Some(written), Some(read)) => {
            written == read || (written == "integer" && read == "number")
        }
        (None, Some(_)) => false,
    }
}

fn range(case: &Case) -> (Option<i128>, Option<i128>) {
    let format = case.get("format").and_then(Value::as_str).unwrap_or_default();
    let (least, most) = match format {
        "int8" => (Some(i8::MIN.into()), Some(i8::MAX.into())),
        "int16" => (Some(i16::MIN.into()), Some(i16::MAX.into())),
        "int32" => (Some(i32::MIN.into()), Some(i32::MAX.into())),
        "int64" | "int" => (Some(i64::MIN.into()), Some(i64::MAX.into())),
        "uint8" => (Some(0), Some(u8::MAX.into())),
        "uint16" => (Some(0), Some(u16::MAX.into())),
        "uint32" => (Some(0), Some(u32::MAX.into())),
        "uint64" | "uint" => (Some(0), Some(u64::MAX.into())),
        _ => (None, None),
    };
    let said = |key: &str| case.get(key).and_then(whole);
    match case.get("const").and_then(whole) {
        Some(value) => (Some(value), Some(value)),
        None => (
            narrower(least, said("minimum"), i128::max),
            narrower(most, said("maximum"), i128::min),
        ),
    }
}

fn narrower(one: Option<i128>, other: Option<i128>, of: fn(i128, i128) -> i128) -> Option<i128> {
    match (one, other) {
        (Some(one), Some(other)) => Some(of(one, other)),
        (one, other) => one.or(other),
    }
}

fn whole(number: &Value) -> Option<i128> {
    number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from))
}
