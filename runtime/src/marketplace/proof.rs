//! Whether RetailCRM sent a registration: an HMAC of the key that it sends, under the secret of the module.
//!
//! Source: reference, section 4.4: `token == hex(HMAC-SHA256(key = secret of the module, message = apiKey))`. The proof says
//! nothing about the address beside the key, which is looked at by itself.

use data_encoding::HEXLOWER_PERMISSIVE;
use ring::hmac;

use crate::config::Secret;

/// Whether `token` proves that whoever knows the module's secret sent this key. Compared in constant time.
pub(super) fn proves(secret: &Secret, api_key: &str, token: &str) -> bool {
    let Ok(tag) = HEXLOWER_PERMISSIVE.decode(token.as_bytes()) else { return false };
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
    hmac::verify(&key, api_key.as_bytes(), &tag).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_rfc_4231_are_proofs_and_nothing_else_is() {
        // Test case 2 of RFC 4231: the key `Jefe`.
        let secret = Secret::new("Jefe");
        let message = "what do ya want for nothing?";
        let token = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert!(proves(&secret, message, token));
        assert!(proves(&secret, message, &token.to_uppercase()));
        for (key, token) in [
            ("another", token),
            ("", token),
            (message, ""),
            (message, "5bdcc146"),
            (message, &token.replace('5', "6")),
            (message, "no hex"),
        ] {
            assert!(!proves(&secret, key, token), "{key} {token}");
        }
        assert!(!proves(&Secret::new("other"), message, token));
    }
}
