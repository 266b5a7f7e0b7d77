use std::cell::RefCell;
use std::time::Duration;

use kernel::CallError;
use payments_contract::Authorize;
use platform::fault;
use platform::ops::Fact;

use crate::stage::{Stage, staged, wish};

thread_local! {
    static REACHED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
    static CRASH_AFTER: RefCell<Option<usize>> = const { RefCell::new(None) };
}

/// A way that a payment goes, with its token.
#[derive(Debug, Clone, Copy)]
enum Flow {
    Authorized(&'static str),
    Voided,
    VoidedBefore,
    Captured,
    CapturedAndVoided,
    Refunded,
}

const FLOWS: [Flow; 9] = [
    Flow::Authorized("tok_ok"),
    Flow::Authorized("tok_lost_answer"),
    Flow::Authorized("tok_error"),
    Flow::Authorized("tok_declined"),
    Flow::Voided,
    Flow::VoidedBefore,
    Flow::Captured,
    Flow::CapturedAndVoided,
    Flow::Refunded,
];

impl Flow {
    fn wish(self) -> Authorize {
        wish(if let Self::Authorized(token) = self { token } else { "tok_ok" })
    }

    /// Goes all the way. Each step may be repeated, and so may the whole.
    async fn go(self, stage: &Stage, wish: &Authorize) {
        if matches!(self, Self::VoidedBefore) {
            stage.void(wish).await;
        }
        if let Err(CallError::Failed(failure)) = stage.authorize(wish).await {
            panic!("{}", failure.chain());
        }
        if matches!(self, Self::Captured | Self::CapturedAndVoided | Self::Refunded) {
            stage.capture(wish).await;
        }
        if matches!(self, Self::Refunded) {
            stage.refund(wish, 300).await.unwrap();
        }
        if matches!(self, Self::Voided | Self::CapturedAndVoided) {
            stage.void(wish).await;
        }
    }

    /// Goes until the given reach of a fault point, and is cut off there.
    async fn cut_off(self, stage: &Stage, wish: &Authorize, at: usize) {
        CRASH_AFTER.set(Some(at));
        let (stage, wish) = (stage.clone(), wish.clone());
        let cut = tokio::spawn(async move { self.go(&stage, &wish).await }).await;
        CRASH_AFTER.set(None);
        assert!(cut.is_err_and(|cut| cut.is_panic()), "{self:?} did not crash at {at}");
    }
}

/// Settled, or waiting for whoever wants the money set aside to ask again.
fn at_rest(fact: &Fact) -> bool {
    fact.amounts["unsettled"] == 0 || fact.state == "pending"
}

fn watch() {
    fault::watch(|point| {
        REACHED.with_borrow_mut(|reached| reached.push(point));
        let crash = CRASH_AFTER.with_borrow_mut(|left| match left {
            Some(0) => left.take().is_some(),
            Some(left) => {
                *left -= 1;
                false
            }
            None => false,
        });
        assert!(!crash, "a crash at {point}, on purpose");
    });
}

async fn points(flow: Flow, stage: &Stage) -> Vec<&'static str> {
    REACHED.take();
    flow.go(stage, &flow.wish()).await;
    REACHED.take()
}

#[tokio::test]
async fn a_crash_at_any_point_is_made_good_by_a_repeat() {
    watch();
    staged(async |stage| {
        for flow in FLOWS {
            let undisturbed = flow.wish();
            flow.go(&stage, &undisturbed).await;
            let expected =
                stage.fact(undisturbed.order).await.map(|fact| (fact.state, fact.amounts));
            for (at, point) in points(flow, &stage).await.into_iter().enumerate() {
                let wish = flow.wish();
                flow.cut_off(&stage, &wish, at).await;

                flow.go(&stage, &wish).await;

                let fact = stage.fact(wish.order).await.map(|fact| (fact.state, fact.amounts));
                assert_eq!(fact, expected, "{flow:?} cut off at {point}");
            }
            stage.agrees().await;
        }
    })
    .await;
}

#[tokio::test]
async fn after_a_crash_at_any_point_the_sweep_alone_makes_both_records_agree() {
    watch();
    staged(async |stage| {
        for flow in FLOWS {
            for (at, point) in points(flow, &stage).await.into_iter().enumerate() {
                let wish = flow.wish();
                flow.cut_off(&stage, &wish, at).await;

                // The database server may still be rolling back what was cut off.
                testkit::until(&format!("{flow:?} cut off at {point} is at rest"), async || {
                    stage.sweep_later(Duration::from_secs(10)).await;
                    stage.fact(wish.order).await.is_none_or(|fact| at_rest(&fact))
                })
                .await;
            }
            stage.agrees().await;
        }
    })
    .await;
}

#[tokio::test]
async fn every_step_of_a_payment_has_a_fault_point() {
    watch();
    staged(async |stage| {
        let mut reached = Vec::new();
        for flow in FLOWS {
            reached.extend(points(flow, &stage).await);
        }
        for point in [
            "payments.intent-recorded",
            "payments.provider-answered",
            "payments.authorized",
            "payments.declined",
            "payments.closed",
            "payments.voided",
            "payments.capture-recorded",
            "payments.captured",
            "payments.refund-recorded",
            "payments.refunded",
            "payments.rest-recorded",
            "sandbox.before-charge-commit",
            "sandbox.charged",
        ] {
            assert!(reached.contains(&point), "{point} was not reached");
        }
    })
    .await;
}
