//! Clicks on a phone in the CRM.

use jiff::SignedDuration;
use rusqlite::{Connection, Row};

use super::accounts;
use super::codec::{At, Limit, Moment};
use super::pages::Window;
use super::writer::Tx;
use crate::store::record::{
    AccountId, Click, ClickAccepted, ClickId, ClickProgress, ClickState, Cursor, Listed, NewClick, Page,
    SessionKey,
};
use crate::store::{MAX_PAGE, StoreError};

/// Bytes of the hash that stands for who wants to talk to whom.
const DEDUP_BYTES: usize = 16;

macro_rules! select_clicks {
    ($rest:literal) => {
        concat!(
            "SELECT click.id, account.name, click.received_at, click.state, click.notice, click.session, click.request,
               click.outcome, click.updated_at
             FROM click JOIN account ON account.id = click.account ",
            $rest
        )
    };
}

/// Keeps a click, unless it is the same as one that came a moment ago.
pub(super) fn accept(tx: &mut Tx<'_>, click: &NewClick) -> Result<ClickAccepted, StoreError> {
    let account = accounts::number(tx, &click.account)?;
    let mut dedup = [0; DEDUP_BYTES];
    blake3::Hasher::new().update(click.dedup.as_bytes()).finalize_xof().fill(&mut dedup);
    let now = At::from(click.received_at);
    let window = SignedDuration::try_from(click.window).unwrap_or(SignedDuration::MAX);
    let since = At::from(click.received_at.saturating_sub(window).unwrap_or(click.received_at));
    let known = tx.first(
        "SELECT id FROM click WHERE account = ?1 AND dedup = ?2 AND received_at > ?3
         ORDER BY received_at DESC LIMIT 1",
        (account, dedup, since),
        |row| row.get(0),
    )?;
    if let Some(id) = known {
        return Ok(ClickAccepted::Double(id));
    }
    let id = tx.insert(
        "INSERT INTO click (account, dedup, received_at, state, request, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?3)",
        (account, dedup, now, ClickState::Waiting, &click.request),
    )?;
    Ok(ClickAccepted::New(ClickId(id)))
}

/// Makes a waiting click one that is being dialled.
pub(super) fn take(tx: &mut Tx<'_>, id: ClickId, now: At) -> Result<bool, StoreError> {
    let taken =
        tx.run("UPDATE click SET state = 1, updated_at = ?2 WHERE id = ?1 AND state = 0", (id, now))?;
    Ok(taken > 0)
}

/// Writes what became of a click.
pub(super) fn put(tx: &mut Tx<'_>, progress: &ClickProgress, now: At) -> Result<(), StoreError> {
    let changed = tx.run(
        "UPDATE click SET state = iif(state = 2, 2, ?2), notice = iif(state = 2 AND ?2 <> 2, notice, ?3),
           session = coalesce(?4, session), outcome = iif(state = 2 AND ?2 <> 2, outcome, ?5), updated_at = ?6
         WHERE id = ?1",
        (progress.id, progress.state, progress.notice, progress.session.as_ref(), &progress.outcome, now),
    )?;
    if changed == 0 {
        return Err(StoreError::NotFound { what: format!("click {}", progress.id) });
    }
    Ok(())
}

/// Takes note that a call came of a click.
pub(super) fn became(
    tx: &mut Tx<'_>,
    account: &AccountId,
    (id, second): (ClickId, i64),
    session: &SessionKey,
    now: At,
) -> Result<bool, StoreError> {
    let account = accounts::number(tx, account)?;
    let changed = tx.run(
        "UPDATE click SET session = ?4, state = 2, notice = iif(state = 2, notice, 0), updated_at = ?5
         WHERE id = ?1 AND account = ?2 AND received_at / 1000000 = ?3 AND state IN (1, 2, 4)",
        (id, account, second, session, now),
    )?;
    Ok(changed > 0)
}

/// Returns the clicks that something is left to do about.
pub(super) fn unfinished(connection: &Connection, account: &AccountId) -> Result<Vec<Click>, StoreError> {
    let mut statement = connection.prepare_cached(select_clicks!(
        "WHERE account.name = ?1 AND (click.state IN (0, 1) OR click.notice = 1) ORDER BY click.id LIMIT ?2"
    ))?;
    let rows = statement.query_map((account, Limit(MAX_PAGE)), click)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Lists clicks.
pub(super) fn list(connection: &Connection, page: &Page) -> Result<Listed<Click>, StoreError> {
    let Some(window) = Window::of(connection, page)? else { return Ok(Listed::nothing()) };
    let mut statement = connection.prepare_cached(select_clicks!(
        "WHERE (?4 IS NULL OR click.account = ?4) AND (click.received_at, click.id) < (?1, ?2)
         ORDER BY click.received_at DESC, click.id DESC LIMIT ?3"
    ))?;
    let rows = statement.query_map(window.params(), click)?.collect::<Result<Vec<_>, _>>()?;
    Ok(Listed::of(rows, window.limit, |row| Cursor { at: At::from(row.received_at).0, id: row.id.0 }))
}

fn click(row: &Row<'_>) -> rusqlite::Result<Click> {
    Ok(Click {
        id: row.get(0)?,
        account: row.get(1)?,
        received_at: row.get::<_, Moment>(2)?.0,
        state: row.get(3)?,
        notice: row.get(4)?,
        session: row.get(5)?,
        request: row.get(6)?,
        outcome: row.get(7)?,
        updated_at: row.get::<_, Moment>(8)?.0,
    })
}
