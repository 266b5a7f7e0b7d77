use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};

/// So much of a body that nobody wanted is read, so that its client is there to hear why.
const MOST: usize = 16 * 1024 * 1024;
const PATIENCE: Duration = Duration::from_secs(2);

/// A request's body that comes back when it is dropped half read.
///
/// A connection that is closed on a client that still sends is reset, and the answer is lost with it.
pub(super) struct Lent {
    body: Option<Incoming>,
    back: Option<oneshot::Sender<Incoming>>,
}

/// Where a body comes back to.
pub(super) struct Leftover(oneshot::Receiver<Incoming>);

/// Lends a body out.
pub(super) fn lend(body: Incoming) -> (Lent, Leftover) {
    let (back, leftover) = oneshot::channel();
    (Lent { body: Some(body), back: Some(back) }, Leftover(leftover))
}

impl Leftover {
    /// Reads what was left of the body, if it came back and is not endless.
    pub(super) async fn discard(mut self) {
        let Ok(mut body) = self.0.try_recv() else { return };
        let until = Instant::now() + PATIENCE;
        let mut read = 0;
        while read < MOST
            && let Ok(Some(Ok(frame))) = timeout_at(until, body.frame()).await
        {
            read += frame.data_ref().map_or(0, Bytes::len);
        }
    }
}

impl Body for Lent {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let frame = ready!(Pin::new(body).poll_frame(context));
        if !matches!(frame, Some(Ok(_))) {
            self.body = None;
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or(SizeHint::with_exact(0), Body::size_hint)
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let (Some(body), Some(back)) = (self.body.take(), self.back.take())
            && !body.is_end_stream()
        {
            // Whoever lent it may be gone with the connection; then nobody wants it.
            let _ = back.send(body);
        }
    }
}
