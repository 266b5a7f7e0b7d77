use std::sync::atomic::{AtomicU64, Ordering};

use argon2::password_hash::Error;
use argon2::{Argon2, Params, PasswordHash, PasswordHasher as _, PasswordVerifier as _};
use kernel::{Call, Failure, Invalid, Secret};

use super::pool::Pool;
use crate::domain::Password;
use crate::settings::UsersSettings;

/// A salt and an outcome in a hash's own form. No password is known that has it.
const NOBODYS_SALT_AND_HASH: &str =
    "bm9ib2R5IGlzIG5vYm9keQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes passwords with Argon2id, beside the threads that serve requests.
pub(crate) struct PasswordHasher {
    argon2: Argon2<'static>,
    /// What is compared where there is no account, so that it takes as long.
    nobodys: String,
    pool: Pool,
    hashed: AtomicU64,
}

/// What comes of comparing a password with a stored hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is another one.
    Wrong,
    /// It is the one.
    Right,
    /// It is the one, and its hash was made with other parameters; this is a new one.
    Outdated(String),
}

impl PasswordHasher {
    pub(crate) fn new(settings: &UsersSettings) -> Result<Self, Invalid> {
        let (memory, passes) = (settings.hashing_memory_kib, settings.hashing_passes);
        let output = Some(Params::DEFAULT_OUTPUT_LEN);
        let params = Params::new(memory, passes, settings.hashing_lanes, output)
            .map_err(|error| Invalid::new(format!("hashing parameters: {error}")))?;
        let nobodys = nobodys_hash(&params);
        let pool = Pool::new(settings.hashing_threads(), settings.hashing_queue());
        Ok(Self { argon2: Argon2::from(params), nobodys, pool, hashed: AtomicU64::new(0) })
    }

    /// How many passwords were hashed or compared.
    pub(crate) fn hashed(&self) -> u64 {
        self.hashed.load(Ordering::Relaxed)
    }

    /// Hashes a password with a salt of its own.
    pub(crate) async fn hash(&self, call: &Call, password: &Password) -> Result<String, Failure> {
        let (argon2, password) = (self.argon2.clone(), password.clone());
        let hash = self.pool.run(call, move || hash(&argon2, password.reveal())).await?;
        self.hashed.fetch_add(1, Ordering::Relaxed);
        hash.map_err(Failure::internal)
    }

    /// Compares a password with a stored hash. Where there is none it takes as long, and is wrong.
    pub(crate) async fn compare(
        &self,
        call: &Call,
        password: &Secret,
        stored: Option<&str>,
    ) -> Result<Verdict, Failure> {
        let (argon2, password) = (self.argon2.clone(), password.clone());
        let stored = stored.unwrap_or(&self.nobodys).to_owned();
        let verdict =
            self.pool.run(call, move || compare(&argon2, password.reveal(), &stored)).await?;
        self.hashed.fetch_add(1, Ordering::Relaxed);
        verdict.map_err(Failure::internal)
    }
}

fn hash(argon2: &Argon2<'_>, password: &str) -> Result<String, Error> {
    argon2.hash_password(password.as_bytes()).map(|hash| hash.to_string())
}

fn nobodys_hash(params: &Params) -> String {
    let (memory, passes, lanes) = (params.m_cost(), params.t_cost(), params.p_cost());
    format!("$argon2id$v=19$m={memory},t={passes},p={lanes}${NOBODYS_SALT_AND_HASH}")
}

fn compare(argon2: &Argon2<'_>, password: &str, stored: &str) -> Result<Verdict, Error> {
    let stored = PasswordHash::new(stored)?;
    match argon2.verify_password(password.as_bytes(), &stored) {
        Ok(()) if Params::try_from(&stored)? == *argon2.params() => Ok(Verdict::Right),
        Ok(()) => hash(argon2, password).map(Verdict::Outdated),
        Err(Error::PasswordInvalid) => Ok(Verdict::Wrong),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn argon2(passes: u32) -> Argon2<'static> {
        Argon2::from(Params::new(8, passes, 1, Some(Params::DEFAULT_OUTPUT_LEN)).unwrap())
    }

    #[test]
    fn a_hash_of_other_parameters_still_fits_and_is_renewed() {
        let stored = hash(&argon2(1), "a long pass phrase").unwrap();

        let right = compare(&argon2(1), "a long pass phrase", &stored).unwrap();
        let wrong = compare(&argon2(2), "another pass phrase", &stored).unwrap();
        let outdated = compare(&argon2(2), "a long pass phrase", &stored).unwrap();

        assert_eq!((right, wrong), (Verdict::Right, Verdict::Wrong));
        let Verdict::Outdated(renewed) = outdated else { panic!("{outdated:?}") };
        let verdict = compare(&argon2(2), "a long pass phrase", &renewed).unwrap();
        assert_eq!(verdict, Verdict::Right);
    }

    #[test]
    fn nobodys_hash_costs_what_a_new_one_costs() {
        let argon2 = argon2(3);

        let nobodys = nobodys_hash(argon2.params());

        let parsed = PasswordHash::new(&nobodys).unwrap();
        let new = hash(&argon2, "a long pass phrase").unwrap();
        assert_eq!(Params::try_from(&parsed).unwrap(), *argon2.params());
        assert_eq!(nobodys.len(), new.len());
        assert_eq!(compare(&argon2, "a long pass phrase", &nobodys).unwrap(), Verdict::Wrong);
    }

    #[test]
    fn the_same_password_has_another_hash_each_time() {
        let hashes = [(); 2].map(|()| hash(&argon2(1), "a long pass phrase").unwrap());

        assert_ne!(hashes[0], hashes[1]);
        assert!(hashes[0].starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{}", hashes[0]);
    }
}
