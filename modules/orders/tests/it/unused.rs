//! The neighbours' methods that a purchase never calls: each answers that nobody is there.

use kernel::{CallError, Failure, FailureKind};

pub(crate) fn nobody<T, R>() -> Result<T, CallError<R>> {
    Err(CallError::Failed(Failure::new(FailureKind::Unavailable).not_executed()))
}

/// Writes the methods of a contract that the tests never call.
macro_rules! unused {
    ($($method:ident: $request:ty => $answer:ty, $refusal:ty;)+) => {
        $(
            fn $method<'life0, 'life1, 'async_trait>(
                &'life0 self,
                _: &'life1 kernel::Call,
                _: $request,
            ) -> futures_util::future::BoxFuture<'async_trait, Result<$answer, kernel::CallError<$refusal>>>
            where
                'life0: 'async_trait,
                'life1: 'async_trait,
                Self: 'async_trait,
            {
                Box::pin(async { crate::unused::nobody() })
            }
        )+
    };
}
pub(crate) use unused;
