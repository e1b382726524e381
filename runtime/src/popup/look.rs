//! One look at one call: what was heard of it, who should see it, who does; then show and take off.
//!
//! Showing, step by step: the decision, a commit that these users may see it, the request, and a commit only when the
//! answer says otherwise. A request that certainly did not leave is repeated while the ring is young; one whose answer
//! was lost counts as seen. Taking off is repeated until RetailCRM has heard it, less and less often.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use switchboard_engine::moment::Moment;

use super::bell::Called;
use super::card::{Card, Gone, Seen};
use super::change::{Ring, changes};
use super::settings::PopUpAccount;
use crate::clock::Clock;
use crate::communication::{Call, Contact, Left, Merged, Screen, event, screens};
use crate::crm::{CallEvent, Campaign, Class, CrmError, Hangup, Priority, Urgency, WebAnalytics};
use crate::effect::key::call_external_id;
use crate::module::is_paused;
use crate::observe::{POPUP_SECONDS, POPUPS, mask_text};
use crate::outbound::SendGuard;
use crate::source::uis::{Decoded, Direction, EventCode, Stored, decode};
use crate::store::record::{Event, Json, PopUp};
use crate::store::{Store, StoreError};
use crate::worker::Backoff;

/// How soon a request that did not leave is tried again.
const RETRY: Duration = Duration::from_millis(200);
/// How often a call that is on a screen is looked at although no bell rang: an event may have come another way, and a
/// bell may have been lost.
const LOOK: Duration = Duration::from_secs(30);
/// How soon to look again when the store failed.
const STORE_WAIT: Duration = Duration::from_secs(5);
/// The longest wait before taking off is tried again.
const LONGEST_WAIT: Duration = Duration::from_secs(5 * 60);
/// Most steps of one look; each shows or takes off something, or was overtaken by another writer.
const MAX_STEPS: usize = 8;

/// Where things are.
#[derive(Debug)]
pub(super) struct Core {
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) backoff: Backoff,
    /// How long taking off is tried.
    pub(super) horizon: Duration,
}

/// Rings that are not shown, by user (or employee, when the employee is no user), so that each is counted once.
pub(super) type Missed = BTreeMap<(bool, u64), Timestamp>;

/// Lets a request leave only while the ring is young.
#[derive(Debug)]
struct Young {
    clock: Arc<dyn Clock>,
    until: Timestamp,
}

impl SendGuard for Young {
    fn may_send(&self, _life: Duration) -> bool {
        self.clock.now() <= self.until
    }
}

/// What a step came to.
enum Step {
    /// There may be more to do.
    Again,
    /// Look then, unless a bell rings before; never when `None`.
    Until(Option<Timestamp>),
}

/// A call under the eye.
struct Eye<'a> {
    core: &'a Core,
    served: &'a PopUpAccount,
    called: &'a Called,
    missed: &'a mut Missed,
    call: Call,
    merged: Merged,
    /// The version of the row, and what it says.
    version: u64,
    card: Card,
}

/// Looks at a call; tells when to look again.
pub(super) async fn look(
    core: &Core,
    served: &PopUpAccount,
    called: &Called,
    missed: &mut Missed,
) -> Option<Timestamp> {
    for _ in 0..MAX_STEPS {
        match step(core, served, called, missed).await {
            Ok(Step::Again) => {}
            Ok(Step::Until(next)) => return next,
            Err(error) => {
                tracing::warn!(account = %called.account, session = %called.session, %error, "pop-up waits for the store");
                return Some(later(core.clock.now(), STORE_WAIT));
            }
        }
    }
    Some(later(core.clock.now(), RETRY))
}

