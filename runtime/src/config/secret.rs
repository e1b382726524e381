//! A secret: literal, from the environment, or from a file; never printed.

use secrecy::{ExposeSecret, SecretString};

/// The largest secret that is read from a file.
pub const MAX_SECRET_BYTES: u64 = 64 * 1024;

/// A key, a token or a password. `Debug` shows that there is one, never what it is; memory is wiped on drop.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Wraps a text; white space around it is not part of the secret.
    pub fn new(text: &str) -> Self {
        Self(SecretString::from(text.trim()))
    }

    /// Hands the secret out, to be compared or sent and not kept.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// Whether two are the same: for settings that were read again, not for what somebody shows, which is compared in constant
/// time where it is taken.
impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for Secret {}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_never_shown() {
        let secret = Secret::new("  s3cr3t\n");
        assert_eq!(secret.expose(), "s3cr3t");
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert!(!format!("{:#?}", Some(&secret)).contains("s3cr3t"));
    }
}
