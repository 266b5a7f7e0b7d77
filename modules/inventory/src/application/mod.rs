pub(crate) mod adjust;
pub(crate) mod availability;
pub(crate) mod movements;
pub(crate) mod open;
pub(crate) mod release;
pub(crate) mod reserve;
pub(crate) mod set_on_hand;
pub(crate) mod stock;
