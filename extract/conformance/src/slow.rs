use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc};

use crate::{FakeShelf, SEEN};

/// Tells that it was dropped, unless it was told that it ended.
struct Witness(mpsc::UnboundedSender<&'static str>, bool);

impl Witness {
    fn end(mut self) {
        self.1 = true;
        let _nobody_listens = self.0.send("ended");
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        if !self.1 {
            let _nobody_listens = self.0.send("dropped");
        }
    }
}

/// A shelf whose calls begin, wait, and tell whether they ended or were dropped.
pub struct Slow {
    /// What answers.
    pub shelf: Arc<FakeShelf>,
    began: Arc<Notify>,
    may_end: Arc<Notify>,
    ends: mpsc::UnboundedReceiver<&'static str>,
}

impl Slow {
    /// Its writes wait for [`let_end`](Self::let_end); its read waits for ever.
    #[expect(clippy::new_without_default, reason = "it is no value")]
    pub fn new() -> Self {
        let shelf = Arc::new(FakeShelf::default());
        let (began, may_end) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (tell, ends) = mpsc::unbounded_channel();
        for slot in [&shelf.put, &shelf.add] {
            let (began, may_end, tell) = (began.clone(), may_end.clone(), tell.clone());
            slot.answer(move |_, _| {
                let witness = Witness(tell.clone(), false);
                let (began, may_end) = (began.clone(), may_end.clone());
                async move {
                    began.notify_one();
                    may_end.notified().await;
                    witness.end();
                    Ok(SEEN)
                }
            });
        }
        let started = began.clone();
        shelf.look.answer(move |_, _| {
            let (witness, began) = (Witness(tell.clone(), false), started.clone());
            async move {
                began.notify_one();
                std::future::pending::<()>().await;
                witness.end();
                Ok(SEEN)
            }
        });
        Self { shelf, began, may_end, ends }
    }

    /// Lets one write end.
    pub fn let_end(&self) {
        self.may_end.notify_one();
    }

    /// What became of a call, long before its deadline.
    pub async fn end(&mut self) -> &'static str {
        let ended = tokio::time::timeout(Duration::from_secs(30), self.ends.recv()).await;
        ended.expect("it goes on").unwrap()
    }

    /// Calls, and goes away once the call began.
    pub async fn call_and_go<T: Send + 'static>(
        &self,
        calling: impl Future<Output = T> + Send + 'static,
    ) {
        let caller = tokio::spawn(calling);
        self.began.notified().await;
        caller.abort();
        assert!(caller.await.is_err_and(|error| error.is_cancelled()));
    }
}
