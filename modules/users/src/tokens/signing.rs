use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use kernel::{Clock, Failure, Timestamp};
use platform::{Database, UnitOfWork};
use users_contract::AccessKey;

use super::access::{Signer, StoredKey};
use crate::settings::UsersSettings;
use crate::store::signing_keys::{self, KeyRow};

/// So many keys are there at any time: one that signs, and one that everybody knows before it does.
const LIVE_KEYS: usize = 2;
/// So long a key that was read is used before it is read again, so that one taken out of the table stops signing.
const REREAD_AFTER: Duration = Duration::from_mins(1);
/// So long a key is published after the last token it signed expired, for clocks that are behind.
const MARGIN: Duration = Duration::from_mins(1);

/// The keys of access tokens. They are in the module's own schema, so that several processes use the same.
pub(crate) struct SigningKeys {
    database: Database,
    clock: Arc<dyn Clock>,
    key_life: Duration,
    token_life: Duration,
    cached: RwLock<Option<Cached>>,
}

struct Cached {
    signer: Arc<Signer>,
    until: Timestamp,
}

impl SigningKeys {
    pub(crate) fn new(database: Database, clock: Arc<dyn Clock>, settings: &UsersSettings) -> Self {
        let (key_life, token_life) = (settings.signing_key_life(), settings.access_token_life());
        Self { database, clock, key_life, token_life, cached: RwLock::new(None) }
    }

    /// Signs with the key whose time it is. May open a unit of work: never called while one is open.
    pub(crate) async fn signer(&self) -> Result<Arc<Signer>, Failure> {
        let now = self.clock.now();
        if let Some(signer) = self.cached(now) {
            return Ok(signer);
        }
        let keys = self.all(now).await?;
        let current = keys.iter().find(|key| now < key.signs_until);
        let current = current.ok_or_else(|| Failure::internal("no key signs"))?;
        let signer = Arc::new(Signer::new(&current.key, self.token_life)?);
        let until = current.signs_until.min(now.plus(REREAD_AFTER));
        *self.cached.write().unwrap_or_else(PoisonError::into_inner) =
            Some(Cached { signer: Arc::clone(&signer), until });
        Ok(signer)
    }

    /// The public halves of the keys whose tokens may be about, and of the one that signs next.
    pub(crate) async fn published(&self) -> Result<Vec<AccessKey>, Failure> {
        let now = self.clock.now();
        let keys = self.all(now).await?.into_iter();
        Ok(keys
            .filter(|key| self.is_published(key, now))
            .map(|KeyRow { key, .. }| AccessKey { kid: key.kid, x: key.public_key })
            .collect())
    }

    /// Keys that signed their last token before this are of no use any more.
    pub(crate) fn outlived(&self, now: Timestamp) -> Timestamp {
        now.minus(self.token_life + MARGIN)
    }

    fn is_published(&self, key: &KeyRow, now: Timestamp) -> bool {
        key.signs_until > self.outlived(now)
    }

    fn cached(&self, now: Timestamp) -> Option<Arc<Signer>> {
        let cached = self.cached.read().unwrap_or_else(PoisonError::into_inner);
        cached.as_ref().filter(|cached| now < cached.until).map(|cached| Arc::clone(&cached.signer))
    }

    /// Every key there is, in the order in which they sign; makes what is missing.
    async fn all(&self, now: Timestamp) -> Result<Vec<KeyRow>, Failure> {
        let keys = signing_keys::all(&self.database).await?;
        if count_live(&keys, now) >= LIVE_KEYS { Ok(keys) } else { self.make_missing(now).await }
    }

    async fn make_missing(&self, now: Timestamp) -> Result<Vec<KeyRow>, Failure> {
        let uow = UnitOfWork::begin(&self.database, now).await?;
        let mut keys = signing_keys::all(&uow).await?;
        while count_live(&keys, now) < LIVE_KEYS {
            let last = keys.last();
            let number = last.map_or(1, |key| key.number + 1);
            let begins = last.map_or(now, |key| key.signs_until.max(now));
            let signs_until = begins.plus(self.key_life);
            let row = KeyRow { number, key: StoredKey::generate()?, signs_until };
            // Where another process made that number since they were read, its key is taken instead.
            signing_keys::add(&uow, &row).await?;
            keys = signing_keys::all(&uow).await?;
        }
        uow.commit().await?;
        Ok(keys)
    }
}

fn count_live(keys: &[KeyRow], now: Timestamp) -> usize {
    keys.iter().filter(|key| now < key.signs_until).count()
}
