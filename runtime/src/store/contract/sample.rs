//! Events, claims and plans to try a store with. Nothing here is personal; the phones are of a range for examples.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::store::record::{
    AccountId, Change, Claim, EffectClass, EffectKey, EffectState, EventSeq, Json, LaneKey, LaneWork, Lease,
    NewDecision, NewEffect, NewEvent, Origin, Parse, Phase, PutCommunication, SessionKey,
};
use crate::store::{Store, StoreError};

/// How long leases last here.
pub(super) const LEASE: Duration = Duration::from_secs(30);

/// Returns the moment so many seconds after the beginning.
pub(super) fn at(seconds: i64) -> Timestamp {
    let step = SignedDuration::from_secs(1_700_000_000_i64.saturating_add(seconds));
    Timestamp::UNIX_EPOCH.saturating_add(step).unwrap_or(Timestamp::MAX)
}

/// Returns the usual account.
pub(super) fn romashka() -> AccountId {
    AccountId::from("romashka")
}

/// Returns the lane of one of a thousand contacts.
pub(super) fn contact(number: u32) -> LaneKey {
    LaneKey::phone(&format!("+7900555{:04}", number % 10_000))
}

/// Returns a session.
pub(super) fn call(number: u32) -> SessionKey {
    SessionKey::new(format!("call:{number}"))
}

/// Returns an event that arrived `seconds` after the beginning, in the lane of a contact, of no session.
pub(super) fn event(dedup: &str, lane: LaneKey, seconds: i64) -> NewEvent {
    NewEvent {
        account: romashka(),
        source: "uis".into(),
        event: "call_end".into(),
        dedup: dedup.to_owned(),
        lane,
        session: None,
        received_at: at(seconds),
        origin: Origin::Webhook,
        content_type: "application/json".into(),
        body: format!("{{\"n\":\"{dedup}\"}}").into_bytes().into(),
        parse: Parse::Parsed,
    }
}

/// Returns an event of a session that does not name the contact.
pub(super) fn event_of(dedup: &str, session: &SessionKey, seconds: i64) -> NewEvent {
    NewEvent { session: Some(session.clone()), ..event(dedup, LaneKey::session(session), seconds) }
}

/// Returns an event that was not understood.
pub(super) fn unparsed(dedup: &str, seconds: i64) -> NewEvent {
    let parse = Parse::Unparsed { reason: "no such event".to_owned() };
    NewEvent { parse, ..event(dedup, contact(0), seconds) }
}

/// Returns a claim of at most so many lanes.
pub(super) fn claim(owner: &str, seconds: i64, limit: usize) -> Claim {
    Claim { owner: owner.into(), now: at(seconds), lease: LEASE, limit }
}

/// Claims one lane, if one is ready.
pub(super) async fn take(store: &dyn Store, seconds: i64) -> Result<Option<Lease>, StoreError> {
    Ok(store.claim_lanes(claim("worker", seconds, 1)).await?.leases.pop())
}

/// Claims one lane that must be ready.
pub(super) async fn must_take(
    store: &dyn Store,
    seconds: i64,
) -> Result<Lease, Box<dyn std::error::Error + Send + Sync>> {
    take(store, seconds)
        .await?
        .ok_or_else(|| format!("no lane is ready {seconds} s after the beginning").into())
}

/// Returns the changes that finish all events of some work.
pub(super) fn all_done(work: &LaneWork) -> Vec<Change> {
    work.events.iter().map(|event| Change::EventDone { seq: event.seq }).collect()
}

/// Claims a lane, finishes its events and gives it back; returns the lane and what the events were.
pub(super) async fn work_off(
    store: &dyn Store,
    seconds: i64,
) -> Result<Option<(Lease, Vec<EventSeq>)>, StoreError> {
    let Some(lease) = take(store, seconds).await? else { return Ok(None) };
    let work = store.lane_work(&lease, at(seconds)).await?;
    store.commit(&lease, at(seconds), all_done(&work)).await?;
    store.release(lease.clone(), None).await?;
    Ok(Some((lease, work.events.iter().map(|event| event.seq).collect())))
}

/// Returns a communication to write.
pub(super) fn put(session: &SessionKey, phase: Phase, due_at: Option<Timestamp>) -> PutCommunication {
    PutCommunication {
        key: session.clone(),
        kind: "call".into(),
        data: Json::from_text("{\"v\":1}".to_owned()),
        phase,
        due_at,
    }
}

/// Returns a decision to store.
pub(super) fn decision(session: &SessionKey) -> NewDecision {
    NewDecision {
        communication: session.clone(),
        stage: "end".into(),
        bundle_digest: "b3".into(),
        now: at(1),
        event: Json::from_text("{\"kind\":\"call\"}".to_owned()),
        facts: Json::from_text("{}".to_owned()),
        decision: Json::from_text("{\"accepted\":true}".to_owned()),
    }
}

/// Returns an effect to plan.
pub(super) fn effect(key: &str, state: EffectState, seconds: i64) -> NewEffect {
    NewEffect {
        key: EffectKey::from(key),
        kind: "ensure_order".into(),
        class: EffectClass::Probe,
        request: Json::from_text("{\"create\":true}".to_owned()),
        needs: Json::from_text("[]".to_owned()),
        state,
        next_at: at(seconds),
    }
}

/// Returns the change that plans some effects.
pub(super) fn plan(session: &SessionKey, effects: Vec<NewEffect>) -> Change {
    Change::PutDecision { decision: decision(session), effects }
}
