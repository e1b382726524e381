//! Comparisons of shadow rules.

use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::accounts;
use super::codec::{At, Limit, Moment, Short};
use super::history::History;
use super::store::Sqlite;
use super::writer::Tx;
use crate::store::record::{
    AccountId, ShadowBounds, ShadowCounts, ShadowGroup, ShadowKey, ShadowPair, ShadowRetention, ShadowRun,
    ShadowSeen, ShadowTally,
};
use crate::store::{ShadowStore, StoreError, StoreFuture};

/// What the groups are called that there was no room for.
const OTHERS: (&str, &str) = ("other differences", "другие отличия");

impl ShadowStore for Sqlite {
    fn count_shadows(&self, tallies: Vec<ShadowTally>, bounds: ShadowBounds) -> StoreFuture<'_, ()> {
        self.write(move |tx| tallies.iter().try_for_each(|tally| count(tx, tally, bounds)))
    }

    fn shadows<'a>(&'a self, account: &'a AccountId) -> StoreFuture<'a, Vec<ShadowRun>> {
        let account = account.clone();
        self.read(move |connection| runs(connection, &account))
    }

    fn shadow_groups<'a>(&'a self, pair: &'a ShadowPair) -> StoreFuture<'a, Vec<ShadowGroup>> {
        let pair = pair.clone();
        self.read(move |connection| groups(connection, &pair, Date::MIN))
    }

    fn prune_shadows(&self, retention: ShadowRetention) -> StoreFuture<'_, u64> {
        self.write(move |tx| prune(tx, &retention))
    }
}

/// Days since 1970.
fn number(day: Date) -> i64 {
    day.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24
}

fn date(number: i64) -> Date {
    let span = jiff::SignedDuration::from_hours(number.saturating_mul(24));
    Date::constant(1970, 1, 1).saturating_add(span)
}

