//! Modules in other languages, driven by the shop's own clients: see `tests`.
