//! Pop-ups: one row a call, written by whoever has read it last.

use rusqlite::{Connection, OptionalExtension as _, Row};

use super::accounts;
use super::codec::{At, Moment};
use super::writer::Tx;
use crate::store::StoreError;
use crate::store::record::{AccountId, PopUp, SessionKey};

/// Reads the pop-up of a call.
pub(super) fn popup(
    connection: &Connection,
    account: &AccountId,
    session: &SessionKey,
) -> Result<Option<PopUp>, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT account.name, popup.session, popup.version, popup.is_open, popup.data, popup.updated_at
             FROM account CROSS JOIN popup ON popup.account = account.id
             WHERE account.name = ?1 AND popup.session = ?2",
        )?
        .query_row((account, session), read)
        .optional()?)
}

/// Lists those that somebody may have on the screen, by session.
pub(super) fn open_popups(connection: &Connection, account: &AccountId) -> Result<Vec<PopUp>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT account.name, popup.session, popup.version, popup.is_open, popup.data, popup.updated_at
         FROM account CROSS JOIN popup INDEXED BY popup_open ON popup.account = account.id
         WHERE account.name = ?1 AND popup.is_open = 1 ORDER BY popup.session",
    )?;
    let rows = statement.query_map([account], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Writes one, when nobody has written it since it was read.
pub(super) fn put_popup(tx: &mut Tx<'_>, popup: &PopUp) -> Result<bool, StoreError> {
    let account = accounts::number(tx, &popup.account)?;
    let version = i64::try_from(popup.version).unwrap_or(i64::MAX);
    let written = match version {
        0 => tx.run(
            "INSERT INTO popup (account, session, version, is_open, data, updated_at)
             VALUES (?1, ?2, 1, ?3, ?4, ?5) ON CONFLICT (account, session) DO NOTHING",
            (account, &popup.session, popup.is_open, &popup.data, At::from(popup.updated_at)),
        )?,
        _ => tx.run(
            "UPDATE popup SET version = version + 1, is_open = ?3, data = ?4, updated_at = ?5
             WHERE account = ?1 AND session = ?2 AND version = ?6",
            (account, &popup.session, popup.is_open, &popup.data, At::from(popup.updated_at), version),
        )?,
    };
    Ok(written > 0)
}

fn read(row: &Row<'_>) -> rusqlite::Result<PopUp> {
    let version: i64 = row.get(2)?;
    Ok(PopUp {
        account: row.get(0)?,
        session: row.get(1)?,
        version: u64::try_from(version).unwrap_or_default(),
        is_open: row.get(3)?,
        data: row.get(4)?,
        updated_at: row.get::<_, Moment>(5)?.0,
    })
}
