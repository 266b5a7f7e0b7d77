//! Rules of what sources name and what contracts look like.

pub(super) mod s01_no_escape;
pub(super) mod s02_no_laundering;
pub(super) mod s03_contract_shape;
pub(super) mod s04_remotable;
pub(super) mod s05_wire_form;
pub(super) mod s06_event_ownership;
pub(super) mod s07_subscriptions;
pub(super) mod s08_stateless;
pub(super) mod s09_ambient;
