//! What contract calls between processes carry over any transport: their context, and who speaks.

mod head;
mod headers;
mod introduction;
mod keys;
mod replay;
#[cfg(test)]
mod tests;
mod token;

pub use head::CallHead;
pub use headers::Headers;
pub use introduction::Introduction;
pub use keys::{KeyError, KeySettings, PeerKey, ServiceKeys};
pub use replay::Seen;
pub use token::{Claims, Refused, issue, verify};
