use async_nats::Message;
use bytes::Bytes;
use extract_wire::lost::{too_large, unreadable, unsent};
use extract_wire::problem_in;
use kernel::contract::Unanswered;

use super::inbox::is_of_nobody;
use crate::rpc::headers::{ERROR_CODE, number};

/// The answer that a message is.
pub(super) fn whole(message: Message, largest: usize) -> Result<Bytes, Unanswered> {
    let message = welcome(message)?;
    if message.payload.len() > largest {
        return Err(too_large(largest).into());
    }
    Ok(message.payload)
}

/// The message, if it is not the answer of somebody who refuses, or of the broker that knows nobody.
pub(super) fn welcome(message: Message) -> Result<Message, Unanswered> {
    if is_of_nobody(&message) {
        return Err(unsent(format!("nobody serves {}", message.subject)).into());
    }
    if let Some(code) = number(&message, ERROR_CODE) {
        let problem = problem_in(&message.payload).map(Unanswered::Problem);
        let foreign = || unreadable(format!("answered {code} without a problem document")).into();
        return Err(problem.unwrap_or_else(foreign));
    }
    Ok(message)
}
