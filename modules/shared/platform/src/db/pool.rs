use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{self, Metrics, Object, QueueMode, RecycleResult};
use futures_util::future::BoxFuture;
use kernel::Failure;
use sqlx::ConnectOptions as _;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use tokio::runtime::Handle;

use super::live::Live;

const WAIT: Duration = Duration::from_secs(5);
/// A connection that nobody used for so long is asked whether it still lives.
const DOUBTED_AFTER: Duration = Duration::from_secs(1);
const OLD: Duration = Duration::from_mins(30);

/// How connections are opened.
#[derive(Debug)]
pub(super) enum Opener {
    /// With what each begins with.
    Postgres {
        options: PgConnectOptions,
        session: String,
    },
    Sqlite {
        options: SqliteConnectOptions,
    },
}

/// The connections of a module. Unlike the pool of `sqlx` it asks nothing of a connection that comes back as it went:
/// a round trip each time, a third of all.
#[derive(Clone, Debug)]
pub(crate) struct Pool(managed::Pool<Opener>);

/// A connection that is out of the pool. Dropped, it may be in the middle of something, which is undone before it is used again.
pub(crate) struct Borrowed(Option<Object<Opener>>);

impl Opener {
    /// Boxed: it is long, and part of every statement that might need it.
    pub(super) fn open(&self) -> BoxFuture<'_, Result<Live, sqlx::Error>> {
        Box::pin(async move {
            match self {
                Self::Postgres { options, session } => {
                    let mut live = Live::Postgres(Box::new(options.connect().await?));
                    live.script(session).await?;
                    Ok(live)
                }
                Self::Sqlite { options } => Ok(Live::Sqlite(Box::new(options.connect().await?))),
            }
        })
    }
}

impl managed::Manager for Opener {
    type Type = Live;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<Live, sqlx::Error> {
        self.open().await
    }

    async fn recycle(&self, live: &mut Live, metrics: &Metrics) -> RecycleResult<sqlx::Error> {
        if metrics.age() > OLD {
            return Err(managed::RecycleError::message("old"));
        }
        if metrics.last_used() > DOUBTED_AFTER {
            Box::pin(live.ping()).await?;
        }
        Ok(())
    }
}

impl Pool {
    /// At most so many connections, each opened when it is first needed.
    pub(super) fn new(opener: Opener, connections: u32) -> Self {
        let pool = managed::Pool::builder(opener)
            .max_size(usize::try_from(connections).unwrap_or(usize::MAX))
            .wait_timeout(Some(WAIT))
            .create_timeout(Some(WAIT))
            .recycle_timeout(Some(WAIT))
            .queue_mode(QueueMode::Lifo)
            .runtime(Runtime::Tokio1)
            .build();
        match pool {
            Ok(pool) => Self(pool),
            Err(managed::BuildError::NoRuntimeSpecified) => unreachable!("the runtime is given"),
        }
    }

    pub(super) async fn borrow(&self) -> Result<Borrowed, Failure> {
        let connection = self.0.get().await;
        let connection = connection.map_err(|error| Failure::unavailable(error).not_executed())?;
        Ok(Borrowed(Some(connection)))
    }
}

impl Borrowed {
    /// The connection, until it is handed back.
    pub(super) fn live(&mut self) -> Result<&mut Live, Failure> {
        let live = self.0.as_deref_mut();
        live.ok_or_else(|| Failure::internal("the connection was handed back").not_executed())
    }

    /// Puts it back as it is: nothing of it is open.
    pub(super) fn hand_back(mut self) {
        self.0 = None;
    }
}

impl Drop for Borrowed {
    fn drop(&mut self) {
        let Some(connection) = self.0.take() else { return };
        match Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(undo(connection))),
            Err(_) => drop(Object::take(connection)),
        }
    }
}

/// Outside a transaction this changes nothing.
async fn undo(mut connection: Object<Opener>) {
    let undone = match &mut *connection {
        live @ Live::Postgres(_) => tokio::time::timeout(WAIT, live.script("ROLLBACK")).await,
        live @ Live::Sqlite(_) => tokio::time::timeout(WAIT, live.ping()).await,
    };
    if !matches!(undone, Ok(Ok(()))) {
        drop(Object::take(connection));
    }
}
