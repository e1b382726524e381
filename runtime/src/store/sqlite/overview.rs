//! Accounts in figures.
//!
//! Counts walk indexes that hold unfinished rows only. Their time grows with what waits, not with what is stored: a
//! million waiting events are counted in some tens of milliseconds, on a reader, holding up nobody.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::accounts::activity_of;
use super::codec::Moment;
use crate::store::StoreError;
use crate::store::record::{
    AccountOverview, CommunicationCounts, EffectCounts, EffectState, EventCounts, EventState, Phase,
};

/// Returns figures for all accounts, by name.
pub(super) fn overview(connection: &Connection) -> Result<Vec<AccountOverview>, StoreError> {
    let mut accounts = accounts(connection)?;
    count(
        connection,
        "SELECT account, 0, count(*) FROM inbox INDEXED BY inbox_waiting WHERE state = 0 GROUP BY account
         UNION ALL
         SELECT account, state, count(*) FROM inbox INDEXED BY inbox_kept_account
         WHERE state IN (2, 3) GROUP BY account, state",
        &mut accounts,
        |overview, state, count| match state {
            EventState::Available => overview.events.available = count,
            EventState::Unparsed => overview.events.unparsed = count,
            EventState::Parked => overview.events.parked = count,
            EventState::Done => {}
        },
    )?;
    count(
        connection,
        "SELECT account, phase, count(*) FROM communication INDEXED BY communication_unsettled
         WHERE phase <> 3 GROUP BY account, phase",
        &mut accounts,
        |overview, phase, count| match phase {
            Phase::Open => overview.communications.open = count,
            Phase::Ending => overview.communications.ending = count,
            Phase::Decided => overview.communications.decided = count,
            Phase::Closed => {}
        },
    )?;
    count(
        connection,
        "SELECT account, state, count(*) FROM effect INDEXED BY effect_unsettled
         WHERE state <> 3 GROUP BY account, state",
        &mut accounts,
        |overview, state, count| match state {
            EffectState::Ready => overview.effects.ready = count,
            EffectState::InFlight => overview.effects.in_flight = count,
            EffectState::Unknown => overview.effects.unknown = count,
            EffectState::Held => overview.effects.held = count,
            EffectState::Dead => overview.effects.dead = count,
            EffectState::Done => {}
        },
    )?;
    let mut accounts: Vec<_> = accounts.into_values().collect();
    accounts.sort_unstable_by(|one, other| one.account.cmp(&other.account));
    Ok(accounts)
}

fn accounts(connection: &Connection) -> Result<BTreeMap<i64, AccountOverview>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, name, stopped_since, stop_reason,
           (SELECT received_at FROM inbox INDEXED BY inbox_waiting
            WHERE inbox.account = account.id AND state = 0 ORDER BY received_at LIMIT 1)
         FROM account",
    )?;
    let rows = statement.query_map([], |row| {
        let overview = AccountOverview {
            account: row.get(1)?,
            activity: activity_of(row.get(2)?, row.get(3)?)?,
            oldest_waiting: row.get::<_, Option<Moment>>(4)?.map(|at| at.0),
            events: EventCounts::default(),
            communications: CommunicationCounts::default(),
            effects: EffectCounts::default(),
        };
        Ok((row.get(0)?, overview))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn count<S: rusqlite::types::FromSql>(
    connection: &Connection,
    sql: &str,
    accounts: &mut BTreeMap<i64, AccountOverview>,
    mut put: impl FnMut(&mut AccountOverview, S, u64),
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let count: i64 = row.get(2)?;
        if let Some(overview) = accounts.get_mut(&row.get(0)?) {
            put(overview, row.get(1)?, count.unsigned_abs());
        }
    }
    Ok(())
}
