//! The walk: page by page out of the store, each page judged on all cores, counted in order.

use std::num::NonZero;
use std::sync::Arc;
use std::thread;

use switchboard_engine::bundle::Bundle;
use switchboard_engine::compare::changes;
use switchboard_runtime::replay::{Communication, Judged};
use switchboard_runtime::store::record::Decision;

use super::tally::{Check, Looked, Tally, Verdict};
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
}

/// Walks traffic and counts; `told` hears how many communications are done.
///
/// # Errors
/// When the store cannot be read any further.
pub(crate) fn replay(
    traffic: &Traffic,
    rules: &Rules,
    limits: Limits,
    mut told: impl FnMut(u64),
) -> Result<Tally, Failure> {
    let mut tally = Tally::default();
    each_page(traffic, |page| {
        for looked in across(page, |decisions| look(decisions, rules)) {
            tally.add(looked, limits.examples);
        }
        told(tally.count);
    })?;
    Ok(tally)
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

/// Looks at each communication of a page, on all cores; what comes of it in order.
pub(super) fn across<T: Send>(
    page: &[Vec<Decision>],
    look: impl Fn(&[Decision]) -> Option<T> + Sync,
) -> Vec<T> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let share = page.len().div_ceil(cores).max(1);
    let look = &look;
    thread::scope(|scope| {
        let parts = page
            .chunks(share)
            .map(|part| scope.spawn(move || part.iter().filter_map(|one| look(one)).collect::<Vec<_>>()));
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
fn look(decisions: &[Decision], rules: &Rules) -> Option<Looked> {
    let communication = match Communication::read(decisions) {
        Ok(communication) => communication?,
        Err(error) => {
            let session = decisions.first()?.made.communication.as_str().to_owned();
            return Some(Looked {
                session,
                at: None,
                slot: None,
                phone: None,
                verdict: Verdict::Unreadable(error.to_string()),
                check: Check::Others,
                is_old: false,
            });
        }
    };
    let first = communication.decisions().first()?;
    let then = rules.then.as_deref();
    let check = match then.filter(|then| communication.is_by(then.digest())) {
        None => Check::Others,
        Some(then) if communication.differs_from_itself(then).is_empty() => Check::Again,
        Some(_) => Check::NotAgain,
    };
    let old = match &rules.against {
        None => Judged::Said(Box::new(communication.said())),
        Some(against) => communication.judge(against, then),
    };
    let verdict = match (old, communication.judge(&rules.candidate, then)) {
        (Judged::Said(old), Judged::Said(new)) => match changes(&old, &new) {
            changes if changes.is_empty() => Verdict::Same,
            changes => Verdict::Differ(changes),
        },
        (Judged::Lacking(names), _) | (_, Judged::Lacking(names)) => Verdict::Lacking(names),
    };
    Some(Looked {
        session: communication.session.as_str().to_owned(),
        at: Some(first.now),
        slot: Some(first.slot()),
        phone: first.event.to_json().get("phone").and_then(|phone| phone.as_str()).map(str::to_owned),
        verdict,
        check,
        is_old: communication.is_old(),
    })
}
