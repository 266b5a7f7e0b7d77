use kernel::contract::{SchemaForm, schema_of};
use kernel::{Envelope, Event, ModuleName};
use schemars::JsonSchema;
use serde_json::{Value, json};

/// What is known of an event without one having happened.
#[derive(Debug, Clone, Copy)]
pub struct EventDescriptor {
    /// Its stable name.
    pub name: &'static str,
    /// The JSON Schema of what it says.
    pub data: fn(SchemaForm) -> Value,
    /// One in its envelope. It was told once, so it must be understood for ever.
    pub example: &'static str,
    understood: fn(&str) -> serde_json::Result<Value>,
}

impl EventDescriptor {
    /// Describes an event.
    pub fn of<E: Event + JsonSchema>(example: &'static str) -> Self {
        Self { name: E::NAME, data: schema_of::<E>, example, understood: understood::<E> }
    }

    /// The module that tells it.
    pub fn producer(&self) -> ModuleName {
        ModuleName::of(self.name)
    }

    /// All that its subscribers rely on.
    pub fn document(&self) -> Value {
        json!({ "event": self.name, "data": (self.data)(SchemaForm::Bare) })
    }

    /// What this version understands of an event in its envelope, written anew.
    pub fn understood(&self, envelope: &str) -> serde_json::Result<Value> {
        (self.understood)(envelope)
    }
}

fn understood<E: Event>(envelope: &str) -> serde_json::Result<Value> {
    let envelope: Envelope = serde_json::from_str(envelope)?;
    let event: E = serde_json::from_value(envelope.data.clone())?;
    let mut told = serde_json::to_value(&envelope)?;
    told["subject"] = json!(event.key());
    told["type"] = json!(E::NAME);
    told["data"] = serde_json::to_value(&event)?;
    Ok(told)
}
