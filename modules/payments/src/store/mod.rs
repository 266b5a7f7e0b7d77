pub(crate) mod counts;
pub(crate) mod payments;
pub(crate) mod refunds;
mod row;
