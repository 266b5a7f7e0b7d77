//! The commands, one a file.

mod arguments;
mod baseline;
mod check;
mod explain;
mod graph;
mod init;
mod run;

pub(crate) use arguments::Arguments;
pub(crate) use run::run;

use check::today;
