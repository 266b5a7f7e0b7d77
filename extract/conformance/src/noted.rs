use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use kernel::contract::{
    Attempt, Channel, ContractDescriptor, Frames, MethodDescriptor, Unanswered,
};

/// A channel that notes which methods are called over it, and with which codes they are refused.
pub struct Noted {
    channel: Arc<dyn Channel>,
    heard: Mutex<BTreeSet<String>>,
}

impl Noted {
    /// Has heard nothing yet.
    pub fn new(channel: Arc<dyn Channel>) -> Arc<Self> {
        Arc::new(Self { channel, heard: Mutex::default() })
    }

    /// The methods of a contract that nobody called, and the codes with which nobody was refused.
    pub fn unheard(&self, contract: &ContractDescriptor) -> BTreeSet<String> {
        let methods = contract.methods.iter().map(|method| called(method.name));
        let codes = contract.methods.iter().flat_map(MethodDescriptor::codes);
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        methods.chain(codes).filter(|name| !heard.contains(name)).collect()
    }

    fn note(&self, what: String) {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).insert(what);
    }

    fn note_refusal<T>(&self, answer: Result<T, Unanswered>) -> Result<T, Unanswered> {
        if let Err(Unanswered::Problem(problem)) = &answer {
            problem.code.iter().for_each(|code| self.note(code.clone()));
        }
        answer
    }
}

/// A method, which no code is mistaken for.
fn called(method: &str) -> String {
    format!("{method}()")
}

#[async_trait]
impl Channel for Noted {
    async fn call(&self, attempt: Attempt<'_>) -> Result<Bytes, Unanswered> {
        self.note(called(attempt.method.name));
        self.note_refusal(self.channel.call(attempt).await)
    }

    async fn open(&self, attempt: Attempt<'_>) -> Result<Frames, Unanswered> {
        self.note(called(attempt.method.name));
        self.note_refusal(self.channel.open(attempt).await)
    }
}
