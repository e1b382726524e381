//! Orders that are to be deals.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, ToSql};

use super::accounts;
use super::codec::{At, Limit, Moment};
use super::pages::Window;
use super::store::Sqlite;
use super::writer::Tx;
use crate::store::record::{
    AccountId, Cursor, Deal, DealCounts, DealState, Due, Json, Listed, Mark, Noted, OrderId, Page, PartyKey,
    SessionKey, Settled, Step, Wanted,
};
use crate::store::{DealStore, MAX_DUE, StoreError, StoreFuture};

/// The kind of the effect that makes an order.
const ENSURE_ORDER: &str = "ensure_order";

impl DealStore for Sqlite {
    fn note_deals(&self, noted: Noted, now: Timestamp) -> StoreFuture<'_, ()> {
        self.write(move |tx| note(tx, &noted, now.into()))
    }

    fn due_deals(&self, wanted: Wanted) -> StoreFuture<'_, Vec<Due>> {
        self.read(move |connection| due(connection, &wanted))
    }

    fn next_deal<'a>(&'a self, account: &'a AccountId) -> StoreFuture<'a, Option<Timestamp>> {
        let account = account.clone();
        self.read(move |connection| {
            let next: Option<Moment> = connection
                .prepare_cached(
                    "SELECT min(deal.due_at) FROM account CROSS JOIN deal INDEXED BY deal_due
                     ON deal.account = account.id WHERE account.name = ?1 AND deal.due_at IS NOT NULL",
                )?
                .query_row([&account], |row| row.get(0))?;
            Ok(next.map(|next| next.0))
        })
    }

    fn sending_deals<'a>(
        &'a self,
        account: &'a AccountId,
        orders: Vec<(OrderId, Json)>,
        now: Timestamp,
    ) -> StoreFuture<'a, ()> {
        let account = account.clone();
        self.write(move |tx| {
            let account = accounts::number(tx, &account)?;
            for (order, memory) in &orders {
                tx.run(
                    "UPDATE deal SET sent_at = ?3, memory = ?4 WHERE account = ?1 AND order_id = ?2",
                    (account, number(*order), At::from(now), memory),
                )?;
            }
            Ok(())
        })
    }

    fn settle_deals<'a>(
        &'a self,
        account: &'a AccountId,
        settled: Vec<Settled>,
        now: Timestamp,
    ) -> StoreFuture<'a, ()> {
        let account = account.clone();
        self.write(move |tx| {
            let account = accounts::number(tx, &account)?;
            settled.iter().try_for_each(|one| settle(tx, account, one, now.into()))
        })
    }

    fn prune_deals<'a>(
        &'a self,
        account: &'a AccountId,
        before: Timestamp,
        limit: usize,
    ) -> StoreFuture<'a, Vec<OrderId>> {
        let account = account.clone();
        self.write(move |tx| prune(tx, &account, before.into(), limit))
    }

    fn retry_deal<'a>(
        &'a self,
        account: &'a AccountId,
        order: OrderId,
        now: Timestamp,
    ) -> StoreFuture<'a, bool> {
        let account = account.clone();
        self.write(move |tx| Ok(retry(tx, &account, Some(order), now.into())? > 0))
    }

    fn retry_deals<'a>(&'a self, account: &'a AccountId, now: Timestamp) -> StoreFuture<'a, u64> {
        let account = account.clone();
        self.write(move |tx| retry(tx, &account, None, now.into()))
    }

    fn list_deals(&self, page: Page, parked: bool) -> StoreFuture<'_, Listed<Deal>> {
        self.read(move |connection| list(connection, &page, parked))
    }

    fn count_deals<'a>(&'a self, account: &'a AccountId) -> StoreFuture<'a, DealCounts> {
        let account = account.clone();
        self.read(move |connection| count(connection, &account))
    }

    fn known_parties<'a>(
        &'a self,
        account: &'a AccountId,
        parties: Vec<PartyKey>,
    ) -> StoreFuture<'a, BTreeMap<PartyKey, String>> {
        let account = account.clone();
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT digest FROM deal_party
                 WHERE account = (SELECT id FROM account WHERE name = ?1) AND kind = ?2 AND ext_id = ?3",
            )?;
            let mut known = BTreeMap::new();
            for key in parties {
                let digest =
                    statement.query_row((&account, key.kind, &key.ext_id), |row| row.get(0)).optional()?;
                if let Some(digest) = digest {
                    known.insert(key, digest);
                }
            }
            Ok(known)
        })
    }

    fn put_parties<'a>(
        &'a self,
        account: &'a AccountId,
        parties: Vec<(PartyKey, Option<String>)>,
    ) -> StoreFuture<'a, ()> {
        let account = account.clone();
        self.write(move |tx| {
            let account = accounts::number(tx, &account)?;
            for (key, digest) in &parties {
                match digest {
                    Some(digest) => tx.run(
                        "INSERT INTO deal_party (account, kind, ext_id, digest) VALUES (?1, ?2, ?3, ?4)
                         ON CONFLICT (account, kind, ext_id) DO UPDATE SET digest = excluded.digest",
                        (account, key.kind, &key.ext_id, digest),
                    )?,
                    None => tx.run(
                        "DELETE FROM deal_party WHERE account = ?1 AND kind = ?2 AND ext_id = ?3",
                        (account, key.kind, &key.ext_id),
                    )?,
                };
            }
            Ok(())
        })
    }

    fn maker_of_order<'a>(
        &'a self,
        account: &'a AccountId,
        order: OrderId,
    ) -> StoreFuture<'a, Option<SessionKey>> {
        let account = account.clone();
        self.read(move |connection| {
            Ok(connection
                .prepare_cached(
                    "SELECT session.key FROM effect INDEXED BY effect_remote
                     JOIN session ON session.id = effect.session
                     WHERE effect.remote_id = ?2 AND effect.kind = ?3
                       AND effect.account = (SELECT id FROM account WHERE name = ?1)
                     ORDER BY effect.id LIMIT 1",
                )?
                .query_row((&account, order.to_string(), ENSURE_ORDER), |row| row.get(0))
                .optional()?)
        })
    }
}

