//! Rules of files and pages.

pub(super) mod m04_page;
pub(super) mod m06_pictures;
pub(super) mod sizes;
