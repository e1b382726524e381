//! Taking away what is finished and old.
//!
//! A call takes a bounded number of records, so that it never holds up the acknowledgement of events for long; the
//! kinds go in an order in which nothing is left pointing at something that is gone, except an effect at its decision
//! (a decision may be kept for less long). Links stay: they are what keeps a repeated event from doing things twice.
//! Space is used again, not given back to the disk.

use super::codec::{At, Limit};
use super::writer::Tx;
use crate::store::StoreError;
use crate::store::record::{Pruned, Retention};

/// How much longer a lane is kept than what was in it, in microseconds.
///
/// The moment of its last claim stands for the last write in it; a write under that claim may be later by the length of
/// a lease, and this is far more.
const LANE_GRACE: i64 = 24 * 60 * 60 * 1_000_000;

/// What is left of the number of records to take.
struct Budget(usize);

/// Takes away what is old enough.
pub(super) fn prune(tx: &mut Tx<'_>, retention: &Retention) -> Result<Pruned, StoreError> {
    let [events, dead, decisions, settled] =
        [retention.events, retention.dead, retention.decisions, retention.settled].map(At::from);
    let mut budget = Budget(retention.limit);
    let mut pruned = Pruned::default();

    let done = "SELECT seq, scope FROM inbox INDEXED BY inbox_done
                WHERE state = 1 AND received_at < ?1 ORDER BY received_at LIMIT ?2";
    let unparsed = "SELECT seq, scope FROM inbox INDEXED BY inbox_kept
                    WHERE state = 2 AND state IN (2, 3) AND received_at < ?1 ORDER BY received_at LIMIT ?2";
    let parked = "SELECT seq, scope FROM inbox INDEXED BY inbox_kept
                  WHERE state = 3 AND state IN (2, 3) AND received_at < ?1 ORDER BY received_at LIMIT ?2";
    for (find, before) in [(done, events), (unparsed, dead), (parked, dead)] {
        pruned.events += take(
            tx,
            find,
            before,
            &mut budget,
            &["DELETE FROM inbox WHERE seq = ?1", "DELETE FROM body WHERE seq = ?1"],
        )?;
    }
    pruned.decisions += take(
        tx,
        "SELECT id, session FROM decision INDEXED BY decision_created
         WHERE created_at < ?1 ORDER BY created_at LIMIT ?2",
        decisions,
        &mut budget,
        &["DELETE FROM decision WHERE id = ?1"],
    )?;
    let done = "SELECT id, session FROM effect INDEXED BY effect_done
                WHERE state = 3 AND updated_at < ?1 ORDER BY updated_at LIMIT ?2";
    let given_up = "SELECT id, session FROM effect INDEXED BY effect_dead
                    WHERE state = 5 AND updated_at < ?1 ORDER BY updated_at LIMIT ?2";
    for (find, before) in [(done, settled), (given_up, dead)] {
        pruned.effects += take(tx, find, before, &mut budget, &["DELETE FROM effect WHERE id = ?1"])?;
    }
    pruned.communications += take(
        tx,
        "SELECT id, session FROM communication INDEXED BY communication_closed
         WHERE phase = 3 AND updated_at < ?1 ORDER BY updated_at LIMIT ?2",
        settled,
        &mut budget,
        &["DELETE FROM communication WHERE id = ?1"],
    )?;
    pruned.popups += prune_popups(tx, settled, &mut budget)?;
    // A number that somebody dialled is personal data, so clicks go with the bodies of events.
    pruned.events += take(
        tx,
        "SELECT id, NULL FROM click INDEXED BY click_recent
         WHERE received_at < ?1 AND state NOT IN (0, 1) AND notice <> 1 ORDER BY received_at LIMIT ?2",
        events,
        &mut budget,
        &["DELETE FROM click WHERE id = ?1"],
    )?;
    // A lane that was last claimed before all of these moments holds nothing that is younger than they are.
    let oldest = At(events.min(dead).min(decisions).min(settled).0.saturating_sub(LANE_GRACE));
    pruned.lanes += take(
        tx,
        "SELECT id, NULL FROM lane INDEXED BY lane_idle
         WHERE ready_at IS NULL AND touched_at < ?1 AND owner IS NULL
           AND NOT EXISTS (SELECT 1 FROM communication WHERE communication.lane = lane.id)
           AND NOT EXISTS (SELECT 1 FROM effect INDEXED BY effect_held WHERE effect.lane = lane.id AND state = 4)
           AND NOT EXISTS (SELECT 1 FROM session INDEXED BY session_lane
                           WHERE session.lane = lane.id AND session.lane IS NOT NULL)
         ORDER BY touched_at LIMIT ?2",
        oldest,
        &mut budget,
        &["DELETE FROM lane WHERE id = ?1"],
    )?;
    Ok(pruned)
}

/// Deletes pop-ups that nobody has on the screen any more, within the budget.
fn prune_popups(tx: &mut Tx<'_>, before: At, budget: &mut Budget) -> Result<u64, StoreError> {
    let taken = tx.run(
        "DELETE FROM popup WHERE (account, session) IN
           (SELECT account, session FROM popup INDEXED BY popup_closed
            WHERE is_open = 0 AND updated_at < ?1 ORDER BY updated_at LIMIT ?2)",
        (before, Limit(budget.0)),
    )?;
    budget.0 = budget.0.saturating_sub(taken);
    Ok(u64::try_from(taken).unwrap_or(u64::MAX))
}

/// Deletes what a query finds, within the budget, and sessions of which nothing is left.
fn take(
    tx: &mut Tx<'_>,
    find: &str,
    before: At,
    budget: &mut Budget,
    delete: &[&str],
) -> Result<u64, StoreError> {
    let found = {
        let mut statement = tx.connection().prepare_cached(find)?;
        let rows = statement.query_map((before, Limit(budget.0)), |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<Result<Vec<(i64, Option<i64>)>, _>>()?
    };
    let taken = found.len();
    for (id, session) in found {
        for sql in delete {
            tx.run(sql, [id])?;
        }
        if let Some(session) = session {
            tx.run(
                "DELETE FROM session WHERE id = ?1
                   AND NOT EXISTS (SELECT 1 FROM inbox INDEXED BY inbox_identity WHERE inbox.scope = ?1)
                   AND NOT EXISTS (SELECT 1 FROM communication WHERE communication.session = ?1)
                   AND NOT EXISTS (SELECT 1 FROM decision WHERE decision.session = ?1)
                   AND NOT EXISTS (SELECT 1 FROM effect INDEXED BY effect_session
                                   WHERE effect.session = ?1 AND effect.session IS NOT NULL)",
                [session],
            )?;
        }
    }
    budget.0 = budget.0.saturating_sub(taken);
    Ok(u64::try_from(taken).unwrap_or(u64::MAX))
}
