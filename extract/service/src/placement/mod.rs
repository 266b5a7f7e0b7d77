//! Where each module runs, as this process sees it: decided once, at the start, from what is compiled in and what is set.

mod decide;
mod neighbourhood;
mod place;
#[cfg(test)]
mod tests;

pub use decide::{Compiled, Part, decide, named};
pub use neighbourhood::{NEIGHBOURHOOD, Neighbourhood};
pub use place::{Place, Places};
