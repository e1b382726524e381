//! Chats and requests into decisions and planned effects.
//!
//! A chat is looked at whenever something new was heard of it. While it goes on, the rules are asked as soon as it has come
//! to the stage at which things are created; what they create then is created once, whatever comes later. When it is over
//! they are asked again: tasks, fields that are always written, what had to wait for the end. Contacts that are left
//! after something was created are written into it. A request is over when it is there.
//!
//! The CRM is asked once for each state of a chat that could lead to something, and not for every message.

use std::sync::Arc;

use jiff::Timestamp;
use smol_str::SmolStr;
use switchboard_engine::bundle::{Bundle, Slot};
use switchboard_engine::catalog::Fact;
use switchboard_engine::decide::Decision;
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;

use super::asked::{self, Subject};
use super::facts::{Known, gather_by};
use super::judge::{
    AFTER_END, About, DIRECTORY_WAIT, FACTS_WAIT, Judged, Made, RULES_WAIT, contact_of, decided,
    linked_client, moment, planned,
};
use super::keeper::{later, whole as whole_moment};
use super::reach::{Contacted, reach};
use super::turn::{Halt, Turn};
use crate::communication::{Contact, Whole, Written, written_event, written_values};
use crate::crm::{Class, CrmError};
use crate::directory::Snapshot;
use crate::effect::plan::{self, Before, Context};
use crate::effect::{KnownClient, plan_later, plan_transcript, plan_written};
use crate::observe::mask_text;
use crate::replay::Circumstances;
use crate::scripts::at_length;
use crate::shadow;
use crate::source::uis::WrittenKind;
use crate::store::record::{
    Change, Communication, Json, NewDecision, NewEffect, Phase, PutCommunication, SessionKey,
};

/// The name of the decision that is made while a chat goes on.
pub(crate) const WHILE_OPEN: &str = "begin";

/// How long a chat that says nothing new is left alone; its news wake it before.
const QUIET: std::time::Duration = std::time::Duration::from_secs(24 * 3600);
/// How often a chat that waits for its row in the report asks for it.
const ASK_AGAIN: std::time::Duration = std::time::Duration::from_secs(5);

/// A chat or a request on its way through the rules.
struct Case<'a, 't> {
    turn: &'a Turn<'t>,
    communication: &'a Communication,
    written: Written,
    whole: Whole,
    directory: Arc<Snapshot>,
    bundle: Arc<Bundle>,
    now: Timestamp,
}

/// Looks at a chat or a request that is due.
pub(super) async fn judge(
    turn: &Turn<'_>,
    communication: &Communication,
    now: Timestamp,
) -> Result<Judged, Halt> {
    let written: Written = communication
        .data
        .read()
        .map_err(|error| Halt::Bug(format!("a chat or request cannot be read: {error}")))?;
    let account = turn.account;
    let rest = Rest { turn, communication, now };
    if is_only_a_hint(turn, &written) {
        return rest.until(&written, Phase::Closed, now, Judged::Changed).await;
    }
    if let Some(until) = settles(turn, &written, now) {
        return rest.until(&written, communication.phase, until, Judged::Nothing).await;
    }
    let directory = match account.directory.current() {
        Ok(directory) => directory,
        Err(not_ready) => {
            let wait = (waited(&written, now) / 4).min(DIRECTORY_WAIT).max(not_ready.wait);
            return rest.wait(&written, wait).await;
        }
    };
    let Some(bundle) = account.rules.in_force() else { return rest.wait(&written, RULES_WAIT).await };
    let Some(whole) = Whole::of(&written, &directory.zones().uis) else {
        return rest.until(&written, Phase::Closed, now, Judged::Changed).await;
    };
    let case = Case { turn, communication, written, whole, directory, bundle, now };
    case.judge().await
}

/// A chat or a request that somebody wants decided by the rules that are in force now.
pub(super) fn again(communication: &Communication, now: Timestamp) -> Result<Change, Halt> {
    let mut written: Written = communication
        .data
        .read()
        .map_err(|error| Halt::Bug(format!("a chat or request cannot be read: {error}")))?;
    written.handled.parked = false;
    written.handled.looked_at = None;
    let data = Json::of(&written).map_err(|error| Halt::Bug(format!("no JSON form: {error}")))?;
    Ok(Change::PutCommunication(PutCommunication {
        key: communication.key.clone(),
        kind: communication.kind.clone(),
        data,
        phase: Phase::Open,
        due_at: Some(whole_moment(now)),
    }))
}

/// Whether all that is known is a notification that names the chat and not the communication. Where reports are read, the
/// row names both, and the chat is handled under the number of its communication.
fn is_only_a_hint(turn: &Turn<'_>, written: &Written) -> bool {
    let Some(reports) = &turn.account.reports else { return false };
    let by_chat = !written.is_read() && written.chat() == Some(written.communication());
    let hint = by_chat && reports.reads(written.kind());
    if hint {
        reports.look_at(written.kind());
    }
    hint
}

