use std::time::Duration;

use kernel::{Failure, Timestamp};

use crate::db::{Database, Sql as _};
use crate::params;

/// So long after its deadline a saga that is not over is stuck.
const GRACE: Duration = Duration::from_mins(10);

/// What must never be found, whatever a crash cut off: each finds at most twenty texts that complete its sentence.
const FINDINGS: &[(&str, &str)] = &[
    (
        "an event is lost that a subscription was not told yet: delivery",
        "SELECT d.id FROM delivery d \
         WHERE NOT EXISTS (SELECT 1 FROM outbox o WHERE o.event_id = d.event_id) LIMIT 20",
    ),
    (
        "an event is numbered past the last number of its key: event",
        "SELECT o.event_id FROM outbox o WHERE NOT EXISTS \
         (SELECT 1 FROM outbox_key k WHERE k.key = o.key AND k.last >= o.sequence) LIMIT 20",
    ),
    (
        "a handled event is not marked as handled and could be handled again: delivery",
        "SELECT i.id FROM inbox i WHERE i.state IN ('done', 'skipped') AND NOT EXISTS (SELECT 1 FROM inbox_mark m \
         WHERE m.subscription = i.subscription AND m.generation = i.generation AND m.key = i.key \
         AND m.sequence >= i.sequence) LIMIT 20",
    ),
    (
        "a later event of the same key was handled first: delivery",
        "SELECT i.id FROM inbox i JOIN inbox_mark m ON m.subscription = i.subscription \
         AND m.generation = i.generation AND m.key = i.key AND m.sequence >= i.sequence \
         WHERE i.state IN ('pending', 'parked') LIMIT 20",
    ),
];

/// What does not add up in what the platform keeps for the module, a line each.
pub(super) async fn platform(database: &Database, now: Timestamp) -> Result<Vec<String>, Failure> {
    let mut lines = Vec::new();
    let overdue = "SELECT id FROM saga WHERE settled_at IS NULL AND deadline_at < $1 LIMIT 20";
    let overdue = database.query(overdue, params![now.minus(GRACE)]).await?;
    for row in overdue {
        let id: String = row.try_get_by_index(0).map_err(Failure::internal)?;
        lines.push(format!("a saga is long past its deadline and not over: saga {id}"));
    }
    for (sentence, find) in FINDINGS {
        for row in database.query(find, Vec::new()).await? {
            let id: String = row.try_get_by_index(0).map_err(Failure::internal)?;
            lines.push(format!("{sentence} {id}"));
        }
    }
    Ok(lines)
}
