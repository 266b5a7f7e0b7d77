pub(crate) mod cursor;
pub(crate) mod edits;
pub(crate) mod limits;
pub(crate) mod product;
pub(crate) mod slug;
pub(crate) mod terms;
pub(crate) mod tree;
pub(crate) mod words;
