use serde_json::Value;

/// A document as a review reads it: one text for one value, whatever else is compiled in.
pub(crate) fn pretty(mut document: Value) -> serde_json::Result<String> {
    sort(&mut document);
    let mut text = serde_json::to_string_pretty(&document)?;
    text.push('\n');
    Ok(text)
}

fn sort(value: &mut Value) {
    match value {
        Value::Object(members) => {
            let mut sorted: Vec<_> = std::mem::take(members).into_iter().collect();
            sorted.sort_by(|(one, _), (other, _)| one.cmp(other));
            for (_, member) in &mut sorted {
                sort(member);
            }
            members.extend(sorted);
        }
        Value::Array(items) => items.iter_mut().for_each(sort),
        _ => {}
    }
}
