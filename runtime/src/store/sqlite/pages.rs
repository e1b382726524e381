//! Lists for people, page by page, the newest first.
//!
//! A page begins after the moment and number of the last row before it, not after a count of rows, so rows that come in
//! meanwhile shift nothing and a late page costs as much as the first. The queries exist twice, for one account and for
//! all, because each needs its own index.

use rusqlite::Connection;

use super::codec::{At, Limit};
use super::rows::{
    communication, effect, events_within_bytes, select_communications, select_effects, select_events,
};
use super::work::communication_of;
use crate::store::record::{
    AccountId, Communication, Cursor, Effect, Event, EventState, Find, LaneKey, Listed, Page,
};
use crate::store::{MAX_PAGE, StoreError};

/// Where a page begins and how long it is, as parameters of a query.
#[derive(Clone, Debug)]
pub(super) struct Window {
    account: Option<i64>,
    at: i64,
    id: i64,
    pub(super) limit: usize,
}

/// Lists communications.
pub(super) fn recent(connection: &Connection, page: &Page) -> Result<Listed<Communication>, StoreError> {
    let Some(window) = Window::of(connection, page)? else { return Ok(Listed::nothing()) };
    let sql = match window.account {
        Some(_) => select_communications!(
            "INDEXED BY communication_account",
            "WHERE communication.account = ?4 AND (communication.updated_at, communication.id) < (?1, ?2)
             ORDER BY communication.updated_at DESC, communication.id DESC LIMIT ?3"
        ),
        None => select_communications!(
            "INDEXED BY communication_recent",
            "WHERE ?4 IS NULL AND (communication.updated_at, communication.id) < (?1, ?2)
             ORDER BY communication.updated_at DESC, communication.id DESC LIMIT ?3"
        ),
    };
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(window.params(), communication)?.collect::<Result<Vec<_>, _>>()?;
    Ok(Listed::of(rows, window.limit, |(id, row)| Cursor { at: At::from(row.updated_at).0, id: *id })
        .map(|(_, communication)| communication))
}

/// Lists unparsed or parked events.
pub(super) fn kept(
    connection: &Connection,
    state: EventState,
    page: &Page,
) -> Result<Listed<Event>, StoreError> {
    let Some(window) = Window::of(connection, page)? else { return Ok(Listed::nothing()) };
    let sql = match window.account {
        Some(_) => select_events!(
            "INDEXED BY inbox_kept_account",
            "WHERE inbox.account = ?4 AND inbox.state = ?5 AND inbox.state IN (2, 3)
               AND (inbox.received_at, inbox.seq) < (?1, ?2)
             ORDER BY inbox.received_at DESC, inbox.seq DESC LIMIT ?3"
        ),
        None => select_events!(
            "INDEXED BY inbox_kept",
            "WHERE ?4 IS NULL AND inbox.state = ?5 AND inbox.state IN (2, 3)
               AND (inbox.received_at, inbox.seq) < (?1, ?2)
             ORDER BY inbox.received_at DESC, inbox.seq DESC LIMIT ?3"
        ),
    };
    let mut statement = connection.prepare_cached(sql)?;
    let (at, id, limit, account) = window.params();
    let (rows, cut) = events_within_bytes(&mut statement, (at, id, limit, account, state))?;
    let full = if cut { rows.len() } else { window.limit };
    Ok(Listed::of(rows, full, |row| Cursor { at: At::from(row.received_at).0, id: row.seq.0 }))
}

/// Lists dead effects.
pub(super) fn dead(connection: &Connection, page: &Page) -> Result<Listed<Effect>, StoreError> {
    let Some(window) = Window::of(connection, page)? else { return Ok(Listed::nothing()) };
    let sql = match window.account {
        Some(_) => select_effects!(
            "INDEXED BY effect_dead_account",
            "WHERE effect.account = ?4 AND effect.state = 5 AND (effect.updated_at, effect.id) < (?1, ?2)
             ORDER BY effect.updated_at DESC, effect.id DESC LIMIT ?3"
        ),
        None => select_effects!(
            "INDEXED BY effect_dead",
            "WHERE ?4 IS NULL AND effect.state = 5 AND (effect.updated_at, effect.id) < (?1, ?2)
             ORDER BY effect.updated_at DESC, effect.id DESC LIMIT ?3"
        ),
    };
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(window.params(), effect)?.collect::<Result<Vec<_>, _>>()?;
    Ok(Listed::of(rows, window.limit, |row| Cursor { at: At::from(row.updated_at).0, id: row.id.0 }))
}

