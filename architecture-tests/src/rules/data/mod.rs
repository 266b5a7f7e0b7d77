//! Rules of who owns which data.

pub(super) mod d05_entities;
pub(super) mod d06_literal_sql;
pub(super) mod d09_event_tables;
pub(super) mod migrated;
pub(super) mod plain;
mod tables;
