use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::{HeaderMap, header, request::Parts};
use kernel::{Call, Principal, Proof};

use crate::gateway::Gateway;
use crate::gateway::http::{Context, Problem};
use crate::gateway::operations::Access;

/// The call on behalf of whoever asks, with deadline and trace.
#[derive(Clone)]
pub(crate) struct Caller(pub(crate) Call);

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let caller = parts.extensions.remove::<Self>();
        caller.ok_or_else(|| Problem::internal("a handler outside the table of operations".into()))
    }
}

/// Finds out who asks, and whether they may. A bad token is refused even where none is needed.
pub(crate) async fn authenticate(
    gateway: &Arc<Gateway>,
    parts: &Parts,
    access: Access,
) -> Result<Caller, Problem> {
    let principal = principal(gateway, &parts.headers).await?;
    access.check(&principal)?;
    let mut call = gateway.call(principal);
    if let Some(context) = parts.extensions.get::<Context>() {
        call.trace = context.trace;
    }
    Ok(Caller(call))
}

async fn principal(gateway: &Gateway, headers: &HeaderMap) -> Result<Principal, Problem> {
    let mut shown = headers.get_all(header::AUTHORIZATION).iter();
    let (first, second) = (shown.next(), shown.next());
    let Some(authorization) = first else {
        return Ok(Principal::Guest { proof: proof(headers)? });
    };
    let bad = || Problem::unauthenticated("the access token is not valid");
    let text = authorization.to_str().ok().filter(|_| second.is_none()).ok_or_else(bad)?;
    let (scheme, token) = text.split_once(' ').ok_or_else(bad)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(bad());
    }
    gateway.keys.principal(token.trim()).await?.ok_or_else(bad)
}

/// The order token that a guest shows.
fn proof(headers: &HeaderMap) -> Result<Option<Proof>, Problem> {
    let mut shown = headers.get_all("x-order-token").iter();
    let (first, second) = (shown.next(), shown.next());
    let Some(token) = first else { return Ok(None) };
    match token.to_str() {
        Ok(text) if second.is_none() && text.len() <= 1024 => Ok(Some(Proof::new(text))),
        _ => Err(Problem::invalid("X-Order-Token", "is not an order token")),
    }
}
