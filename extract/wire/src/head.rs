use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::{Call, Failure, FailureKind, IdempotencyKey, ModuleName, Principal, TraceContext};
use sha2::{Digest as _, Sha256};

use crate::Headers;

const ID: &str = "x-call-id";
const ATTEMPT: &str = "x-call-attempt";
const DEADLINE: &str = "x-call-deadline-ms";
const CALLER: &str = "x-call-caller";
const PRINCIPAL: &str = "x-call-principal";
const KEY: &str = "idempotency-key";
const TRACE: &str = "traceparent";

/// No caller waits longer than this, whatever it says.
const LONGEST: Duration = Duration::from_hours(1);

/// The context of a call as its headers carry it.
#[derive(Debug, Clone, PartialEq)]
pub struct CallHead {
    /// Names the call, at random; here each attempt draws its own, and those of others may share one.
    pub id: String,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// How much time is left.
    pub deadline_ms: u64,
    /// The module that calls.
    pub caller: String,
    /// On whose behalf, as JSON.
    pub principal: String,
    /// Names the write, where it is keyed by the caller.
    pub key: Option<String>,
    /// The trace it belongs to, where it belongs to one.
    pub trace: Option<String>,
}

impl CallHead {
    /// The head of a call that is about to be made.
    pub fn of(call: &Call) -> Result<Self, Failure> {
        Ok(Self {
            id: format!("{:032x}", rand::random::<u128>()),
            attempt: call.attempt,
            deadline_ms: u64::try_from(call.remaining().as_millis()).unwrap_or(u64::MAX),
            caller: call.caller.to_string(),
            principal: serde_json::to_string(&call.principal)
                .map_err(|error| Failure::internal(error).not_executed())?,
            key: call.key.as_ref().map(|key| key.as_str().to_owned()),
            trace: Some(call.trace.passed_on().to_string()),
        })
    }

    /// Reads the headers of a call. What is missing or unreadable is a mismatch, and nothing was executed.
    pub fn read(headers: &impl Headers) -> Result<Self, Failure> {
        let needed = |name: &str| headers.value(name).ok_or_else(|| mismatch(name));
        Ok(Self {
            id: needed(ID)?.to_owned(),
            attempt: needed(ATTEMPT)?.parse().map_err(|_| mismatch(ATTEMPT))?,
            deadline_ms: needed(DEADLINE)?.parse().map_err(|_| mismatch(DEADLINE))?,
            caller: needed(CALLER)?.to_owned(),
            principal: needed(PRINCIPAL)?.to_owned(),
            key: headers.value(KEY).map(str::to_owned),
            trace: headers.value(TRACE).map(str::to_owned),
        })
    }

    /// Writes the headers.
    pub fn write(&self, headers: &mut impl Headers) -> Result<(), Failure> {
        headers.put(ID, &self.id)?;
        headers.put(ATTEMPT, &self.attempt.to_string())?;
        headers.put(DEADLINE, &self.deadline_ms.to_string())?;
        headers.put(CALLER, &self.caller)?;
        headers.put(PRINCIPAL, &self.principal)?;
        if let Some(key) = &self.key {
            headers.put(KEY, key)?;
        }
        if let Some(trace) = &self.trace {
            headers.put(TRACE, trace)?;
        }
        Ok(())
    }

    /// What the token binds: body, principal, caller, key and deadline. The trace may change on the way.
    pub fn digest(&self, body: &[u8]) -> String {
        let deadline = self.deadline_ms.to_be_bytes();
        let key = self.key.as_deref().map_or(&[][..], str::as_bytes);
        let has_key = [u8::from(self.key.is_some())];
        let mut digest = Sha256::new();
        for part in
            [self.principal.as_bytes(), self.caller.as_bytes(), &has_key, key, &deadline, body]
        {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        URL_SAFE_NO_PAD.encode(digest.finalize())
    }

    /// The call that the callee serves.
    pub fn into_call(self) -> Result<Call, Failure> {
        let principal: Principal =
            serde_json::from_str(&self.principal).map_err(|_| mismatch(PRINCIPAL))?;
        let budget = Duration::from_millis(self.deadline_ms).min(LONGEST);
        let mut call = Call::new(ModuleName::of(&self.caller), principal, budget);
        call.attempt = self.attempt;
        if let Some(key) = &self.key {
            call.key = Some(IdempotencyKey::parse(key).ok_or_else(|| mismatch(KEY))?);
        }
        let trace = self.trace.as_deref().and_then(|trace| trace.parse::<TraceContext>().ok());
        call.trace = trace.unwrap_or(call.trace);
        Ok(call)
    }
}

fn mismatch(header: &str) -> Failure {
    let cause = format!("the header {header} is missing or unreadable");
    Failure::new(FailureKind::Mismatch).because(cause).not_executed()
}
