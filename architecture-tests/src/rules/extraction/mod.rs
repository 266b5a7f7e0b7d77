//! Rules of what must hold for a context to leave.

pub(super) mod e01_closure;
pub(super) mod e02_wiring;
pub(super) mod e03_feature_matrix;
pub(super) mod e04_known_features;
pub(super) mod e05_gates;
mod features;
