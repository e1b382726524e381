//! What a worker changes under its lease.

use super::codec::At;
use super::lanes::{self, Held};
use super::sessions;
use super::writer::Tx;
use crate::store::StoreError;
use crate::store::record::{
    Change, Committed, DecisionId, EffectId, EffectState, EventSeq, EventState, LaneKey, Lease, Link,
    NaturalKey, NewDecision, NewEffect, Planned, Progress, PutCommunication, SessionKey,
};

/// One commit.
struct Commit<'c, 'w> {
    tx: &'c mut Tx<'w>,
    lease: &'c Lease,
    lane: Held,
    now: At,
    committed: Committed,
}

/// Makes all changes in order. On an error the caller takes them all back.
pub(super) fn commit(
    tx: &mut Tx<'_>,
    lease: &Lease,
    now: At,
    changes: &[Change],
) -> Result<Committed, StoreError> {
    let lane = lanes::held(tx.connection(), lease)?;
    let mut commit = Commit { tx, lease, lane, now, committed: Committed::default() };
    let mut moved = false;
    for change in changes {
        if moved {
            return Err(refused("nothing can be changed after the lane was moved"));
        }
        moved = matches!(change, Change::SessionMoved { .. });
        commit.change(change)?;
    }
    Ok(commit.committed)
}

impl Commit<'_, '_> {
    fn change(&mut self, change: &Change) -> Result<(), StoreError> {
        match change {
            Change::EventDone { seq } => self.event(*seq, EventState::Done, None, None),
            Change::EventRetry { seq, error, at } => {
                self.event(*seq, EventState::Available, Some(error), Some((*at).into()))
            }
            Change::EventParked { seq, error } => self.event(*seq, EventState::Parked, Some(error), None),
            Change::SessionMoved { session, to } => self.session_moved(session, to),
            Change::PutCommunication(put) => self.communication(put),
            Change::PutDecision { decision, effects } => self.decision(decision, effects),
            Change::PutEffects { communication, effects } => {
                let session = match communication {
                    Some(key) => Some(sessions::get(self.tx, self.lane.account, key)?.id),
                    None => None,
                };
                self.effects(session, None, effects)
            }
            Change::PutProgress(progress) => self.progress(progress),
            Change::PutLink(link) => self.link(link),
            Change::DropLink { kind, natural_key } => self.drop_link(kind, natural_key),
        }
    }

    fn event(
        &mut self,
        seq: EventSeq,
        state: EventState,
        error: Option<&str>,
        next_at: Option<At>,
    ) -> Result<(), StoreError> {
        let failed = i64::from(state != EventState::Done);
        let changed = self.tx.run(
            "UPDATE inbox SET state = ?3, attempts = attempts + ?4, error = ?5, next_at = coalesce(?6, next_at)
             WHERE seq = ?1 AND lane = ?2 AND state = 0",
            (seq, self.lane.id, state, failed, error, next_at),
        )?;
        if changed == 0 {
            return Err(refused(&format!("event {seq} is not available in lane `{}`", self.lease.lane)));
        }
        Ok(())
    }

    fn session_moved(&mut self, session: &SessionKey, to: &LaneKey) -> Result<(), StoreError> {
        if self.lease.lane != LaneKey::session(session) || to.is_session() {
            return Err(refused("only a session's own lane can be moved, and only to a contact's lane"));
        }
        let account = self.lane.account;
        let known = sessions::get(self.tx, account, session)?;
        let to = lanes::number(self.tx, account, to, self.now, None)?;
        sessions::learn(self.tx, account, known, session, to)
    }

    fn communication(&mut self, put: &PutCommunication) -> Result<(), StoreError> {
        let account = self.lane.account;
        let session = sessions::get(self.tx, account, &put.key)?;
        let lane = sessions::place(self.tx, account, &put.key, session, &self.lease.lane, self.now, None)?;
        if lane != self.lane.id {
            return Err(refused(&format!(
                "communication `{}` is not in lane `{}`",
                put.key, self.lease.lane
            )));
        }
        let due_at = put.due_at.map(At::from);
        self.tx.run(
            "INSERT INTO communication (account, session, lane, kind, data, phase, due_at, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (session) DO UPDATE SET kind = excluded.kind, data = excluded.data,
               phase = excluded.phase, due_at = excluded.due_at, updated_at = excluded.updated_at",
            (account, session.id, lane, put.kind.as_str(), &put.data, put.phase, due_at, self.now),
        )?;
        Ok(())
    }

