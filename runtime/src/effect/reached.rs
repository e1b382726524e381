//! The client was reached: a task to call back is to be done.
//!
//! Only a task that is still as it was made is completed: one that somebody has completed, deleted or given to somebody
//! else is left alone. How a task is completed by the API is not documented; the field that a task is read with,
//! `complete`, is written (reference, section 12). So the edit is looked at afterwards, and when it came to nothing the
//! effect is given up where a person sees it.

use serde_json::json;

use super::request::{CompleteTask, Sent, Whose};
use super::run::Look;
use super::verdict::{Done, Trouble};
use super::world::{Needed, Target, World};
use crate::crm::{CrmError, Priority, Task};

pub(super) async fn look(
    world: &World<'_>,
    wanted: &CompleteTask,
    sent: &Sent,
    needed: &Needed,
) -> Result<Look, Trouble> {
    let skip = |reason| Ok(Look::Done(Done::skipped(reason)));
    let Target::Id { id, .. } = needed.target(&Whose::Effect(wanted.task.clone())) else {
        return skip("the task was never made");
    };
    let task = match world.crm.task(id, world.urgency(Priority::Task)).await {
        Ok(task) => task,
        Err(CrmError::NotFound) => return skip("the task is gone"),
        Err(error) => return Err(Trouble::of_read(&error)),
    };
    let made_for = needed.performer(&wanted.task);
    match task.performer_id {
        _ if task.complete && sent.may_be_there() => Ok(Look::Done(done(&task))),
        _ if task.complete => skip("the task was done already"),
        Some(now) if made_for.is_some_and(|then| then != now) => skip("somebody else has the task now"),
        _ => Ok(Look::Absent),
    }
}

pub(super) async fn send(world: &World<'_>, wanted: &CompleteTask, needed: &Needed) -> Result<Done, Trouble> {
    let Target::Id { id, .. } = needed.target(&Whose::Effect(wanted.task.clone())) else {
        return Ok(Done::skipped("the task was never made"));
    };
    let urgency = world.urgency(Priority::Task);
    let crm = world.crm;
    match crm.complete_task(id, None, &wanted.site, urgency).await {
        // Some methods want what is required again with every edit.
        Err(CrmError::Refused(_)) => {
            let task = crm.task(id, urgency).await.map_err(|error| Trouble::of_read(&error))?;
            let again = crm.complete_task(id, Some(&task), &wanted.site, urgency).await;
            again.map_err(|error| Trouble::of_read(&error))?;
        }
        Err(CrmError::NotFound) => return Ok(Done::skipped("the task is gone")),
        first => first.map_err(|error| Trouble::of_read(&error))?,
    }
    let task = crm.task(id, urgency).await.map_err(|error| Trouble::of_read(&error))?;
    if !task.complete {
        let error = "RetailCRM took the edit, and the task is not complete; complete it by hand".to_owned();
        return Err(Trouble::Dead { error });
    }
    Ok(done(&task))
}

fn done(task: &Task) -> Done {
    Done::with(task.id, json!({ "completed": true }))
}
