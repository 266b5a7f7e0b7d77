use kernel::Failure;
use platform::Database;

use crate::store::counts::{Miscounted, misrefunded, mistold, refused, torn};

/// What does not add up, a line each: amounts against states, refunds against their sum, events against what happened, and
/// money of undone orders that the provider refused to give back.
pub async fn audit(database: &Database) -> Result<Vec<String>, Failure> {
    let checks = [
        (torn(database).await?, "has amounts that its state does not allow"),
        (misrefunded(database).await?, "is not the sum of its refunds"),
        (mistold(database).await?, "has not told what happened to it"),
        (refused(database).await?, "is of an undone order, and its money was not given back"),
    ];
    Ok(checks.into_iter().flat_map(|(payments, finding)| lines(payments, finding)).collect())
}

fn lines(payments: Vec<Miscounted>, finding: &str) -> impl Iterator<Item = String> {
    payments.into_iter().map(move |payment| format!("payment {} {finding}", payment.payment_id))
}
