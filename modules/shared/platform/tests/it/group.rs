use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use kernel::{Clock as _, ModuleName};
use platform::{Database, Sql as _, SqliteDirectory, UnitOfWork, params};
use testkit::{ManualClock, TestServer, cut_off};

const INSERT: &str = "INSERT INTO outbox_key (key, last) VALUES ($1, $2)";

async fn begin(database: &Database) -> UnitOfWork {
    UnitOfWork::begin(database, ManualClock::default().now()).await.unwrap()
}

async fn write(database: &Database, number: i64) -> Result<(), kernel::Failure> {
    let uow = UnitOfWork::begin(database, ManualClock::default().now()).await?;
    uow.run(INSERT, params![format!("key-{number}"), number]).await?;
    uow.commit().await
}

async fn written(database: &Database) -> Vec<i64> {
    let rows = database.query("SELECT last FROM outbox_key ORDER BY last", vec![]).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// Counts the commits in a write-ahead log: the frames that say how large the file is afterwards.
fn commits(directory: &Path) -> usize {
    let log = std::fs::read(directory.join("orders.sqlite-wal")).unwrap();
    let page = u32::from_be_bytes(log[8..12].try_into().unwrap()) as usize;
    log[32..].chunks(24 + page).filter(|frame| frame[4..8] != [0; 4]).count()
}

/// The database as it is found after the process was killed now.
async fn after_a_kill(directory: &Path) -> (tempfile::TempDir, Vec<i64>) {
    let copy = tempfile::tempdir().unwrap();
    // The log first: it may be moved into the file meanwhile, and is then read twice rather than not at all.
    for file in ["orders.sqlite-wal", "orders.sqlite"] {
        if directory.join(file).exists() {
            std::fs::copy(directory.join(file), copy.path().join(file)).unwrap();
        }
    }
    let directory = SqliteDirectory::open(copy.path()).unwrap();
    let now = ManualClock::default().now();
    let database = directory.database(&ModuleName::new("orders"), now).await.unwrap();
    let written = written(&database).await;
    (copy, written)
}

#[tokio::test]
async fn units_of_work_that_wait_for_each_other_are_committed_together() {
    let server = TestServer::sqlite();
    let database = server.database("orders").await;
    let directory = server.directory().unwrap();
    let before = commits(directory);

    let writing = (0..64).map(|number| {
        let database = database.clone();
        tokio::spawn(async move { write(&database, number).await })
    });
    for writing in writing.collect::<Vec<_>>() {
        writing.await.unwrap().unwrap();
    }

    assert_eq!(written(&database).await.len(), 64);
    let commits = commits(directory) - before;
    assert!((1..=8).contains(&commits), "{commits} commits");
}

#[tokio::test]
async fn a_unit_of_work_that_fails_takes_nobody_of_its_group_with_it() {
    let server = TestServer::sqlite();
    let database = server.database("orders").await;

    let writing = (0_i64..30).map(|number| {
        let database = database.clone();
        tokio::spawn(async move {
            let uow = begin(&database).await;
            uow.run(INSERT, params![format!("key-{number}"), number]).await.unwrap();
            match number % 3 {
                0 => uow.commit().await.is_ok(),
                1 => {
                    uow.run(INSERT, params![format!("key-{number}"), number]).await.unwrap_err();
                    uow.commit().await.is_ok()
                }
                _ => false,
            }
        })
    });
    let mut acknowledged = Vec::new();
    for (number, writing) in (0_i64..).zip(writing.collect::<Vec<_>>()) {
        if writing.await.unwrap() {
            acknowledged.push(number);
        }
    }

    assert_eq!(acknowledged, (0..30).step_by(3).collect::<Vec<_>>());
    assert_eq!(written(&database).await, acknowledged);
}

#[tokio::test]
async fn a_read_shows_what_a_unit_of_work_saw_before_it() {
    let server = TestServer::sqlite();
    let database = server.database("orders").await;

    for number in 0_i64..50 {
        let first = begin(&database).await;
        first.run(INSERT, params![format!("key-{number}"), number]).await.unwrap();
        // The second waits for the first, and so gets into its group.
        let committing = tokio::spawn(first.commit());
        let second = begin(&database).await;
        let seen = second.query("SELECT last FROM outbox_key ORDER BY last", vec![]).await.unwrap();
        drop(second);

        assert_eq!(written(&database).await.len(), seen.len());
        committing.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_a_kill_wherever_callers_were_cut_off() {
    let server = TestServer::sqlite();
    let database = server.database("orders").await;
    let number = Arc::new(AtomicI64::new(0));

    let writing = (0..8).map(|writer| {
        let (database, number) = (database.clone(), Arc::clone(&number));
        tokio::spawn(async move {
            let mut acknowledged = Vec::new();
            for polls in 1..60 {
                let number = number.fetch_add(1, Ordering::SeqCst);
                let polls = (polls * 7 + writer) % 40 + 1;
                match cut_off(write(&database, number), polls).await {
                    Some(written) => {
                        written.unwrap();
                        acknowledged.push(number);
                    }
                    None => tokio::task::yield_now().await,
                }
            }
            acknowledged
        })
    });
    let mut acknowledged = Vec::new();
    for writing in writing.collect::<Vec<_>>() {
        acknowledged.extend(writing.await.unwrap());
    }
    let (_copy, survived) = after_a_kill(server.directory().unwrap()).await;

    assert!(acknowledged.len() > 50, "{} were acknowledged", acknowledged.len());
    assert!(acknowledged.len() < 450, "{} were acknowledged", acknowledged.len());
    for number in acknowledged {
        assert!(survived.contains(&number), "{number} was acknowledged and is lost");
    }
    write(&database, 1_000_000).await.unwrap();
}

#[tokio::test]
async fn a_full_disk_is_an_error_and_what_was_acknowledged_outlives_it() {
    let server = TestServer::sqlite();
    let database = server.database("orders").await;
    let uow = begin(&database).await;
    let pages = uow.number("PRAGMA page_count", vec![]).await.unwrap();
    uow.query(&format!("PRAGMA max_page_count = {}", pages + 12), vec![]).await.unwrap();
    uow.commit().await.unwrap();

    let long = "x".repeat(3_000);
    let writing = (0_i64..40).map(|number| {
        let (database, key) = (database.clone(), format!("{number}{long}"));
        tokio::spawn(async move {
            let uow = begin(&database).await;
            uow.run(INSERT, params![key, number]).await?;
            uow.commit().await
        })
    });
    let mut acknowledged = Vec::new();
    for (number, writing) in (0_i64..).zip(writing.collect::<Vec<_>>()) {
        if writing.await.unwrap().is_ok() {
            acknowledged.push(number);
        }
    }
    let (_copy, survived) = after_a_kill(server.directory().unwrap()).await;
    let uow = begin(&database).await;
    uow.query("PRAGMA max_page_count = 1000000", vec![]).await.unwrap();
    uow.commit().await.unwrap();
    write(&database, 1_000_000).await.unwrap();

    assert!(acknowledged.len() < 40, "the disk was never full");
    assert!(!acknowledged.is_empty(), "the disk was full from the start");
    assert_eq!(survived, acknowledged);
}

#[tokio::test]
async fn a_statement_of_its_own_is_lasting_when_it_returns_and_leaves_nothing_when_it_fails() {
    let server = TestServer::sqlite();
    let database = server.database("orders").await;

    let rows = database.run(INSERT, params!["key", 1_i64]).await.unwrap();
    let (_copy, kept) = after_a_kill(server.directory().unwrap()).await;
    database.run(INSERT, params!["key", 2_i64]).await.unwrap_err();
    database.run(INSERT, params!["other", 3_i64]).await.unwrap();

    assert_eq!((rows, kept), (1, vec![1]));
    assert_eq!(written(&database).await, [1, 3]);
}

#[tokio::test]
async fn a_directory_serves_one_process() {
    let server = TestServer::sqlite();

    let second = SqliteDirectory::open(server.directory().unwrap());

    assert!(matches!(second, Err(platform::OpenError::InUse { .. })));
}

#[tokio::test]
async fn what_sqlite_puts_aside_stays_in_memory() {
    let server = TestServer::sqlite();
    let database = server.database("orders").await;
    let uow = begin(&database).await;

    let asked = "PRAGMA temp_store";

    for place in [database.number(asked, vec![]).await, uow.number(asked, vec![]).await] {
        assert_eq!(place.unwrap(), 2, "in files, for which there may be no directory");
    }
}
