//! Accounts: their numbers, their turns, and whether they are worked on.
//!
//! `wake_at` of an account is never later than the earliest `ready_at` of its lanes. Whoever makes a lane ready sooner
//! lowers it ([`wake`]); only a claim, which looks at the lanes anyway, raises it. So finding who has work reads one row
//! for each account that has some, however many lanes wait.

use rusqlite::{Connection, OptionalExtension as _};

use super::codec::{At, Moment};
use super::writer::Tx;
use crate::store::StoreError;
use crate::store::record::{AccountId, Activity};

/// Returns the number of an account, a new one if it is not known.
pub(super) fn number(tx: &mut Tx<'_>, account: &AccountId) -> Result<i64, StoreError> {
    if let Some(id) = tx.accounts().get(account) {
        return Ok(*id);
    }
    let known = tx.first("SELECT id FROM account WHERE name = ?1", [account], |row| row.get(0))?;
    let id = match known {
        Some(id) => id,
        None => tx.insert("INSERT INTO account (name) VALUES (?1)", [account])?,
    };
    tx.accounts().insert(account.clone(), id);
    Ok(id)
}

/// Notes that a lane of the account is ready at `at`.
pub(super) fn wake(tx: &mut Tx<'_>, account: i64, at: i64) -> Result<(), StoreError> {
    tx.run(
        "UPDATE account SET wake_at = ?2 WHERE id = ?1 AND (wake_at IS NULL OR wake_at > ?2)",
        (account, at),
    )?;
    tx.wake_workers();
    Ok(())
}

/// Stops an account.
pub(super) fn stop(tx: &mut Tx<'_>, account: &AccountId, reason: &str, now: At) -> Result<(), StoreError> {
    let id = number(tx, account)?;
    tx.run(
        "UPDATE account SET stop_reason = ?2, stopped_since = coalesce(stopped_since, ?3) WHERE id = ?1",
        (id, reason, now),
    )?;
    Ok(())
}

/// Resumes an account; returns whether it was stopped.
pub(super) fn resume(tx: &mut Tx<'_>, account: &AccountId) -> Result<bool, StoreError> {
    let resumed = tx.run(
        "UPDATE account SET stop_reason = NULL, stopped_since = NULL
         WHERE name = ?1 AND stopped_since IS NOT NULL",
        [account],
    )?;
    if resumed > 0 {
        tx.wake_workers();
    }
    Ok(resumed > 0)
}

/// Returns whether an account is worked on.
pub(super) fn activity(connection: &Connection, account: &AccountId) -> Result<Activity, StoreError> {
    let known = connection
        .prepare_cached("SELECT stopped_since, stop_reason FROM account WHERE name = ?1")?
        .query_row([account], |row| activity_of(row.get(0)?, row.get(1)?))
        .optional()?;
    Ok(known.unwrap_or(Activity::Active))
}

/// Puts the two columns together.
pub(super) fn activity_of(since: Option<Moment>, reason: Option<String>) -> rusqlite::Result<Activity> {
    Ok(match since {
        None => Activity::Active,
        Some(Moment(since)) => Activity::Stopped { reason: reason.unwrap_or_default(), since },
    })
}

/// Returns where a reader of the other side left off.
pub(super) fn cursor(
    connection: &Connection,
    account: &AccountId,
    name: &str,
) -> Result<Option<String>, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT cursor.value FROM cursor JOIN account ON account.id = cursor.account
             WHERE account.name = ?1 AND cursor.name = ?2",
        )?
        .query_row((account, name), |row| row.get(0))
        .optional()?)
}

/// Writes where a reader of the other side left off.
pub(super) fn put_cursor(
    tx: &mut Tx<'_>,
    account: &AccountId,
    name: &str,
    value: &str,
) -> Result<(), StoreError> {
    let account = number(tx, account)?;
    tx.run(
        "INSERT INTO cursor (account, name, value) VALUES (?1, ?2, ?3)
         ON CONFLICT (account, name) DO UPDATE SET value = excluded.value",
        (account, name, value),
    )?;
    Ok(())
}
