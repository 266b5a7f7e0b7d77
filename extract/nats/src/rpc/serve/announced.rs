//! The NATS service protocol: who serves what, and how much was done.

use std::sync::Arc;

use async_nats::{Client, Message, Subscriber};
use futures_util::StreamExt as _;
use futures_util::stream::{SelectAll, select_all};
use serde_json::{Value, json};

use super::contract::Contract;
use crate::ConnectError;
use crate::rpc::subjects;

/// Everybody is asked, those of a name, or one.
pub(super) async fn subscribe(
    client: &Client,
    contracts: &[Arc<Contract>],
) -> Result<SelectAll<Subscriber>, ConnectError> {
    let mut asked = vec![client.subscribe("$SRV.*").await?];
    for contract in contracts {
        let name = subjects::name(&contract.address);
        asked.push(client.subscribe(format!("$SRV.*.{name}")).await?);
        asked.push(client.subscribe(format!("$SRV.*.{name}.{}", contract.id)).await?);
    }
    Ok(select_all(asked))
}

/// Answers whoever asks.
pub(super) async fn announce(
    client: Client,
    contracts: Vec<Arc<Contract>>,
    mut asked: SelectAll<Subscriber>,
) {
    while let Some(Message { subject, reply, .. }) = asked.next().await {
        let Some(reply) = reply else { continue };
        let mut words = subject.split('.').skip(1);
        let (verb, name, id) = (words.next(), words.next(), words.next());
        for contract in &contracts {
            let meant = name.is_none_or(|name| name == subjects::name(&contract.address))
                && id.is_none_or(|id| id == contract.id);
            let Some(said) = verb.filter(|_| meant).and_then(|verb| contract.say(verb)) else {
                continue;
            };
            if let Err(error) = client.publish(reply.clone(), said.to_string().into()).await {
                tracing::debug!(error = %error, "can't announce {}", contract.address);
            }
        }
    }
}

impl Contract {
    fn say(&self, verb: &str) -> Option<Value> {
        let (kind, mut said) = match verb {
            "PING" => ("ping", json!({})),
            "INFO" => ("info", json!({ "description": "", "endpoints": self.endpoints() })),
            "STATS" => {
                let (started, endpoints) = (self.started.to_string(), self.endpoint_stats());
                ("stats", json!({ "started": started, "endpoints": endpoints }))
            }
            _ => return None,
        };
        said["type"] = format!("io.nats.micro.v1.{kind}_response").into();
        said["name"] = subjects::name(&self.address).into();
        said["id"] = self.id.as_str().into();
        said["version"] = format!("{}.0.0", self.descriptor.version).into();
        let introduced = self.shared.serving.find(&self.address).ok()?.introduction();
        said["metadata"] = json!({
            "contract": introduced.contract,
            "module": subjects::module(&self.address),
            "fingerprint": introduced.fingerprint,
        });
        Some(said)
    }

    fn endpoints(&self) -> Vec<Value> {
        let methods = self.descriptor.methods.iter();
        let endpoints = methods.map(|method| {
            let metadata = json!({
                "effect": method.effect.as_str(),
                "stream": method.stream.to_string(),
            });
            let mut endpoint = self.endpoint(method.name);
            endpoint["metadata"] = metadata;
            endpoint
        });
        endpoints.collect()
    }

    fn endpoint_stats(&self) -> Vec<Value> {
        let methods = self.descriptor.methods.iter().zip(&self.counts);
        let endpoints = methods.map(|(method, counts)| {
            let counted = counts.read();
            let (all, each) = counted.nanoseconds();
            let mut endpoint = self.endpoint(method.name);
            endpoint["num_requests"] = counted.requests.into();
            endpoint["num_errors"] = counted.errors.into();
            endpoint["last_error"] = counted.last_error.into();
            endpoint["processing_time"] = all.into();
            endpoint["average_processing_time"] = each.into();
            endpoint
        });
        endpoints.collect()
    }

    fn endpoint(&self, method: &str) -> Value {
        json!({
            "name": method,
            "subject": subjects::method(self.shared.connection.prefix(), &self.address, method),
            "queue_group": subjects::module(&self.address),
        })
    }
}
