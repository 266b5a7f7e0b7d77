//! What contract calls between processes carry over any transport: their context, who speaks, and how parts are told.

mod acquainted;
mod depth;
mod head;
mod headers;
mod introduction;
mod keys;
mod line;
pub mod lost;
mod problems;
mod replay;
mod served;
mod serving;
#[cfg(test)]
mod tests;
mod token;

pub use acquainted::{Acquainted, Introduces};
pub use head::CallHead;
pub use headers::Headers;
pub use introduction::Introduction;
pub use keys::{KeyError, KeySettings, PeerKey, ServiceKeys};
pub use line::Line;
pub use problems::problem_in;
pub use replay::Seen;
pub use served::{Answer, Served};
pub use serving::{ServeSettings, Serving};
pub use token::{Claims, Recognised, Refused, issue, recognise, verify};
