use extract_wire::Introduction;
use kernel::contract::{ContractDescriptor, Problem, SchemaForm, schema_of};
use kernel::{FailureKind, Principal};
use serde_json::{Map, Value, json};

use crate::DocumentError;
use crate::components::Components;
use crate::head;
use crate::operation::operation;

/// The `OpenAPI` document of calls between processes.
pub(crate) fn openapi(contracts: &[&ContractDescriptor]) -> Result<Value, DocumentError> {
    let mut components = Components::default();
    components.take("", schema_of::<Problem>(SchemaForm::Worded));
    components.take("", schema_of::<Principal>(SchemaForm::Worded));
    components.take("", schema_of::<Introduction>(SchemaForm::Worded));
    let (mut paths, mut tags) = (introductions(), Vec::new());
    for contract in contracts {
        tags.push(json!({ "name": contract.address(), "description": contract.words }));
        for method in contract.methods {
            let (path, operation) = operation(&mut components, contract, method);
            paths.insert(path, json!({ "post": operation }));
        }
    }
    let schemas = components.into_schemas().map_err(DocumentError::Clash)?;
    Ok(json!({
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": info(),
        "servers": [{
            "url": "http://{listener}",
            "description": "The internal listener of a process that hosts the module.",
            "variables": { "listener": { "default": "127.0.0.1:9090" } },
        }],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": head::parameters(),
            "responses": { "Failed": failed() },
            "securitySchemes": { "service-token": {
                "type": "http",
                "scheme": "bearer",
                "bearerFormat": "JWT",
                "description": "A token for one attempt of one call; \"The service token\" above says how it is made.",
            } },
        },
    }))
}

fn info() -> Value {
    json!({
        "title": "Galleria: contracts between modules",
        "version": "1",
        "description": include_str!("text/protocol.md"),
        "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
    })
}

fn failed() -> Value {
    let statuses = FailureKind::ALL.map(|kind| format!("`{}` {}", kind.as_str(), kind.status()));
    let told = statuses.join(", ");
    json!({
        "description": format!("A failure: {told}. Or a refusal that this document does not know."),
        "content": { "application/problem+json": {
            "schema": { "$ref": "#/components/schemas/Problem" },
        } },
    })
}

fn introductions() -> Map<String, Value> {
    let introduction = json!({ "get": {
        "operationId": "introduction",
        "summary": "Tells what is served of a contract, for peers that meet.",
        "parameters": [{
            "name": "address", "in": "path", "required": true,
            "description": "The contract with its version: `inventory.v1`, or `orders-ops.v1`.",
            "schema": { "type": "string" },
        }],
        "security": [],
        "responses": {
            "200": {
                "description": "It is served here.",
                "content": { "application/json": {
                    "schema": { "$ref": "#/components/schemas/Introduction" },
                } },
            },
            "404": { "$ref": "#/components/responses/Failed" },
        },
    } });
    Map::from_iter([("/contracts/{address}".to_owned(), introduction)])
}
