use kernel::{Failure, PaymentId};
use payments::{Authorization, Outcome, ProviderKey};
use platform::{fault, jobs, params};

use crate::operations::find;
use crate::token::Behaviour;
use crate::{SLOW, SandboxProvider};

/// How often `tok_error` fails for a key.
const FAILURES: i64 = 2;

/// Sets money aside as the token says.
pub(crate) async fn authorize(
    sandbox: &SandboxProvider,
    key: &ProviderKey,
    authorization: &Authorization,
) -> Result<Outcome, Failure> {
    let behaviour = Behaviour::of(authorization.token.reveal());
    if behaviour == Behaviour::FailsAtFirst && fails(sandbox, key).await? {
        return Err(Failure::unavailable("the sandbox fails twice for tok_error").not_executed());
    }
    if !charge(sandbox, key, authorization, behaviour.decline_code()).await? {
        let found = find(&sandbox.database, key).await?;
        return found.ok_or_else(|| Failure::internal("a charge went away"));
    }
    match behaviour {
        Behaviour::LosesItsAnswer => return Err(Failure::unavailable("the answer was lost")),
        Behaviour::ChargesSlowly => jobs::pause(SLOW).await,
        _ => {}
    }
    Ok(outcome(reference(key), behaviour.decline_code()))
}

/// Writes the charge; says no if the key has one.
async fn charge(
    sandbox: &SandboxProvider,
    key: &ProviderKey,
    authorization: &Authorization,
    decline_code: Option<&str>,
) -> Result<bool, Failure> {
    let insert = "INSERT INTO charge (key, reference, payment_id, order_id, currency, amount, decline_code, captured, \
                  refunded, voided, charged_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, FALSE, $8, $8) \
                  ON CONFLICT (key) DO NOTHING";
    let values = params![
        key.as_str(),
        reference(key),
        authorization.payment,
        authorization.order,
        authorization.amount.currency(),
        authorization.amount.amount(),
        decline_code,
        sandbox.clock.now()
    ];
    fault::reach("sandbox.before-charge-commit");
    let is_new = sandbox.database.run(insert, values).await? == 1;
    fault::reach("sandbox.charged");
    Ok(is_new)
}

/// The sandbox's name for the money of a charge.
fn reference(key: &ProviderKey) -> String {
    format!("sandbox_{}", PaymentId::derived(key.as_str()))
}

/// What is answered for a charge or an operation.
pub(crate) fn outcome(reference: String, decline_code: Option<&str>) -> Outcome {
    match decline_code {
        Some(code) => Outcome::Declined { decline_code: code.to_owned() },
        None => Outcome::Done { reference },
    }
}

/// Whether the key has to fail once more. That is counted for good, so a restart does not begin anew.
async fn fails(sandbox: &SandboxProvider, key: &ProviderKey) -> Result<bool, Failure> {
    let count = "INSERT INTO failing (key, failures) VALUES ($1, 1) \
                 ON CONFLICT (key) DO UPDATE SET failures = failing.failures + 1 WHERE failing.failures < $2";
    Ok(sandbox.database.run(count, params![key.as_str(), FAILURES]).await? == 1)
}
