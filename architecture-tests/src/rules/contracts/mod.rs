//! Rules of what was promised to peers.

pub(super) mod c01_documents;
pub(super) mod c02_golden_events;
pub(super) mod c04_adapters;
pub(super) mod c05_neighbourhood;
