use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::document::{canonical, codes_of, digest};
use super::{Effect, SchemaForm};
use crate::{Refusal, RefusalKind};

/// What is known of a method without calling it.
#[derive(Debug)]
pub struct MethodDescriptor {
    /// Its name, `snake_case`.
    pub name: &'static str,
    /// What it is for, in words.
    pub words: &'static str,
    /// What it does to the world.
    pub effect: Effect,
    /// Whether it answers with a stream.
    pub stream: bool,
    /// The JSON Schema of its message.
    pub request: fn(SchemaForm) -> Value,
    /// The JSON Schema of its answer, or of an item of its stream.
    pub answer: fn(SchemaForm) -> Value,
    /// The JSON Schema of its refusals.
    pub refusal: fn(SchemaForm) -> Value,
    /// What sort of "no" each code of its refusals is.
    pub kinds: fn() -> BTreeMap<String, RefusalKind>,
}

impl MethodDescriptor {
    /// The stable codes of its refusals, sorted.
    pub fn codes(&self) -> Vec<String> {
        codes_of(&(self.refusal)(SchemaForm::Bare))
    }

    /// All that its peers rely on. Words meant for people are left out.
    pub fn document(&self) -> Value {
        json!({
            "effect": self.effect.as_str(),
            "stream": self.stream,
            "request": (self.request)(SchemaForm::Bare),
            "answer": (self.answer)(SchemaForm::Bare),
            "refusal": (self.refusal)(SchemaForm::Bare),
            "codes": (self.kinds)(),
        })
    }

    /// 64 bits in hex that change exactly when the document does.
    pub fn fingerprint(&self) -> String {
        digest(&canonical(&json!({ self.name: self.document() })))
    }
}

/// What is known of a contract without calling it.
#[derive(Debug)]
pub struct ContractDescriptor {
    /// Its name, kebab-case.
    pub name: &'static str,
    /// Its version. Additions keep it; anything that breaks a peer needs the next one.
    pub version: u32,
    /// What it is for, in words.
    pub words: &'static str,
    /// Its methods, in the order of the trait.
    pub methods: &'static [MethodDescriptor],
}

impl ContractDescriptor {
    /// Where it is served, unless somebody says otherwise: `inventory.v1`.
    pub fn address(&self) -> String {
        format!("{}.v{}", self.name, self.version)
    }

    /// The number of a method in [`Self::methods`].
    pub fn find(&self, method: &str) -> Option<usize> {
        self.methods.iter().position(|known| known.name == method)
    }

    /// All that its peers rely on, as canonical JSON: sorted keys, no blanks, no words meant for people.
    pub fn document(&self) -> String {
        let methods = self.methods.iter().map(|method| (method.name.to_owned(), method.document()));
        let methods: serde_json::Map<String, Value> = methods.collect();
        canonical(&json!({ "contract": self.name, "version": self.version, "methods": methods }))
    }

    /// 64 bits in hex that change exactly when the document does.
    pub fn fingerprint(&self) -> String {
        digest(&self.document())
    }
}

/// The kinds of a refusal by its codes. The attribute `contract` writes this call.
pub fn kinds_of<R: Refusal>() -> BTreeMap<String, RefusalKind> {
    R::kinds().iter().map(|(variant, kind)| (kebab(variant), *kind)).collect()
}

/// As serde writes a variant that is renamed to kebab-case.
fn kebab(variant: &str) -> String {
    let mut code = String::with_capacity(variant.len() + 4);
    for letter in variant.chars() {
        if letter.is_ascii_uppercase() && !code.is_empty() {
            code.push('-');
        }
        code.push(letter.to_ascii_lowercase());
    }
    code
}