async fn step(
    core: &Core,
    served: &PopUpAccount,
    called: &Called,
    missed: &mut Missed,
) -> Result<Step, StoreError> {
    // Switched off in RetailCRM: nothing is sent. What is on a screen is taken off once it is switched on again.
    if is_paused(&*core.store, &called.account).await {
        return Ok(Step::Until(Some(later(core.clock.now(), LOOK))));
    }
    let Some(timeline) = core.store.timeline(&called.account, &called.session).await? else {
        return Ok(Step::Until(None));
    };
    let directory = served.account.directory.current().ok();
    let zone = directory.as_ref().map_or(TimeZone::UTC, |directory| directory.zones().uis.clone());
    let Some(call) = heard(&timeline.events) else { return Ok(Step::Until(None)) };
    let Some(merged) = Merged::of(&call, &zone) else { return Ok(Step::Until(None)) };
    let kept = core.store.popup(&called.account, &called.session).await?;
    let version = kept.as_ref().map_or(0, |kept| kept.version);
    let card = kept.and_then(|kept| Card::read(&kept.data));
    let card = card.unwrap_or_else(|| Card::new(merged.phone().unwrap_or_default().to_owned()));
    let mut eye = Eye { core, served, called, missed, call, merged, version, card };

    let now = core.clock.now();
    let quiet_at = eye.quiet_at();
    let mut on = screens(&eye.call, &eye.merged, &zone);
    let is_swept = !eye.merged.ended && now >= quiet_at;
    if is_swept {
        eye.sweep(&mut on);
    }
    let user_of = |employee: u64| directory.as_ref().and_then(|all| Some(all.employee(employee)?.user));
    let changes = changes(&on, Some(&eye.card), user_of);
    let mut soon = None;
    for employee in changes.strangers {
        let is_young = matches!(on.get(&employee), Some(Screen::On { heard }) if eye.is_young(*heard, now));
        match directory {
            Some(_) => eye.miss((true, employee), Timestamp::UNIX_EPOCH, "stranger"),
            // Who is whom is not known yet, as after a start.
            None if is_young => soon = Some(later(now, RETRY)),
            None => eye.miss((true, employee), Timestamp::UNIX_EPOCH, "old"),
        }
    }
    let show = eye.wanted(changes.show, now);
    if !show.is_empty() {
        match eye.show(show).await? {
            Shown::Done => return Ok(Step::Again),
            Shown::Retry => soon = Some(later(core.clock.now(), RETRY)),
        }
    }
    if !changes.take.is_empty() && eye.card.again_at.is_none_or(|at| at <= now) {
        if is_swept {
            eye.count("hangup", "swept", changes.take.len());
        }
        eye.take(changes.take).await?;
        return Ok(Step::Again);
    }
    Ok(Step::Until(eye.next(quiet_at, soon)))
}

/// What happened to a request that shows.
enum Shown {
    /// It was answered, or will not be tried again.
    Done,
    /// It did not leave, and may yet.
    Retry,
}