    fn decision(&mut self, decision: &NewDecision, effects: &[NewEffect]) -> Result<(), StoreError> {
        let account = self.lane.account;
        let session = sessions::get(self.tx, account, &decision.communication)?.id;
        let id = DecisionId(self.tx.insert(
            "INSERT INTO decision
               (account, session, stage, bundle_digest, now, event, facts, decision, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            (
                account,
                session,
                decision.stage.as_str(),
                decision.bundle_digest.as_str(),
                At::from(decision.now),
                &decision.event,
                &decision.facts,
                &decision.decision,
                self.now,
            ),
        )?);
        self.committed.decisions.push(id);
        self.effects(Some(session), Some(id), effects)
    }

    fn effects(
        &mut self,
        session: Option<i64>,
        decision: Option<DecisionId>,
        effects: &[NewEffect],
    ) -> Result<(), StoreError> {
        for (effect, ordinal) in effects.iter().zip(0_i64..) {
            if !matches!(effect.state, EffectState::Ready | EffectState::Held) {
                return Err(refused(&format!(
                    "effect `{}` is planned as neither ready nor held",
                    effect.key
                )));
            }
            let planned = self.effect(session, decision, ordinal, effect)?;
            self.committed.effects.push(planned);
        }
        Ok(())
    }

    fn effect(
        &mut self,
        session: Option<i64>,
        decision: Option<DecisionId>,
        ordinal: i64,
        effect: &NewEffect,
    ) -> Result<Planned, StoreError> {
        let known = self.tx.first(
            "SELECT id, state FROM effect WHERE account = ?1 AND key = ?2",
            (self.lane.account, &effect.key),
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        if let Some((id, state)) = known {
            return Ok(Planned { id, key: effect.key.clone(), state, existed: true });
        }
        let id = self.tx.insert(
            "INSERT INTO effect
               (account, lane, session, decision, ordinal, key, kind, class, request, needs, state, next_at,
                created_at, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?13)",
            (
                self.lane.account,
                self.lane.id,
                session,
                decision,
                ordinal,
                &effect.key,
                effect.kind.as_str(),
                effect.class,
                &effect.request,
                &effect.needs,
                effect.state,
                At::from(effect.next_at),
                self.now,
            ),
        )?;
        Ok(Planned { id: EffectId(id), key: effect.key.clone(), state: effect.state, existed: false })
    }

    fn progress(&mut self, progress: &Progress) -> Result<(), StoreError> {
        let epoch = (progress.state == EffectState::InFlight).then_some(self.lease.epoch);
        let changed = self.tx.run(
            "UPDATE effect SET state = ?3, attempts = ?4, next_at = ?5, epoch = coalesce(?6, epoch), request = ?7,
               remote_id = ?8, error = ?9, response = ?10, updated_at = ?11
             WHERE id = ?1 AND lane = ?2 AND (state <> 3 OR ?3 = 3)",
            (
                progress.id,
                self.lane.id,
                progress.state,
                progress.attempts,
                At::from(progress.next_at),
                epoch,
                &progress.request,
                progress.remote_id.as_deref(),
                progress.error.as_deref(),
                &progress.response,
                self.now,
            ),
        )?;
        if changed == 0 {
            let id = progress.id;
            return Err(refused(&format!("effect {id} is not in lane `{}`, or it is done", self.lease.lane)));
        }
        Ok(())
    }

    fn link(&mut self, link: &Link) -> Result<(), StoreError> {
        self.tx.run(
            "INSERT INTO link (account, kind, natural_key, remote_id, checked_at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (account, kind, natural_key)
             DO UPDATE SET remote_id = excluded.remote_id, checked_at = excluded.checked_at",
            (
                self.lane.account,
                link.kind.as_str(),
                &link.natural_key,
                link.remote_id.as_str(),
                At::from(link.checked_at),
            ),
        )?;
        Ok(())
    }

    fn drop_link(&mut self, kind: &str, natural_key: &NaturalKey) -> Result<(), StoreError> {
        self.tx.run(
            "DELETE FROM link WHERE account = ?1 AND kind = ?2 AND natural_key = ?3",
            (self.lane.account, kind, natural_key),
        )?;
        Ok(())
    }
}

fn refused(reason: &str) -> StoreError {
    StoreError::Refused { reason: reason.to_owned() }
}
