//! Which stage a status is, and which stages an order went through.
//!
//! A stage in process stands for a group of statuses or for a status; what is won and what is lost is for the rules to say,
//! and each funnel has exactly one stage for either. A status that the rules always take for an end needs no stage of its
//! own; one that turns out to need one all the same gets it then.

use jiff::Timestamp;
use switchboard_engine::bundle::Bundle;
use switchboard_engine::decide::{Deal, Funnel, Outcome};
use switchboard_engine::event::EventBuilder;
use switchboard_engine::moment::Moment;
use switchboard_engine::schema::EventKind;

use super::memory::Last;
use crate::config::StagesOf;
use crate::crm::Statuses;
use crate::scripts::at_length;
use crate::store::record::Step;

/// Our name for the stage of deals that are won, in every funnel.
pub(super) const WON: &str = "won";
/// Our name for the stage of deals that are lost, in every funnel.
pub(super) const LOST: &str = "lost";

/// A stage in process as it should be in every funnel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Between {
    pub(super) ext_id: String,
    pub(super) name: String,
}

/// A stage that an order is in, or was in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The shop whose funnel it is; `None` for the one funnel for all.
    pub(super) store: Option<String>,
    pub(super) stage: Between,
    pub(super) is_end: bool,
    pub(super) since: Timestamp,
}

/// What is needed to tell stages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan<'a> {
    pub(super) bundle: &'a Bundle,
    pub(super) statuses: &'a Statuses,
    pub(super) of: StagesOf,
}

impl Plan<'_> {
    /// The stages in process, in the order of the CRM, at most `most`.
    pub(super) fn between(&self, now: Moment, most: usize) -> Vec<Between> {
        let open = |status: &str, group: Option<&str>| {
            let group = group.unwrap_or_default();
            let event = EventBuilder::new(EventKind::Order, None)
                .set("order.status", switchboard_engine::value::Value::text(status))
                .set("order.status_group", switchboard_engine::value::Value::text(group))
                .build();
            let outcome = |event| at_length(self.bundle, || self.bundle.outcome(&event, now));
            event.ok().and_then(outcome).is_none_or(|outcome| outcome == Outcome::Open)
        };
        let active = self.statuses.statuses.iter().filter(|status| status.active);
        let open: Vec<_> = active.filter(|status| open(&status.code, status.group.as_deref())).collect();
        let mut found: Vec<Between> = match self.of {
            StagesOf::Statuses => open.iter().map(|status| self.stage(&status.code)).collect(),
            StagesOf::Groups => {
                let has_one = |group: &str| open.iter().any(|status| status.group.as_deref() == Some(group));
                let groups = self.statuses.groups.iter().filter(|group| group.active && has_one(&group.code));
                groups.map(|group| named(&format!("group:{}", group.code), &group.name)).collect()
            }
        };
        // A funnel cannot be without one.
        if found.is_empty() {
            found.extend(self.statuses.statuses.first().map(|status| self.stage(&status.code)));
        }
        found.truncate(most);
        found
    }

    /// The stage in process that a status belongs to.
    pub(super) fn stage(&self, status: &str) -> Between {
        let group = self.statuses.group_of(status);
        let group = group.and_then(|code| self.statuses.groups.iter().find(|group| group.code == code));
        match (self.of, group) {
            (StagesOf::Groups, Some(group)) => named(&format!("group:{}", group.code), &group.name),
            _ => {
                let name = self.statuses.status(status).map_or(status, |status| status.name.as_str());
                named(&format!("status:{status}"), name)
            }
        }
    }

    /// Where an order with this deal stands that has this status.
    pub(super) fn place(&self, deal: &Deal, status: &str, since: Timestamp) -> Place {
        let store = match &deal.funnel {
            Funnel::Default => None,
            Funnel::Store(store) => store.as_ref().map(ToString::to_string),
        };
        let (stage, is_end) = match deal.outcome {
            Outcome::Open => (self.stage(status), false),
            Outcome::Won => (named(WON, ""), true),
            Outcome::Lost => (named(LOST, ""), true),
        };
        Place { store, stage, is_end, since }
    }
}

/// Whether an order of the CRM may come to this stage in process. When the CRM tells of no status at all, any may.
pub(super) fn is_reachable(of: &Statuses, stages: StagesOf, ext_id: &str) -> bool {
    if of.statuses.is_empty() {
        return true;
    }
    let group = |code: &str| of.groups.iter().find(|group| group.code == code);
    let status = |code: &str| of.statuses.iter().any(|status| status.active && status.code == code);
    match (ext_id.split_once(':'), stages) {
        (Some(("group", code)), StagesOf::Groups) => group(code).is_some_and(|group| group.active),
        // A status without a group is a stage of its own.
        (Some(("status", code)), StagesOf::Groups) => {
            status(code) && of.group_of(code).and_then(group).is_none()
        }
        (Some(("status", code)), StagesOf::Statuses) => status(code),
        (Some(("group", _)), StagesOf::Statuses) => false,
        // Not one of ours.
        _ => true,
    }
}

fn named(ext_id: &str, name: &str) -> Between {
    Between { ext_id: ext_id.to_owned(), name: name.to_owned() }
}

