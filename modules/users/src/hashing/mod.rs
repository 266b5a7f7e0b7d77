mod hasher;
mod pool;

pub(crate) use hasher::{PasswordHasher, Verdict};
