use std::time::Duration;

use kernel::{Call, Executed, Failure, Money};
use platform::{fault, jobs};

use crate::PaymentsModule;
use crate::domain::Standing;
use crate::provider::{Authorization, Outcome, PaymentProvider, ProviderKey};

const MOST_ATTEMPTS: u32 = 6;
const FIRST_WAIT: Duration = Duration::from_millis(20);
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// Something that a provider is asked to do.
pub(crate) enum Operation<'a> {
    Authorize(&'a Authorization),
    Capture { reference: &'a str, amount: Money },
    Void { reference: &'a str },
    Refund { reference: &'a str, amount: Money },
}

/// Asks until there is an answer, as long as the call lasts. No transaction is open meanwhile.
///
/// What certainly did not happen is tried again. What may have happened is asked for by its key; where that does not tell
/// either, the failure says that the effect is unknown.
pub(crate) async fn perform(
    call: &Call,
    provider: &dyn PaymentProvider,
    key: &ProviderKey,
    operation: Operation<'_>,
) -> Result<Outcome, Failure> {
    let mut attempt = 1;
    loop {
        let failure = match bounded(call, send(provider, key, &operation)).await {
            Ok(outcome) => {
                fault::reach("payments.provider-answered");
                return Ok(outcome);
            }
            Err(failure) => failure,
        };
        if failure.executed == Executed::Unknown && call.remaining().is_zero() {
            return Err(failure);
        }
        if failure.executed == Executed::Unknown {
            return match look_up(call, provider, key).await {
                Ok(Some(outcome)) => Ok(outcome),
                Ok(None) | Err(_) => Err(failure),
            };
        }
        let wait = jobs::backoff(FIRST_WAIT, LONGEST_WAIT, attempt);
        if attempt >= MOST_ATTEMPTS || wait >= call.remaining() {
            return Err(unsettled(failure));
        }
        jobs::pause(wait).await;
        attempt += 1;
    }
}

/// Asks what became of an operation.
pub(crate) async fn look_up(
    call: &Call,
    provider: &dyn PaymentProvider,
    key: &ProviderKey,
) -> Result<Option<Outcome>, Failure> {
    let found = bounded(call, provider.find(key)).await.map_err(unsettled)?;
    fault::reach("payments.provider-asked");
    Ok(found)
}

/// The provider of a payment; that it is gone from the settings is a failure, since its money is still there.
pub(crate) fn provider_of<'a>(
    module: &'a PaymentsModule,
    standing: &Standing,
) -> Result<&'a dyn PaymentProvider, Failure> {
    let code = &standing.intent.provider;
    module
        .provider(code)
        .ok_or_else(|| Failure::unavailable(format!("payment provider {code} is not configured")))
}

async fn send(
    provider: &dyn PaymentProvider,
    key: &ProviderKey,
    operation: &Operation<'_>,
) -> Result<Outcome, Failure> {
    match operation {
        Operation::Authorize(authorization) => provider.authorize(key, authorization).await,
        Operation::Capture { reference, amount } => provider.capture(key, reference, *amount).await,
        Operation::Void { reference } => provider.void(key, reference).await,
        Operation::Refund { reference, amount } => provider.refund(key, reference, *amount).await,
    }
}

async fn bounded<T>(
    call: &Call,
    answer: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    match tokio::time::timeout(call.remaining(), answer).await {
        Ok(answer) => answer,
        Err(_) => Err(Failure::deadline()),
    }
}

/// What is written down as wanted may still happen, whatever the provider said of this attempt.
fn unsettled(mut failure: Failure) -> Failure {
    failure.executed = Executed::Unknown;
    failure
}
