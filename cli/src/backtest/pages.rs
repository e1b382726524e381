//! The walk: page by page out of the store, each page judged on all cores, counted in order.

use std::num::NonZero;
use std::sync::Arc;
use std::thread;

use switchboard_engine::bundle::{Bundle, Slot};
use switchboard_engine::compare::changes;
use switchboard_engine::event::Event;
use switchboard_runtime::observe::Personal;
use switchboard_runtime::replay::{Communication, Judged, Ruled};
use switchboard_runtime::store::record::{Decision, Ruling, RulingKind};

use super::fixtures::Given;
use super::tally::{Check, Looked, Tallies, Verdict};
use super::traffic::{Traffic, unreadable};
use crate::failure::Failure;

/// Communications held in memory at once.
const PAGE: usize = 256;

/// The rules of a walk.
#[derive(Debug)]
pub(crate) struct Rules {
    /// The candidate.
    pub(crate) candidate: Arc<Bundle>,
    /// Compared with, instead of what was recorded.
    pub(crate) against: Option<Arc<Bundle>>,
    /// Rules that may have decided then: those they are compared with, else those in force.
    pub(crate) then: Option<Arc<Bundle>>,
}

/// What a walk may take up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Examples kept of each group.
    pub(crate) examples: usize,
    /// Whether they are kept with what they were decided from.
    pub(crate) whole: bool,
}

/// Walks traffic and counts; `told` hears how much of it is done.
///
/// # Errors
/// When the store cannot be read any further.
pub(crate) fn replay(
    traffic: &Traffic,
    rules: &Rules,
    limits: Limits,
    mut told: impl FnMut(u64),
) -> Result<Tallies, Failure> {
    let mut tallies = Tallies::default();
    each_page(traffic, |page| {
        for looked in across(page, |decisions| look(decisions, rules, limits.whole)) {
            tallies.communications.add(looked, limits.examples);
        }
        told(tallies.communications.count);
    })?;
    let mut done = tallies.communications.count;
    for (kind, tally) in &mut tallies.beside {
        let mut after = None;
        loop {
            let page = traffic.history.rulings(&traffic.walk, *kind, after, PAGE);
            let (page, next) = page.map_err(|error| unreadable(&error))?;
            for looked in across(&page, |ruling| Some(look_beside(ruling, rules, limits.whole))) {
                tally.add(looked, limits.examples);
            }
            done += page.len() as u64;
            told(done);
            let Some(next) = next else { break };
            after = Some(next);
        }
    }
    Ok(tallies)
}

/// Hands on every page of traffic.
///
/// # Errors
/// When the store cannot be read any further.
pub(crate) fn each_page(traffic: &Traffic, mut with: impl FnMut(&[Vec<Decision>])) -> Result<(), Failure> {
    let mut after = None;
    loop {
        let page = traffic.history.page(&traffic.walk, after, PAGE);
        let (page, next) = page.map_err(|error| unreadable(&error))?;
        with(&page);
        let Some(next) = next else { return Ok(()) };
        after = Some(next);
    }
}

/// Looks at each entry of a page, on all cores; what comes of it in order.
pub(super) fn across<P: Sync, T: Send>(page: &[P], look: impl Fn(&P) -> Option<T> + Sync) -> Vec<T> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let share = page.len().div_ceil(cores).max(1);
    let look = &look;
    thread::scope(|scope| {
        let parts = page
            .chunks(share)
            .map(|part| scope.spawn(move || part.iter().filter_map(look).collect::<Vec<_>>()));
        let parts: Vec<_> = parts.collect();
        let joined = parts.into_iter().flat_map(|part| match part.join() {
            Ok(looked) => looked,
            // A panic is a defect of ours and is to look like one.
            Err(panic) => std::panic::resume_unwind(panic),
        });
        joined.collect()
    })
}

