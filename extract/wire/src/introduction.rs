use std::collections::BTreeMap;

use extract_compatibility::{Met, meet};
use kernel::contract::ContractDescriptor;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a process says of a contract that it serves, for peers that meet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Introduction {
    /// Its name.
    pub contract: String,
    /// Its version.
    pub version: u32,
    /// The fingerprint of all that peers rely on.
    pub fingerprint: String,
    /// The fingerprint of each method.
    pub methods: BTreeMap<String, String>,
    /// All that peers rely on, as it is committed in `contracts/`.
    #[serde(default)]
    pub document: Value,
}

impl Introduction {
    /// What is said of a contract.
    pub fn of(contract: &ContractDescriptor) -> Self {
        let methods = contract.methods.iter();
        let methods = methods.map(|method| (method.name.to_owned(), method.fingerprint()));
        Self {
            contract: contract.name.to_owned(),
            version: contract.version,
            fingerprint: contract.fingerprint(),
            methods: methods.collect(),
            document: document(contract),
        }
    }

    /// How this process, which calls, gets along with the peer that said this.
    pub fn meet(&self, ours: &ContractDescriptor) -> Met {
        if self.fingerprint == ours.fingerprint() {
            Met::Same
        } else {
            meet(&document(ours), &self.document)
        }
    }
}

fn document(contract: &ContractDescriptor) -> Value {
    // What was just written as JSON can be read as JSON.
    serde_json::from_str(&contract.document()).unwrap_or_default()
}
