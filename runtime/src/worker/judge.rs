//! Communications into decisions and planned effects.
//!
//! When a call is over, what the CRM knows of the contact is asked, the rules decide, and the decision is committed
//! together with the effects it asks for, before the first of them is sent. When its recording is there, or is not waited
//! for any longer, the rules decide once more with the recording; of that decision only the fields count, and the call
//! is uploaded.

use std::time::Duration;

use jiff::Timestamp;
use smol_str::SmolStr;
use switchboard_engine::bundle::Slot;
use switchboard_engine::decide::{Decision, Form};
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use switchboard_engine::moment::Moment;
use tokio::time::Instant;

use super::asked::{self, Subject};
use super::facts::gather;
use super::keeper::whole;
use super::late::{self, Told};
use super::marketing::{self, Lacking, Marketing};
use super::measure;
use super::reach::{Contacted, reach};
use super::turn::{Halt, Turn};
use super::waiting::{cannot_ask, close, postpone, put, read, wait_for_directory};
use super::written;
use crate::communication::{Call, Contact, KIND, Merged, RecordWait, Stage, event};
use crate::directory::Snapshot;
use crate::effect::KnownClient;
use crate::effect::plan::{self, Before, Context};
use crate::effect::plan_later;
use crate::replay::Circumstances;
use crate::shadow;
use crate::store::record::{
    Change, Communication, Decision as Decided, Json, LaneWork, NaturalKey, NewDecision, NewEffect, Phase,
    PutCommunication, SessionKey,
};

/// Names of the decisions.
pub(crate) const AFTER_END: &str = "end";
pub(crate) const AFTER_RECORD: &str = "record";

/// How long a call waits when there are no rules that can be loaded.
pub(super) const RULES_WAIT: Duration = Duration::from_secs(10);
/// The longest wait of a call for the account's people and fields.
pub(super) const DIRECTORY_WAIT: Duration = Duration::from_secs(60);
/// The shortest and the longest wait of a call that cannot be decided, because the CRM does not say what it knows.
pub(super) const FACTS_WAIT: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30 * 60));

/// What came of a look at a communication.
pub(super) enum Judged {
    /// It was decided, or moved on; there may be more to do.
    Changed,
    /// It cannot be decided before then.
    Waits(Timestamp),
    /// There is nothing to do about it now.
    Nothing,
}

/// Decides what can be decided, one communication at most; says whether something changed.
///
/// Calls of one contact are decided in the order in which they were first heard of: what the CRM knows at the second
/// depends on what became of the first. So one that is over and has to wait, for rules or for an answer of the CRM, holds
/// those behind it; one that still goes on holds nobody.
pub(super) async fn judge(turn: &Turn<'_>, work: &LaneWork, now: Timestamp) -> Result<bool, Halt> {
    let mut ahead: Option<Timestamp> = None;
    let mut behind = Vec::new();
    for communication in &work.communications {
        let is_due = communication.due_at.is_none_or(|due| due <= now);
        let judged = match (communication.phase, ahead) {
            (phase, _) if communication.kind != KIND => match is_due && phase != Phase::Closed {
                true => written::judge(turn, communication, now).await?,
                false => Judged::Nothing,
            },
            (Phase::Open | Phase::Ending, Some(until)) if is_due => {
                behind.push(put_off(communication, communication.phase, until));
                Judged::Nothing
            }
            (Phase::Open | Phase::Ending, None) if is_due => first(turn, communication, now).await?,
            (Phase::Open | Phase::Ending, None) => waits(turn, communication, now)?,
            (Phase::Decided, _) => second(turn, communication, now).await?,
            (Phase::Open | Phase::Ending | Phase::Closed, _) => Judged::Nothing,
        };
        match judged {
            Judged::Changed => return Ok(true),
            Judged::Waits(until) if communication.phase != Phase::Decided => ahead = Some(until),
            Judged::Waits(_) | Judged::Nothing => {}
        }
    }
    if !behind.is_empty() {
        turn.commit(now, behind).await?;
    }
    Ok(false)
}

/// Whether a call that is not due is over and waits, or still goes on.
fn waits(turn: &Turn<'_>, communication: &Communication, now: Timestamp) -> Result<Judged, Halt> {
    let call = read(&communication.data)?;
    Ok(match (call.stage(now, &turn.account.timing), communication.due_at) {
        (Stage::Over { .. }, Some(until)) => Judged::Waits(until),
        _ => Judged::Nothing,
    })
}

/// Puts off what is due until the entities before it may be settled, so that the lane is not ready all the while.
pub(super) async fn hold(
    turn: &Turn<'_>,
    work: &LaneWork,
    until: Timestamp,
    now: Timestamp,
) -> Result<(), Halt> {
    let due = work.communications.iter().filter(|communication| {
        communication.phase != Phase::Closed && communication.due_at.is_none_or(|due| due <= now)
    });
    let changes: Vec<Change> = due.map(|one| put_off(one, one.phase, until)).collect();
    if !changes.is_empty() {
        turn.commit(now, changes).await?;
    }
    Ok(())
}

