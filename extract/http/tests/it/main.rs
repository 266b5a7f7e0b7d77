//! What every contract promises, kept over HTTP.

mod callers;
mod desk;
mod instances;
mod limits;
mod lost;
mod outcomes;
mod shelf;
mod streams;
mod tokens;
