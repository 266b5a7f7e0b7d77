use quote::ToTokens;
use syn::spanned::Spanned as _;
use syn::{Attribute, Item, TraitItem};

use super::method::method_of;
use super::subscriptions::{subscriptions, text_of};
use super::types::{Declared, derived, events_of_macros, type_of};
use crate::Unread;

/// What a contract's source file declares.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    /// Its traits.
    pub traits: Vec<Trait>,
    /// Its public structs and enums.
    pub types: Vec<Type>,
    /// Its events: the type, the stable name, where.
    pub events: Vec<(String, String, usize)>,
    /// The subscriptions: the name, the event, where.
    pub subscriptions: Vec<(String, String, usize)>,
    /// Functions that do something, and what keeps something: what it is, where.
    pub logic: Vec<(String, usize)>,
    /// The first thing that it declares in a way that can't be read.
    obscure: Option<(usize, &'static str)>,
}

/// A trait.
#[derive(Debug, Clone)]
pub struct Trait {
    /// Its name.
    pub name: String,
    /// Where.
    pub line: usize,
    /// Its stable name and version, if it is a contract.
    pub contract: Option<(String, u64)>,
    /// What it asks of its implementations.
    pub asks: String,
    /// Its methods.
    pub methods: Vec<Method>,
    /// What it has besides methods, or of its own: generics, constants, types.
    pub more: Option<String>,
}

/// A method of a trait.
#[derive(Debug, Clone)]
pub struct Method {
    /// Its name.
    pub name: String,
    /// Where.
    pub line: usize,
    /// Why it can't be called over a wire, each with its line.
    pub bound: Vec<(String, usize)>,
    /// What `#[call(…)]` says.
    pub effect: String,
    /// The type of its message.
    pub message: String,
}

/// A public struct or enum.
#[derive(Debug, Clone)]
pub struct Type {
    /// Its name.
    pub name: String,
    /// Where.
    pub line: usize,
    /// What it derives.
    pub derives: Vec<String>,
    /// Whether it refuses fields that it does not know.
    pub is_closed: bool,
    /// Its fields: the names on the wire, whether it can be left out, where.
    pub fields: Vec<(Vec<String>, bool, usize)>,
    /// The types of floating numbers and the like that it holds, where.
    pub unfit: Vec<(String, usize)>,
}

impl Vocabulary {
    /// Reads a source file of a contract.
    pub fn read(path: &str, text: &str) -> Result<Self, Unread> {
        let file = syn::parse_file(text).map_err(|error| {
            Unread::new(path, error.span().start().line, format!("no Rust: {error}"))
        })?;
        let mut vocabulary = Self::default();
        for item in &file.items {
            vocabulary.item(item);
        }
        proc_macro2::extra::invalidate_current_thread_spans();
        match vocabulary.obscure {
            Some((line, why)) => Err(Unread::new(path, line, why)),
            None => Ok(vocabulary),
        }
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Trait(declared) => self.traits.push(trait_of(declared)),
            Item::Struct(declared) => {
                let fields = Declared::Struct(&declared.fields);
                self.types.push(type_of(&declared.ident, &declared.attrs, fields));
            }
            Item::Enum(declared) => {
                let fields = Declared::Enum(declared);
                self.types.push(type_of(&declared.ident, &declared.attrs, fields));
            }
            Item::Impl(implemented) => self.implementation(implemented),
            Item::Fn(function) => {
                self.logic
                    .push((format!("the function `{}`", function.sig.ident), line(&function.sig)));
            }
            Item::Static(kept) => {
                self.logic.push((format!("the static `{}`", kept.ident), line(&kept.ident)));
            }
            Item::Const(constant) => match subscriptions(constant) {
                Some(listed) => self.subscriptions.extend(listed),
                None => self.obscures(
                    line(&constant.ident),
                    "a subscription is no `Subscription { name: \"…\", event: \"…\" }` in a list",
                ),
            },
            Item::Macro(called) => {
                self.events.extend(events_of_macros(&called.mac));
                if called.mac.path.is_ident("macro_rules") {
                    self.types.extend(super::types::type_of_macro(&called.mac));
                }
            }
            Item::Mod(module) if !is_for_tests(&module.attrs) => {
                for item in module.content.iter().flat_map(|(_, items)| items) {
                    self.item(item);
                }
            }
            _ => {}
        }
    }

    fn obscures(&mut self, line: usize, why: &'static str) {
        self.obscure.get_or_insert((line, why));
    }

    fn implementation(&mut self, implemented: &syn::ItemImpl) {
        let name = implemented.self_ty.to_token_stream().to_string();
        let of_trait = implemented.trait_.as_ref().and_then(|(_, path, _)| path.segments.last());
        for item in &implemented.items {
            match (item, of_trait) {
                (syn::ImplItem::Const(constant), Some(of)) if of.ident == "Event" => {
                    match text_of(&constant.expr) {
                        Some(stable) => {
                            self.events.push((name.clone(), stable, line(&implemented.self_ty)));
                        }
                        None => self
                            .obscures(line(&constant.ident), "the name of an event is no literal"),
                    }
                }
                (syn::ImplItem::Fn(function), None) if !is_plain(function) => {
                    self.logic
                        .push((format!("`{name}::{}`", function.sig.ident), line(&function.sig)));
                }
                _ => {}
            }
        }
    }
}

/// Whether a function only makes or shows a value: it does not wait and is a few lines long.
fn is_plain(function: &syn::ImplItemFn) -> bool {
    let lines = function.block.span().end().line - function.block.span().start().line;
    function.sig.asyncness.is_none() && lines <= 6
}

fn trait_of(declared: &syn::ItemTrait) -> Trait {
    let methods = declared.items.iter().filter_map(|item| match item {
        TraitItem::Fn(method) => Some(method_of(method)),
        _ => None,
    });
    let more = declared.items.iter().find(|item| !matches!(item, TraitItem::Fn(_)));
    let more = more.map(|item| item.to_token_stream().to_string());
    let generics = (!declared.generics.params.is_empty()).then(|| "generics".to_owned());
    Trait {
        name: declared.ident.to_string(),
        line: line(&declared.ident),
        contract: declared.attrs.iter().find_map(contract_of),
        asks: declared.supertraits.to_token_stream().to_string(),
        methods: methods.collect(),
        more: more.or(generics),
    }
}

/// The stable name and the version that `#[contract(…)]` says.
fn contract_of(attribute: &Attribute) -> Option<(String, u64)> {
    if !attribute.path().is_ident("contract") {
        return None;
    }
    let (mut name, mut version) = (String::new(), 0);
    let parsed = attribute.parse_nested_meta(|meta| {
        let value: syn::Lit = meta.value()?.parse()?;
        match value {
            syn::Lit::Str(text) => name = text.value(),
            syn::Lit::Int(number) => version = number.base10_parse()?,
            _ => {}
        }
        Ok(())
    });
    parsed.ok().map(|()| (name, version))
}

/// Whether attributes say `cfg(test)`.
fn is_for_tests(attributes: &[Attribute]) -> bool {
    let is_test = |attribute: &Attribute| {
        let list = attribute.meta.require_list();
        list.is_ok_and(|list| list.path.is_ident("cfg") && list.tokens.to_string() == "test")
    };
    attributes.iter().any(is_test)
}

pub(super) fn line(part: &impl ToTokens) -> usize {
    part.to_token_stream().span().start().line
}

pub(super) fn derives(attributes: &[Attribute]) -> Vec<String> {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("derive"))
        .flat_map(derived)
        .collect()
}
