use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::Instant;

use e2e::{Apart, MODULES, Outcome, Placement, Plan, Split, Store, Way, every_placement};
use libtest_mimic::{Failed, Trial};

use crate::binaries;
use crate::record::Record;

/// What is run: everything, or the few that always run, with the short suite.
pub(crate) fn placements(all: bool) -> Vec<Placement> {
    let mut placements = every_placement();
    if !all {
        placements.retain(|placement| placement.always);
        placements = placements.into_iter().map(Placement::short).collect();
    }
    placements.extend(in_slim_binaries());
    placements
}

/// With `GALLERIA_SLIM` naming a directory of slim binaries, as `.ci/feature-sets` builds them: a gateway that calls what
/// has no other module in it.
fn in_slim_binaries() -> Vec<Placement> {
    let Some(slim) = std::env::var_os("GALLERIA_SLIM").map(PathBuf::from) else {
        return Vec::new();
    };
    let by_http = |modules| Apart { modules, way: Way::Http, store: Store::Files, instances: 1 };
    let all_but_inventory = MODULES.into_iter().filter(|module| *module != "inventory").collect();
    let plans = [
        Plan(vec![by_http(vec!["inventory"]), by_http(vec!["orders"])]),
        Plan(vec![by_http(vec!["inventory"]), by_http(all_but_inventory)]),
    ];
    let placement = |plan| Placement::of(plan, Store::Files).short().always().slim(slim.clone());
    plans.into_iter().map(placement).collect()
}

/// A trial for each journey over each placement.
pub(crate) fn of_placements(placements: &[Placement], record: &Record) -> Vec<Trial> {
    let of = |placement: &Placement| {
        let journeys = placement.suite.journeys().iter().copied();
        let (placement, record) = (placement.clone(), record.clone());
        journeys.map(move |journey| {
            let placed = placement.clone();
            let suite = placement.suite.as_str();
            trial(&placement, (suite, journey.name), &record, move || async move {
                let Some(house) = placed.prepare(binaries()).await? else { return Ok(()) };
                gone(&house, (journey.run)(&house).await).await
            })
        })
    };
    placements.iter().flat_map(of).collect()
}

/// A trial whose outcome is recorded.
pub(crate) fn trial<F: Future<Output = Outcome>>(
    placement: &Placement,
    (suite, journey): (&str, &'static str),
    record: &Record,
    run: impl FnOnce() -> F + Send + 'static,
) -> Trial {
    let (name, record) = (placement.name(), record.clone());
    record.plan(&name, suite);
    Trial::test(format!("{name}::{journey}"), move || {
        let begun = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let runtime = tokio::runtime::Builder::new_multi_thread();
            let runtime = { runtime }.worker_threads(2).enable_all().build()?;
            runtime.block_on(run())
        }));
        let outcome = match outcome {
            Ok(outcome) => outcome.map_err(|error| Failed::from(error.to_string())),
            Err(_) => Err(Failed::from("it panicked; its words are above")),
        };
        record.note(&name, journey, begun.elapsed(), outcome.is_ok());
        outcome
    })
}

/// What the processes said at last is told with a failure.
pub(crate) async fn gone(house: &Split, outcome: Outcome) -> Outcome {
    if let Err(error) = &outcome {
        eprintln!("{error}{}", house.said().await);
    }
    outcome
}
