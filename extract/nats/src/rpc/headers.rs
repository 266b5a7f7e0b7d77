//! What stands beside messages.

use std::str::FromStr as _;

use async_nats::{HeaderMap, HeaderValue, Message};
use extract_wire::Headers;
use kernel::Failure;

/// `Bearer` and the service token.
pub(super) const TOKEN: &str = "authorization";
/// How many items of a stream its caller takes at first.
pub(super) const CREDIT: &str = "x-stream-credit";
/// The number of an item, from 1; of what says that a call is alive, the number of the last item before it.
pub(super) const SEQUENCE: &str = "x-stream-sequence";
/// As the NATS service protocol marks an error.
pub(super) const ERROR: &str = "Nats-Service-Error";
pub(super) const ERROR_CODE: &str = "Nats-Service-Error-Code";

/// The headers of a message, for what all transports share.
#[derive(Default)]
pub(super) struct NatsHeaders(pub(super) HeaderMap);

impl Headers for NatsHeaders {
    fn value(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(HeaderValue::as_str)
    }

    fn put(&mut self, name: &'static str, value: &str) -> Result<(), Failure> {
        let value = HeaderValue::from_str(value);
        let value = value.map_err(|error| Failure::internal(error.to_string()).not_executed())?;
        self.0.insert(name, value);
        Ok(())
    }
}

/// A number beside a message.
pub(super) fn number(message: &Message, name: &str) -> Option<u64> {
    message.headers.as_ref()?.get(name)?.as_str().parse().ok()
}

/// The headers of a part of a stream.
pub(super) fn numbered(sequence: u64) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(SEQUENCE, sequence.to_string());
    headers
}
