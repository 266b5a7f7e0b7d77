use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use jsonwebtoken::{DecodingKey, Validation};
use kernel::{Call, Principal};
use tokio::sync::Mutex;
use users_contract::{ListKeys, Users};

use super::token;
use crate::gateway::http::Problem;
use crate::gateway::state::NAME;

/// Unknown key names make us ask at most this often.
const BETWEEN_ASKING: Duration = Duration::from_secs(3);
/// So often we ask anyway, so that a key that is no longer used is forgotten.
const BETWEEN_REFRESHES: Duration = Duration::from_mins(1);
const PATIENCE: Duration = Duration::from_secs(3);

/// The public keys of access tokens, asked for when a token names an unknown one.
pub(crate) struct Keys {
    users: Arc<dyn Users>,
    rules: Validation,
    known: RwLock<Arc<Known>>,
    asking: Mutex<()>,
}

#[derive(Default)]
struct Known {
    keys: HashMap<String, DecodingKey>,
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
    pub(crate) fn new(users: Arc<dyn Users>) -> Self {
        let known = RwLock::new(Arc::new(Known::default()));
        Self { users, rules: token::rules(), known, asking: Mutex::new(()) }
    }

    /// Who a token says is asking; a bad token is nobody. Fails only where the keys can't be had.
    pub(super) async fn principal(&self, token: &str) -> Result<Option<Principal>, Problem> {
        let Some(kid) = token::key_of(token) else { return Ok(None) };
        let mut known = self.known();
        let age = if known.keys.contains_key(&kid) { BETWEEN_REFRESHES } else { BETWEEN_ASKING };
        if known.is_older_than(age) {
            known = self.ask(age).await;
        }
        // Users that can't be reached must not sign everybody out, nor may they make a good token a bad one.
        match &known.failed {
            Some(problem) if !known.keys.contains_key(&kid) => return Err(problem.clone()),
            _ => {}
        }
        let verified = known.keys.get(&kid).and_then(|key| token::verify(token, key, &self.rules));
        Ok(verified.map(|claims| claims.principal()))
    }

    fn known(&self) -> Arc<Known> {
        Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Asks once, however many wait for the answer.
    async fn ask(&self, age: Duration) -> Arc<Known> {
        let _one_at_a_time = self.asking.lock().await;
        let before = self.known();
        if !before.is_older_than(age) {
            return before;
        }
        let (keys, failed) = match self.listed().await {
            Ok(keys) => (keys, None),
            Err(problem) => (before.keys.clone(), Some(problem)),
        };
        let known = Arc::new(Known { keys, asked: Some(Instant::now()), failed });
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
