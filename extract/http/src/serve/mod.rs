//! What serves contracts: `POST /rpc/<address>/<method>` and `GET /contracts/<address>`.

mod asked;
mod lines;
mod routes;

pub use routes::router;
