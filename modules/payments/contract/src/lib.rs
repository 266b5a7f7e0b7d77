//! What other modules may know of `payments`: what a buyer owes, paid, and got back.

mod events;
mod messages;
mod payment;

pub use events::{PaymentAuthorized, PaymentCaptured, PaymentRefunded, PaymentVoided};
pub use messages::{
    Authorize, AuthorizeRefusal, Capture, GetPayment, ListProviders, PaymentRefusal, Refund, Void,
};
pub use payment::{Payment, PaymentOwner, PaymentStatus};

use kernel::{Call, CallError, async_trait, contract};

/// Payments. What the provider did is never guessed: an unknown outcome is asked for with the same key.
#[contract(name = "payments", version = 1)]
#[async_trait]
pub trait Payments: Send + Sync + 'static {
    /// Sets money of the buyer aside for an order. A repeat for the same order changes nothing.
    /// Keyed by the order.
    #[call(write, keyed)]
    async fn authorize(
        &self,
        call: &Call,
        request: Authorize,
    ) -> Result<Payment, CallError<AuthorizeRefusal>>;

    /// Lets go of an order's money: voids what was authorised, refunds what was captured.
    ///
    /// The order can't be authorised again, even if it never was.
    /// Keyed by the order.
    #[call(write, keyed)]
    async fn void(&self, call: &Call, request: Void) -> Result<(), CallError<PaymentRefusal>>;

    /// Takes the money that was set aside. A repeat changes nothing.
    /// Keyed by the payment.
    #[call(write, keyed)]
    async fn capture(
        &self,
        call: &Call,
        request: Capture,
    ) -> Result<Payment, CallError<PaymentRefusal>>;

    /// Gives captured money back. The call's key names the refund; a repeat changes nothing.
    /// Keyed by the call's key.
    #[call(write, keyed)]
    async fn refund(
        &self,
        call: &Call,
        request: Refund,
    ) -> Result<Payment, CallError<PaymentRefusal>>;

    /// A payment, to its owner and to staff.
    #[call(read)]
    async fn payment(
        &self,
        call: &Call,
        request: GetPayment,
    ) -> Result<Payment, CallError<PaymentRefusal>>;

    /// The codes of the providers that take payments here.
    #[call(read)]
    async fn providers(
        &self,
        call: &Call,
        request: ListProviders,
    ) -> Result<Vec<String>, CallError<PaymentRefusal>>;
}
