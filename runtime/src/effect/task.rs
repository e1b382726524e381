//! There is to be a task for this communication.
//!
//! RetailCRM knows no external id of tasks. So each carries a mark in its details, and when the answer of a create was
//! lost, the tasks of the performer from that day on are listed and the mark is looked for (reference, section 12).

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::json;

use super::request::{EnsureTask, Sent};
use super::run::Look;
use super::verdict::{Done, Trouble};
use super::world::{Needed, TASK_LINK, Target, World};
use crate::crm::{CrmError, NewTask, Priority, Ref, TaskSearch};
use crate::directory::{crm_date, crm_minute};

/// How far the clocks of the two sides may differ.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_hours(1);
/// How long somebody needs at the least to mend an e-mail.
const NOBODY_WAIT: Duration = Duration::from_secs(10 * 60);

pub(super) async fn look(world: &World<'_>, wanted: &EnsureTask, sent: &Sent) -> Result<Look, Trouble> {
    if wanted.performers.is_empty() {
        return Err(Trouble::Dead { error: "the rule names nobody to do the task".to_owned() });
    }
    let Some(performer_id) = performer(world, wanted) else {
        return Ok(Look::NobodyKnown { error: nobody(wanted) });
    };
    let Some(first_at) = sent.first_at.filter(|_| sent.may_be_there()) else { return Ok(Look::Absent) };
    let from = first_at.checked_sub(CLOCK_SKEW).unwrap_or(first_at);
    let search = TaskSearch { performer_id, created_from: crm_date(from, &world.directory.zones().crm) };
    let urgency = world.urgency(Priority::Task);
    let tasks = world.crm.tasks(&search, urgency).await.map_err(|error| Trouble::of_read(&error))?;
    let marked = |commentary: &str| commentary.split_whitespace().any(|word| word == wanted.marker);
    let there = tasks.iter().find(|task| task.commentary.as_deref().is_some_and(marked));
    Ok(match there {
        Some(task) => Look::Done(done(world, wanted, task.id, true)),
        None => Look::Absent,
    })
}

pub(super) async fn send(world: &World<'_>, wanted: &EnsureTask, needed: &Needed) -> Result<Done, Trouble> {
    let Some(performer_id) = performer(world, wanted) else {
        return Err(Trouble::Retry { error: nobody(wanted), at_least: NOBODY_WAIT, counts: true });
    };
    let zone = &world.directory.zones().crm;
    let customer = match needed.target(&wanted.client) {
        Target::Id { id, .. } => Some(Ref { id }),
        Target::Nobody | Target::Missing => None,
    };
    let order = match needed.target(&wanted.order) {
        Target::Id { id, .. } => Some(Ref { id }),
        Target::Nobody | Target::Missing => None,
    };
    let note = wanted.note.as_deref().map(str::trim_end).filter(|note| !note.is_empty());
    let task = NewTask {
        text: wanted.title.clone(),
        commentary: match note {
            Some(note) => format!("{note}\n\n{}", wanted.marker),
            None => wanted.marker.clone(),
        },
        datetime: wanted.due.map(|due| crm_minute(due, zone)),
        performer_id,
        phone_site: wanted.phone.is_some().then(|| wanted.site.clone()),
        phone: wanted.phone.clone(),
        customer,
        order,
    };
    match world.crm.create_task(&task, &wanted.site, world.urgency(Priority::Task)).await {
        Ok(id) => Ok(done(world, wanted, id, false)),
        // Nothing that a task could be told by is known to RetailCRM, so whatever this means, it is a reason to look.
        Err(error @ CrmError::AlreadyExists(_)) => Err(Trouble::Unknown { error: error.to_string() }),
        Err(error) => Err(Trouble::of_write(&error)),
    }
}

/// The first of those asked for who is a user of the CRM.
fn performer(world: &World<'_>, wanted: &EnsureTask) -> Option<u64> {
    wanted.performers.iter().find_map(|one| world.user_of(one))
}

fn nobody(wanted: &EnsureTask) -> String {
    let emails: Vec<String> = wanted.performers.iter().map(|one| format!("`{}`", one.email)).collect();
    format!("no active user of RetailCRM has the e-mail {}", emails.join(" or "))
}

fn done(world: &World<'_>, wanted: &EnsureTask, id: u64, found: bool) -> Done {
    // Somebody should see when it went to another one than the rule names.
    let one = wanted.performers.iter().find(|one| world.user_of(one).is_some());
    let response = json!({
        "created": true, "found": found, "performer": one.map(|one| &one.email),
        "performer_id": one.and_then(|one| world.user_of(one)),
    });
    Done::with(id, response).linked(world.linked(TASK_LINK, &wanted.marker, id))
}
