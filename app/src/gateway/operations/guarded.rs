use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tracing::Instrument;

use super::Route;
use super::route::{Effect, Pace};
use crate::gateway::Gateway;
use crate::gateway::auth::authenticate;
use crate::gateway::http::Problem;

/// How much longer than the deadline of its calls a request may take.
const GRACE: Duration = Duration::from_millis(500);

/// A handler behind the checks that its operation states.
#[derive(Clone)]
pub(super) struct Guarded<H> {
    pub(super) route: Route,
    pub(super) handler: H,
}

impl<H, T> Handler<T, Arc<Gateway>> for Guarded<H>
where
    H: Handler<T, Arc<Gateway>>,
    T: 'static,
{
    type Future = BoxFuture<'static, Response>;

    fn call(self, request: Request, gateway: Arc<Gateway>) -> Self::Future {
        Box::pin(async move {
            let route = self.route;
            let answered = self.answer(request, gateway).await;
            let mut response = answered.unwrap_or_else(IntoResponse::into_response);
            response.extensions_mut().insert(route);
            response
        })
    }
}

impl<H> Guarded<H> {
    async fn answer<T>(self, request: Request, gateway: Arc<Gateway>) -> Result<Response, Problem>
    where
        H: Handler<T, Arc<Gateway>>,
        T: 'static,
    {
        let (mut parts, body) = request.into_parts();
        let caller = authenticate(&gateway, &parts, self.route.access).await?;
        parts.extensions.insert(caller);
        let request = Request::from_parts(parts, body);
        let patience = match self.route.pace {
            Pace::Bounded => gateway.server.request_deadline() + GRACE,
            Pace::Streamed => Duration::MAX,
        };
        let handled = self.handler.call(request, Arc::clone(&gateway));
        let handled = AssertUnwindSafe(handled).catch_unwind();
        let outcome = match self.route.effect {
            Effect::Read => tokio::time::timeout(patience, handled).await,
            Effect::Write => {
                let task = gateway.writes.spawn(handled.in_current_span());
                let joined = tokio::time::timeout(patience, task).await;
                joined.map(|joined| joined.unwrap_or_else(|error| Err(Box::new(error))))
            }
        };
        match outcome {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(panic)) => Err(Problem::internal(told(panic.as_ref()))),
            Err(_) => Err(Problem::deadline_exceeded().because("the request took too long")),
        }
    }
}

fn told(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("panicked: {}", text.unwrap_or("without a word"))
}