/// Has a communication decided again, for somebody who has looked at the rules.
pub(super) async fn again(
    turn: &Turn<'_>,
    session: &SessionKey,
    now: Timestamp,
) -> Result<Vec<Change>, Halt> {
    let communication = turn.core.store.communication(&turn.account.id, session).await?;
    let reopened = |communication: Communication| match communication.kind == KIND {
        true => Ok(put_off(&communication, Phase::Ending, now)),
        false => written::again(&communication, now),
    };
    communication.into_iter().map(reopened).collect()
}

fn put_off(communication: &Communication, phase: Phase, until: Timestamp) -> Change {
    Change::PutCommunication(PutCommunication {
        key: communication.key.clone(),
        kind: communication.kind.clone(),
        data: communication.data.clone(),
        phase,
        due_at: Some(whole(until)),
    })
}

/// What a communication looks like to the rules, as far as it does not depend on the CRM.
struct Case<'a> {
    communication: &'a Communication,
    call: Call,
    merged: Merged,
    /// What the rules had to do without.
    lacking: Option<Lacking>,
}

/// The decision after the end of a call.
async fn first(turn: &Turn<'_>, communication: &Communication, now: Timestamp) -> Result<Judged, Halt> {
    let call: Call = read(&communication.data)?;
    let (phase, until) = match call.stage(now, &turn.account.timing) {
        Stage::Open { until } => (Phase::Open, until),
        Stage::Settling { until } => (Phase::Ending, until),
        Stage::Over { .. } => return decide_end(turn, communication, call, now).await,
    };
    // Looked at too early: the settings changed, or the clock went back.
    let put = put(communication, &call, phase, Some(until))?;
    turn.commit(now, vec![Change::PutCommunication(put)]).await?;
    Ok(Judged::Changed)
}

async fn decide_end(
    turn: &Turn<'_>,
    communication: &Communication,
    call: Call,
    now: Timestamp,
) -> Result<Judged, Halt> {
    let account = turn.account;
    let directory = match account.directory.current() {
        Ok(directory) => directory,
        Err(not_ready) => {
            return wait_for_directory(turn, communication, &call, &not_ready, now).await;
        }
    };
    let Some(bundle) = account.rules.in_force() else {
        tracing::debug!(account = %account.id, "call waits for rules");
        return postpone(turn, communication, &call, RULES_WAIT, now).await;
    };
    let Some(merged) = Merged::of(&call, &directory.zones().uis) else {
        return close(turn, communication, &call, now).await;
    };
    if merged.internal {
        // Employees called each other: no client, nothing to do.
        return close(turn, communication, &call, now).await;
    }
    let lacking = match marketing::look(turn, &bundle, &call, &merged, now) {
        Marketing::Enough => None,
        Marketing::Without(lacking) => Some(lacking),
        Marketing::Wait(until) => {
            let put = put(communication, &call, communication.phase, Some(until))?;
            turn.commit(now, vec![Change::PutCommunication(put)]).await?;
            return Ok(Judged::Waits(until));
        }
    };
    let known = match gather(turn, merged.phone(), &directory, now).await? {
        Ok(known) => known,
        Err(error) => return cannot_ask(turn, communication, &call, &error, now).await,
    };
    let case = Case { communication, call, merged, lacking };
    let event = in_words(&case.merged, known.contact(), &directory)?;
    let needs = bundle.needs(Slot::of(event.kind(), event.direction()));
    let mut facts = known.facts.clone();
    if let Err(error) = asked::add_crm(turn, needs, known.card.as_ref(), &directory, &mut facts).await? {
        return cannot_ask(turn, communication, &case.call, &error, now).await;
    }
    asked::add_uis(needs, Subject::Call(&case.merged), &directory, &mut facts)?;
    let Made { decision, circumstances, kept: made } =
        decided(turn, &case.told(turn, None), &bundle, AFTER_END, &event, &facts, &directory, now)?;
    let context = Context {
        account: &account.id,
        session: &communication.key,
        site: &account.site,
        event: &event,
        client: known.client.as_ref(),
        asked_at: now,
        directory: &directory,
        now,
    };
    let (mut effects, remembered) = match decision.park {
        true => (planned(plan::for_a_person(&context))?, None),
        false => {
            let mut effects = planned(plan::after_end(&decision, &context))?;
            let (reached, remembered) = reach(turn, &decision, Contacted::by(&case.merged), &context).await?;
            effects.extend(reached);
            if account.book.is_some() {
                let manager =
                    plan_later::personal_manager(&decision, known.manager, known.name.clone(), &context);
                effects.extend(manager.map_err(|error| Halt::Bug(error.to_string()))?);
            }
            (effects, remembered)
        }
    };
    let (phase, due_at) = match case.call.record_wait(&case.merged, now, &account.timing) {
        _ if decision.park || !decision.accepted => (Phase::Closed, None),
        RecordWait::Until(until) => (Phase::Decided, Some(until)),
        RecordWait::NoTalk | RecordWait::There | RecordWait::GivenUp => {
            let before = Before::of(&made.decision);
            effects.extend(recorded(&before, &decision, &case.merged, &context)?);
            (Phase::Closed, None)
        }
    };
    let mut changes = vec![Change::PutCommunication(put(communication, &case.call, phase, due_at)?)];
    changes.extend(known.changes);
    changes.extend(remembered);
    changes.push(Change::PutDecision { decision: made, effects });
    turn.commit(now, changes).await?;
    let session = communication.key.clone();
    turn.shade(&bundle, shadow::Decided { session, event, facts, decision, circumstances });
    Ok(Judged::Changed)
}

