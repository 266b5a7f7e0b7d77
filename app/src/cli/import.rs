use std::path::Path;
use std::sync::Arc;

use catalog_contract::ImportReport;
use kernel::Clock;
use tokio::io::AsyncReadExt as _;

use super::failed::unanswered;
use super::{CommandError, Outcome, Shop};
use crate::import::{Splitter, Total};
use galleria_service::print;
use galleria_service::settings::Settings;

const AT_ONCE: usize = 64 * 1024;

/// Takes in a file, a part at a time. Lines that are wrong are told, and are a finding; the others go in.
pub(super) async fn import(
    settings: &Settings,
    clock: Arc<dyn Clock>,
    path: &Path,
) -> Result<Outcome, CommandError> {
    let unreadable = |error| CommandError::new(format!("can't read {}: {error}", path.display()));
    let mut file = tokio::fs::File::open(path).await.map_err(unreadable)?;
    let shop = Shop::reach(settings, clock).await?;
    let (mut splitter, mut total) = (Splitter::default(), Total::default());
    let mut buffer = vec![0; AT_ONCE];
    loop {
        match file.read(&mut buffer).await.map_err(unreadable)? {
            0 => break,
            read => splitter.push(&buffer[..read])?,
        }
        take_in(&shop, &mut splitter, &mut total).await?;
    }
    splitter.finish()?;
    take_in(&shop, &mut splitter, &mut total).await?;
    total.add(splitter.into_report());
    tell(&total.into_report())
}

async fn take_in(
    shop: &Shop,
    splitter: &mut Splitter,
    total: &mut Total,
) -> Result<(), CommandError> {
    while let Some(part) = splitter.next_part() {
        let report = shop.catalog()?.import(&Shop::call(), part).await;
        total.add(report.map_err(unanswered)?);
    }
    Ok(())
}

fn tell(report: &ImportReport) -> Result<Outcome, CommandError> {
    let ImportReport { products, variants, stock, skipped, errors } = report;
    print::line(&format!(
        "products: {products}, variants: {variants}, stock: {stock}, skipped: {skipped}"
    ))?;
    for problem in errors {
        print::line(&format!("line {}, {}: {}", problem.line, problem.column, problem.message))?;
    }
    Ok(if *skipped == 0 && errors.is_empty() { Outcome::Well } else { Outcome::Findings })
}
