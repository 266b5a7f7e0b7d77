use kernel::Failure;

use crate::db::{Sql as _, UnitOfWork, placeholders};
use crate::params;

/// Notes the highest sequence that is over of keys of a subscription, each `(generation, key, sequence)` at most once.
pub(crate) async fn mark(
    uow: &UnitOfWork,
    subscription: &str,
    marks: &[(i64, &str, i64)],
) -> Result<(), Failure> {
    let upsert = format!(
        "INSERT INTO inbox_mark (subscription, generation, key, sequence) VALUES {} \
         ON CONFLICT (subscription, generation, key) DO UPDATE SET sequence = excluded.sequence \
         WHERE excluded.sequence > inbox_mark.sequence",
        placeholders(marks.len(), 4, 1)
    );
    let values = marks.iter().flat_map(|(generation, key, sequence)| {
        params![subscription, *generation, *key, *sequence]
    });
    uow.run(&upsert, values.collect()).await.map(|_| ())
}
