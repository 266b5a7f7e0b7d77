use kernel::Failure;
use rand::TryRngCore as _;
use rand::rngs::OsRng;

/// 256 bits that nobody can guess.
pub(super) fn secret_bytes() -> Result<[u8; 32], Failure> {
    let mut bytes = [0; 32];
    OsRng.try_fill_bytes(&mut bytes).map_err(|error| Failure::internal(error).not_executed())?;
    Ok(bytes)
}
