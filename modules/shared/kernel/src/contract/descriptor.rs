use serde_json::{Value, json};

use super::Effect;
use super::document::{canonical, codes_of, digest};

/// What is known of a method without calling it.
#[derive(Debug)]
pub struct MethodDescriptor {
    /// Its name, `snake_case`.
    pub name: &'static str,
    /// What it does to the world.
    pub effect: Effect,
    /// Whether it answers with a stream.
    pub stream: bool,
    /// The JSON Schema of its message.
    pub request: fn() -> Value,
    /// The JSON Schema of its answer, or of an item of its stream.
    pub answer: fn() -> Value,
    /// The JSON Schema of its refusals.
    pub refusal: fn() -> Value,
}

impl MethodDescriptor {
    /// The stable codes of its refusals, sorted.
    pub fn codes(&self) -> Vec<String> {
        codes_of(&(self.refusal)())
    }

    /// All that its peers rely on. Words meant for people are left out.
    pub fn document(&self) -> Value {
        json!({
            "effect": self.effect.as_str(),
            "stream": self.stream,
            "request": (self.request)(),
            "answer": (self.answer)(),
            "refusal": (self.refusal)(),
            "codes": self.codes(),
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
