use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use jsonwebtoken::{DecodingKey, Validation};
use kernel::{Call, Principal};
use tokio::sync::{Mutex, MutexGuard};
use users_contract::{ListKeys, Users};

use super::token;
use super::verified::Verified;
use crate::gateway::http::Problem;
use crate::gateway::state::NAME;

/// Unknown key names make us ask at most this often.
const BETWEEN_ASKING: Duration = Duration::from_secs(3);
/// So often we ask anyway, so that a key that is no longer used is forgotten; nobody waits for it.
const BETWEEN_REFRESHES: Duration = Duration::from_mins(1);
/// Keys that nobody asked about for so long are not trusted before the answer.
const STALE: Duration = Duration::from_mins(2);
const PATIENCE: Duration = Duration::from_secs(3);

/// The public keys of access tokens, asked for when a token names an unknown one.
pub(crate) struct Keys {
    users: Arc<dyn Users>,
    rules: Validation,
    known: RwLock<Arc<Known>>,
    asking: Mutex<()>,
}

/// One answer of `users`, and the tokens that were found good by it.
#[derive(Default)]
struct Known {
    keys: HashMap<String, DecodingKey>,
    verified: Verified,
    asked: Option<Instant>,
    /// Why the last answer did not come; the keys are those of the answer before.
    failed: Option<Problem>,
}

impl Known {
    fn is_older_than(&self, age: Duration) -> bool {
        self.asked.is_none_or(|asked| asked.elapsed() >= age)
    }
}

impl Keys {
    pub(crate) fn new(users: Arc<dyn Users>) -> Arc<Self> {
        let known = RwLock::new(Arc::new(Known::default()));
        Arc::new(Self { users, rules: token::rules(), known, asking: Mutex::new(()) })
    }

    /// Who a token says is asking; a bad token is nobody. Fails only where the keys can't be had.
    pub(super) async fn principal(
        self: &Arc<Self>,
        token: &str,
    ) -> Result<Option<Principal>, Problem> {
        let known = self.known();
        if !known.is_older_than(BETWEEN_REFRESHES)
            && let Some(claims) = known.verified.get(token)
        {
            return Ok(Some(claims.principal()));
        }
        let Some(kid) = token::key_of(token) else { return Ok(None) };
        let known = self.knowing(&kid, known).await;
        let Some(key) = known.keys.get(&kid) else {
            // Users that can't be reached must not make a good token a bad one.
            return known.failed.clone().map_or(Ok(None), Err);
        };
        let claims = token::verify(token, key, &self.rules);
        Ok(claims.map(|claims| {
            let principal = claims.principal();
            known.verified.put(token, claims);
            principal
        }))
    }

    /// The keys, asked for again where that may tell more of this one. Who has a fresh key waits for nobody.
    async fn knowing(self: &Arc<Self>, kid: &str, known: Arc<Known>) -> Arc<Known> {
        if !known.keys.contains_key(kid) {
            let turn = self.asking.lock().await;
            return self.ask(BETWEEN_ASKING, turn).await;
        }
        if known.is_older_than(STALE) {
            let turn = self.asking.lock().await;
            return self.ask(BETWEEN_REFRESHES, turn).await;
        }
        if known.is_older_than(BETWEEN_REFRESHES) {
            let keys = Arc::clone(self);
            tokio::spawn(async move {
                if let Ok(turn) = keys.asking.try_lock() {
                    keys.ask(BETWEEN_REFRESHES, turn).await;
                }
            });
        }
        known
    }

    fn known(&self) -> Arc<Known> {
        Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Asks, unless somebody did while we waited for our turn.
    async fn ask(&self, age: Duration, _turn: MutexGuard<'_, ()>) -> Arc<Known> {
        let before = self.known();
        if !before.is_older_than(age) {
            return before;
        }
        let (keys, failed) = match self.listed().await {
            Ok(keys) => (keys, None),
            Err(problem) => (before.keys.clone(), Some(problem)),
        };
        let asked = Some(Instant::now());
        let known = Arc::new(Known { keys, verified: Verified::default(), asked, failed });
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&known);
        known
    }

    async fn listed(&self) -> Result<HashMap<String, DecodingKey>, Problem> {
        let call = Call::new(NAME, Principal::System { module: NAME }, PATIENCE);
        let answered = tokio::time::timeout(PATIENCE, self.users.keys(&call, ListKeys {})).await;
        let listed = answered.map_err(|_| Problem::deadline_exceeded())??;
        let mut keys = HashMap::new();
        for key in listed {
            match DecodingKey::from_ed_components(&key.x) {
                Ok(decoding) => {
                    keys.insert(key.kid, decoding);
                }
                Err(error) => tracing::error!(key.id = key.kid, error = %error, "not a public key"),
            }
        }
        Ok(keys)
    }
}

#[cfg(test)]
mod tests {
    use kernel::CallError;
    use tokio::sync::Notify;
    use users_contract::{FakeUsers, SessionRefusal};

    use super::*;

    const PUBLIC: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

    /// Keys that were asked for so long ago, of users who notice a question and never answer it.
    fn asked_before(age: Duration) -> (Arc<Keys>, Arc<Notify>) {
        let (users, asked) = (FakeUsers::default(), Arc::new(Notify::new()));
        let noticed = Arc::clone(&asked);
        users.keys.answer(move |_, _| {
            noticed.notify_one();
            std::future::pending::<Result<_, CallError<SessionRefusal>>>()
        });
        let keys = Keys::new(Arc::new(users));
        let key = DecodingKey::from_ed_components(PUBLIC).unwrap();
        let asked_at = Instant::now().checked_sub(age);
        let known =
            Known { keys: [("k".to_owned(), key)].into(), asked: asked_at, ..Known::default() };
        *keys.known.write().unwrap() = Arc::new(known);
        (keys, asked)
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_keys_to_be_refreshed() {
        let (keys, asked) = asked_before(BETWEEN_REFRESHES);

        let began = tokio::time::Instant::now();
        let known = keys.knowing("k", keys.known()).await;

        assert!(known.keys.contains_key("k") && began.elapsed().is_zero());
        asked.notified().await;
    }

    #[tokio::test(start_paused = true)]
    async fn keys_that_nobody_asked_about_for_long_are_asked_for_first() {
        let (keys, _asked) = asked_before(STALE);

        let began = tokio::time::Instant::now();
        let known = keys.knowing("k", keys.known()).await;

        assert!(known.failed.is_some(), "trusted without an answer");
        assert_eq!(began.elapsed(), PATIENCE);
    }
}
