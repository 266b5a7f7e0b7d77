use proc_macro2::{Literal, TokenStream, TokenTree};

/// The text of a string; none of another literal.
pub(super) fn value(literal: &Literal) -> Option<String> {
    match syn::Lit::new(literal.clone()) {
        syn::Lit::Str(text) => Some(text.value()),
        syn::Lit::ByteStr(bytes) => String::from_utf8(bytes.value()).ok(),
        syn::Lit::CStr(text) => text.value().into_string().ok(),
        _ => None,
    }
}

/// All strings of a macro call as one, those of macros in it included, with `$` before what `env!` names; what is no string is a
/// gap.
pub(super) fn joined_strings(stream: &TokenStream) -> String {
    let mut joined = String::new();
    let mut word = String::new();
    for token in stream.clone() {
        match token {
            TokenTree::Literal(literal) => joined.push_str(&value(&literal).unwrap_or_default()),
            TokenTree::Group(group) => {
                joined.push_str(if word == "env" { "$" } else { "" });
                joined.push_str(&joined_strings(&group.stream()));
            }
            TokenTree::Ident(name) => word = name.to_string(),
            TokenTree::Punct(_) => {}
        }
    }
    joined
}
