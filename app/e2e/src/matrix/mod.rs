//! The placements over which the suite runs, and what becomes of it.

mod covering;
mod every;
mod page;
mod placement;

pub use covering::covering;
pub use every::every_placement;
pub use page::{Page, Row};
pub use placement::{Placement, Suite};
