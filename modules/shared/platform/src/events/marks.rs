use kernel::Failure;

use crate::db::UnitOfWork;
use crate::params;

/// Notes the highest sequence that is over of keys of a subscription, each `(generation, key, sequence)` at most once.
pub(crate) async fn mark(
    uow: &UnitOfWork,
    subscription: &str,
    marks: &[(i64, &str, i64)],
) -> Result<(), Failure> {
    let upsert = format!(
        "INSERT INTO inbox_mark (subscription, generation, key, sequence) SELECT $1, CAST(value ->> 0 AS BIGINT), \
         value ->> 1, CAST(value ->> 2 AS BIGINT) FROM {} AS marked WHERE TRUE \
         ON CONFLICT (subscription, key, generation) DO UPDATE SET sequence = excluded.sequence \
         WHERE excluded.sequence > inbox_mark.sequence",
        uow.database().arrays(2)
    );
    let marks = serde_json::to_string(marks).map_err(Failure::internal)?;
    uow.run(&upsert, params![subscription, marks]).await.map(|_| ())
}
