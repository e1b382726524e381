//! What an emulator is started with.

use std::net::{Ipv4Addr, SocketAddr};

use crate::clock::Clock;

/// The account that exists when nothing else is asked for.
pub const DEFAULT_ACCOUNT: &str = "romashka";
/// The key that sees all shops of the default account.
pub const DEFAULT_KEY: &str = "emulator-key";
/// The access token of the default UIS account.
pub const DEFAULT_TOKEN: &str = "emulator-token";
/// Requests kept in the log; older ones fall out, counters stay.
pub const DEFAULT_JOURNAL_ENTRIES: usize = 50_000;
/// Largest request body that is read; the real site takes about 35 MB.
pub const DEFAULT_MAX_BODY_BYTES: usize = 35 * 1024 * 1024;

/// Settings of [`crate::Emulator::start`]; the default is a seeded account on free ports of loopback.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where RetailCRM listens. Port 0 takes a free one.
    pub retailcrm: SocketAddr,
    /// Where the two UIS APIs listen. Port 0 takes a free one.
    pub uis: SocketAddr,
    /// Where the page and the control API listen. Port 0 takes a free one.
    pub page: SocketAddr,
    /// What the accounts hold at the start.
    pub seed: Seed,
    /// The time that the stand-ins believe.
    pub clock: Clock,
    /// Seed of everything random: faults with a probability, quirks of notifications, generated days.
    pub randomness: u64,
    /// Requests kept in the log.
    pub journal_entries: usize,
    /// Largest request body that is read; a larger one gets 413.
    pub max_body_bytes: usize,
}

/// What the accounts hold at the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Seed {
    /// The shop of the language reference: shops `romashka-main`, `romashka-msk`, `romashka-spb`, employees Anna, Ivan
    /// and Olga (and one who left), the factory reference data, custom fields `uis_…`, an active telephony module.
    #[default]
    Romashka,
    /// One key that may do everything and one shop `main`; no users, no reference data, no module.
    Bare,
}

impl Default for Settings {
    fn default() -> Self {
        let loopback = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self {
            retailcrm: loopback,
            uis: loopback,
            page: loopback,
            seed: Seed::default(),
            clock: Clock::real(),
            randomness: 1,
            journal_entries: DEFAULT_JOURNAL_ENTRIES,
            max_body_bytes: DEFAULT_MAX_BODY_BYTES,
        }
    }
}