fn to_i64(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn to_u64(row: &Row<'_>, at: usize) -> rusqlite::Result<u64> {
    Ok(u64::try_from(row.get::<_, i64>(at)?).unwrap_or_default())
}

fn count(tx: &mut Tx<'_>, tally: &ShadowTally, bounds: ShadowBounds) -> Result<(), StoreError> {
    let shadow = pair(tx, tally, bounds.pairs)?;
    let ShadowCounts { same, differ, unjudged, failed, dropped } = tally.counts;
    let [same, differ, unjudged, failed, dropped] = [same, differ, unjudged, failed, dropped].map(to_i64);
    let day = number(tally.day);
    tx.run(
        "INSERT INTO shadow_day (shadow, day, same, differ, unjudged, failed, dropped, first_at, last_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (shadow, day) DO UPDATE SET
           same = same + ?3, differ = differ + ?4, unjudged = unjudged + ?5, failed = failed + ?6,
           dropped = dropped + ?7, first_at = min(first_at, ?8), last_at = max(last_at, ?9)",
        params![
            shadow,
            day,
            same,
            differ,
            unjudged,
            failed,
            dropped,
            At::from(tally.first_at),
            At::from(tally.last_at)
        ],
    )?;
    for (key, seen) in &tally.groups {
        let group = group(tx, shadow, key, seen, bounds.groups)?;
        tx.run(
            "INSERT INTO shadow_group_day (shadow_group, day, count, first_at, last_at)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (shadow_group, day) DO UPDATE SET
               count = count + ?3, first_at = min(first_at, ?4), last_at = max(last_at, ?5)",
            (group, day, to_i64(seen.count), At::from(seen.first_at), At::from(seen.last_at)),
        )?;
        for (session, at) in &seen.examples {
            tx.run(
                "INSERT INTO shadow_example (shadow_group, session, at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (shadow_group, session) DO UPDATE SET at = max(at, ?3)",
                (group, session, At::from(*at)),
            )?;
        }
        tx.run(
            "DELETE FROM shadow_example WHERE shadow_group = ?1 AND session NOT IN
               (SELECT session FROM shadow_example WHERE shadow_group = ?1
                ORDER BY at DESC, session DESC LIMIT ?2)",
            (group, Limit(bounds.examples)),
        )?;
    }
    Ok(())
}

/// The number of a pair, a new one if it is not known; then the one that was written longest ago gives way.
fn pair(tx: &mut Tx<'_>, tally: &ShadowTally, most: usize) -> Result<i64, StoreError> {
    let account = accounts::number(tx, &tally.pair.account)?;
    let (candidate, in_force) = (tally.pair.candidate.as_str(), tally.pair.in_force.as_str());
    let at = At::from(tally.last_at);
    let known = tx.run_returning(
        "UPDATE shadow SET last_at = max(last_at, ?4)
         WHERE account = ?1 AND candidate = ?2 AND in_force = ?3 RETURNING id",
        (account, candidate, in_force, at),
        |row| row.get(0),
    )?;
    if let Some(shadow) = known {
        return Ok(shadow);
    }
    let old = {
        let mut statement = tx.connection().prepare_cached(
            "SELECT id FROM shadow WHERE account = ?1 ORDER BY last_at DESC, id DESC LIMIT -1 OFFSET ?2",
        )?;
        let rows = statement.query_map((account, Limit(most.saturating_sub(1))), |row| row.get(0))?;
        rows.collect::<Result<Vec<i64>, _>>()?
    };
    for shadow in old {
        forget(tx, shadow)?;
    }
    tx.insert(
        "INSERT INTO shadow (account, candidate, in_force, last_at) VALUES (?1, ?2, ?3, ?4)",
        (account, candidate, in_force, at),
    )
}

fn forget(tx: &mut Tx<'_>, shadow: i64) -> Result<(), StoreError> {
    const OF_GROUPS: &str = "(SELECT id FROM shadow_group WHERE shadow = ?1)";
    tx.run(&format!("DELETE FROM shadow_example WHERE shadow_group IN {OF_GROUPS}"), [shadow])?;
    tx.run(&format!("DELETE FROM shadow_group_day WHERE shadow_group IN {OF_GROUPS}"), [shadow])?;
    tx.run("DELETE FROM shadow_group WHERE shadow = ?1", [shadow])?;
    tx.run("DELETE FROM shadow_day WHERE shadow = ?1", [shadow])?;
    tx.run("DELETE FROM shadow WHERE id = ?1", [shadow])?;
    Ok(())
}

/// The number of a group; that of all others when there is no room for a new one.
fn group(
    tx: &mut Tx<'_>,
    shadow: i64,
    key: &ShadowKey,
    seen: &ShadowSeen,
    most: usize,
) -> Result<i64, StoreError> {
    const FIND: &str = "SELECT id FROM shadow_group WHERE shadow = ?1 AND class = ?2 AND key = ?3";
    const MAKE: &str = "INSERT INTO shadow_group (shadow, class, key, en, ru) VALUES (?1, ?2, ?3, ?4, ?5)";
    if let Some(group) = tx.first(FIND, (shadow, key.class, &key.key), |row| row.get(0))? {
        return Ok(group);
    }
    let there: Option<i64> =
        tx.first("SELECT count(*) FROM shadow_group WHERE shadow = ?1", [shadow], |row| row.get(0))?;
    let has_room = there.is_none_or(|there| usize::try_from(there).unwrap_or(usize::MAX) < most);
    if has_room {
        return tx.insert(MAKE, (shadow, key.class, &key.key, &seen.en, &seen.ru));
    }
    match tx.first(FIND, (shadow, key.class, ShadowKey::OTHERS), |row| row.get(0))? {
        Some(others) => Ok(others),
        None => tx.insert(MAKE, (shadow, key.class, ShadowKey::OTHERS, OTHERS.0, OTHERS.1)),
    }
}

fn runs(connection: &Connection, account: &AccountId) -> Result<Vec<ShadowRun>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT shadow.id, shadow.candidate, shadow.in_force, shadow.last_at
         FROM account JOIN shadow ON shadow.account = account.id
         WHERE account.name = ?1 ORDER BY shadow.last_at DESC, shadow.id DESC",
    )?;
    let rows = statement.query_map([account], |row| {
        let pair = ShadowPair {
            account: account.clone(),
            candidate: row.get::<_, Short>(1)?.0,
            in_force: row.get::<_, Short>(2)?.0,
        };
        let last_at = row.get::<_, Moment>(3)?.0;
        let run =
            ShadowRun { pair, first_at: last_at, last_at, counts: ShadowCounts::default(), days: Vec::new() };
        Ok((row.get::<_, i64>(0)?, run))
    })?;
    let found = rows.collect::<Result<Vec<_>, _>>()?;
    let mut statement = connection.prepare_cached(
        "SELECT day, same, differ, unjudged, failed, dropped, first_at FROM shadow_day
         WHERE shadow = ?1 ORDER BY day DESC",
    )?;
    let mut runs = Vec::with_capacity(found.len());
    for (shadow, mut run) in found {
        let days = statement.query_map([shadow], |row| {
            let counts = ShadowCounts {
                same: to_u64(row, 1)?,
                differ: to_u64(row, 2)?,
                unjudged: to_u64(row, 3)?,
                failed: to_u64(row, 4)?,
                dropped: to_u64(row, 5)?,
            };
            Ok((date(row.get(0)?), counts, row.get::<_, Moment>(6)?.0))
        })?;
        for day in days {
            let (day, counts, first_at) = day?;
            run.first_at = run.first_at.min(first_at);
            run.counts += counts;
            run.days.push((day, counts));
        }
        runs.push(run);
    }
    Ok(runs)
}

