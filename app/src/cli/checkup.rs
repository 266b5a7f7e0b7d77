use std::sync::Arc;

use kernel::Clock;

use super::{CommandError, Outcome, Shop};
use crate::doctor::examine;
use galleria_service::print;
use galleria_service::settings::Settings;

/// Audits the shop, and tells what does not add up, a line each.
pub(super) async fn doctor(
    settings: &Settings,
    clock: Arc<dyn Clock>,
) -> Result<Outcome, CommandError> {
    let shop = Shop::reach(settings, Arc::clone(&clock)).await?;
    let report = examine(&shop, clock.as_ref()).await?;
    for finding in &report.findings {
        print::line(finding)?;
    }
    if !report.findings.is_empty() {
        return Ok(Outcome::Findings);
    }
    print::line(&format!(
        "{} orders, {} payments, {} holds: everything adds up",
        report.orders, report.payments, report.holds
    ))?;
    Ok(Outcome::Well)
}