/// The decision with the recording, or without one when it did not come.
async fn second(turn: &Turn<'_>, communication: &Communication, now: Timestamp) -> Result<Judged, Halt> {
    let account = turn.account;
    let call: Call = read(&communication.data)?;
    let directory = match account.directory.current() {
        Ok(directory) => directory,
        Err(not_ready) => return wait_for_directory(turn, communication, &call, &not_ready, now).await,
    };
    let Some(merged) = Merged::of(&call, &directory.zones().uis) else {
        return close(turn, communication, &call, now).await;
    };
    if let RecordWait::Until(until) = call.record_wait(&merged, now, &account.timing) {
        if communication.due_at.is_none_or(|due| due <= now) {
            let put = put(communication, &call, Phase::Decided, Some(until))?;
            turn.commit(now, vec![Change::PutCommunication(put)]).await?;
        }
        return Ok(Judged::Nothing);
    }
    let Some(bundle) = account.rules.in_force() else {
        return postpone(turn, communication, &call, RULES_WAIT, now).await;
    };
    let timeline = turn.core.store.timeline(&account.id, &communication.key).await?;
    let (decisions, known) = timeline.map(|all| (all.decisions, all.effects)).unwrap_or_default();
    let told = Told::of(&known);
    let Some(earlier) = earlier(decisions) else {
        // Nothing was decided about it, or so long ago that it is forgotten: a late recording changes nothing.
        if merged.internal || told.is_some() {
            return close(turn, communication, &call, now).await;
        }
        return Err(Halt::Bug(format!("`{}` counts as decided and has no decision", communication.key)));
    };
    if told.is_none() && late::awaits_person(&known) {
        return close(turn, communication, &call, now).await;
    }
    let client = linked_client(turn, merged.phone()).await?;
    let case = Case { communication, call, merged, lacking: None };
    // What was known then is what counts now: the call did not become a repeated one by being handled.
    let mut facts =
        earlier.facts.read().ok().and_then(|facts| Facts::from_json(&facts).ok()).unwrap_or_default();
    let event = in_words(&case.merged, contact_of(&earlier), &directory)?;
    let needs = bundle.needs(Slot::of(event.kind(), event.direction()));
    asked::add_uis(needs, Subject::Call(&case.merged), &directory, &mut facts)?;
    let Made { decision, kept: made, .. } = decided(
        turn,
        &case.told(turn, Some(&earlier)),
        &bundle,
        AFTER_RECORD,
        &event,
        &facts,
        &directory,
        now,
    )?;
    let context = Context {
        account: &account.id,
        session: &communication.key,
        site: &account.site,
        event: &event,
        client: client.as_ref(),
        asked_at: now,
        directory: &directory,
        now,
    };
    let before = Before::of(&earlier.decision);
    let effects = match told {
        Some(told) => late::effects(&told, account.late_records, &before, &decision, &case.merged, &context)?,
        None => recorded(&before, &decision, &case.merged, &context)?,
    };
    let changes = vec![
        Change::PutCommunication(put(communication, &case.call, Phase::Closed, None)?),
        Change::PutDecision { decision: made, effects },
    ];
    turn.commit(now, changes).await?;
    Ok(Judged::Changed)
}

/// What follows when the recordings are there or given up on: fields, the upload, and a note of what finds no place in it.
fn recorded(
    before: &Before,
    decision: &Decision,
    merged: &Merged,
    context: &Context<'_>,
) -> Result<Vec<NewEffect>, Halt> {
    let mut effects = planned(plan::after_record(before, decision, context))?;
    let (links, started) = (merged.other_recordings(), merged.started.instant());
    let noted = plan_later::other_records(links, before, decision.store.as_ref(), started, context);
    effects.extend(noted.map_err(|error| Halt::Bug(error.to_string()))?);
    Ok(effects)
}

