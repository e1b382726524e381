//! The token of an open page: `account.user.end.lang.seal`.
//!
//! Nothing is kept for it, so pages that are open stay so over a restart. The seal is a keyed hash under a key that
//! follows from the secret of the module: with a new secret every page is to be opened anew. What the token allows is asked
//! again at each request (the module works, the user is still a synchronised employee), so whoever leaves sees nothing more.

use jiff::Timestamp;
use subtle::ConstantTimeEq as _;
use switchboard_grammar::lang::Lang;

use super::refusal::Refusal;

/// What the key is for; another purpose would give another key.
pub(super) const PURPOSE: &str = "switchboard operator workplace session 1";
/// The longest token that is looked at, in bytes.
const MAX_TOKEN: usize = 256;

/// What a token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Claims {
    /// The user of the CRM.
    pub(super) user: u64,
    /// Until when it is good, in seconds of the epoch.
    pub(super) end: i64,
    /// The language of the page.
    pub(super) lang: Lang,
}

/// The account that a token says it is of; not yet believed.
pub(crate) fn account_of(token: &str) -> Option<&str> {
    (token.len() <= MAX_TOKEN).then(|| token.split('.').next()).flatten()
}

/// Seals claims.
pub(super) fn seal(key: &[u8; 32], account: &str, claims: Claims) -> String {
    let Claims { user, end, lang } = claims;
    let text = format!("{account}.{user}.{end}.{}", lang.code());
    let seal = blake3::keyed_hash(key, text.as_bytes()).to_hex();
    format!("{text}.{seal}")
}

/// Reads the claims of a token of an account.
///
/// # Errors
///
/// [`Refusal::Session`] when the seal is not ours or the end has come.
pub(super) fn open(key: &[u8; 32], account: &str, token: &str, now: Timestamp) -> Result<Claims, Refusal> {
    if token.len() > MAX_TOKEN {
        return Err(Refusal::Session);
    }
    let (text, shown) = token.rsplit_once('.').ok_or(Refusal::Session)?;
    let seal = blake3::keyed_hash(key, text.as_bytes()).to_hex();
    if !bool::from(seal.as_bytes().ct_eq(shown.as_bytes())) {
        return Err(Refusal::Session);
    }
    let rest = text.strip_prefix(account).and_then(|rest| rest.strip_prefix('.'));
    let mut parts = rest.ok_or(Refusal::Session)?.split('.');
    let mut next = || parts.next().ok_or(Refusal::Session);
    let (user, end, lang) = (next()?, next()?, next()?);
    let claims = Claims {
        user: user.parse().map_err(|_| Refusal::Session)?,
        end: end.parse().map_err(|_| Refusal::Session)?,
        lang: Lang::from_code(lang).ok_or(Refusal::Session)?,
    };
    if now.as_second() >= claims.end { Err(Refusal::Session) } else { Ok(claims) }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn no_other_text_is_a_token(at in 0_usize..120, letter in proptest::char::any(), other in ".{0,300}") {
            let now = Timestamp::from_second(1_700_000_000).unwrap();
            let key = [7; 32];
            let token = seal(&key, "romashka", CLAIMS);
            let changed: String =
                token.chars().enumerate().map(|(place, known)| if place == at { letter } else { known }).collect();
            proptest::prop_assert_eq!(open(&key, "romashka", &changed, now).is_ok(), changed == token);
            proptest::prop_assert!(open(&key, "romashka", &other, now).is_err());
            let _ = account_of(&other);
        }
    }

    const CLAIMS: Claims = Claims { user: 27, end: 1_700_000_060, lang: Lang::Ru };

    #[test]
    fn a_token_says_what_was_sealed_until_its_end() {
        let at = |second: i64| Timestamp::from_second(1_700_000_000 + second).unwrap();
        let key = [7; 32];
        let token = seal(&key, "romashka", CLAIMS);
        assert_eq!(account_of(&token), Some("romashka"));
        assert_eq!(open(&key, "romashka", &token, at(59)).unwrap(), CLAIMS);
        assert!(open(&key, "romashka", &token, at(60)).is_err(), "over");
        assert!(open(&[8; 32], "romashka", &token, at(0)).is_err(), "another secret");
        assert!(open(&key, "roma", &token, at(0)).is_err(), "another account");
        let forged = token.replacen(".27.", ".28.", 1);
        assert_ne!(forged, token);
        assert!(open(&key, "romashka", &forged, at(0)).is_err(), "another user");
        for other in ["", ".", "romashka", "romashka.27.1.ru.", &"a.".repeat(MAX_TOKEN)] {
            assert!(open(&key, "romashka", other, at(0)).is_err(), "{other}");
        }
    }
}
