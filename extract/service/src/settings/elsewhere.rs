use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The section of a module that this binary was built without. What it says is for another process to judge.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Elsewhere(BTreeMap<String, serde_json::Value>);
