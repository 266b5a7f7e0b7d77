use kernel::contract::{SchemaForm, schema_of};
use kernel::{Envelope, Subscription};
use serde_json::{Map, Value, json};

use crate::components::Components;
use crate::nats;
use crate::{DocumentError, EventDescriptor};

/// The `AsyncAPI` document of events between modules.
pub(crate) fn asyncapi(
    events: &[EventDescriptor],
    subscriptions: &[Subscription],
) -> Result<Value, DocumentError> {
    let mut components = Components::default();
    components.take("", schema_of::<Envelope>(SchemaForm::Worded));
    let (mut channels, mut messages, mut operations) = (Map::new(), Map::new(), Map::new());
    for event in events {
        let name = event.name;
        messages.insert(name.to_owned(), message(&mut components, event)?);
        channels.insert(name.to_owned(), channel(event));
        let told = operation("send", name, &format!("{} tells it.", event.producer()));
        operations.insert(format!("{name}.told"), told);
        for subscription in subscriptions.iter().filter(|subscription| subscription.event == name) {
            let words = format!("{} listens, as this subscription.", subscription.subscriber());
            operations.insert(subscription.name.to_owned(), operation("receive", name, &words));
        }
    }
    nats::add(&mut channels, &mut messages, &mut operations);
    let schemas = components.into_schemas().map_err(DocumentError::Clash)?;
    Ok(json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Galleria: events between modules",
            "version": "1",
            "description": concat!(include_str!("text/events.md"), include_str!("text/nats.md")),
            "license": { "name": "Apache-2.0" },
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": channels,
        "operations": operations,
        "components": { "messages": messages, "schemas": schemas },
    }))
}

fn message(components: &mut Components, event: &EventDescriptor) -> Result<Value, DocumentError> {
    let schema = (event.data)(SchemaForm::Worded);
    let words = schema["description"].as_str().unwrap_or_default().to_owned();
    let data = components.take(event.name, schema);
    let example: Value = serde_json::from_str(event.example)?;
    Ok(json!({
        "name": event.name,
        "summary": words,
        "contentType": "application/cloudevents+json",
        "payload": {
            "allOf": [{ "$ref": "#/components/schemas/Envelope" }],
            "properties": {
                "type": { "const": event.name },
                "source": { "const": format!("/galleria/{}", event.producer()) },
                "data": data,
            },
        },
        "examples": [{ "payload": example }],
    }))
}

/// Where it is told is up to its subscribers: each has an address of its own.
fn channel(event: &EventDescriptor) -> Value {
    json!({
        "address": null,
        "description": "Told to each subscription by `offer` of `<subscriber>-ops.v1`, in the order of its `subject`.",
        "messages": { "event": { "$ref": format!("#/components/messages/{}", event.name) } },
    })
}

fn operation(action: &str, channel: &str, words: &str) -> Value {
    json!({
        "action": action,
        "summary": words,
        "channel": { "$ref": format!("#/channels/{channel}") },
        "messages": [{ "$ref": format!("#/channels/{channel}/messages/event") }],
    })
}
