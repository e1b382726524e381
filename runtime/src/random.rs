//! Keys that nobody can guess, from the system.

/// Thirty-two random bytes.
///
/// # Errors
///
/// When the system has no randomness to give.
pub(crate) fn key() -> std::io::Result<[u8; 32]> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(std::io::Error::other)?;
    Ok(key)
}