/// Until when more is to be expected before anything is decided.
fn settles(turn: &Turn<'_>, written: &Written, now: Timestamp) -> Option<Timestamp> {
    let heard = written.last_heard()?;
    if let Some(reports) = &turn.account.reports
        && !written.is_read()
        && reports.reads(written.kind())
    {
        // A notification is a hint; the row of the report has all of it.
        let until = later(heard, reports.marketing_wait());
        if now < until {
            reports.look_at(written.kind());
            return Some(later(now, ASK_AGAIN).min(until));
        }
    }
    let until = later(heard, turn.account.timing.settle);
    (written.is_over() && !written.handled.ended && now < until).then_some(until)
}

/// How long ago news were heard.
fn waited(written: &Written, now: Timestamp) -> std::time::Duration {
    written.last_heard().map(|at| now.duration_since(at).unsigned_abs()).unwrap_or_default()
}

impl<'a, 't> Case<'a, 't> {
    async fn judge(self) -> Result<Judged, Halt> {
        if self.written.handled.parked {
            return self.leave().await;
        }
        let (begun, ended) = (self.written.handled.begun, self.written.handled.ended);
        match (begun, self.whole.ended) {
            (false, _) => self.first().await,
            (true, true) if !ended => self.end().await,
            (true, _) => self.more().await,
        }
    }

    /// Nothing was decided yet, or nothing came of it.
    async fn first(mut self) -> Result<Judged, Halt> {
        let over = self.whole.ended;
        // Who it is does not matter yet.
        let event = self.event(Contact::First)?;
        let moment = moment(&self.directory, self.now);
        if !over && !at_length(&self.bundle, || self.bundle.reaches_stage(&event, moment)) {
            return self.leave().await;
        }
        let needs = self.bundle.needs(Slot::of(event.kind(), event.direction()));
        let mut state = format!("{}:{}", self.bundle.digest(), written_values(&event));
        if needs.iter().any(|need| need.fact == Fact::ChatMessages) {
            state.push_str(&format!(":{}", self.written.messages().count()));
        }
        if self.written.handled.looked_at.as_ref() == Some(&state) {
            return self.leave().await;
        }
        let Known { mut facts, client, manager, name, card, changes } =
            match gather_by(self.turn, &self.whole.contacts, &self.directory, self.now).await? {
                Ok(known) => known,
                Err(error) => return self.cannot_ask(&error).await,
            };
        let asked = asked::add_crm(self.turn, needs, card.as_ref(), &self.directory, &mut facts).await?;
        if let Err(error) = asked {
            return self.cannot_ask(&error).await;
        }
        asked::add_uis(needs, Subject::Written(&self.written), &self.directory, &mut facts)?;
        let contact = if client.is_some() { Contact::Repeat } else { Contact::First };
        let event = self.event(contact)?;
        let stage = if over { AFTER_END } else { WHILE_OPEN };
        let about = self.about(None);
        let Made { decision, circumstances, kept: made } =
            decided(self.turn, &about, &self.bundle, stage, &event, &facts, &self.directory, self.now)?;
        if !over && !decision.park && (!decision.accepted || !decision.does_something()) {
            self.written.handled.looked_at = Some(state);
            return self.leave().await;
        }
        let context = self.context(&event, client.as_ref());
        let mut more = changes;
        let mut effects = match decision.park {
            true => planned(plan::for_a_person(&context))?,
            false if over => {
                let mut effects = planned(plan_written::ended(None, &decision, &context))?;
                effects.extend(self.transcript(&decision, None, &context)?);
                let (reached, remembered) =
                    reach(self.turn, &decision, Contacted::by_writing(&self.whole), &context).await?;
                effects.extend(reached);
                more.extend(remembered);
                effects
            }
            false => planned(plan_written::begun(&decision, &context))?,
        };
        if self.turn.account.book.is_some() && !decision.park {
            let manager = plan_later::personal_manager(&decision, manager, name, &context);
            effects.extend(manager.map_err(|error| Halt::Bug(error.to_string()))?);
        }
        // Turned away for want of a contact is no last word: one may still be left.
        self.written.handled.parked = decision.park;
        self.written.handled.begun = decision.accepted && !decision.park;
        self.written.handled.ended = over && !decision.park;
        self.written.handled.looked_at = (!decision.park).then_some(state);
        let is_last = over || decision.park;
        let shade = self.shade(event, facts, decision, circumstances);
        let judged = self.commit(made, effects, more).await?;
        if is_last {
            shade();
        }
        Ok(judged)
    }

