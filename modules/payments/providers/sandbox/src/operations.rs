use kernel::{Failure, Money};
use payments::{Outcome, ProviderKey};
use platform::{Database, FromQueryResult, Sql as _, UnitOfWork, Value, params};

use crate::SandboxProvider;
use crate::charge::outcome;

/// Something that is done with a charge, by one conditional statement.
struct Operation<'a> {
    kind: &'static str,
    reference: &'a str,
    amount: i64,
    /// Changes no row where the charge does not allow it. `$1` is the reference, `$2` the time.
    update: &'static str,
    further: Vec<Value>,
    refusal: &'static str,
}

/// Takes what was set aside, once.
pub(crate) async fn capture(
    sandbox: &SandboxProvider,
    key: &ProviderKey,
    reference: &str,
    amount: Money,
) -> Result<Outcome, Failure> {
    let update = "UPDATE charge SET captured = $3, changed_at = $2 WHERE reference = $1 AND decline_code IS NULL \
                  AND NOT voided AND captured = 0 AND amount >= $3 AND currency = $4";
    let further = params![amount.amount(), amount.currency()];
    let (kind, refusal, amount) = ("capture", "not_capturable", amount.amount());
    perform(sandbox, key, Operation { kind, reference, amount, update, further, refusal }).await
}

/// Lets go of what was set aside, unless it was taken.
pub(crate) async fn void(
    sandbox: &SandboxProvider,
    key: &ProviderKey,
    reference: &str,
) -> Result<Outcome, Failure> {
    let update = "UPDATE charge SET voided = TRUE, changed_at = $2 WHERE reference = $1 AND decline_code IS NULL \
                  AND captured = 0";
    let (kind, refusal, amount, further) = ("void", "not_voidable", 0, Vec::new());
    perform(sandbox, key, Operation { kind, reference, amount, update, further, refusal }).await
}

/// Gives back of what was taken, never more than that.
pub(crate) async fn refund(
    sandbox: &SandboxProvider,
    key: &ProviderKey,
    reference: &str,
    amount: Money,
) -> Result<Outcome, Failure> {
    let update = "UPDATE charge SET refunded = refunded + $3, changed_at = $2 WHERE reference = $1 \
                  AND captured - refunded >= $3 AND $3 > 0 AND currency = $4";
    let further = params![amount.amount(), amount.currency()];
    let (kind, refusal, amount) = ("refund", "not_refundable", amount.amount());
    perform(sandbox, key, Operation { kind, reference, amount, update, further, refusal }).await
}

/// What became of the operation with a key.
pub(crate) async fn find(
    database: &Database,
    key: &ProviderKey,
) -> Result<Option<Outcome>, Failure> {
    let select = "SELECT reference, decline_code FROM charge WHERE key = $1 \
                  UNION ALL SELECT reference, decline_code FROM operation WHERE key = $1";
    let found: Option<Found> = database.first(select, params![key.as_str()]).await?;
    Ok(found.map(Found::into_outcome))
}

#[derive(FromQueryResult)]
struct Found {
    reference: String,
    decline_code: Option<String>,
}

impl Found {
    fn into_outcome(self) -> Outcome {
        outcome(self.reference, self.decline_code.as_deref())
    }
}

/// Writes the operation's row first, so that a repeat answers from it and changes nothing.
async fn perform(
    sandbox: &SandboxProvider,
    key: &ProviderKey,
    operation: Operation<'_>,
) -> Result<Outcome, Failure> {
    let Operation { kind, reference, amount, update, further, refusal } = operation;
    let uow = UnitOfWork::begin(&sandbox.database, sandbox.clock.now()).await?;
    let insert = "INSERT INTO operation (key, reference, kind, amount, done_at) VALUES ($1, $2, $3, $4, $5) \
                  ON CONFLICT (key) DO NOTHING";
    let values = params![key.as_str(), reference, kind, amount, uow.now()];
    if uow.run(insert, values).await? == 0 {
        uow.commit().await?;
        let found = find(&sandbox.database, key).await?;
        return found.ok_or_else(|| Failure::internal("an operation went away"));
    }
    let mut values = params![reference, uow.now()];
    values.extend(further);
    let declined = uow.run(update, values).await? == 0;
    let decline_code = declined.then_some(refusal);
    if declined {
        let decline = "UPDATE operation SET decline_code = $2 WHERE key = $1";
        uow.run(decline, params![key.as_str(), refusal]).await?;
    }
    uow.commit().await?;
    Ok(outcome(reference.to_owned(), decline_code))
}
