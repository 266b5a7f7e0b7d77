//! Every interleaving of those who change a payment and its provider, with crashes between any two steps.

mod every;
mod judge;
mod workers;
mod world;
