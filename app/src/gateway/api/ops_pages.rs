use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::BoxFuture;
use kernel::{Call, CallError, Failure, Page, PageRequest};
use platform::ops::{Ops, OpsRefusal};

use galleria_service::Operated;

/// What a module answers.
pub(super) type Asked<T> = BoxFuture<'static, Result<T, CallError<OpsRefusal>>>;

/// How long a list waits for one module before it goes on to the next.
const PATIENCE: Duration = Duration::from_secs(1);

/// Which part of the lists of all modules is asked for.
pub(super) struct Place {
    pub(super) limit: u32,
    pub(super) cursor: Option<String>,
    /// Only of this module.
    pub(super) module: Option<String>,
}

/// A part of the lists of all modules.
pub(super) struct Across<T> {
    /// Each item with its module.
    pub(super) page: Page<(String, T)>,
    /// Whose lists could not be had.
    pub(super) missing: Vec<String>,
}

/// A part of the lists of all modules, one list after the other. Who can't be asked is missing, unless it alone was meant.
pub(super) async fn across<T>(
    operated: &Operated,
    call: &Call,
    place: Place,
    list: impl Fn(Arc<dyn Ops>, Call, PageRequest) -> Asked<Page<T>>,
) -> Result<Across<T>, CallError<OpsRefusal>> {
    let Place { limit, cursor, module: only } = place;
    let (from, mut within) = match cursor {
        Some(cursor) => parse(&cursor).ok_or(OpsRefusal::UnknownCursor)?,
        None => (String::new(), None),
    };
    let (mut items, mut missing) = (Vec::new(), Vec::new());
    let asked = operated.all().filter(|(name, _)| only.as_deref().is_none_or(|only| only == *name));
    let asked = asked.skip_while(|(name, _)| !from.is_empty() && *name != from);
    let asked: Vec<_> = asked.collect();
    for (number, (name, ops)) in asked.iter().copied().enumerate() {
        let left = limit.saturating_sub(u32::try_from(items.len()).unwrap_or(u32::MAX));
        if left == 0 {
            let page = Page { items, next: Some(cursor_of(name, None)) };
            return Ok(Across { page, missing });
        }
        let page = PageRequest { limit: left, cursor: within.take().filter(|_| name == from) };
        let time = match only {
            Some(_) => call.remaining(),
            None => share(call, asked.len() - number).min(PATIENCE),
        };
        let page = match list(Arc::clone(ops), no_longer_than(call, time), page).await {
            Err(CallError::Failed(failure)) if only.is_none() => {
                note(name, &failure);
                missing.push(name.to_owned());
                continue;
            }
            page => page?,
        };
        items.extend(page.items.into_iter().map(|item| (name.to_owned(), item)));
        if let Some(next) = page.next {
            let page = Page { items, next: Some(cursor_of(name, Some(&next))) };
            return Ok(Across { page, missing });
        }
    }
    Ok(Across { page: Page { items, next: None }, missing })
}

/// Asks one module after the other, until one knows what is meant. Where none does, and some could not be asked, nobody can
/// say that it does not exist.
pub(super) async fn whoever_knows<T>(
    operated: &Operated,
    call: &Call,
    ask: impl Fn(Arc<dyn Ops>, Call) -> Asked<T>,
) -> Result<(String, T), CallError<OpsRefusal>> {
    let (mut unknown, mut silent) = (OpsRefusal::NotFound, None);
    let all: Vec<_> = operated.all().collect();
    for (number, (name, ops)) in all.iter().copied().enumerate() {
        // One that says nothing leaves time to ask the others, and the last one all there is.
        let part = if number + 1 == all.len() { 1 } else { 2 };
        let asking = no_longer_than(call, call.remaining() / part);
        match ask(Arc::clone(ops), asking).await {
            Err(CallError::Failed(failure)) => {
                note(name, &failure);
                silent = Some(failure);
            }
            Err(CallError::Refused(
                refusal @ (OpsRefusal::NotFound | OpsRefusal::UnknownSubscription),
            )) => unknown = refusal,
            answer => return answer.map(|answer| (name.to_owned(), answer)),
        }
    }
    Err(silent.map_or(unknown.into(), CallError::Failed))
}

/// What one of those still to be asked may take of the time that is left.
fn share(call: &Call, left: usize) -> Duration {
    call.remaining() / u32::try_from(left).unwrap_or(u32::MAX).max(1)
}

fn no_longer_than(call: &Call, time: Duration) -> Call {
    call.clone().within(time)
}

fn note(module: &str, failure: &Failure) {
    tracing::warn!(module, error = %failure.chain(), "{module} could not be asked about its events and sagas");
}

fn cursor_of(module: &str, within: Option<&str>) -> String {
    URL_SAFE_NO_PAD.encode(format!("{module}/{}", within.unwrap_or_default()))
}

fn parse(cursor: &str) -> Option<(String, Option<String>)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let (module, within) = text.split_once('/')?;
    let known = galleria_service::NAMES.contains(&module);
    let within = Some(within.to_owned()).filter(|within| !within.is_empty());
    known.then(|| (module.to_owned(), within))
}
