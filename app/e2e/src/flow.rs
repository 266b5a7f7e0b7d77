use hyper::Method;
use serde_json::{Value, json};

use crate::{Client, Outcome, Purchase, Stage, number, text};

/// What is bought on every way.
pub(crate) const SKU: &str = "MUG";
/// How many there are.
pub(crate) const STOCK: u32 = 900;

/// A way that a purchase goes. Going it again changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Flow {
    /// It is bought.
    Bought,
    /// It is bought, though the provider's answer is lost.
    LostAnswer,
    /// It is bought, though the provider fails twice.
    Failing,
    /// The payment is declined.
    Declined,
    /// There is not enough.
    OutOfStock,
    /// It is bought and cancelled.
    Cancelled,
    /// It is bought, the money is taken, and then it is cancelled.
    CapturedAndCancelled,
    /// It is bought, the money is taken, and some is given back.
    PartlyRefunded,
}

impl Flow {
    /// All ways, the plain one first.
    pub(crate) const ALL: [Self; 8] = [
        Self::Bought,
        Self::LostAnswer,
        Self::Failing,
        Self::Declined,
        Self::OutOfStock,
        Self::Cancelled,
        Self::CapturedAndCancelled,
        Self::PartlyRefunded,
    ];

    /// A cart that will go this way.
    pub(crate) async fn prepare(self, buyer: &Client) -> Outcome<Purchase> {
        let token = match self {
            Self::LostAnswer => "tok_lost_answer",
            Self::Failing => "tok_error",
            Self::Declined => "tok_declined",
            _ => "tok_ok",
        };
        let quantity = if self == Self::OutOfStock { STOCK + 1 } else { 1 };
        Purchase::of(buyer, &[(SKU, quantity)], token).await
    }

    /// Goes the way to its end.
    pub(crate) async fn go(self, stage: &Stage<'_>, purchase: &Purchase) -> Outcome {
        let answer = purchase.through(&stage.anyone).await?;
        let order = match self {
            Self::Declined => answer.expect_problem(402, "payment-declined")?,
            Self::OutOfStock => answer.expect_problem(409, "out-of-stock")?,
            _ => answer.expect_status(201)?,
        }
        .json();
        match self {
            Self::Cancelled => cancel(stage, &order).await,
            Self::CapturedAndCancelled => {
                if !is_cancelled(stage, &order).await? {
                    capture(stage, &order).await?;
                }
                cancel(stage, &order).await
            }
            Self::PartlyRefunded => {
                capture(stage, &order).await?;
                refund(stage, &order, &purchase.key).await
            }
            _ => Ok(()),
        }
    }

    /// The status of the order in the end.
    pub(crate) fn status(self) -> &'static str {
        match self {
            Self::Bought | Self::LostAnswer | Self::Failing | Self::PartlyRefunded => "confirmed",
            Self::Declined | Self::OutOfStock => "rejected",
            Self::Cancelled | Self::CapturedAndCancelled => "cancelled",
        }
    }

    /// How much is left of what was taken, in the end.
    pub(crate) async fn check_money(self, stage: &Stage<'_>, order: &Value) -> Outcome {
        let payment = format!("/api/payments/{}", text(order, "/payment/id")?);
        let answer = stage.admin.get(payment).await?;
        if self == Self::OutOfStock && answer.status == 404 {
            return Ok(()); // nobody was asked for money
        }
        let payment = answer.expect_status(200)?.json();
        let sums = [number(&payment, "/captured/amount")?, number(&payment, "/refunded/amount")?];
        let total = number(order, "/total/amount")?;
        let expected = match self {
            Self::CapturedAndCancelled => [total, total],
            Self::PartlyRefunded => [total, REFUND],
            _ => [0, 0],
        };
        if sums == expected { Ok(()) } else { Err(format!("{self:?} has {payment}").into()) }
    }
}

const REFUND: i64 = 100;

async fn is_cancelled(stage: &Stage<'_>, order: &Value) -> Outcome<bool> {
    let order = format!("/api/orders/{}", text(order, "/id")?);
    let order = stage.admin.get(order).await?.expect_status(200)?;
    Ok(order.json()["status"] == "cancelled")
}

async fn cancel(stage: &Stage<'_>, order: &Value) -> Outcome {
    let guest = stage.anyone.showing(text(order, "/access_token")?);
    let cancel = format!("/api/orders/{}/cancel", text(order, "/id")?);
    guest.post(cancel, &json!({})).await?.expect_status(200).map(drop)
}

async fn capture(stage: &Stage<'_>, order: &Value) -> Outcome {
    let capture = format!("/api/payments/{}/capture", text(order, "/payment/id")?);
    stage.admin.post(capture, &json!({})).await?.expect_status(200).map(drop)
}

async fn refund(stage: &Stage<'_>, order: &Value, key: &str) -> Outcome {
    let refund = format!("/api/payments/{}/refunds", text(order, "/payment/id")?);
    let body = json!({"amount": {"amount": REFUND, "currency": "EUR"}, "reason": "chipped"});
    let ask = stage.admin.ask(Method::POST, refund).key(key).json(&body);
    ask.send().await?.expect_status(200).map(drop)
}
