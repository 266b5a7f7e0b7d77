//! What serves contracts: `POST /rpc/<address>/<method>` and `GET /contracts/<address>`.

mod asked;
mod depth;
mod lines;
mod routes;
mod serving;

pub use routes::router;
pub use serving::{ServeSettings, Serving};
