use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::runtime::Handle;
use tokio::sync::watch;

/// The writes whose callers went away. They run to their end here, and a process that stops waits for them.
#[derive(Debug, Clone)]
pub struct Unattended(Arc<watch::Sender<usize>>);

impl Unattended {
    /// How many are under way.
    pub fn count(&self) -> usize {
        *self.0.borrow()
    }

    /// Waits until none is under way.
    pub async fn idle(&self) {
        let mut counts = self.0.subscribe();
        // The sender lives as long as `self`, so waiting can't fail.
        let _none = counts.wait_for(|count| *count == 0).await;
    }

    /// A future that runs to its end even if it is dropped, once it began.
    pub(super) fn to_its_end<T: 'static>(
        &self,
        future: impl Future<Output = T> + Send + 'static,
    ) -> ToItsEnd<T> {
        ToItsEnd { future: Some(Box::pin(future)), began: false, unattended: self.clone() }
    }

    fn take<T: 'static>(&self, future: BoxFuture<'static, T>) {
        if let Ok(runtime) = Handle::try_current() {
            let counted = Counted::new(self.clone());
            runtime.spawn(future.map(move |_| drop(counted)));
        }
    }
}

impl Default for Unattended {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(0)))
    }
}

/// One of them, counted for as long as it lives, however it ends.
struct Counted(Unattended);

impl Counted {
    fn new(unattended: Unattended) -> Self {
        unattended.0.send_modify(|count| *count += 1);
        Self(unattended)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.0.send_modify(|count| *count -= 1);
    }
}

/// See [`Unattended::to_its_end`].
pub(super) struct ToItsEnd<T: 'static> {
    future: Option<BoxFuture<'static, T>>,
    began: bool,
    unattended: Unattended,
}

impl<T> Future for ToItsEnd<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let this = &mut *self;
        this.began = true;
        let Some(future) = &mut this.future else { return Poll::Pending };
        let polled = future.as_mut().poll(context);
        if polled.is_ready() {
            this.future = None;
        }
        polled
    }
}

impl<T> Drop for ToItsEnd<T> {
    fn drop(&mut self) {
        if let Some(future) = self.future.take().filter(|_| self.began) {
            self.unattended.take(future);
        }
    }
}
