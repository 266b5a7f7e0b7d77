pub(crate) mod cells;
pub(crate) mod columns;
pub(crate) mod draft;
pub(crate) mod findings;
pub(crate) mod merge;
pub(crate) mod records;
pub(crate) mod sku;
pub(crate) mod variants;
