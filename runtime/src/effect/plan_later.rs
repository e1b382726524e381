//! Plans for what follows from a call beside its decision: tasks of earlier calls whose client was reached, recordings
//! that have no place in the history, the personal manager in the address book of UIS. Pure.

use smol_str::SmolStr;
use switchboard_engine::decide::{Decision, Entity};

use super::key;
use super::plan::{Before, Context, planned};
use super::request::{CompleteTask, Need, NoteRecords, Request, SetManager, StoredError, Whose};
use super::view::EventView;
use crate::store::record::{EffectClass, EffectKey, NewEffect};

/// Plans that a task is completed, because its client was reached.
///
/// # Errors
///
/// [`StoredError`] when a request cannot be written down.
pub fn task_reached(task: &EffectKey, site: &str, context: &Context<'_>) -> Result<NewEffect, StoredError> {
    let request = Request::CompleteTask(CompleteTask {
        task: task.clone(),
        site: site.to_owned(),
        reached_by: context.session.as_str().to_owned(),
    });
    let needs = [Need { key: task.clone(), strict: false }];
    planned(key::reached_key(task), EffectClass::Idempotent, request, &needs, context.now)
}

/// Plans that recordings which are not in the history are noted at the client; nothing when there are none. `store` is
/// the shop of the decision.
///
/// # Errors
///
/// [`StoredError`] when a request cannot be written down.
pub fn other_records(
    links: Vec<String>,
    before: &Before,
    store: Option<&SmolStr>,
    started: jiff::Timestamp,
    context: &Context<'_>,
) -> Result<Option<NewEffect>, StoredError> {
    note(links, false, before, store, started, context)
}

/// The same for recordings that became known after the upload.
///
/// # Errors
///
/// [`StoredError`] when a request cannot be written down.
pub fn late_records(
    links: Vec<String>,
    before: &Before,
    store: Option<&SmolStr>,
    started: jiff::Timestamp,
    context: &Context<'_>,
) -> Result<Option<NewEffect>, StoredError> {
    note(links, true, before, store, started, context)
}

fn note(
    links: Vec<String>,
    late: bool,
    before: &Before,
    store: Option<&SmolStr>,
    started: jiff::Timestamp,
    context: &Context<'_>,
) -> Result<Option<NewEffect>, StoredError> {
    if links.is_empty() || !before.accepted() {
        return Ok(None);
    }
    let (client, needs) = match (before.creates(Entity::Client), context.client) {
        (true, _) => {
            let key = key::client_key(context.session);
            (Whose::Effect(key.clone()), vec![Need { key, strict: false }])
        }
        (false, Some(client)) => (Whose::Known(client.id), Vec::new()),
        (false, None) => (Whose::Nobody, Vec::new()),
    };
    let own = context.client.and_then(|client| client.site.clone());
    let site = own.or_else(|| store.map(ToString::to_string)).unwrap_or_else(|| context.site.to_owned());
    let (key, marker) = match late {
        false => (key::records_key(context.session), key::records_marker(context.account, context.session)),
        true => (
            key::late_records_key(context.session, &links),
            key::late_records_marker(context.account, context.session, &links),
        ),
    };
    let request = Request::NoteRecords(NoteRecords { marker, client, site, started, links, late });
    planned(key, EffectClass::Probe, request, &needs, context.now).map(Some)
}

/// Plans that the client's manager is written into the address book: the one in RetailCRM, `manager`, or the responsible
/// whom a new client gets. Nothing when there is no client, no manager or no number. `name` is the client's in RetailCRM.
///
/// # Errors
///
/// [`StoredError`] when a request cannot be written down.
pub fn personal_manager(
    decision: &Decision,
    manager: Option<u64>,
    name: Option<String>,
    context: &Context<'_>,
) -> Result<Option<NewEffect>, StoredError> {
    let event = EventView::of(context.event);
    let Some(phone) = event.text("/phone").filter(|_| decision.accepted) else { return Ok(None) };
    let (client, needs, user, email) = match context.client {
        Some(client) => (Whose::Known(client.id), Vec::new(), manager, None),
        None if decision.creates(Entity::Client) => {
            let key = key::client_key(context.session);
            let email = decision.responsible.as_ref().map(ToString::to_string);
            let user = email.as_deref().and_then(|email| context.directory.user_by_email(email));
            (Whose::Effect(key.clone()), vec![Need { key, strict: false }], user, email)
        }
        None => return Ok(None),
    };
    if user.is_none() && email.is_none() {
        return Ok(None);
    }
    let site = context.client.and_then(|client| client.site.clone());
    let request = Request::SetManager(SetManager {
        phone,
        client,
        site: site.unwrap_or_else(|| context.site.to_owned()),
        user,
        email,
        name: name.or_else(|| event.text("/name")),
    });
    planned(key::manager_key(context.session), EffectClass::Probe, request, &needs, context.now).map(Some)
}
