use std::time::Duration;

use kernel::{Failure, Timestamp, TokenId, UserId};
use platform::{FromQueryResult, Sql as _, UnitOfWork, params, parsed};

use crate::tokens::RefreshToken;

/// So many rows of a kind are removed in one unit of work.
const BATCH: u32 = 500;

/// Who is signed in, as a unit of work changes it.
pub(crate) struct Sessions<'uow> {
    uow: &'uow UnitOfWork,
}

/// What came of showing a refresh token.
pub(crate) enum Shown {
    /// It was good, and is used now.
    Good(TokenId),
    /// It was used before.
    Used(TokenId),
    /// It is unknown or too old.
    Invalid,
}

#[derive(FromQueryResult)]
struct TokenRow {
    session_id: String,
    used_at: Option<i64>,
}

#[derive(FromQueryResult)]
struct SessionRow {
    account_id: String,
}

impl<'uow> Sessions<'uow> {
    pub(crate) fn new(uow: &'uow UnitOfWork) -> Self {
        Self { uow }
    }

    /// Begins a session with a first token.
    pub(crate) async fn begin(
        &self,
        account: UserId,
        token: &RefreshToken,
        life: Duration,
    ) -> Result<(), Failure> {
        let (session, now) = (TokenId::generate(), self.uow.now());
        let insert =
            "INSERT INTO session (id, account_id, started_at, expires_at) VALUES ($1, $2, $3, $4)";
        self.uow.run(insert, params![session, account, now, now.plus(life)]).await?;
        self.add_token(session, token, life).await
    }

    /// Uses a token up. Of many who show the same one at once, one has it good.
    pub(crate) async fn show(&self, fingerprint: &str) -> Result<Shown, Failure> {
        let update = "UPDATE refresh_token SET used_at = $2 \
                      WHERE fingerprint = $1 AND used_at IS NULL AND expires_at > $2 RETURNING session_id, used_at";
        let values = params![fingerprint, self.uow.now()];
        if let Some(row) = self.uow.first::<TokenRow>(update, values).await? {
            return Ok(Shown::Good(parsed(&row.session_id)?));
        }
        let select = "SELECT session_id, used_at FROM refresh_token WHERE fingerprint = $1";
        Ok(match self.uow.first::<TokenRow>(select, params![fingerprint]).await? {
            Some(row) if row.used_at.is_some() => Shown::Used(parsed(&row.session_id)?),
            _ => Shown::Invalid,
        })
    }

    /// Adds the next token to a session, and says whose it is; none if the session is over.
    pub(crate) async fn prolong(
        &self,
        session: TokenId,
        token: &RefreshToken,
        life: Duration,
    ) -> Result<Option<UserId>, Failure> {
        let update = "UPDATE session SET expires_at = $2 WHERE id = $1 AND ended_at IS NULL RETURNING account_id";
        let values = params![session, self.uow.now().plus(life)];
        let Some(row) = self.uow.first::<SessionRow>(update, values).await? else {
            return Ok(None);
        };
        self.add_token(session, token, life).await?;
        parsed(&row.account_id).map(Some)
    }

    /// Ends a session and with it every token of its family.
    pub(crate) async fn end(&self, session: TokenId) -> Result<(), Failure> {
        let update = "UPDATE session SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL";
        self.uow.run(update, params![session, self.uow.now()]).await.map(|_| ())
    }

    /// Ends the session of any of its tokens, if it is the account's.
    pub(crate) async fn end_by_token(
        &self,
        fingerprint: &str,
        account: UserId,
    ) -> Result<(), Failure> {
        let update = "UPDATE session SET ended_at = $3 \
                      WHERE id = (SELECT session_id FROM refresh_token WHERE fingerprint = $1) \
                      AND account_id = $2 AND ended_at IS NULL";
        let values = params![fingerprint, account, self.uow.now()];
        self.uow.run(update, values).await.map(|_| ())
    }

    /// Ends all sessions of an account.
    pub(crate) async fn end_all(&self, account: UserId) -> Result<(), Failure> {
        let update = "UPDATE session SET ended_at = $2 WHERE account_id = $1 AND ended_at IS NULL";
        self.uow.run(update, params![account, self.uow.now()]).await.map(|_| ())
    }

    /// Removes some of the tokens and sessions that nobody can use any more, and says how many.
    pub(crate) async fn remove_expired(&self) -> Result<u64, Failure> {
        let now: Timestamp = self.uow.now();
        let tokens = "DELETE FROM refresh_token WHERE fingerprint IN \
                      (SELECT fingerprint FROM refresh_token WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)";
        let sessions = "DELETE FROM session WHERE id IN \
                        (SELECT s.id FROM session s WHERE s.expires_at <= $1 AND NOT EXISTS \
                        (SELECT 1 FROM refresh_token t WHERE t.session_id = s.id) ORDER BY s.expires_at LIMIT $2)";
        let tokens = self.uow.run(tokens, params![now, BATCH]).await?;
        let sessions = self.uow.run(sessions, params![now, BATCH]).await?;
        Ok(tokens + sessions)
    }

    async fn add_token(
        &self,
        session: TokenId,
        token: &RefreshToken,
        life: Duration,
    ) -> Result<(), Failure> {
        let insert = "INSERT INTO refresh_token (fingerprint, session_id, issued_at, expires_at) VALUES ($1, $2, $3, $4)";
        let now = self.uow.now();
        let values = params![token.fingerprint(), session, now, now.plus(life)];
        self.uow.run(insert, values).await.map(|_| ())
    }
}