/// Looks at one communication; None when nothing was decided about it.
fn look(decisions: &[Decision], rules: &Rules, whole: bool) -> Option<Looked> {
    let communication = match Communication::read(decisions) {
        Ok(communication) => communication?,
        Err(error) => {
            let session = decisions.first()?.made.communication.as_str().to_owned();
            return Some(Looked::unreadable(session, error.text()));
        }
    };
    let first = communication.decisions().first()?;
    let then = rules.then.as_deref();
    let check = match then.filter(|then| communication.is_by(then.digest())) {
        None => Check::Others,
        Some(then) if !communication.differs_from_itself(then).is_empty() => Check::NotAgain,
        Some(then) => Check::Again(Some(communication.again(then))),
    };
    let old = match &rules.against {
        None => Judged::Said(Box::new(communication.said())),
        Some(against) => communication.judge(against, then),
    };
    let verdict = verdict(old, communication.judge(&rules.candidate, then));
    let (mut personal, mut given) = (Personal::default(), None);
    if matches!(verdict, Verdict::Differ(_)) {
        personal = communication.personal();
        // At its end everything is known but the recording.
        let decisions = communication.decisions();
        let end = decisions.iter().find(|recorded| recorded.is_at_end()).or(decisions.last());
        given = end.filter(|_| whole).map(|end| Given {
            event: end.event.clone(),
            facts: end.facts.clone(),
            now: end.now,
        });
    }
    Some(Looked {
        session: communication.session.as_str().to_owned(),
        at: Some(first.now),
        slot: Some(first.slot()),
        phone: phone(&first.event),
        personal,
        given: given.map(Box::new),
        verdict,
        check,
        is_old: communication.is_old(),
    })
}

/// Looks at something that the rules were asked beside the lanes.
fn look_beside(ruling: &Ruling, rules: &Rules, whole: bool) -> Looked {
    let name = ruling.made.subject.as_deref().unwrap_or_default().to_owned();
    let ruled = match Ruled::read(ruling) {
        Ok(ruled) => ruled,
        Err(error) => return Looked::unreadable(name, error.text()),
    };
    let check = match rules.then.as_deref().filter(|then| ruled.digest == then.digest()) {
        None => Check::Others,
        Some(then) if ruled.differs_from_itself(then).is_empty() => Check::Again(None),
        Some(_) => Check::NotAgain,
    };
    let old = match &rules.against {
        None => Judged::Said(Box::new(ruled.said.clone())),
        Some(against) => ruled.judge(against),
    };
    let verdict = verdict(old, ruled.judge(&rules.candidate));
    let (mut personal, mut given) = (Personal::default(), None);
    if matches!(verdict, Verdict::Differ(_)) {
        personal = ruled.personal();
        // A test cannot say that an order is a deal already, nor ask for a pop-up.
        let can_be_test = whole && ruled.kind != RulingKind::PopUp && !ruled.follows;
        given = can_be_test.then(|| Given {
            event: ruled.event.clone(),
            facts: ruled.facts.clone(),
            now: ruled.circumstances.now,
        });
    }
    Looked {
        session: name,
        at: Some(ruled.circumstances.now),
        slot: Some(Slot::of(ruled.event.kind(), ruled.event.direction())),
        phone: phone(&ruled.event),
        personal,
        given: given.map(Box::new),
        verdict,
        check,
        is_old: false,
    }
}

fn verdict(old: Judged, new: Judged) -> Verdict {
    match (old, new) {
        (Judged::Said(old), Judged::Said(new)) => match changes(&old, &new) {
            changes if changes.is_empty() => Verdict::Same,
            changes => Verdict::Differ(changes),
        },
        (Judged::Lacking(all), _) | (_, Judged::Lacking(all)) => Verdict::Lacking(all),
    }
}

/// The number of whoever it is about.
fn phone(event: &Event) -> Option<String> {
    let json = event.to_json();
    let phone = ["/phone", "/order/client/phone"].into_iter().find_map(|path| json.pointer(path)?.as_str());
    phone.map(str::to_owned)
}
