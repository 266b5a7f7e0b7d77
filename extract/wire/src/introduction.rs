use std::collections::BTreeMap;

use kernel::contract::ContractDescriptor;
use serde::{Deserialize, Serialize};

/// What a process says of a contract that it serves, for peers that meet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Introduction {
    /// Its name.
    pub contract: String,
    /// Its version.
    pub version: u32,
    /// The fingerprint of all that peers rely on.
    pub fingerprint: String,
    /// The fingerprint of each method.
    pub methods: BTreeMap<String, String>,
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
        }
    }

    /// The methods of `ours` that the peer does not serve, or serves otherwise.
    pub fn differs_in<'a>(&self, ours: &'a Self) -> Vec<&'a str> {
        let differs = |(name, fingerprint): &(&String, &String)| {
            self.methods.get(*name).is_none_or(|theirs| theirs != *fingerprint)
        };
        ours.methods.iter().filter(differs).map(|(name, _)| name.as_str()).collect()
    }
}