fn number(order: OrderId) -> i64 {
    i64::try_from(order).unwrap_or(i64::MAX)
}

fn order(row: &Row<'_>, at: usize) -> rusqlite::Result<OrderId> {
    Ok(u64::try_from(row.get::<_, i64>(at)?).unwrap_or_default())
}

fn note(tx: &mut Tx<'_>, noted: &Noted, now: At) -> Result<(), StoreError> {
    let account = accounts::number(tx, &noted.account)?;
    for mark in &noted.marks {
        put_mark(tx, account, mark, now)?;
    }
    if let Some((name, value)) = &noted.cursor {
        accounts::put_cursor(tx, &noted.account, name, value)?;
    }
    Ok(())
}

fn put_mark(tx: &mut Tx<'_>, account: i64, mark: &Mark, now: At) -> Result<(), StoreError> {
    tx.run(
        "INSERT INTO deal (account, order_id, wanted, state, due_at, is_gone, updated_at)
         VALUES (?1, ?2, 1, 0, ?3, coalesce(?4, 0), ?5)
         ON CONFLICT (account, order_id) DO UPDATE SET
           wanted = wanted + 1, state = 0, tries = 0, is_gone = coalesce(?4, is_gone),
           due_at = min(coalesce(due_at, ?3), ?3), updated_at = ?5",
        (account, number(mark.order), At::from(mark.due_at), mark.gone, now),
    )?;
    for step in &mark.steps {
        tx.run(
            "INSERT INTO deal_step (account, order_id, row_id, status, at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (account, order_id, row_id) DO NOTHING",
            (account, number(mark.order), number(step.row), &step.status, At::from(step.at)),
        )?;
    }
    Ok(())
}

fn due(connection: &Connection, wanted: &Wanted) -> Result<Vec<Due>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT deal.order_id, deal.wanted, deal.tries, deal.is_gone, deal.sent_at, deal.memory, deal.account
         FROM account CROSS JOIN deal INDEXED BY deal_due ON deal.account = account.id
         WHERE account.name = ?1 AND deal.due_at IS NOT NULL AND deal.due_at <= ?2
         ORDER BY deal.due_at LIMIT ?3",
    )?;
    let limit = Limit(wanted.limit.min(MAX_DUE));
    let rows = statement.query_map((&wanted.account, At::from(wanted.now), limit), |row| {
        let due = Due {
            order: order(row, 0)?,
            wanted: order(row, 1)?,
            tries: row.get(2)?,
            is_gone: row.get(3)?,
            sent_at: row.get::<_, Option<Moment>>(4)?.map(|at| at.0),
            memory: row.get(5)?,
            steps: Vec::new(),
        };
        Ok((row.get::<_, i64>(6)?, due))
    })?;
    let mut found = rows.collect::<Result<Vec<_>, _>>()?;
    let mut statement = connection.prepare_cached(
        "SELECT row_id, status, at FROM deal_step WHERE account = ?1 AND order_id = ?2 ORDER BY row_id",
    )?;
    for (account, due) in &mut found {
        let steps = statement.query_map((*account, number(due.order)), |row| {
            Ok(Step { row: order(row, 0)?, status: row.get(1)?, at: row.get::<_, Moment>(2)?.0 })
        })?;
        due.steps = steps.collect::<Result<_, _>>()?;
    }
    Ok(found.into_iter().map(|(_, due)| due).collect())
}

