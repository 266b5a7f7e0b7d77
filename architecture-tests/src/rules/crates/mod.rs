//! Rules of the graph of crates.

mod allowed;
pub(super) mod g01_exhaustive;
pub(super) mod g02_no_implementation;
pub(super) mod g03_declared_calls;
pub(super) mod g04_no_unused_allowance;
pub(super) mod g05_acyclic_calls;
pub(super) mod g06_direction;
pub(super) mod g07_chosen_packages;
pub(super) mod g08_contract_purity;
pub(super) mod g09_composition_root;
pub(super) mod g11_test_support;
pub(super) mod g12_inherited;
pub(super) mod g13_declared_is_used;
pub(super) mod g14_coupling;
