use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which part of a list is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PageRequest {
    /// At most this many; the list's own limit holds as well.
    pub limit: u32,
    /// The `next` of the page before.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "PageOf{T}")]
pub struct Page<T> {
    /// What this part holds, in the list's order.
    pub items: Vec<T>,
    /// Asks for the part after this one; absent on the last.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// Cuts a list that was read one item longer than asked, and keeps the cursor of the last item that stays.
    pub fn cut(mut items: Vec<T>, limit: u32, cursor: impl Fn(&T) -> String) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(cursor) } else { None };
        Self { items, next }
    }

    /// The same page of other items.
    pub fn map<U>(self, convert: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(convert).collect(), next: self.next }
    }
}
