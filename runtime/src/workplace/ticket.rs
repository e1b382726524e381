//! One-time tickets: what RetailCRM is given for an operator, and what the browser then opens the page with.
//!
//! In memory and not in the store: a ticket lives for a minute, the process that gave it is the only one that serves the
//! account, and one that a restart forgets is asked for again by loading the page. Only hashes are kept, so nobody can
//! read a ticket out of the memory of the process. A ticket is gone with its first use, also when that use was too late.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use switchboard_grammar::lang::Lang;

use super::refusal::Refusal;
use crate::random;

/// The most tickets of an account that wait to be used. Users have a limit of their own, so only a stolen secret of the
/// module comes here.
const MOST: usize = 10_000;

/// Whom a ticket was given to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Granted {
    /// The user of the CRM.
    pub(super) user: u64,
    /// The language of the CRM's pages, when that was said.
    pub(super) lang: Option<Lang>,
}

/// The tickets of one account.
#[derive(Debug)]
pub(super) struct Tickets {
    lifetime: SignedDuration,
    waiting: Mutex<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    by_hash: HashMap<blake3::Hash, (Granted, Timestamp)>,
    /// In the order in which they end.
    ends: VecDeque<(Timestamp, blake3::Hash)>,
}

impl Tickets {
    pub(super) fn new(lifetime: Duration) -> Self {
        let lifetime = SignedDuration::try_from(lifetime).unwrap_or(SignedDuration::from_secs(60));
        Self { lifetime, waiting: Mutex::default() }
    }

    /// Makes a ticket that is good from now on.
    ///
    /// # Errors
    ///
    /// [`Refusal::Full`] when too many wait, [`Refusal::NoRandomness`].
    pub(super) fn give(&self, granted: Granted, now: Timestamp) -> Result<String, Refusal> {
        let key = random::key().map_err(|_| Refusal::NoRandomness)?;
        let ticket = data_encoding::HEXLOWER.encode(&key);
        let end = now.saturating_add(self.lifetime).unwrap_or(Timestamp::MAX);
        let mut waiting = self.waiting();
        waiting.forget(now);
        if waiting.by_hash.len() >= MOST {
            return Err(Refusal::Full);
        }
        let hash = blake3::hash(ticket.as_bytes());
        waiting.by_hash.insert(hash, (granted, end));
        waiting.ends.push_back((end, hash));
        Ok(ticket)
    }

    /// Uses a ticket up.
    ///
    /// # Errors
    ///
    /// [`Refusal::Ticket`] when it was used, is too old, or never was.
    pub(super) fn take(&self, ticket: &str, now: Timestamp) -> Result<Granted, Refusal> {
        // Looked up by its hash: how long that takes says nothing about tickets.
        let hash = blake3::hash(ticket.as_bytes());
        let (granted, end) = self.waiting().by_hash.remove(&hash).ok_or(Refusal::Ticket)?;
        if now >= end { Err(Refusal::Ticket) } else { Ok(granted) }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn forget(&mut self, now: Timestamp) {
        while let Some((end, hash)) = self.ends.front().copied()
            && end <= now
        {
            self.ends.pop_front();
            self.by_hash.remove(&hash);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANNA: Granted = Granted { user: 27, lang: Some(Lang::Ru) };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + second).unwrap()
    }

    #[test]
    fn a_ticket_is_good_once_and_for_a_while() {
        let tickets = Tickets::new(Duration::from_secs(60));
        let (one, two) = (tickets.give(ANNA, at(0)).unwrap(), tickets.give(ANNA, at(1)).unwrap());
        assert_eq!((one.len(), one == two), (64, false));
        assert_eq!(tickets.take(&one, at(59)).unwrap(), ANNA);
        assert!(matches!(tickets.take(&one, at(59)), Err(Refusal::Ticket)));
        assert!(matches!(tickets.take(&two, at(61)), Err(Refusal::Ticket)), "too late");
        assert!(matches!(tickets.take(&two, at(2)), Err(Refusal::Ticket)), "and gone with that");
        for other in ["", "0", &"0".repeat(64)] {
            assert!(matches!(tickets.take(other, at(2)), Err(Refusal::Ticket)));
        }
    }

    #[test]
    fn so_many_may_wait_and_old_ones_make_room() {
        let tickets = Tickets::new(Duration::from_secs(60));
        for _ in 0..MOST {
            tickets.give(ANNA, at(0)).unwrap();
        }
        assert!(matches!(tickets.give(ANNA, at(59)), Err(Refusal::Full)));
        assert!(tickets.give(ANNA, at(60)).is_ok());
        let waiting = tickets.waiting();
        assert_eq!((waiting.by_hash.len(), waiting.ends.len()), (1, 1));
    }
}
