//! Secrets of notification addresses, and comparing them without telling anything by the time it takes.
//!
//! Every comparison is made on hashes of equal length, always with the same number of candidates, and whether or not the
//! account exists. What an account does not have is filled up with hashes that nothing matches.

use std::collections::HashMap;

use blake3::Hash;
use subtle::{Choice, ConstantTimeEq as _};

use crate::config::{Account, Secret};

/// The most secrets that are valid at once.
const CANDIDATES: usize = 2;

/// What notifications of an account must show.
#[derive(Clone, Debug)]
struct Shown {
    hook: [Hash; CANDIDATES],
    body: Option<Hash>,
}

/// The secrets of all accounts, as hashes under a key that is made anew for each process.
#[derive(Clone)]
pub(super) struct Credentials {
    key: [u8; 32],
    by_name: HashMap<String, (usize, Shown)>,
    nobody: Shown,
}

impl Credentials {
    /// Takes the secrets of the accounts, in their order, and a key that nobody knows.
    pub(super) fn new<'a>(accounts: impl IntoIterator<Item = &'a Account>, key: [u8; 32]) -> Self {
        let hash = |secret: &Secret| blake3::keyed_hash(&key, secret.expose().as_bytes());
        // No secret hashes to these: they are longer than any that a request can show.
        let never =
            |number: usize| blake3::keyed_hash(&key, format!("{number}{}", " ".repeat(1 << 16)).as_bytes());
        let nobody = Shown { hook: [never(0), never(1)], body: None };
        let mut by_name = HashMap::new();
        for (index, account) in accounts.into_iter().enumerate() {
            let mut hook = nobody.hook;
            for (place, secret) in hook.iter_mut().zip(&account.hook_secrets) {
                *place = hash(secret);
            }
            let shown = Shown { hook, body: account.body_key.as_ref().map(hash) };
            by_name.insert(account.name.clone(), (index, shown));
        }
        Self { key, by_name, nobody }
    }

    /// The place of the account whose secret this is; `None` when there is no such account or the secret is not its.
    pub(super) fn account(&self, name: &str, secret: &str) -> Option<usize> {
        let shown = blake3::keyed_hash(&self.key, secret.as_bytes());
        let found = self.by_name.get(name);
        let account = found.map_or(&self.nobody, |(_, account)| account);
        let mut matches = Choice::from(0);
        for candidate in &account.hook {
            matches |= candidate.as_bytes().ct_eq(shown.as_bytes());
        }
        let index = found.map_or(usize::MAX, |(index, _)| *index);
        bool::from(matches).then_some(index)
    }

    /// Whether somebody shows this secret.
    pub(super) fn same(&self, expected: &Secret, shown: &str) -> bool {
        let hash = |text: &str| blake3::keyed_hash(&self.key, text.as_bytes());
        bool::from(hash(expected.expose()).as_bytes().ct_eq(hash(shown).as_bytes()))
    }

    /// Whether a body shows the key that the account asks for; an account that asks for none takes any.
    pub(super) fn body_key(&self, name: &str, key: Option<&Secret>) -> bool {
        let Some(expected) = self.by_name.get(name).and_then(|(_, account)| account.body) else {
            return true;
        };
        let shown = key.map_or("", Secret::expose);
        let shown = blake3::keyed_hash(&self.key, shown.as_bytes());
        bool::from(expected.as_bytes().ct_eq(shown.as_bytes()))
    }
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Credentials({} accounts)", self.by_name.len())
    }
}
