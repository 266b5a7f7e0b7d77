use kernel::{Call, Failure};
use platform::{UnitOfWork, fault};

use crate::PaymentsModule;
use crate::domain::{Happened, Standing};
use crate::store::payments::{Payments, Slot, Stored};

/// Where a crash could split the writing of a change from what is around it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Points {
    pub(crate) before: &'static str,
    pub(crate) after: &'static str,
}

/// Changes how a payment stands and tells what happened, in a unit of work of its own.
pub(crate) async fn change(
    (module, call): (&PaymentsModule, &Call),
    known: Stored,
    points: Points,
    transition: impl Fn(&mut Standing) -> Result<Option<Happened>, Failure> + Send,
) -> Result<Stored, Failure> {
    let uow = module.begin(call).await?;
    let stored = change_within(&uow, known, transition).await?;
    fault::reach(points.before);
    uow.commit().await?;
    fault::reach(points.after);
    Ok(stored)
}

/// Changes how a payment stands; whoever changed it since it was read is not overwritten, the change is made to the newer.
///
/// Where it changes nothing, the unit of work still has to be committed before that is answered: what was read in it may
/// not have been.
pub(crate) async fn change_within(
    uow: &UnitOfWork,
    known: Stored,
    transition: impl Fn(&mut Standing) -> Result<Option<Happened>, Failure> + Send,
) -> Result<Stored, Failure> {
    let payments = Payments::new(uow);
    let mut known = known;
    loop {
        let mut standing = known.standing.clone();
        let happened = transition(&mut standing)?;
        if standing == known.standing {
            return Ok(known);
        }
        if let Some(stored) = payments.save(standing, known.version).await? {
            tell(uow, happened).await?;
            return Ok(stored);
        }
        known = match payments.of_order(known.standing.intent.order).await? {
            Some(Slot::Taken(stored)) => stored,
            Some(Slot::Tombstone) | None => return Err(Failure::internal("a payment went away")),
        };
    }
}

/// Publishes what happened.
pub(crate) async fn tell(uow: &UnitOfWork, happened: Option<Happened>) -> Result<(), Failure> {
    match happened {
        Some(Happened::Authorized(event)) => uow.publish(&event).await,
        Some(Happened::Captured(event)) => uow.publish(&event).await,
        Some(Happened::Refunded(event)) => uow.publish(&event).await,
        Some(Happened::Voided(event)) => uow.publish(&event).await,
        None => Ok(()),
    }
}
