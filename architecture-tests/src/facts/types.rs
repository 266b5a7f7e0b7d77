use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{Attribute, Fields, Ident, ItemEnum, Macro};

use super::contract::{Type, derives, line};
use super::cursor::Cursor;

/// What a type is made of.
#[derive(Clone, Copy)]
pub(super) enum Declared<'a> {
    Struct(&'a Fields),
    Enum(&'a ItemEnum),
}

pub(super) fn type_of(name: &Ident, attributes: &[Attribute], declared: Declared<'_>) -> Type {
    let fields: Vec<&syn::Field> = match declared {
        Declared::Struct(fields) => fields.iter().collect(),
        Declared::Enum(item) => item.variants.iter().flat_map(|variant| &variant.fields).collect(),
    };
    let unfit = fields.iter().filter_map(|field| {
        let kind = field.ty.to_token_stream().to_string();
        let words = kind.split(' ');
        let float = words
            .into_iter()
            .find(|word| matches!(*word, "f32" | "f64" | "Instant" | "SystemTime"));
        float.map(|float| (float.to_owned(), line(*field)))
    });
    Type {
        name: name.to_string(),
        line: line(name),
        derives: derives(attributes),
        is_closed: attributes.iter().any(|attribute| is_closed(attribute.meta.to_token_stream())),
        fields: fields.iter().filter_map(|field| field_of(field)).collect(),
        unfit: unfit.collect(),
    }
}

/// The names of a field on the wire, whether it can be left out, and where it is.
fn field_of(field: &syn::Field) -> Option<(Vec<String>, bool, usize)> {
    let ident = field.ident.as_ref()?;
    let mut names = vec![ident.to_string()];
    let mut can_lack = field.ty.to_token_stream().to_string().starts_with("Option <");
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        let words =
            attribute.meta.require_list().map(|list| list.tokens.clone()).unwrap_or_default();
        can_lack |= words
            .clone()
            .into_iter()
            .any(|token| matches!(&token, TokenTree::Ident(word) if word == "default"));
        for (key, value) in pairs(words) {
            match key.as_str() {
                "rename" => names[0] = value,
                "alias" => names.push(value),
                _ => {}
            }
        }
    }
    Some((names, can_lack, line(ident)))
}

/// `key = "value"`, wherever it stands.
pub(super) fn pairs(stream: TokenStream) -> Vec<(String, String)> {
    let mut cursor = Cursor::new(stream);
    let mut pairs = Vec::new();
    while let Some(token) = cursor.next() {
        if let (TokenTree::Ident(key), true, Some(TokenTree::Literal(value))) =
            (token, cursor.is_punct(0, '='), cursor.ahead(1))
            && let syn::Lit::Str(text) = syn::Lit::new(value.clone())
        {
            pairs.push((key.to_string(), text.value()));
        }
    }
    pairs
}

/// The names that a `derive` lists.
pub(super) fn derived(attribute: &Attribute) -> Vec<String> {
    let list = attribute.meta.require_list().map(|list| list.tokens.clone()).unwrap_or_default();
    let words = list.into_iter().filter_map(|token| match token {
        TokenTree::Ident(word) => Some(word.to_string()),
        _ => None,
    });
    words.collect()
}

/// The events that a macro of the file declares: `Name = "context.event.v1"`.
pub(super) fn events_of_macros(called: &Macro) -> Vec<(String, String, usize)> {
    let mut cursor = Cursor::new(called.tokens.clone());
    let mut events = Vec::new();
    while let Some(token) = cursor.next() {
        if let (TokenTree::Ident(name), true, Some(TokenTree::Literal(value))) =
            (token, cursor.is_punct(0, '='), cursor.ahead(1))
            && let syn::Lit::Str(text) = syn::Lit::new(value.clone())
            && text.value().split('.').count() == 3
        {
            events.push((name.to_string(), text.value(), name.span().start().line));
        }
    }
    events
}

/// The type whose public fields a macro writes for every name that it is given.
pub(super) fn type_of_macro(called: &Macro) -> Option<Type> {
    let mut fields = Vec::new();
    public_fields(called.tokens.clone(), &mut fields);
    let line = fields.first()?.2;
    let derives = ["Serialize", "Deserialize", "JsonSchema"].map(str::to_owned).to_vec();
    let is_closed = is_closed(called.tokens.clone());
    Some(Type { name: String::new(), line, derives, is_closed, fields, unfit: Vec::new() })
}

/// Whether `deny_unknown_fields` stands anywhere in there.
fn is_closed(stream: TokenStream) -> bool {
    stream.into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == "deny_unknown_fields",
        TokenTree::Group(group) => is_closed(group.stream()),
        _ => false,
    })
}

fn public_fields(stream: TokenStream, fields: &mut Vec<(Vec<String>, bool, usize)>) {
    let mut cursor = Cursor::new(stream);
    while let Some(token) = cursor.next() {
        match token {
            TokenTree::Ident(word)
                if word == "pub" && cursor.is_punct(1, ':') && !cursor.is_separator(1) =>
            {
                if let Some(name) = cursor.ident_ahead(0) {
                    fields.push((vec![name.to_string()], false, name.span().start().line));
                }
            }
            TokenTree::Group(group) if group.delimiter() != Delimiter::None => {
                public_fields(group.stream(), fields);
            }
            _ => {}
        }
    }
}
