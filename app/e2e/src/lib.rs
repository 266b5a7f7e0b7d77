//! The purchase suite. It knows the public HTTP API, a launcher and `doctor`, so that it runs unchanged over every placement.

mod client;
mod flow;
mod http;
mod journeys;
mod launcher;
mod monolith;
mod openapi;
mod process;
mod purchase;
mod shots;
mod stage;
pub mod suite;
mod wait;

pub use client::{Ask, Client};
pub use http::{Address, Answer, Http, PATIENCE};
pub use launcher::{Binary, Launcher, Opening, Said};
pub use monolith::{Binaries, Monolith};
pub use process::Running;
pub use purchase::{Purchase, address, cart_of, order_body, shipping_method};
pub use stage::{SETTLED, Stage, Stock, Ware, fresh, fresh_email, number, text};
pub use wait::eventually;

/// What a step of the suite gives, or why it failed.
pub type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;
