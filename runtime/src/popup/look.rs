//! One look at one call: what was heard of it, who should see it, who does; then show and take off.
//!
//! Leaves to others: what is kept of the call (`eye`), how RetailCRM is told (`tell`).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::bell::Called;
use super::card::{Card, NotShown, Whose, Why};
use super::change::{Ring, changes};
use super::eye::{Eye, Missed, heard, later};
use super::settings::PopUpAccount;
use super::tell::Shown;
use crate::clock::Clock;
use crate::communication::{Left, Merged, Screen, screens};
use crate::module::is_paused;
use crate::rulings::Keeper;
use crate::source::uis::{Direction, EventCode};
use crate::store::{Store, StoreError};
use crate::worker::Backoff;

/// How soon a request that did not leave is tried again.
const RETRY: Duration = Duration::from_millis(200);
/// How often a call that is on a screen is looked at although no bell rang: an event may have come another way, and a
/// bell may have been lost.
const LOOK: Duration = Duration::from_secs(30);
/// How soon to look again when the store failed.
const STORE_WAIT: Duration = Duration::from_secs(5);
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
    /// Where what the rules say is kept.
    pub(super) keeper: Arc<Keeper>,
}

/// What a step came to.
enum Step {
    /// There may be more to do.
    Again,
    /// Look then, unless a bell rings before; never when `None`.
    Until(Option<Timestamp>),
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
    let mut eye = Eye { core, served, called, missed, call, merged, version, card, is_news: false };
    eye.remember();

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
        let Some(Screen::On { heard: ring }) = on.get(&employee).copied() else { continue };
        let why = match directory {
            Some(_) => Why::Stranger,
            // Who is whom is not known yet, as after a start.
            None if eye.is_young(ring, now) => {
                soon = Some(later(now, RETRY));
                continue;
            }
            None => Why::Old,
        };
        eye.miss(NotShown { whose: Whose::Employee(employee), employees: vec![employee], ring, why });
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
    // Who does not see it is for people to read, so it is kept after whatever is in a hurry.
    if eye.is_news && !eye.write().await? {
        return Ok(Step::Again);
    }
    Ok(Step::Until(eye.next(quiet_at, soon)))
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
            .filter(|(user, ring)| {
                self.missed.get(&Whose::User(*user)).is_none_or(|missed| missed.ring < ring.heard)
            })
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
            () if !is_on => Some(Why::Off),
            () if self.merged.internal => Some(Why::Internal),
            () if self.merged.phone().is_none() => Some(Why::Hidden),
            () => None,
        };
        let max_age = settings.max_age;
        let mut refuse = |rings: &mut BTreeMap<u64, Ring>, which: &dyn Fn(&Ring) -> bool, why| {
            let (refused, left) = std::mem::take(rings).into_iter().partition(|(_, ring)| which(ring));
            *rings = left;
            self.miss_all(refused, why);
        };
        if let Some(reason) = reason {
            refuse(&mut rings, &|_| true, reason);
        }
        refuse(&mut rings, &|ring| later(ring.heard, max_age) < now, Why::Old);
        rings
    }
}