fn settle(tx: &mut Tx<'_>, account: i64, one: &Settled, now: At) -> Result<(), StoreError> {
    let due = one.due_at.filter(|_| one.state == DealState::Waiting).map(At::from);
    let params: [&dyn ToSql; 10] = [
        &account,
        &number(one.order),
        &number(one.wanted),
        &one.state,
        &due,
        &one.tries,
        &one.memory,
        &one.reason,
        &now,
        &one.unknown,
    ];
    tx.run(
        "UPDATE deal SET done = ?3, state = iif(wanted > ?3, 0, ?4),
           due_at = iif(wanted > ?3, min(coalesce(due_at, ?9), ?9), ?5),
           tries = ?6, memory = coalesce(?7, memory), reason = ?8, updated_at = ?9,
           sent_at = iif(?10, sent_at, NULL)
         WHERE account = ?1 AND order_id = ?2",
        params.as_slice(),
    )?;
    if let Some(told) = one.told {
        tx.run(
            "DELETE FROM deal_step WHERE account = ?1 AND order_id = ?2 AND row_id <= ?3",
            (account, number(one.order), number(told)),
        )?;
    }
    Ok(())
}

/// `last` and `is_end` are what the desk calls the last row that UIS accepted and whether it closed the deal.
fn prune(tx: &mut Tx<'_>, account: &AccountId, before: At, limit: usize) -> Result<Vec<OrderId>, StoreError> {
    let account = accounts::number(tx, account)?;
    let found = {
        let mut statement = tx.connection().prepare_cached(
            "SELECT order_id FROM deal INDEXED BY deal_account
             WHERE account = ?1 AND updated_at < ?2 AND due_at IS NULL AND sent_at IS NULL
               AND (state = 4 OR (state IN (1, 2) AND
                 iif(json_extract(memory, '$.last') IS NULL, 1, json_extract(memory, '$.last.is_end'))))
             ORDER BY updated_at LIMIT ?3",
        )?;
        let rows = statement.query_map((account, before, Limit(limit)), |row| order(row, 0))?;
        rows.collect::<Result<Vec<_>, _>>()?
    };
    for order in &found {
        for sql in [
            "DELETE FROM deal_step WHERE account = ?1 AND order_id = ?2",
            "DELETE FROM deal WHERE account = ?1 AND order_id = ?2",
        ] {
            tx.run(sql, (account, number(*order)))?;
        }
    }
    Ok(found)
}

fn retry(tx: &mut Tx<'_>, account: &AccountId, order: Option<OrderId>, now: At) -> Result<u64, StoreError> {
    let account = accounts::number(tx, account)?;
    let changed = tx.run(
        "UPDATE deal SET state = 0, tries = 0, due_at = ?3, wanted = wanted + 1, updated_at = ?3
         WHERE account = ?1 AND state = 3 AND (?2 IS NULL OR order_id = ?2)",
        (account, order.map(number), now),
    )?;
    Ok(u64::try_from(changed).unwrap_or(u64::MAX))
}

fn list(connection: &Connection, page: &Page, parked: bool) -> Result<Listed<Deal>, StoreError> {
    let Some(window) = Window::of(connection, page)? else { return Ok(Listed::nothing()) };
    let mut statement = connection.prepare_cached(
        "SELECT account.name, deal.order_id, deal.state, deal.due_at, deal.tries, deal.memory, deal.reason,
           deal.updated_at
         FROM deal JOIN account ON account.id = deal.account
         WHERE (?4 IS NULL OR deal.account = ?4) AND (deal.updated_at, deal.order_id) < (?1, ?2)
           AND (NOT ?5 OR deal.state = 3)
         ORDER BY deal.updated_at DESC, deal.order_id DESC LIMIT ?3",
    )?;
    let (at, id, limit, account) = window.params();
    let rows = statement.query_map((at, id, limit, account, parked), |row| {
        Ok(Deal {
            account: row.get(0)?,
            order: order(row, 1)?,
            state: row.get(2)?,
            due_at: row.get::<_, Option<Moment>>(3)?.map(|at| at.0),
            tries: row.get(4)?,
            memory: row.get(5)?,
            reason: row.get(6)?,
            updated_at: row.get::<_, Moment>(7)?.0,
        })
    })?;
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    Ok(Listed::of(rows, window.limit, |row| Cursor { at: At::from(row.updated_at).0, id: number(row.order) }))
}

fn count(connection: &Connection, account: &AccountId) -> Result<DealCounts, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT deal.state, count(*) FROM account CROSS JOIN deal INDEXED BY deal_state ON deal.account = account.id
         WHERE account.name = ?1 GROUP BY deal.state",
    )?;
    let mut counts = DealCounts::default();
    let rows = statement.query_map([account], |row| Ok((row.get(0)?, order(row, 1)?)))?;
    for row in rows {
        let (state, count): (DealState, u64) = row?;
        *(match state {
            DealState::Waiting => &mut counts.waiting,
            DealState::Done => &mut counts.done,
            DealState::NotPassed => &mut counts.not_passed,
            DealState::Parked => &mut counts.parked,
            DealState::Gone => &mut counts.gone,
        }) = count;
    }
    Ok(counts)
}
