//! Proved differences joined with recorded traffic: of each region how often it happened, and when last.

use std::sync::Arc;

use switchboard_engine::bundle::Bundle;
use switchboard_engine::moment::Moment;
use switchboard_engine::prove::{Change, Seen};
use switchboard_runtime::replay::Communication;
use switchboard_runtime::store::record::Decision;

use super::pages::{across, each_page};
use super::traffic::Traffic;
use crate::failure::Failure;

/// How often the events of a region happened.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Happened {
    pub(crate) count: u64,
    pub(crate) last: Option<Moment>,
}

/// What traffic says about proved differences.
#[derive(Debug)]
pub(crate) struct Joined {
    /// From which day on.
    pub(crate) since: String,
    /// Communications that were looked at.
    pub(crate) count: u64,
    /// Of them those of which nobody can say, because something was not asked or cannot be read.
    pub(crate) unjudged: u64,
    /// For each change; None where no event by itself can tell.
    pub(crate) regions: Vec<Option<Happened>>,
}

/// Which regions a communication lies in; None when nobody can say.
type Places = Option<(Moment, Vec<usize>)>;

/// Looks for the events of each change in traffic; `told` hears how many communications are done.
///
/// # Errors
/// When the store cannot be read any further.
pub(crate) fn join(
    traffic: &Traffic,
    (old, new): (&Arc<Bundle>, &Arc<Bundle>),
    changes: &[Change],
    mut told: impl FnMut(u64),
) -> Result<Joined, Failure> {
    let tells = |change: &Change| change.is_about_events().then(Happened::default);
    let mut joined = Joined {
        since: traffic.day(traffic.walk.since),
        count: 0,
        unjudged: 0,
        regions: changes.iter().map(tells).collect(),
    };
    each_page(traffic, |page| {
        for places in across(page, |decisions| places(decisions, old, new, changes)) {
            joined.count += 1;
            let Some((at, places)) = places else {
                joined.unjudged += 1;
                continue;
            };
            for place in places {
                if let Some(Some(happened)) = joined.regions.get_mut(place) {
                    happened.count += 1;
                    happened.last = Some(at);
                }
            }
        }
        told(joined.count);
    })?;
    Ok(joined)
}

/// The regions of one communication: those that any decision about it lies in. None when nothing was decided.
fn places(decisions: &[Decision], old: &Bundle, new: &Bundle, changes: &[Change]) -> Option<Places> {
    let Ok(communication) = Communication::read(decisions) else { return Some(None) };
    let communication = communication?;
    let mut found = Vec::new();
    let mut at = None;
    for recorded in communication.decisions() {
        if ![old, new].iter().all(|bundle| recorded.lacks(bundle, None).is_empty()) {
            return Some(None);
        }
        let seen = Seen::new(old, new, &recorded.event, &recorded.facts, recorded.now);
        let inside = (0..).zip(changes).filter(|(_, change)| change.covers(&seen) == Some(true));
        found.extend(inside.map(|(place, _)| place));
        at = at.or(Some(recorded.now));
    }
    found.sort_unstable();
    found.dedup();
    Some(at.map(|at| (at, found)))
}
