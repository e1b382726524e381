//! What workers look up by name.

use rusqlite::{Connection, OptionalExtension as _};

use super::codec::{Moment, Short};
use super::rows::{effect, select_effects};
use crate::store::StoreError;
use crate::store::record::{AccountId, Effect, EffectKey, Link, NaturalKey};

/// Returns a link.
pub(super) fn link(
    connection: &Connection,
    account: &AccountId,
    kind: &str,
    natural_key: &NaturalKey,
) -> Result<Option<Link>, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT link.remote_id, link.checked_at FROM account CROSS JOIN link ON link.account = account.id
             WHERE account.name = ?1 AND link.kind = ?2 AND link.natural_key = ?3",
        )?
        .query_row((account, kind, natural_key), |row| {
            Ok(Link {
                kind: kind.into(),
                natural_key: natural_key.clone(),
                remote_id: row.get::<_, Short>(0)?.0,
                checked_at: row.get::<_, Moment>(1)?.0,
            })
        })
        .optional()?)
}

/// Returns those effects of an account that are known by these keys.
pub(super) fn effects_by_key(
    connection: &Connection,
    account: &AccountId,
    keys: &[EffectKey],
) -> Result<Vec<Effect>, StoreError> {
    let mut statement = connection.prepare_cached(select_effects!(
        "",
        "WHERE effect.account = (SELECT id FROM account WHERE name = ?1) AND effect.key = ?2"
    ))?;
    let mut found = Vec::with_capacity(keys.len());
    for key in keys {
        found.extend(statement.query_row((account, key), effect).optional()?);
    }
    Ok(found)
}