impl Eye<'_> {
    /// When a call that nothing more is heard of is taken to be over.
    fn quiet_at(&self) -> Timestamp {
        let talks = self.call.heard().any(|heard| heard.said.event == EventCode::TalkStart);
        let wait = if talks { self.served.account.timing.open_wait } else { self.served.settings.sweep };
        later(self.call.last_heard().unwrap_or(Timestamp::MIN), wait)
    }

    fn is_young(&self, ring: Timestamp, now: Timestamp) -> bool {
        now <= later(ring, self.served.settings.max_age)
    }

    fn sweep(&self, screens: &mut BTreeMap<u64, Screen>) {
        for (employee, screen) in screens {
            if matches!(screen, Screen::On { .. }) {
                let talked = self.merged.people.talked.contains(employee);
                *screen = Screen::Off(if talked { Left::Answered } else { Left::Failed });
            }
        }
    }

    fn next(&self, quiet_at: Timestamp, soon: Option<Timestamp>) -> Option<Timestamp> {
        if !self.card.is_open() {
            // Kept in mind until it is over, so that what is not shown is counted once.
            return soon.or(Some(quiet_at).filter(|at| !self.merged.ended && *at > self.core.clock.now()));
        }
        let look = later(self.core.clock.now(), LOOK);
        let next = self.card.again_at.map_or(look, |again| again.min(look));
        let next = if self.merged.ended { next } else { next.min(quiet_at.max(self.core.clock.now())) };
        Some(soon.map_or(next, |soon| soon.min(next)))
    }

    /// Of those whose phones ring, the ones that are to see it; the others are counted.
    fn wanted(&mut self, rings: BTreeMap<u64, Ring>, now: Timestamp) -> BTreeMap<u64, Ring> {
        let mut rings: BTreeMap<u64, Ring> = rings
            .into_iter()
            .filter(|(user, ring)| self.missed.get(&(false, *user)).is_none_or(|at| *at < ring.heard))
            .collect();
        if rings.is_empty() {
            return rings;
        }
        let settings = &self.served.settings;
        let is_on = match self.merged.direction {
            Direction::In => settings.incoming,
            Direction::Out => settings.outgoing,
        };
        let reason = match () {
            () if !is_on => Some("off"),
            () if self.merged.internal => Some("internal"),
            () if self.merged.phone().is_none() => Some("hidden"),
            () => None,
        };
        let max_age = settings.max_age;
        let mut refuse = |rings: &mut BTreeMap<u64, Ring>, which: &dyn Fn(&Ring) -> bool, reason| {
            let refused: Vec<(u64, Timestamp)> = rings
                .iter()
                .filter(|(_, ring)| which(ring))
                .map(|(user, ring)| (*user, ring.heard))
                .collect();
            for (user, heard) in refused {
                rings.remove(&user);
                self.miss((false, user), heard, reason);
            }
        };
        if let Some(reason) = reason {
            refuse(&mut rings, &|_| true, reason);
        }
        refuse(&mut rings, &|ring| later(ring.heard, max_age) < now, "old");
        rings
    }

    /// Shows it to users.
    async fn show(&mut self, rings: BTreeMap<u64, Ring>) -> Result<Shown, StoreError> {
        let Some((heard, youngest)) =
            rings.values().map(|ring| ring.heard).min().zip(rings.values().map(|ring| ring.heard).max())
        else {
            return Ok(Shown::Done);
        };
        let (rejected, site) = self.rules(heard);
        if rejected {
            for (user, ring) in rings {
                self.miss((false, user), ring.heard, "rejected");
            }
            return Ok(Shown::Done);
        }
        let before = self.card.clone();
        for (user, ring) in &rings {
            let seen = Seen { employees: ring.employees.clone(), ring: ring.heard, off: None };
            self.card.seen.insert(*user, seen);
        }
        // From here on somebody may see it, whatever happens to this process.
        if !self.write().await? {
            return Ok(Shown::Done);
        }
        let kind = match self.merged.direction {
            Direction::In => "in",
            Direction::Out => "out",
        };
        let told = CallEvent {
            web_analytics_data: analytics(&self.merged),
            external_phone: self.merged.virtual_number.as_ref().map(|number| digits(number)),
            site: Some(site),
            ..self.event(kind, rings.keys().copied().collect())
        };
        let until = later(youngest, self.served.settings.max_age);
        let young = Young { clock: Arc::clone(&self.core.clock), until };
        let crm = self.served.account.crm.guarded(Arc::new(young));
        let answer = crm.call_event(&told, Urgency::first(Priority::Live)).await;
        self.settle_shown(kind, before, &rings, heard, until, answer).await
    }

    async fn settle_shown(
        &mut self,
        kind: &'static str,
        before: Card,
        rings: &BTreeMap<u64, Ring>,
        heard: Timestamp,
        until: Timestamp,
        answer: Result<Vec<u64>, CrmError>,
    ) -> Result<Shown, StoreError> {
        let error = match answer {
            Ok(unknown) => {
                let waited = self.core.clock.now().duration_since(heard).unsigned_abs();
                let account = self.called.account.as_str().to_owned();
                metrics::histogram!(POPUP_SECONDS.name, "account" => account).record(waited);
                self.count(kind, "shown", rings.len().saturating_sub(unknown.len()));
                self.count(kind, "stranger", unknown.len());
                if !unknown.is_empty() {
                    for user in unknown {
                        if let Some(seen) = self.card.seen.get_mut(&user) {
                            seen.off = Some(Gone::Nothing);
                        }
                    }
                    self.write().await?;
                }
                return Ok(Shown::Done);
            }
            Err(error) => error,
        };
        self.log(&error, "pop-up was not shown");
        if error.may_have_happened() {
            self.count(kind, "unknown", rings.len());
            return Ok(Shown::Done);
        }
        self.card = before;
        if !self.write().await? {
            return Ok(Shown::Done);
        }
        let is_late = error == CrmError::TooLate || self.core.clock.now() > until;
        if error.class() == Class::Retry && !is_late {
            return Ok(Shown::Retry);
        }
        for (user, ring) in rings {
            self.miss((false, *user), ring.heard, if is_late { "old" } else { "failed" });
        }
        Ok(Shown::Done)
    }

    /// Takes it from users.
    async fn take(&mut self, users: BTreeMap<u64, Gone>) -> Result<(), StoreError> {
        let mut by_end: BTreeMap<Gone, Vec<u64>> = BTreeMap::new();
        for (user, gone) in users {
            by_end.entry(gone).or_default().push(user);
        }
        let urgency = Urgency { priority: Priority::Hide, again: self.card.failed > 0 };
        for (gone, users) in by_end {
            let told = CallEvent { hangup_status: Some(hangup(gone)), ..self.event("hangup", users.clone()) };
            let outcome = match self.served.account.crm.call_event(&told, urgency).await {
                Ok(_) => "taken_off",
                Err(error) => {
                    self.log(&error, "pop-up was not taken off");
                    self.card.failed += 1;
                    let tries = Backoff::tries_within(self.core.horizon);
                    if error.class() != Class::Permanent && self.card.failed < tries {
                        self.count("hangup", "retry", users.len());
                        let wait = self.core.backoff.after(self.card.failed).min(LONGEST_WAIT);
                        self.card.again_at = Some(later(self.core.clock.now(), wait));
                        self.write().await?;
                        return Ok(());
                    }
                    "given_up"
                }
            };
            self.count("hangup", outcome, users.len());
            for user in users {
                if let Some(seen) = self.card.seen.get_mut(&user) {
                    seen.off = Some(gone);
                }
            }
        }
        (self.card.failed, self.card.again_at) = (0, None);
        self.write().await?;
        Ok(())
    }

    /// Whether the rules turn the call away as far as it is known, and the shop that it belongs to. Without rules it is
    /// shown: nobody has said otherwise.
    fn rules(&self, now: Timestamp) -> (bool, String) {
        let account = &self.served.account;
        let directory = account.directory.current().ok();
        let email = |id: u64, _: Option<&crate::communication::Employee>| {
            directory.as_ref().and_then(|all| Some(all.employee(id)?.email.clone()))
        };
        let offset = directory.as_ref().map_or(jiff::tz::Offset::UTC, |all| all.zones().crm.to_offset(now));
        let event = event(&self.merged, Contact::First, &email).ok();
        let early = account
            .rules
            .in_force()
            .zip(event)
            .map(|(rules, event)| rules.early(&event, Moment::new(now, offset)));
        let site = early.as_ref().and_then(|early| early.store.as_ref()).map(ToString::to_string);
        (early.is_some_and(|early| early.rejected), site.unwrap_or_else(|| account.site.clone()))
    }

    fn event(&self, kind: &'static str, user_ids: Vec<u64>) -> CallEvent {
        CallEvent {
            phone: self.card.phone.clone(),
            kind,
            user_ids,
            hangup_status: None,
            site: None,
            external_phone: None,
            call_external_id: call_external_id(&self.called.session),
            web_analytics_data: None,
        }
    }

    /// Keeps the card; says whether nobody else did meanwhile.
    async fn write(&mut self) -> Result<bool, StoreError> {
        let data = Json::of(&self.card).map_err(|source| StoreError::Io { source: source.into() })?;
        let row = PopUp {
            account: self.called.account.clone(),
            session: self.called.session.clone(),
            version: self.version,
            is_open: self.card.is_open(),
            data,
            updated_at: self.core.clock.now(),
        };
        let written = self.core.store.put_popup(row).await?;
        self.version += u64::from(written);
        Ok(written)
    }

    fn miss(&mut self, whose: (bool, u64), ring: Timestamp, reason: &'static str) {
        if self.missed.insert(whose, ring).is_none_or(|before| before < ring) {
            self.count("show", reason, 1);
            tracing::debug!(account = %self.called.account, session = %self.called.session, reason, "no pop-up");
        }
    }

    fn count(&self, event: &'static str, outcome: &'static str, users: usize) {
        let (account, users) =
            (self.called.account.as_str().to_owned(), u64::try_from(users).unwrap_or(u64::MAX));
        metrics::counter!(POPUPS.name, "account" => account, "event" => event, "outcome" => outcome)
            .increment(users);
    }

    fn log(&self, error: &CrmError, what: &'static str) {
        let error = mask_text(&error.to_string());
        tracing::info!(account = %self.called.account, session = %self.called.session, error, "{what}");
    }
}

