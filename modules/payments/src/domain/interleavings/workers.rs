use kernel::Timestamp;

use super::world::{World, eur};
use crate::domain::Step;
use crate::provider::Outcome;

/// Somebody who works on the payment. A turn is one step that nobody can split; between turns others have theirs, and it may
/// die.
#[derive(Debug, Clone)]
pub(super) enum Worker {
    /// Asks to set the money aside, then writes the answer.
    Authorizer { answer: Option<Outcome> },
    /// Writes what it wishes, then asks and writes until the payment rests.
    Settler { wish: Option<Wish>, answer: Option<Answer> },
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Wish {
    Void,
    Capture,
    Refund(i64),
    Sweep,
}

/// What the provider said to a step, and when it was asked.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    step: Step,
    outcome: Option<Outcome>,
    asked: Timestamp,
    refund: Option<usize>,
}

impl Worker {
    pub(super) fn authorizer() -> Self {
        Self::Authorizer { answer: None }
    }

    pub(super) fn settler(wish: Wish) -> Self {
        Self::Settler { wish: Some(wish), answer: None }
    }

    /// Says whether it has more to do.
    pub(super) fn turn(&mut self, world: &mut World) -> bool {
        match self {
            Self::Authorizer { answer } => {
                if let Some(outcome) = answer.take() {
                    let happened = world.standing.authorization_answered(&outcome);
                    world.told.extend(happened);
                    return false;
                }
                *answer = world.may_ask().then(|| world.judge.authorize(world.accepts));
                answer.is_some()
            }
            Self::Settler { wish, answer } => match (wish.take(), answer.take()) {
                (Some(wish), _) => {
                    begin(world, wish);
                    true
                }
                (None, Some(answer)) => write(world, &answer),
                (None, None) => {
                    *answer = ask(world);
                    answer.is_some()
                }
            },
        }
    }
}

fn begin(world: &mut World, wish: Wish) {
    match wish {
        Wish::Void => world.standing.close(),
        Wish::Capture => {
            world.standing.capture();
        }
        Wish::Refund(amount) => world.begin_refund(amount),
        Wish::Sweep => {}
    }
}

/// Asks the provider what is to be asked next.
fn ask(world: &mut World) -> Option<Answer> {
    let step = world.standing.next().unwrap();
    let refund = world.refunds.iter().position(|refund| refund.done.is_none());
    let judge = &mut world.judge;
    let outcome = match &step {
        Step::Rest => return None,
        Step::RefundRest { .. } => None,
        Step::AskForAuthorization => judge.found("authorize"),
        Step::Capture { .. } => Some(judge.capture()),
        Step::CaptureOrVoid { .. } => judge.found("capture"),
        Step::Void { .. } => Some(judge.void()),
        Step::Refund { .. } => {
            refund.map(|number| judge.refund(number, world.refunds[number].amount))
        }
    };
    Some(Answer { step, outcome, asked: world.now, refund })
}

/// Writes an answer, however old it is; says whether anything changed, so that there may be more to do.
fn write(world: &mut World, answer: &Answer) -> bool {
    let before = (world.standing.clone(), world.refunds.clone());
    let standing = &mut world.standing;
    let happened = match (&answer.step, &answer.outcome) {
        (Step::AskForAuthorization, Some(outcome)) => standing.authorization_answered(outcome),
        (Step::AskForAuthorization, None) => {
            standing.authorization_unheard_of(answer.asked);
            None
        }
        (Step::Capture { .. } | Step::CaptureOrVoid { .. }, Some(outcome)) => {
            standing.capture_answered(outcome)
        }
        (Step::CaptureOrVoid { .. }, None) => match world.judge.void() {
            Outcome::Done { .. } => standing.voided(),
            Outcome::Declined { .. } => return true,
        },
        (Step::Void { .. }, Some(Outcome::Done { .. })) => standing.voided(),
        (Step::Void { .. }, _) => {
            let captured = world.judge.found("capture");
            captured.and_then(|outcome| standing.capture_answered(&outcome))
        }
        (Step::RefundRest { amount }, _) => {
            world.begin_refund(amount.amount());
            None
        }
        (Step::Refund { .. }, outcome) => {
            let (number, outcome) = (answer.refund.unwrap(), outcome.as_ref().unwrap());
            let refund = &mut world.refunds[number];
            match refund.done.replace(matches!(outcome, Outcome::Done { .. })) {
                Some(_) => None, // somebody else wrote it
                None => standing.refund_answered(eur(refund.amount), outcome).unwrap(),
            }
        }
        (Step::Rest | Step::Capture { .. }, _) => None,
    };
    world.told.extend(happened);
    before != (world.standing.clone(), world.refunds.clone())
}
