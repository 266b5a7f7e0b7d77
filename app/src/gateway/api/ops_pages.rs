use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::BoxFuture;
use kernel::{CallError, Page, PageRequest};
use platform::ops::{Ops, OpsRefusal};

use crate::operated::Operated;

/// What a module answers.
pub(super) type Asked<T> = BoxFuture<'static, Result<T, CallError<OpsRefusal>>>;

/// Which part of the lists of all modules is asked for.
pub(super) struct Place {
    pub(super) limit: u32,
    pub(super) cursor: Option<String>,
    /// Only of this module.
    pub(super) module: Option<String>,
}

/// A part of the lists of all modules, one list after the other. Each item comes with its module.
pub(super) async fn across<T>(
    operated: &Operated,
    place: Place,
    list: impl Fn(Arc<dyn Ops>, PageRequest) -> Asked<Page<T>>,
) -> Result<Page<(String, T)>, CallError<OpsRefusal>> {
    let Place { limit, cursor, module: only } = place;
    let (from, mut within) = match cursor {
        Some(cursor) => parse(&cursor).ok_or(OpsRefusal::UnknownCursor)?,
        None => (String::new(), None),
    };
    let mut items = Vec::new();
    let asked = operated.all().filter(|(name, _)| only.as_deref().is_none_or(|only| only == *name));
    let asked = asked.skip_while(|(name, _)| !from.is_empty() && *name != from);
    let asked: Vec<_> = asked.collect();
    for (name, ops) in asked {
        let left = limit.saturating_sub(u32::try_from(items.len()).unwrap_or(u32::MAX));
        if left == 0 {
            return Ok(Page { items, next: Some(cursor_of(name, None)) });
        }
        let page = PageRequest { limit: left, cursor: within.take() };
        let page = list(Arc::clone(ops), page).await?;
        items.extend(page.items.into_iter().map(|item| (name.to_owned(), item)));
        if let Some(next) = page.next {
            return Ok(Page { items, next: Some(cursor_of(name, Some(&next))) });
        }
    }
    Ok(Page { items, next: None })
}

/// Asks one module after the other, until one knows what is meant.
pub(super) async fn whoever_knows<T>(
    operated: &Operated,
    ask: impl Fn(Arc<dyn Ops>) -> Asked<T>,
) -> Result<(String, T), CallError<OpsRefusal>> {
    let mut unknown = OpsRefusal::NotFound;
    let all: Vec<_> = operated.all().collect();
    for (name, ops) in all {
        match ask(Arc::clone(ops)).await {
            Err(CallError::Refused(
                refusal @ (OpsRefusal::NotFound | OpsRefusal::UnknownSubscription),
            )) => unknown = refusal,
            answer => return answer.map(|answer| (name.to_owned(), answer)),
        }
    }
    Err(unknown.into())
}

fn cursor_of(module: &str, within: Option<&str>) -> String {
    URL_SAFE_NO_PAD.encode(format!("{module}/{}", within.unwrap_or_default()))
}

fn parse(cursor: &str) -> Option<(String, Option<String>)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let (module, within) = text.split_once('/')?;
    let known = crate::operated::NAMES.contains(&module);
    let within = Some(within.to_owned()).filter(|within| !within.is_empty());
    known.then(|| (module.to_owned(), within))
}
