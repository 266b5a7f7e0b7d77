use std::time::{Duration, Instant};

use hyper::Method;
use serde_json::{Value, json};

use crate::{Client, Launcher, Opening, Outcome, Purchase, Stage, Ware, eventually, number, text};

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
    /// The shop ends before the provider hears of it, and another process settles it.
    TakenUp,
    /// The same, but when the shop opens again it is too late.
    GivenUp,
    /// What is bought is new in the shop.
    Imported,
}

/// Ends a shop that was about to ask for money.
const CUT: &str = "payments.intent-recorded";
const REFUND: i64 = 100;
/// The time in which an order settles, where it does not.
const LITTLE: Duration = Duration::from_secs(1);

impl Flow {
    /// All ways, the plain one first.
    pub(crate) const ALL: [Self; 11] = [
        Self::Bought,
        Self::LostAnswer,
        Self::Failing,
        Self::Declined,
        Self::OutOfStock,
        Self::Cancelled,
        Self::CapturedAndCancelled,
        Self::PartlyRefunded,
        Self::TakenUp,
        Self::GivenUp,
        Self::Imported,
    ];

    /// How the shop is opened for this way.
    pub(crate) fn opening(self, opening: Opening) -> Opening {
        let opening = opening.modest();
        if self != Self::GivenUp {
            return opening;
        }
        opening.with("GALLERIA__SHOP__SETTLE_WITHIN_SECONDS", LITTLE.as_secs().to_string())
    }

    /// Opens the shop and fills a cart that will go this way. The process that was opened last may have ended at once.
    pub(crate) async fn begin(self, house: &dyn Launcher, opening: &Opening) -> Outcome<Purchase> {
        if !matches!(self, Self::TakenUp | Self::GivenUp) {
            let stage = Stage::open(house, opening).await?;
            return self.prepare(&stage.anyone).await;
        }
        let first = self.opening(Opening::cut_at(CUT));
        let stage = Stage::open(house, &first).await?;
        let purchase = self.prepare(&stage.anyone).await?;
        let answer = purchase.send(&stage.anyone).await;
        // Where the process that is cut off is not the one that was asked, the answer says that nobody knows yet.
        if let Ok(answer) = answer
            && answer.status != 202
        {
            return Err(format!("not cut off: {answer}").into());
        }
        house.ended(Duration::from_secs(20)).await?;
        if self == Self::GivenUp {
            let ended = Instant::now();
            eventually(10 * LITTLE, "it is too late", async || {
                Ok((ended.elapsed() > LITTLE).then_some(()))
            })
            .await?;
        }
        let _ended_at_once = house.start(opening).await;
        Ok(purchase)
    }

    async fn prepare(self, buyer: &Client) -> Outcome<Purchase> {
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
        if self == Self::Imported {
            return import(stage, purchase).await;
        }
        let answer = purchase.through(&stage.anyone).await?;
        let order = match self {
            Self::Declined => answer.expect_problem(402, "payment-declined")?,
            Self::GivenUp => answer.expect_problem(409, "timed-out")?,
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
            Self::GivenUp => voided(stage, purchase).await,
            _ => Ok(()),
        }
    }

    /// The status of the order in the end.
    pub(crate) fn status(self) -> &'static str {
        match self {
            Self::Declined | Self::OutOfStock | Self::GivenUp => "rejected",
            Self::Cancelled | Self::CapturedAndCancelled => "cancelled",
            _ => "confirmed",
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

/// Puts something new on sale, the same each time, and buys what the cart holds.
async fn import(stage: &Stage<'_>, purchase: &Purchase) -> Outcome {
    let sku = format!("NEW-{}", purchase.key);
    stage.import(&crate::stage::csv(&[Ware { sku: &sku, price: 100, stock: 5 }])).await?;
    let on_hand = stage.stock(&sku).await?.on_hand;
    if on_hand != 5 {
        return Err(format!("{on_hand} of {sku} instead of 5").into());
    }
    purchase.through(&stage.anyone).await?.expect_status(201).map(drop)
}

/// Waits until the money that nobody heard of is given up.
async fn voided(stage: &Stage<'_>, purchase: &Purchase) -> Outcome {
    let orders = stage.all(&format!("/api/orders?email={}", purchase.email())).await?;
    let order = orders.first().ok_or("the order is gone")?;
    let payment = format!("/api/payments/{}", text(order, "/payment/id")?);
    eventually(Duration::from_secs(30), "the payment is given up", async || {
        let payment = stage.admin.get(&payment).await?.expect_status(200)?.json();
        Ok((payment["status"] == "voided").then_some(()))
    })
    .await
}
