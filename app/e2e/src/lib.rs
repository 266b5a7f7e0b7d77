//! The purchase suite. It knows the public HTTP API, a launcher and `doctor`, so that it runs unchanged over every placement.

mod client;
mod detour;
mod expected;
mod flow;
mod http;
mod journeys;
mod keys;
mod launched;
mod launcher;
mod machine;
mod matrix;
mod monolith;
mod openapi;
mod plan;
mod ports;
mod process;
mod purchase;
mod scene;
mod shots;
mod site;
mod split;
mod stage;
pub mod suite;
mod wait;

pub use client::{Ask, Client};
pub use http::{Address, Answer, Http, PATIENCE};
pub(crate) use journeys::listed;
pub use journeys::{Journey, SHORT, WHOLE};
pub use launcher::{Binary, Launcher, Opening, Said};
pub use machine::machine;
pub use matrix::{Page, Placement, Row, Suite, covering, every_placement};
pub use monolith::{Binaries, Monolith};
pub use plan::{Apart, MODULES, Plan, Store, Way};
pub use process::Running;
pub use purchase::{Purchase, address, cart_of, order_body, shipping_method};
pub use split::{Kit, Split};
pub use stage::{SETTLED, Stage, Stock, Ware, fresh, fresh_email, number, text};
pub use wait::eventually;

/// What a step of the suite gives, or why it failed.
pub type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;
