//! Events for regions: tried on both bundles, kept when the part at hand really differs.

use serde_json::{Value as Json, json};
use smol_str::SmolStr;

use super::super::area::Area;
use super::super::set::Set;
use super::super::space::Space;
use super::super::witness::{self, Given, Witness, given, noon, witness};
use super::regions::Region;
use super::side::Side;
use super::tasks::Property;
use crate::bundle::Bundle;
use crate::calendar::Calendar;
use crate::decide::{Decision, Entity};
use crate::moment::{Moment, Seconds};
use crate::schema::FieldKey;
use crate::value::{Value, to_json};

/// Moments that are tried where schedules differ.
const MAX_TURNS: usize = 60;

/// How many other classes of one field are tried.
const MAX_CLASSES: u32 = 6;

/// A part of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Accepted,
    Create,
    Responsible,
    Store,
    Forward,
    TaskSet(Option<SmolStr>, Option<SmolStr>),
    TaskAssign(SmolStr, SmolStr),
    Task(SmolStr, SmolStr, Property),
    Field(Entity, SmolStr),
    DealPassed,
    DealOutcome,
    DealForm,
    DealPass(SmolStr),
}

/// An event in a region for which both bundles differ in a part; one in a preferred area, if there is any.
pub(super) fn event(
    part: &Part,
    region: &Region<'_>,
    sides: (&Side<'_>, &Side<'_>),
    bundles: (&Bundle, &Bundle),
    space: &Space,
    preferred: &[Area],
) -> Option<Witness> {
    let fields: Vec<FieldKey> = region.old.fields.iter().chain(&region.new.fields).cloned().collect();
    let (old, _) = sides;
    let tried = |area: &Area, present: &[FieldKey]| {
        let found = witness(space, area, old.slot, present)?;
        differs(part, bundles, &found).then_some(found)
    };
    let preferred = preferred.iter().filter_map(|area| region.shown.and(area));
    if let Some(found) = preferred.into_iter().find_map(|area| tried(&area, &[])) {
        return Some(found);
    }
    if let Some(found) = tried(&region.area, &[]).or_else(|| tried(&region.area, &fields)) {
        return Some(found);
    }
    for (var, set) in region.area.cells() {
        let mut classes = set.iter().take(MAX_CLASSES as usize);
        let other = classes.find_map(|class| {
            let area = region.area.with(*var, Set::One(class));
            tried(&area, &[]).or_else(|| tried(&area, &fields))
        });
        if other.is_some() {
            return other;
        }
    }
    // Each of the fields that the outcomes are made of, one after the other.
    let found = fields.iter().find_map(|field| tried(&region.area, std::slice::from_ref(field)));
    found.or_else(|| {
        let given = given(space, &region.area, old.slot, &[])?;
        let moments = turns(sides);
        let events = fields.iter().flat_map(|key| moments.iter().map(move |moment| (key, moment)));
        events.into_iter().find_map(|(key, moment)| {
            let mut given = given.clone();
            given.retain(|own| own.key != *key);
            given.push(Given { key: key.clone(), value: Value::Moment(*moment), told: true });
            let found = witness::event(old.slot, given)?;
            differs(part, bundles, &found).then_some(found)
        })
    })
}

/// Moments at which schedules of the two sides say different things, and the days before: what is due so many working
/// hours or days later differs there.
fn turns(sides: (&Side<'_>, &Side<'_>)) -> Vec<Moment> {
    const DAY: i64 = 24 * 60 * 60;
    let mut found = Vec::new();
    for one in &sides.0.program.schedules {
        for other in &sides.1.program.schedules {
            let answers = Calendar::together(&[one, other]).unwrap_or_default();
            for moment in answers.iter().filter(|(said, _)| matches!(said[..], [a, b] if a != b)) {
                let before = [0, 1, 3].map(|days| moment.1.and_then(|at| at.plus(Seconds(-days * DAY))));
                found.extend(before.into_iter().flatten());
            }
            if found.len() >= MAX_TURNS {
                return found;
            }
        }
    }
    found
}

fn differs(part: &Part, bundles: (&Bundle, &Bundle), witness: &Witness) -> bool {
    let Some(now) = noon() else { return false };
    let look = |bundle: &Bundle, old: bool| -> Json {
        if matches!(part, Part::Forward) {
            return json!(format!("{:?}", bundle.forward(&witness.event, &witness.facts, now).to));
        }
        let mut decision = bundle.decide(&witness.event, &witness.facts, now);
        if matches!(part, Part::DealOutcome | Part::DealForm | Part::DealPass(_)) {
            decision.deal = bundle.deal_of(&witness.event, &witness.facts, now);
        }
        seen(part, &decision, old)
    };
    look(bundles.0, true) != look(bundles.1, false)
}

/// A part of a decision, as it can be compared.
pub(super) fn seen(part: &Part, decision: &Decision, old: bool) -> Json {
    let task = |before: &SmolStr, after: &SmolStr| {
        let name = if old { before } else { after };
        decision.tasks.iter().find(|task| task.name == *name)
    };
    match part {
        Part::Accepted => json!(decision.accepted),
        Part::Create => json!(decision.create.iter().map(|entity| entity.as_str()).collect::<Vec<_>>()),
        Part::Responsible => json!(decision.responsible.as_deref()),
        Part::Store => json!(decision.store.as_deref()),
        Part::Forward => Json::Null,
        Part::TaskSet(before, after) => {
            let name = if old { before } else { after };
            json!(name.as_ref().is_some_and(|name| decision.tasks.iter().any(|task| task.name == *name)))
        }
        Part::TaskAssign(before, after) => json!(task(before, after).map(|task| task.assign.as_deref())),
        Part::Task(before, after, property) => match (task(before, after), property) {
            (None, _) => Json::Null,
            (Some(task), Property::Title) => json!([task.title]),
            (Some(task), Property::Note) => json!([task.note]),
            (Some(task), Property::Due) => json!([task.due.map(|due| due.to_string())]),
            (Some(task), Property::Cancel) => json!([task.cancel_when_reached]),
            (Some(task), Property::Name) => json!([task.name.as_str()]),
        },
        Part::Field(entity, code) => {
            let written = decision.fields.of(*entity).iter().find(|field| field.code == *code);
            let written = written.filter(|field| !field.value.is_missing());
            json!(written.map(|field| (to_json(&field.value, false), field.always)))
        }
        Part::DealPassed => json!(decision.deal.is_some()),
        Part::DealOutcome => json!(decision.deal.as_ref().map(|deal| deal.outcome.as_str())),
        Part::DealForm => json!(
            decision
                .deal
                .as_ref()
                .map(|deal| { (format!("{:?}", deal.funnel), deal.amount.map(|amount| amount.to_string())) })
        ),
        Part::DealPass(code) => json!(decision.deal.as_ref().map(|deal| {
            deal.pass.iter().find(|(known, _)| known == code).map(|(_, value)| to_json(value, false))
        })),
    }
}
