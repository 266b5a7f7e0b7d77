use std::time::Duration;

use kernel::{Failure, Timestamp};
use sea_orm::FromQueryResult;

use crate::db::{Chain, FIRST, Sql as _, Statement, UnitOfWork};
use crate::params;

/// A saga as one worker holds it. A worker that woke up late holds an old epoch, and its writes are refused.
#[derive(Debug, Clone)]
pub struct Saga {
    /// What it is about.
    pub id: String,
    /// How far it is.
    pub state: String,
    /// Which taking-up this is, from 1.
    pub epoch: i64,
    /// How often it failed.
    pub attempts: u32,
    /// When it must be over.
    pub deadline: Timestamp,
}

#[derive(FromQueryResult)]
pub(super) struct SagaRow {
    id: String,
    state: String,
    epoch: i64,
    attempts: i64,
    deadline_at: i64,
}

impl Saga {
    /// A new saga, held by the caller until `lease` is over, and what writes it in a [`Chain`](crate::Chain).
    pub fn start(
        (kind, id): (&str, &str),
        now: Timestamp,
        lease: Duration,
        deadline: Timestamp,
    ) -> (Self, Statement) {
        let insert = format!(
            "INSERT INTO saga (id, kind, state, epoch, attempts, due_at, deadline_at, started_at) \
             SELECT $1, $2, 'running', 1, 0, $3, $4, $5 FROM {FIRST}"
        );
        let started = (insert, params![id, kind, now.plus(lease), deadline, now]);
        let (id, state) = (id.to_owned(), "running".to_owned());
        (Self { id, state, epoch: 1, attempts: 0, deadline }, started)
    }

    /// Moves it on. Refused, as a failure, if another worker took it up since.
    pub async fn advance(&mut self, uow: &UnitOfWork, state: &str) -> Result<(), Failure> {
        let update =
            "UPDATE saga SET state = $3 WHERE id = $1 AND epoch = $2 AND settled_at IS NULL";
        self.guarded(uow.run(update, params![self.id, self.epoch, state]).await?)?;
        state.clone_into(&mut self.state);
        Ok(())
    }

    /// Ends it, and with it does what belongs to that in a [`Chain`]. Refused, as a failure, if another worker took it up since.
    pub async fn settle(
        &self,
        uow: &UnitOfWork,
        state: &str,
        also: impl IntoIterator<Item = Statement>,
    ) -> Result<(), Failure> {
        let update = "UPDATE saga SET state = $3, settled_at = $4, cause = NULL \
                      WHERE id = $1 AND epoch = $2 AND settled_at IS NULL RETURNING id";
        let settle = Chain::of(update, params![self.id, self.epoch, state, uow.now()]);
        let settle = also.into_iter().fold(settle, Chain::then).giving_first();
        self.guarded(uow.chain(settle).await?.is_some().into())
    }

    /// Takes a saga away from whoever holds it, because something else is to become of it. One that was over runs again, until
    /// `deadline`; one that still ran keeps its own.
    pub async fn take_over(
        uow: &UnitOfWork,
        id: &str,
        state: &str,
        lease: Duration,
        deadline: Timestamp,
    ) -> Result<Option<Self>, Failure> {
        let update = "UPDATE saga SET epoch = epoch + 1, state = $2, due_at = $3, settled_at = NULL, \
                      deadline_at = CASE WHEN settled_at IS NULL THEN deadline_at ELSE $4 END WHERE id = $1 \
                      RETURNING id, state, epoch, attempts, deadline_at";
        let values = params![id, state, uow.now().plus(lease), deadline];
        let row: Option<SagaRow> = uow.first(update, values).await?;
        Ok(row.map(SagaRow::into_saga))
    }

    /// Lets go of it for now, because it could not be taken further.
    pub async fn put_off(
        &self,
        uow: &UnitOfWork,
        wait: Duration,
        failure: &Failure,
    ) -> Result<(), Failure> {
        let update = "UPDATE saga SET due_at = $3, attempts = attempts + 1, cause = $4 \
                      WHERE id = $1 AND epoch = $2 AND settled_at IS NULL";
        uow.run(update, params![self.id, self.epoch, uow.now().plus(wait), failure.chain()])
            .await
            .map(|_| ())
    }

    fn guarded(&self, rows: u64) -> Result<(), Failure> {
        if rows == 1 {
            return Ok(());
        }
        Err(Failure::internal(format!(
            "saga {} was taken up by another worker after epoch {}",
            self.id, self.epoch
        )))
    }
}

impl SagaRow {
    pub(super) fn into_saga(self) -> Saga {
        Saga {
            id: self.id,
            state: self.state,
            epoch: self.epoch,
            attempts: u32::try_from(self.attempts).unwrap_or(u32::MAX),
            deadline: Timestamp::from_micros(self.deadline_at),
        }
    }
}