impl History {
    /// Lists the pairs of an account, the one that was written last first.
    ///
    /// # Errors
    ///
    /// What can go wrong on a disk.
    pub fn shadows(&self, account: &AccountId) -> Result<Vec<ShadowRun>, StoreError> {
        runs(&self.connection, account)
    }

    /// Lists the groups of a pair with what was counted from a day on, the largest first.
    ///
    /// # Errors
    ///
    /// What can go wrong on a disk.
    pub fn shadow_groups(&self, pair: &ShadowPair, since: Date) -> Result<Vec<ShadowGroup>, StoreError> {
        groups(&self.connection, pair, since)
    }
}

fn groups(connection: &Connection, pair: &ShadowPair, since: Date) -> Result<Vec<ShadowGroup>, StoreError> {
    let shadow: Option<i64> = connection
        .prepare_cached(
            "SELECT shadow.id FROM account JOIN shadow ON shadow.account = account.id
             WHERE account.name = ?1 AND shadow.candidate = ?2 AND shadow.in_force = ?3",
        )?
        .query_row((&pair.account, pair.candidate.as_str(), pair.in_force.as_str()), |row| row.get(0))
        .optional()?;
    let Some(shadow) = shadow else { return Ok(Vec::new()) };
    let mut statement = connection.prepare_cached(
        "SELECT id, class, key, en, ru, sum(count), min(first_at), max(last_at)
         FROM shadow_group JOIN shadow_group_day ON shadow_group = id
         WHERE shadow = ?1 AND day >= ?2 GROUP BY id ORDER BY sum(count) DESC, class, key",
    )?;
    let rows = statement.query_map((shadow, number(since)), |row| {
        let group = ShadowGroup {
            key: ShadowKey { class: row.get(1)?, key: row.get(2)? },
            en: row.get(3)?,
            ru: row.get(4)?,
            count: to_u64(row, 5)?,
            first_at: row.get::<_, Moment>(6)?.0,
            last_at: row.get::<_, Moment>(7)?.0,
            examples: Vec::new(),
        };
        Ok((row.get::<_, i64>(0)?, group))
    })?;
    let found = rows.collect::<Result<Vec<_>, _>>()?;
    let mut statement = connection.prepare_cached(
        "SELECT session, at FROM shadow_example WHERE shadow_group = ?1 ORDER BY at DESC, session DESC",
    )?;
    let mut groups = Vec::with_capacity(found.len());
    for (id, mut group) in found {
        let examples = statement.query_map([id], |row| Ok((row.get(0)?, row.get::<_, Moment>(1)?.0)))?;
        group.examples = examples.collect::<Result<_, _>>()?;
        groups.push(group);
    }
    Ok(groups)
}

fn prune(tx: &mut Tx<'_>, retention: &ShadowRetention) -> Result<u64, StoreError> {
    let day = number(retention.days);
    let mut left = retention.limit;
    let mut taken = 0_usize;
    let mut take = |tx: &mut Tx<'_>, sql: &str, before: i64| -> Result<(), StoreError> {
        let gone = tx.run(sql, (before, Limit(left)))?;
        left = left.saturating_sub(gone);
        taken += gone;
        Ok(())
    };
    take(
        tx,
        "DELETE FROM shadow_example WHERE (shadow_group, session) IN
           (SELECT shadow_group, session FROM shadow_example INDEXED BY shadow_example_old WHERE at < ?1 LIMIT ?2)",
        At::from(retention.examples).0,
    )?;
    take(
        tx,
        "DELETE FROM shadow_group_day WHERE (shadow_group, day) IN
           (SELECT shadow_group, day FROM shadow_group_day INDEXED BY shadow_group_day_old WHERE day < ?1 LIMIT ?2)",
        day,
    )?;
    take(
        tx,
        "DELETE FROM shadow_day WHERE (shadow, day) IN
           (SELECT shadow, day FROM shadow_day INDEXED BY shadow_day_old WHERE day < ?1 LIMIT ?2)",
        day,
    )?;
    // What nothing is counted of any more.
    tx.run(
        "DELETE FROM shadow_example WHERE NOT EXISTS
           (SELECT 1 FROM shadow_group_day WHERE shadow_group_day.shadow_group = shadow_example.shadow_group)",
        [],
    )?;
    tx.run(
        "DELETE FROM shadow_group WHERE NOT EXISTS
           (SELECT 1 FROM shadow_group_day WHERE shadow_group_day.shadow_group = shadow_group.id)",
        [],
    )?;
    tx.run(
        "DELETE FROM shadow WHERE NOT EXISTS (SELECT 1 FROM shadow_day WHERE shadow_day.shadow = shadow.id)",
        [],
    )?;
    Ok(u64::try_from(taken).unwrap_or(u64::MAX))
}
