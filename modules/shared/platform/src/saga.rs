//! Durable processes.
