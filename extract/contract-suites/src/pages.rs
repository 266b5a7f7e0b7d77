use std::fmt::Debug;

use kernel::{CallError, Page, PageRequest};

/// All of a list, in pages of so many, each but the last one full.
pub(crate) async fn pages<T, R: Debug>(
    limit: u32,
    list: impl AsyncFn(PageRequest) -> Result<Page<T>, CallError<R>>,
) -> Vec<T> {
    let (mut all, mut cursor) = (Vec::new(), None);
    loop {
        let Page { items, next } = list(PageRequest { limit, cursor }).await.unwrap();
        let full = usize::try_from(limit).unwrap();
        assert!(items.len() == full || items.len() < full && next.is_none());
        all.extend(items);
        if next.is_none() {
            return all;
        }
        cursor = next;
    }
}

/// The first of a list, with a cursor that is none.
pub(crate) fn lost() -> PageRequest {
    PageRequest { limit: 2, cursor: Some("lost".to_owned()) }
}