    /// Something was created while it went on, and now it is over.
    async fn end(mut self) -> Result<Judged, Halt> {
        let Some(before) = earlier(self.turn, &self.communication.key, WHILE_OPEN).await? else {
            return Err(Halt::Bug(format!(
                "`{}` counts as begun and has no decision",
                self.communication.key
            )));
        };
        let (event, mut facts, client) = self.as_then(&before).await?;
        let needs = self.bundle.needs(Slot::of(event.kind(), event.direction()));
        asked::add_uis(needs, Subject::Written(&self.written), &self.directory, &mut facts)?;
        let about = self.about(Some(&before));
        let Made { decision, circumstances, kept: made } =
            decided(self.turn, &about, &self.bundle, AFTER_END, &event, &facts, &self.directory, self.now)?;
        let before = Before::of(&before.decision);
        let context = self.context(&event, client.as_ref());
        let mut effects = planned(plan_written::ended(Some(&before), &decision, &context))?;
        effects.extend(self.late_contacts(&before, &context)?);
        effects.extend(self.transcript(&decision, Some(&before), &context)?);
        let (reached, remembered) =
            reach(self.turn, &decision, Contacted::by_writing(&self.whole), &context).await?;
        effects.extend(reached);
        self.written.handled.ended = true;
        let shade = self.shade(event, facts, decision, circumstances);
        let judged = self.commit(made, effects, remembered.into_iter().collect()).await?;
        shade();
        Ok(judged)
    }

    /// What a decision is about: a request is read whole, of a chat what was written only when somebody wants it.
    fn about<'b>(&'b self, first: Option<&'b NewDecision>) -> About<'b> {
        let account = self.turn.account;
        let is_whole = self.written.kind() != WrittenKind::Chat;
        let reported = is_whole || account.reports.is_none() || account.transcript.is_some();
        About { session: &self.communication.key, lacking: None, reported, first }
    }

    /// What has a decision compared with that of shadow rules, once it is committed.
    fn shade(
        &self,
        event: Event,
        facts: Facts,
        decision: Decision,
        circumstances: Circumstances,
    ) -> impl FnOnce() + use<'a, 't> {
        let session = self.communication.key.clone();
        let decided = shadow::Decided { session, event, facts, decision, circumstances };
        let (turn, bundle) = (self.turn, Arc::clone(&self.bundle));
        move || turn.shade(&bundle, decided)
    }

    /// Everything was decided that there was to decide at this point; contacts may have been left since.
    async fn more(mut self) -> Result<Judged, Halt> {
        let known = &self.written.handled.contacts;
        if self.whole.contacts.all().all(|contact| known.contains(contact)) {
            return self.leave().await;
        }
        let mut before = earlier(self.turn, &self.communication.key, WHILE_OPEN).await?;
        if before.is_none() {
            before = earlier(self.turn, &self.communication.key, AFTER_END).await?;
        }
        let Some(before) = before else { return self.leave().await };
        let (event, _, client) = self.as_then(&before).await?;
        let context = self.context(&event, client.as_ref());
        let effects = self.late_contacts(&Before::of(&before.decision), &context)?;
        self.written.handled.contacts.extend(self.whole.contacts.all().map(str::to_owned));
        let mut changes = vec![self.put(self.phase())?];
        changes.push(Change::PutEffects {
            communication: Some(self.communication.key.clone()),
            effects: effects.into_iter().collect(),
        });
        self.turn.commit(self.now, changes).await?;
        Ok(Judged::Changed)
    }

    /// The event with what was known of the client at an earlier decision: he did not become a known one by being handled.
    async fn as_then(&self, before: &NewDecision) -> Result<(Event, Facts, Option<KnownClient>), Halt> {
        let facts =
            before.facts.read().ok().and_then(|facts| Facts::from_json(&facts).ok()).unwrap_or_default();
        let event = self.event(contact_of(before))?;
        let then: serde_json::Value = before.event.read().unwrap_or_default();
        let of = |name: &str| then.get(name).and_then(serde_json::Value::as_str).map(str::to_owned);
        let known_by = of("phone").or_else(|| of("email"));
        let client = linked_client(self.turn, known_by.as_deref()).await?;
        Ok((event, facts, client))
    }

    fn event(&self, contact: Contact) -> Result<Event, Halt> {
        let email = |id: u64, _: Option<&crate::communication::Employee>| {
            self.directory.employee(id).map(|matched| matched.email.clone())
        };
        written_event(&self.whole, contact, &email).map_err(|errors| {
            let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
            Halt::Bug(format!("a chat or request does not fit the schema: {}", errors.join("; ")))
        })
    }

