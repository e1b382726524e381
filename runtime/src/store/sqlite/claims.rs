//! Claiming: which lanes a worker gets, and when it should come back.
//!
//! Accounts with something ready take turns, the one served longest ago first; each gets the lane that has been ready
//! longest, and a further one only when all others had theirs. Who has work is found by `wake_at`, one row an account;
//! a claim that looks at an account's lanes corrects it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::codec::At;
use super::lanes::{self, Term};
use super::writer::Tx;
use crate::store::record::{AccountId, Claim, Claimed, LaneKey, Lease, Rooms};
use crate::store::{MAX_CLAIM, StoreError};

/// A claim on its way.
struct Claiming<'c, 'w> {
    tx: &'c mut Tx<'w>,
    claim: &'c Claim,
    term: Term,
    rooms: &'c Rooms,
    /// How many lanes an account got so far.
    taken: BTreeMap<i64, usize>,
    leases: Vec<Lease>,
    limit: usize,
}

/// An account by number and name.
type Named = (i64, AccountId);

/// Leases ready lanes.
pub(super) fn claim(
    tx: &mut Tx<'_>,
    claim: &Claim,
    term: Term,
    rooms: &Rooms,
) -> Result<Claimed, StoreError> {
    let limit = claim.limit.min(MAX_CLAIM);
    let (taken, leases) = (BTreeMap::new(), Vec::new());
    let mut claiming = Claiming { tx, claim, term, rooms, taken, leases, limit };
    while !claiming.is_full() {
        // Each round takes lanes, uses up room, or raises the `wake_at` of all it looked at, so there is an end.
        let turns = claiming.turns()?;
        if turns.is_empty() {
            break;
        }
        claiming.round(turns)?;
    }
    let next_ready = claiming.next_ready()?;
    Ok(Claimed { leases: claiming.leases, next_ready })
}

impl Claiming<'_, '_> {
    fn is_full(&self) -> bool {
        self.leases.len() >= self.limit
    }

    fn has_room(&self, (id, name): &Named) -> bool {
        self.taken.get(id).copied().unwrap_or(0) < self.rooms.room(name)
    }

    /// Returns accounts that may have a ready lane, the one served longest ago first.
    fn turns(&self) -> Result<Vec<Named>, StoreError> {
        let mut statement = self.tx.connection().prepare_cached(
            "SELECT id, name FROM account INDEXED BY account_wake
             WHERE wake_at IS NOT NULL AND stopped_since IS NULL AND wake_at <= ?1
             ORDER BY served, id",
        )?;
        let mut rows = statement.query([self.term.now])?;
        let mut turns = Vec::new();
        while turns.len() < self.limit
            && let Some(row) = rows.next()?
        {
            let named = (row.get(0)?, row.get(1)?);
            if self.has_room(&named) {
                turns.push(named);
            }
        }
        Ok(turns)
    }

    /// Gives each account a lane, then each a second one, and so on.
    fn round(&mut self, mut turns: Vec<Named>) -> Result<(), StoreError> {
        let looked_at = turns.clone();
        while !self.is_full() && !turns.is_empty() {
            let mut again = Vec::with_capacity(turns.len());
            for named in turns {
                if !self.is_full() && self.has_room(&named) && self.take(&named)? {
                    again.push(named);
                }
            }
            turns = again;
        }
        for (id, _) in looked_at {
            self.correct_wake(id)?;
        }
        Ok(())
    }

    /// Leases one lane of an account, if one is ready.
    fn take(&mut self, (account, name): &Named) -> Result<bool, StoreError> {
        let lane = self.tx.first(
            "SELECT id, key FROM lane INDEXED BY lane_ready
             WHERE account = ?1 AND ready_at IS NOT NULL AND ready_at <= ?2 ORDER BY ready_at, id LIMIT 1",
            (account, self.term.now),
            |row| Ok((row.get::<_, i64>(0)?, row.get::<_, LaneKey>(1)?)),
        )?;
        let Some((id, lane)) = lane else { return Ok(false) };
        let epoch = lanes::next_epoch(self.tx)?;
        self.tx.run(
            "UPDATE lane SET owner = ?2, epoch = ?3, ready_at = ?4, touched_at = ?5 WHERE id = ?1",
            (id, self.claim.owner.as_str(), epoch, self.term.until, self.term.now),
        )?;
        self.tx.run("UPDATE account SET served = ?2 WHERE id = ?1", (account, epoch))?;
        let until = self.term.until.moment().map_err(rusqlite::Error::from)?;
        self.leases.push(Lease { account: name.clone(), lane, epoch, until });
        *self.taken.entry(*account).or_default() += 1;
        Ok(true)
    }

    /// Returns the earliest `ready_at` of all lanes of active accounts with room; corrects what it finds too early.
    fn next_ready(&mut self) -> Result<Option<Timestamp>, StoreError> {
        let mut corrected = None;
        loop {
            let Some((id, wake_at)) = self.earliest()? else { return Ok(None) };
            // Still the earliest after it was corrected.
            if corrected == Some((id, wake_at)) {
                return Ok(Some(wake_at.moment().map_err(rusqlite::Error::from)?));
            }
            corrected = self.correct_wake(id)?.map(|at| (id, at));
        }
    }

    fn earliest(&self) -> Result<Option<(i64, At)>, StoreError> {
        let mut statement = self.tx.connection().prepare_cached(
            "SELECT id, name, wake_at FROM account INDEXED BY account_wake
             WHERE wake_at IS NOT NULL AND stopped_since IS NULL ORDER BY wake_at",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let named = (row.get(0)?, row.get(1)?);
            if self.has_room(&named) {
                return Ok(Some((named.0, row.get(2)?)));
            }
        }
        Ok(None)
    }

    fn correct_wake(&mut self, account: i64) -> Result<Option<At>, StoreError> {
        let wake_at = self.tx.run_returning(
            "UPDATE account SET wake_at =
               (SELECT ready_at FROM lane INDEXED BY lane_ready
                WHERE account = ?1 AND ready_at IS NOT NULL ORDER BY ready_at LIMIT 1)
             WHERE id = ?1 RETURNING wake_at",
            [account],
            |row| row.get(0),
        )?;
        Ok(wake_at.flatten())
    }
}
