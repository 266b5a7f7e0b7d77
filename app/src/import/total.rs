use catalog_contract::ImportReport;

/// As many problems as a report holds.
const MOST_PROBLEMS: usize = 1000;

/// The reports of all parts in one.
#[derive(Debug, Default)]
pub struct Total(ImportReport);

impl Total {
    /// Adds what a part did.
    pub fn add(&mut self, report: ImportReport) {
        let total = &mut self.0;
        total.products = total.products.saturating_add(report.products);
        total.variants = total.variants.saturating_add(report.variants);
        total.stock = total.stock.saturating_add(report.stock);
        total.skipped = total.skipped.saturating_add(report.skipped);
        let room = MOST_PROBLEMS.saturating_sub(total.errors.len());
        total.errors.extend(report.errors.into_iter().take(room));
    }

    /// The whole report, its problems by line.
    pub fn into_report(mut self) -> ImportReport {
        self.0.errors.sort_by_key(|problem| problem.line);
        self.0
    }
}