/// The statuses of an order that UIS was not told yet, and the one that it has now, each with its time. The last one is
/// the present one.
pub(super) fn points(steps: &[Step], status: &str, since: Timestamp) -> Vec<(String, Timestamp)> {
    let mut points: Vec<(String, Timestamp)> =
        steps.iter().map(|step| (step.status.clone(), super::clock::second(step.at))).collect();
    if points.last().is_none_or(|(last, _)| last != status) {
        points.push((status.to_owned(), since));
    }
    points
}

/// The stages that are news to UIS, the last one being the present one: in the order of their times, none before what UIS
/// has, none before `created`, none after `now`. Empty when UIS has the present stage already. `Err` when the present one
/// would have to begin later than now.
pub(super) fn news(
    places: Vec<Place>,
    last: Option<&Last>,
    resolve: impl Fn(&Place) -> (String, String),
    (created, now): (Timestamp, Timestamp),
) -> Result<Vec<(Last, Place)>, ()> {
    let mut before: Option<Last> = last.cloned();
    let count = places.len();
    let mut news: Vec<(Last, Place)> = Vec::new();
    for (index, place) in places.into_iter().enumerate() {
        let is_present = index + 1 == count;
        let (funnel, stage) = resolve(&place);
        let mut since = place.since.max(created).min(now);
        if let Some(before) = &before {
            if before.funnel == funnel && before.stage == stage {
                continue;
            }
            let is_old = news.is_empty() && since <= before.since;
            if is_old && !is_present {
                continue;
            }
            since = since.max(before.since);
            // A deal that was closed is open again only later than that.
            if before.is_end && since <= before.since {
                since = super::clock::after(before.since, std::time::Duration::from_secs(1));
                if since > now {
                    return Err(());
                }
            }
        }
        let next = Last {
            funnel,
            stage,
            is_end: place.is_end,
            since,
            modified: now,
            digest: String::new(),
            parties: String::new(),
        };
        before = Some(next.clone());
        news.push((next, place));
    }
    // Through other stages back to where UIS has it: then nothing has changed.
    Ok(news)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a moment")
    }

    fn place(stage: u8, since: i64) -> Place {
        let (ext_id, is_end) = match stage {
            0 => (WON.to_owned(), true),
            1 => (LOST.to_owned(), true),
            other => (format!("group:{other}"), false),
        };
        Place { store: None, stage: named(&ext_id, ""), is_end, since: at(since) }
    }

    fn last(place: &Place) -> Last {
        Last {
            funnel: "retailcrm".to_owned(),
            stage: place.stage.ext_id.clone(),
            is_end: place.is_end,
            since: place.since,
            modified: place.since,
            digest: String::new(),
            parties: String::new(),
        }
    }

    proptest! {
        /// Whatever the history says, UIS is told nothing that it refuses, and the end of it is where the order is now.
        #[test]
        fn stages_never_go_back_and_end_where_the_order_is(
            steps in prop::collection::vec((0_u8..5, 0_i64..120), 1..8),
            before in prop::option::of((0_u8..5, 0_i64..100)),
            created in 0_i64..100,
        ) {
            let now = at(100);
            let places: Vec<Place> = steps.iter().map(|(stage, since)| place(*stage, *since)).collect();
            let before = before.map(|(stage, since)| last(&place(stage, since)));
            let present = places.last().map(|place| place.stage.ext_id.clone());
            let resolve = |place: &Place| ("retailcrm".to_owned(), place.stage.ext_id.clone());
            let told = news(places, before.as_ref(), resolve, (at(created), now));
            // Only a deal that was closed in this very second may have to wait.
            let Ok(told) = told else { return Ok(()) };
            let rows: Vec<&Last> = before.iter().chain(told.iter().map(|(row, _)| row)).collect();
            for pair in rows.windows(2) {
                let [one, next] = pair else { continue };
                prop_assert!(one.stage != next.stage, "nothing is told twice");
                prop_assert!(one.since <= next.since, "{one:?} {next:?}");
                prop_assert!(!one.is_end || one.since < next.since, "reopened later than closed");
            }
            for (row, _) in &told {
                prop_assert!(row.since <= now, "nothing is in the future");
                prop_assert!(row.since >= at(created), "nothing is before it was created");
            }
            prop_assert_eq!(rows.last().map(|row| row.stage.clone()), present);
        }
    }

    #[test]
    fn a_stage_is_old_when_no_status_leads_there() {
        let status = |code: &str, group: Option<&str>, active| crate::crm::Status {
            code: code.to_owned(),
            name: code.to_owned(),
            group: group.map(str::to_owned),
            active,
            ordering: 0,
        };
        let statuses = Statuses {
            groups: vec![status("new", None, true), status("closed", None, false)],
            statuses: vec![
                status("a", Some("new"), true),
                status("b", None, true),
                status("c", Some("new"), false),
            ],
        };
        let groups = |ext_id: &str| is_reachable(&statuses, StagesOf::Groups, ext_id);
        let single = |ext_id: &str| is_reachable(&statuses, StagesOf::Statuses, ext_id);
        assert!(groups("group:new") && groups("status:b"));
        assert!(
            !groups("group:closed") && !groups("group:gone") && !groups("status:a") && !groups("status:c")
        );
        assert!(single("status:a") && single("status:b"));
        assert!(!single("status:c") && !single("status:gone") && !single("group:new"));
        for foreign in ["won", "lost", "10000"] {
            assert!(groups(foreign) && single(foreign), "{foreign}");
        }
        // A CRM that tells of no status has something else the matter with it.
        assert!(is_reachable(&Statuses::default(), StagesOf::Groups, "group:new"));
    }
}