/// What a decision is about, and what the rules had to do without.
pub(super) struct About<'a> {
    pub(super) session: &'a SessionKey,
    pub(super) lacking: Option<&'a Lacking>,
    /// Whether everything that reports of UIS can tell of it was in.
    pub(super) reported: bool,
    /// The decision whose facts are used again.
    pub(super) first: Option<&'a NewDecision>,
}

/// A decision, what it was made under, and both as they are kept.
pub(super) struct Made {
    pub(super) decision: Decision,
    pub(super) circumstances: Circumstances,
    pub(super) kept: NewDecision,
}

impl Case<'_> {
    fn told<'a>(&'a self, turn: &Turn<'_>, first: Option<&'a NewDecision>) -> About<'a> {
        let reported = marketing::is_all_in(turn, &self.call);
        About { session: &self.communication.key, lacking: self.lacking.as_ref(), reported, first }
    }
}

/// The moment of a decision, on the clock of the CRM.
pub(super) fn moment(directory: &Snapshot, now: Timestamp) -> Moment {
    Moment::new(now, directory.zones().crm.to_offset(now))
}

/// Lets the rules decide, and writes down what they were told and what they said.
#[expect(clippy::too_many_arguments, reason = "one call with everything a decision is made from")]
pub(super) fn decided(
    turn: &Turn<'_>,
    about: &About<'_>,
    bundle: &switchboard_engine::bundle::Bundle,
    stage: &'static str,
    event: &Event,
    facts: &Facts,
    directory: &Snapshot,
    now: Timestamp,
) -> Result<Made, Halt> {
    let started = Instant::now();
    let moment = moment(directory, now);
    let decide = || bundle.decide(event, facts, moment);
    let decision = turn.account.deciding.at_length(bundle, decide);
    measure::decided(&turn.account.id, stage, decision.accepted, started.elapsed());
    let json = |value: &serde_json::Value| {
        Json::of(value).map_err(|error| Halt::Bug(format!("a decision has no JSON form: {error}")))
    };
    let mut told = decision.to_json_as(Form::CURRENT);
    if let Some(lacking) = about.lacking {
        lacking.tell(&mut told);
    }
    let needs = bundle.needs(Slot::of(event.kind(), event.direction()));
    let first = about.first.and_then(|first| Circumstances::of(&first.decision.read().ok()?));
    let asked = first.map_or_else(|| needs.to_vec(), |first| first.asked_later(needs));
    let circumstances = Circumstances { now: moment, asked, reported: about.reported };
    circumstances.keep(&mut told);
    let kept = NewDecision {
        communication: about.session.clone(),
        stage: SmolStr::new_static(stage),
        bundle_digest: SmolStr::new(bundle.digest()),
        now,
        event: json(&event.to_json())?,
        facts: json(&facts.to_json())?,
        decision: json(&told)?,
    };
    Ok(Made { decision, circumstances, kept })
}

fn in_words(merged: &Merged, contact: Contact, directory: &Snapshot) -> Result<Event, Halt> {
    let email = |id: u64, _: Option<&crate::communication::Employee>| {
        directory.employee(id).map(|matched| matched.email.clone())
    };
    event(merged, contact, &email).map_err(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        Halt::Bug(format!("a call does not fit the schema: {}", errors.join("; ")))
    })
}

pub(super) fn planned(
    effects: Result<Vec<NewEffect>, crate::effect::StoredError>,
) -> Result<Vec<NewEffect>, Halt> {
    effects.map_err(|error| Halt::Bug(error.to_string()))
}

/// The decision that was made when the call ended; the last one, because somebody may have had it decided again.
fn earlier(decisions: Vec<Decided>) -> Option<NewDecision> {
    decisions.into_iter().rev().map(|decision| decision.made).find(|made| made.stage == AFTER_END)
}

pub(super) fn contact_of(earlier: &NewDecision) -> Contact {
    let event: serde_json::Value = earlier.event.read().unwrap_or_default();
    match event.get("contact").and_then(serde_json::Value::as_str) {
        Some("repeat") => Contact::Repeat,
        _ => Contact::First,
    }
}

/// The client of a phone, as far as we know without asking.
pub(super) async fn linked_client(turn: &Turn<'_>, phone: Option<&str>) -> Result<Option<KnownClient>, Halt> {
    let Some(phone) = phone else { return Ok(None) };
    let link = turn.core.store.link(&turn.account.id, KnownClient::LINK, &NaturalKey::new(phone)).await?;
    Ok(link.and_then(|link| KnownClient::of_link(&link.remote_id)))
}
