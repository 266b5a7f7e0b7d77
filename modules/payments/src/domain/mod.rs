//! How a payment stands, and what may become of it. Pure.

mod answers;
#[cfg(test)]
mod interleavings;
mod standing;
mod step;

pub(crate) use standing::{Happened, Intent, Refunds, Standing, State};
pub(crate) use step::Step;
