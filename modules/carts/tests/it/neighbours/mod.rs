mod catalog;
mod down;
mod inventory;

use down::down;

pub(crate) use catalog::FakeCatalog;
pub(crate) use inventory::{FakeInventory, Mood};
