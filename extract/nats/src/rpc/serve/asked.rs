use async_nats::Message;
use bytes::Bytes;
use extract_wire::{CallHead, Headers as _, Serving};
use kernel::{Call, Failure, FailureKind};

use crate::rpc::headers::{CREDIT, NatsHeaders, TOKEN};

/// A call that somebody known makes.
pub(super) struct Asked {
    pub(super) call: Call,
    pub(super) body: Bytes,
    /// How many items of a stream its caller takes at first.
    pub(super) credit: u64,
}

impl Asked {
    /// Reads a call. Whatever is wrong with it, nothing was executed.
    pub(super) fn read(
        serving: &Serving,
        target: (&str, &str),
        message: Message,
    ) -> Result<Self, Failure> {
        let headers = NatsHeaders(message.headers.unwrap_or_default());
        let body = message.payload;
        let head = CallHead::read(&headers)?;
        let call = head.clone().into_call()?;
        let largest = serving.settings().largest_body;
        if body.len() > largest {
            let cause = format!("it is larger than {largest} bytes");
            return Err(Failure::new(FailureKind::TooLarge).because(cause).not_executed());
        }
        let token = headers.value(TOKEN).and_then(|value| value.strip_prefix("Bearer "));
        serving.admit(target, token.unwrap_or_default(), &head, &body)?;
        let credit = headers.value(CREDIT).and_then(|credit| credit.parse().ok());
        Ok(Self { call, body, credit: credit.unwrap_or(1).max(1) })
    }
}