/// What the inbox holds of a call.
fn heard(events: &[Event]) -> Option<Call> {
    let mut call: Option<Call> = None;
    for event in events {
        let delivery = Stored::unpack(&event.event, &event.content_type, event.body.as_bytes());
        if let Decoded::Notification { notification, .. } = decode(&delivery) {
            let call = call.get_or_insert_with(|| Call::new(notification.session));
            call.hear(*notification, event.received_at);
        }
    }
    call
}

/// The words of the reference, section 5.1.
fn hangup(gone: Gone) -> Hangup {
    match gone {
        Gone::Answered => Hangup::Answered,
        Gone::NoAnswer => Hangup::NoAnswered,
        Gone::Busy => Hangup::Busy,
        Gone::Cancelled => Hangup::Cancel,
        Gone::Failed | Gone::Nothing => Hangup::Failed,
    }
}

/// The advertising data that a ring knows of.
fn analytics(merged: &Merged) -> Option<WebAnalytics> {
    let values = &merged.values;
    let campaign = values.campaign_name.clone().or_else(|| values.utm_campaign.clone());
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in [
        ("utm_source", &values.utm_source),
        ("utm_medium", &values.utm_medium),
        ("utm_campaign", &values.utm_campaign),
        ("utm_content", &values.utm_content),
        ("utm_term", &values.utm_term),
    ] {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    let query_string = Some(query.finish()).filter(|query| !query.is_empty());
    if campaign.is_none() && query_string.is_none() {
        return None;
    }
    // UIS tells no code of a campaign, so its name stands for both.
    let campaign = campaign.map(|name| Campaign { code: name.clone(), name });
    Some(WebAnalytics { campaign, query_string })
}

fn digits(number: &str) -> String {
    number.trim_start_matches('+').to_owned()
}

fn later(moment: Timestamp, by: Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    moment.saturating_add(by).unwrap_or(Timestamp::MAX)
}