    fn context<'c>(&'c self, event: &'c Event, client: Option<&'c KnownClient>) -> Context<'c> {
        Context {
            account: &self.turn.account.id,
            session: &self.communication.key,
            site: &self.turn.account.site,
            event,
            client,
            asked_at: self.now,
            directory: &self.directory,
            now: self.now,
        }
    }

    fn late_contacts(&self, before: &Before, context: &Context<'_>) -> Result<Option<NewEffect>, Halt> {
        let known = &self.written.handled.contacts;
        if !before.accepted() || self.whole.contacts.all().all(|contact| known.contains(contact)) {
            return Ok(None);
        }
        plan_written::contacts(&self.whole, before, context.site, context)
            .map_err(|error| Halt::Bug(error.to_string()))
    }

    fn transcript(
        &self,
        decision: &Decision,
        before: Option<&Before>,
        context: &Context<'_>,
    ) -> Result<Vec<NewEffect>, Halt> {
        let Some(settings) = self.turn.account.transcript.filter(|_| decision.accepted) else {
            return Ok(Vec::new());
        };
        let chat = (&self.written, &self.whole);
        plan_transcript::transcript(settings, chat, before, decision, context)
            .map_err(|error| Halt::Bug(error.to_string()))
    }

    /// Writes a decision down with what follows from it.
    async fn commit(
        mut self,
        made: NewDecision,
        effects: Vec<NewEffect>,
        more: Vec<Change>,
    ) -> Result<Judged, Halt> {
        if self.written.handled.begun {
            self.written.handled.contacts.extend(self.whole.contacts.all().map(str::to_owned));
        }
        let mut changes = vec![self.put(self.phase())?];
        changes.extend(more);
        changes.push(Change::PutDecision { decision: made, effects });
        self.turn.commit(self.now, changes).await?;
        Ok(Judged::Changed)
    }

    /// Nothing to do until something new is heard.
    async fn leave(self) -> Result<Judged, Halt> {
        let put = self.put(self.phase())?;
        self.turn.commit(self.now, vec![put]).await?;
        Ok(Judged::Nothing)
    }

    fn phase(&self) -> Phase {
        let handled = &self.written.handled;
        match (handled.ended || handled.parked, handled.begun) {
            (true, _) => Phase::Closed,
            (false, true) => Phase::Decided,
            (false, false) => Phase::Open,
        }
    }

    fn put(&self, phase: Phase) -> Result<Change, Halt> {
        let rest = Rest { turn: self.turn, communication: self.communication, now: self.now };
        rest.put(&self.written, phase, later(self.now, QUIET))
    }

    /// The CRM does not say what it knows, so nothing can be decided.
    async fn cannot_ask(self, error: &CrmError) -> Result<Judged, Halt> {
        if error.class() == Class::StopAccount {
            self.turn.stop(&error.to_string(), self.now).await?;
            return Err(Halt::Stopped);
        }
        let (least, most) = FACTS_WAIT;
        let wait = match error {
            CrmError::Paused { wait } => *wait,
            _ => (waited(&self.written, self.now) / 2).clamp(least, most),
        };
        let shown = mask_text(&error.to_string());
        tracing::info!(account = %self.turn.account.id, session = %self.communication.key, error = shown,
            "chat or request waits for facts");
        let rest = Rest { turn: self.turn, communication: self.communication, now: self.now };
        rest.wait(&self.written, wait).await
    }
}

/// What is written of a communication that is looked at again later.
struct Rest<'a, 't> {
    turn: &'a Turn<'t>,
    communication: &'a Communication,
    now: Timestamp,
}

impl Rest<'_, '_> {
    async fn wait(&self, written: &Written, wait: std::time::Duration) -> Result<Judged, Halt> {
        let until = later(self.now, self.turn.core.backoff.around(wait));
        self.until(written, self.communication.phase, until, Judged::Waits(until)).await
    }

    async fn until(
        &self,
        written: &Written,
        phase: Phase,
        until: Timestamp,
        judged: Judged,
    ) -> Result<Judged, Halt> {
        let put = self.put(written, phase, until)?;
        self.turn.commit(self.now, vec![put]).await?;
        Ok(judged)
    }

    fn put(&self, written: &Written, phase: Phase, until: Timestamp) -> Result<Change, Halt> {
        let data = Json::of(written).map_err(|error| Halt::Bug(format!("no JSON form: {error}")))?;
        Ok(Change::PutCommunication(PutCommunication {
            key: self.communication.key.clone(),
            kind: SmolStr::new_static(written.kind().as_str()),
            data,
            phase,
            due_at: (phase != Phase::Closed).then(|| whole_moment(until)),
        }))
    }
}

/// The last decision of a stage about a communication.
async fn earlier(turn: &Turn<'_>, session: &SessionKey, stage: &str) -> Result<Option<NewDecision>, Halt> {
    let timeline = turn.core.store.timeline(&turn.account.id, session).await?;
    let decisions = timeline.map(|timeline| timeline.decisions).unwrap_or_default();
    // The last one: somebody may have had it decided again.
    Ok(decisions.into_iter().rev().map(|decision| decision.made).find(|made| made.stage == stage))
}
