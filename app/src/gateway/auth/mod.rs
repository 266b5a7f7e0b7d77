//! Who is asking: access tokens, and the role that an operation needs.

mod caller;
mod keys;
mod token;
mod verified;

pub(crate) use caller::{Caller, authenticate};
pub(crate) use keys::Keys;