/// Finds communications.
pub(super) fn find(
    connection: &Connection,
    account: Option<&AccountId>,
    what: &Find,
) -> Result<Vec<Communication>, StoreError> {
    let mut found = Vec::new();
    match what {
        Find::Lane(key) => in_lane(connection, account, key, &mut found)?,
        Find::Session(key) => {
            for account in names(connection, account)? {
                found.extend(communication_of(connection, &account, key)?);
            }
        }
        Find::Remote(id) => {
            let mut statement = connection.prepare_cached(select_communications!(
                "",
                "WHERE communication.session IN
                   (SELECT session FROM effect INDEXED BY effect_remote
                    WHERE remote_id = ?1 AND remote_id IS NOT NULL AND session IS NOT NULL)
                   AND (?2 IS NULL OR account.name = ?2)
                 LIMIT ?3"
            ))?;
            for row in statement.query_map((id.as_str(), account, Limit(MAX_PAGE)), communication)? {
                found.push(row?);
            }
        }
    }
    found.sort_unstable_by_key(|(id, row)| std::cmp::Reverse((row.updated_at, *id)));
    found.truncate(MAX_PAGE);
    Ok(found.into_iter().map(|(_, communication)| communication).collect())
}

fn in_lane(
    connection: &Connection,
    account: Option<&AccountId>,
    key: &LaneKey,
    found: &mut Vec<(i64, Communication)>,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(select_communications!(
        "INDEXED BY communication_lane",
        "WHERE communication.lane =
           (SELECT lane.id FROM account CROSS JOIN lane ON lane.account = account.id
            WHERE account.name = ?1 AND lane.key = ?2)
         ORDER BY communication.updated_at DESC, communication.id DESC LIMIT ?3"
    ))?;
    for account in names(connection, account)? {
        for row in statement.query_map((&account, key, Limit(MAX_PAGE)), communication)? {
            found.push(row?);
        }
    }
    Ok(())
}

fn names(connection: &Connection, account: Option<&AccountId>) -> Result<Vec<AccountId>, StoreError> {
    if let Some(account) = account {
        return Ok(vec![account.clone()]);
    }
    let mut statement = connection.prepare_cached("SELECT name FROM account ORDER BY id")?;
    Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

impl Window {
    /// Returns `None` when the page is of an account that is not known, which has no rows.
    pub(super) fn of(connection: &Connection, page: &Page) -> Result<Option<Self>, StoreError> {
        use rusqlite::OptionalExtension as _;

        let account = match &page.account {
            None => None,
            Some(name) => {
                let known = connection
                    .prepare_cached("SELECT id FROM account WHERE name = ?1")?
                    .query_row([name], |row| row.get(0))
                    .optional()?;
                match known {
                    Some(id) => Some(id),
                    None => return Ok(None),
                }
            }
        };
        let after = page.after.unwrap_or(Cursor { at: i64::MAX, id: i64::MAX });
        Ok(Some(Self { account, at: after.at, id: after.id, limit: page.limit.clamp(1, MAX_PAGE) }))
    }

    pub(super) fn params(&self) -> (i64, i64, Limit, Option<i64>) {
        (self.at, self.id, Limit(self.limit), self.account)
    }
}

impl<T> Listed<T> {
    pub(super) fn nothing() -> Self {
        Self { rows: Vec::new(), next: None }
    }

    pub(super) fn of(rows: Vec<T>, full: usize, cursor: impl FnOnce(&T) -> Cursor) -> Self {
        let next = if rows.len() < full { None } else { rows.last().map(cursor) };
        Self { rows, next }
    }

    fn map<U>(self, with: impl FnMut(T) -> U) -> Listed<U> {
        Listed { rows: self.rows.into_iter().map(with).collect(), next: self.next }
    }
}
