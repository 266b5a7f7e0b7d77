mod load;
mod save;

pub(crate) use load::{find, from_json, load, owners};
pub(crate) use save::save;
