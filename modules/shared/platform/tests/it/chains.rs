use platform::{Chain, Database, FIRST, Sql as _, is_taken, params};
use testkit::on_each_server;

const DRAW: &str = "INSERT INTO outbox_key (key, last) VALUES ($1, $2) RETURNING key, last, CAST(NULL AS TEXT) AS unset";

/// Draws a number for a key and marks it, `by` further.
fn draw_and_mark(key: &str, last: i64, by: i64) -> Chain {
    let mark = format!(
        "INSERT INTO inbox_mark (subscription, generation, key, sequence) \
         SELECT COALESCE(unset, $1), 1, key, last + $2 FROM {FIRST}"
    );
    Chain::of(DRAW, params![key, last]).then((mark, params!["mailer", by])).giving_first()
}

async fn marks(database: &Database) -> i64 {
    database.number("SELECT COUNT(*) FROM inbox_mark", vec![]).await.unwrap()
}

#[tokio::test]
async fn later_statements_read_what_the_first_one_returned() {
    on_each_server(async |server| {
        let database = server.database("orders").await;

        let drawn = database.chain(draw_and_mark("a", 40, 2)).await.unwrap().unwrap();

        let (key, last): (String, i64) =
            (drawn.try_get_by_index(0).unwrap(), drawn.try_get_by_index(1).unwrap());
        assert_eq!((key.as_str(), last), ("a", 40));
        let marked = "SELECT sequence FROM inbox_mark WHERE subscription = $1 AND key = $2";
        assert_eq!(database.number(marked, params!["mailer", "a"]).await.unwrap(), 42);
    })
    .await;
}

#[tokio::test]
async fn a_column_without_a_value_stays_without_one() {
    on_each_server(async |server| {
        let database = server.database("orders").await;
        let insert = "INSERT INTO saga (id, kind, state, epoch, attempts, due_at, deadline_at, started_at) \
                      VALUES ('a', 'checkout', 'running', 1, 0, 0, 0, 0) RETURNING id, cause, settled_at";

        let row = database.chain(Chain::of(insert, vec![]).giving_first()).await.unwrap().unwrap();

        let (cause, settled_at): (Option<String>, Option<i64>) =
            (row.try_get_by_index(1).unwrap(), row.try_get_by_index(2).unwrap());
        assert_eq!((cause, settled_at), (None, None));
    })
    .await;
}

#[tokio::test]
async fn nothing_happens_where_the_first_statement_returns_nothing() {
    on_each_server(async |server| {
        let database = server.database("orders").await;
        let mark = format!(
            "INSERT INTO inbox_mark (subscription, generation, key, sequence) SELECT 'mailer', 1, key, last FROM {FIRST}"
        );
        let draw = "UPDATE outbox_key SET last = last + 1 WHERE key = 'nobody' RETURNING key, last";

        let drawn = database.chain(Chain::of(draw, vec![]).then((mark, vec![])).giving_first()).await;

        assert!(drawn.unwrap().is_none());
        assert_eq!(marks(&database).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_chain_of_which_one_statement_fails_changes_nothing() {
    on_each_server(async |server| {
        let database = server.database("orders").await;
        database.chain(draw_and_mark("a", 1, 1)).await.unwrap();
        database.run("DELETE FROM outbox_key", vec![]).await.unwrap();

        let failure = database.chain(draw_and_mark("a", 7, 0)).await.unwrap_err();

        assert!(is_taken(&failure), "{failure:?}");
        assert_eq!(database.number("SELECT COUNT(*) FROM outbox_key", vec![]).await.unwrap(), 0);
        database.chain(draw_and_mark("b", 1, 1)).await.unwrap();
        assert_eq!(marks(&database).await, 2);
    })
    .await;
}

/// Draws a number, marks it where the key is `marked`, and starts a saga with the sequence of the mark as its epoch.
fn draw_mark_and_start(key: &str, marked: &str) -> Chain {
    let mark = format!(
        "INSERT INTO inbox_mark (subscription, generation, key, sequence) \
         SELECT 'mailer', 1, key, last + 1 FROM {FIRST} WHERE key = $1 RETURNING sequence"
    );
    let start = format!(
        "INSERT INTO saga (id, kind, state, epoch, attempts, due_at, deadline_at, started_at) \
         SELECT key, $1, 'running', sequence, 0, 0, 0, 0 FROM {FIRST} CROSS JOIN marked"
    );
    Chain::of(DRAW, params![key, 40_i64])
        .then_as("marked", (mark, params![marked]))
        .then((start, params!["checkout"]))
        .giving_first()
}

#[tokio::test]
async fn later_statements_read_what_a_named_one_returned() {
    on_each_server(async |server| {
        let database = server.database("orders").await;

        let drawn = database.chain(draw_mark_and_start("a", "a")).await.unwrap();

        assert!(drawn.is_some());
        let epoch = "SELECT epoch FROM saga WHERE id = 'a' AND kind = 'checkout'";
        assert_eq!(database.number(epoch, vec![]).await.unwrap(), 41);
    })
    .await;
}

#[tokio::test]
async fn where_a_named_statement_returns_nothing_those_after_it_do_nothing() {
    on_each_server(async |server| {
        let database = server.database("orders").await;

        let drawn = database.chain(draw_mark_and_start("a", "b")).await.unwrap();

        assert!(drawn.is_some(), "the first one happened");
        assert_eq!(marks(&database).await, 0);
        assert_eq!(database.number("SELECT COUNT(*) FROM saga", vec![]).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn what_the_last_statement_returned_is_what_a_chain_returns() {
    on_each_server(async |server| {
        let database = server.database("orders").await;
        let mark = format!(
            "INSERT INTO inbox_mark (subscription, generation, key, sequence) \
             SELECT 'mailer', 1, key, last + 1 FROM {FIRST} RETURNING sequence"
        );
        let chain = Chain::of(DRAW, params!["a", 40_i64]).then_as("marked", (mark, vec![]));

        let row = database.chain(chain).await.unwrap().unwrap();

        assert_eq!(row.try_get_by_index::<i64>(0).unwrap(), 41);
    })
    .await;
}
