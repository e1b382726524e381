//! What a decision means for RetailCRM.
//!
//! Goes in: a decision, the event it was made from, what is known of the client and the account. Comes out: effects in
//! the order in which they are to happen, each with its key, its class and what it needs. Pure: the same in, the same
//! out, so a plan can be shown before anything is done, and made again.
//!
//! There are two plans for a call. The first follows its end: client, order (or the one that is joined), tasks, fields. The second follows its
//! recording, or the moment when nobody waits for one any longer: fields that are always written and have a new value
//! now, and the upload of the call, which cannot be completed afterwards (reference, section 5.2).

use jiff::Timestamp;
use smol_str::SmolStr;
use switchboard_engine::decide::{Decision, Entity, FieldWrite, Task};
use switchboard_engine::event::Event;
use switchboard_engine::schema::EventKind;

use super::fields::{Converted, MAX_STRING_CHARS, convert};
use super::find::KnownClient;
use super::key;
use super::request::{
    Assignee, AwaitPerson, EnsureClient, EnsureOrder, EnsureTask, JoinOrder, Need, Origin, Request, Stored,
    StoredError, UploadCall, Whose, WriteFields,
};
use super::view::EventView;
use crate::crm::{CallResult, Direction, FieldEntity};
use crate::directory::Snapshot;
use crate::store::record::{AccountId, EffectClass, EffectKey, EffectState, Json, NewEffect, SessionKey};

/// What a plan is made from, beside the decision.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The account.
    pub account: &'a AccountId,
    /// The communication.
    pub session: &'a SessionKey,
    /// The shop of the settings, for decisions that name none.
    pub site: &'a str,
    /// The event that was decided on.
    pub event: &'a Event,
    /// The client that the CRM has, when it was asked.
    pub client: Option<&'a KnownClient>,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// The account's people and fields.
    pub directory: &'a Snapshot,
    /// When the effects may begin.
    pub now: Timestamp,
}

/// Plans what follows the end of a communication: client, order, tasks, fields.
///
/// # Errors
///
/// [`StoredError`] when a request cannot be written down.
pub fn after_end(decision: &Decision, context: &Context<'_>) -> Result<Vec<NewEffect>, StoredError> {
    if !decision.accepted {
        return Ok(Vec::new());
    }
    let planner = Planner::new(decision, context);
    let [client, order] = planner.creates;
    let mut effects = Vec::new();
    if client {
        effects.push(planner.client()?);
    }
    if order {
        effects.push(planner.order()?);
    }
    effects.extend(planner.join()?);
    for task in &decision.tasks {
        effects.push(planner.task(task)?);
    }
    let always: Vec<&FieldWrite> = decision.fields.client.iter().filter(|write| write.always).collect();
    let key = key::fields_key(FieldEntity::Customer, context.session);
    effects.extend(planner.write(key, FieldEntity::Customer, &always, true)?);
    effects.extend(planner.write_joined()?);
    Ok(effects)
}

/// Plans what follows the recording of a call, or the end of the wait for it. `before` is the decision made at the end
/// of the call, `now` the one made with the recording: what was created then is what there is to write to, whatever
/// rules are in force meanwhile.
///
/// # Errors
///
/// [`StoredError`] when a request cannot be written down.
pub fn after_record(
    before: &Before,
    now: &Decision,
    context: &Context<'_>,
) -> Result<Vec<NewEffect>, StoredError> {
    let mut effects = late_fields(before, now, context)?;
    effects.extend(upload(before, now, context)?);
    Ok(effects)
}

/// Plans the fields alone that became known with a recording.
///
/// # Errors
///
/// [`StoredError`] when a request cannot be written down.
pub fn late_fields(
    before: &Before,
    now: &Decision,
    context: &Context<'_>,
) -> Result<Vec<NewEffect>, StoredError> {
    let mut effects = Vec::new();
    if !before.accepted() {
        return Ok(effects);
    }
    let creates = Entity::ALL.map(|entity| before.creates(entity));
    let planner = Planner { creates, joins: before.joins(), ..Planner::new(now, context) };
    for (entity, of) in [(Entity::Client, FieldEntity::Customer), (Entity::Order, FieldEntity::Order)] {
        let changed: Vec<&FieldWrite> = now
            .fields
            .of(entity)
            .iter()
            .filter(|write| write.always && before.differs(entity, write))
            .collect();
        let key = key::late_fields_key(of, context.session);
        effects.extend(planner.write(key, of, &changed, false)?);
    }
    Ok(effects)
}

/// Plans the upload of a call once more, with a recording that became known after the first one. RetailCRM knows the call
/// by its external id, so no second one comes of it.
///
/// # Errors
///
/// [`StoredError`] when a request cannot be written down.
pub fn upload_again(
    before: &Before,
    now: &Decision,
    context: &Context<'_>,
) -> Result<Option<NewEffect>, StoredError> {
    let first = upload(before, now, context)?;
    Ok(first.map(|first| NewEffect { key: key::call_again_key(context.session), ..first }))
}

fn upload(before: &Before, now: &Decision, context: &Context<'_>) -> Result<Option<NewEffect>, StoredError> {
    if before.accepted() { Planner::new(now, context).upload() } else { Ok(None) }
}

/// Plans what follows from rules that want a person to look: nothing, until somebody has it tried again.
///
/// # Errors
///
/// [`StoredError`] when a request cannot be written down.
pub fn for_a_person(context: &Context<'_>) -> Result<Vec<NewEffect>, StoredError> {
    let reason = "a script failed, and the rules say to wait for a person".to_owned();
    let key = key::person_key(context.session, context.now);
    let request = Request::AwaitPerson(AwaitPerson { reason, shown: false });
    planned(key, EffectClass::Idempotent, request, &[], context.now).map(|effect| vec![effect])
}

/// An earlier decision about the same communication, as it was kept.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Before {
    decision: serde_json::Value,
}

impl Before {
    /// Reads the JSON form of a decision; anything else is a decision that did nothing.
    pub fn of(decision: &Json) -> Self {
        Self { decision: decision.read().unwrap_or_default() }
    }

    /// Whether the communication was let through.
    pub fn accepted(&self) -> bool {
        self.decision.get("accepted").and_then(serde_json::Value::as_bool).unwrap_or(false)
    }

    /// Whether an entity was to be created.
    pub fn creates(&self, entity: Entity) -> bool {
        let create = self.decision.get("create").and_then(serde_json::Value::as_array);
        create.is_some_and(|all| all.iter().any(|one| one == entity.as_str()))
    }

    /// Whether it was to go to an order that there is.
    pub fn joins(&self) -> bool {
        self.decision.get("attach_to").is_some_and(serde_json::Value::is_string)
    }

    pub(super) fn differs(&self, entity: Entity, write: &FieldWrite) -> bool {
        let before = self.decision.get("fields").and_then(|fields| fields.get(entity.as_str()));
        let before = before.and_then(|fields| fields.get(write.code.as_str()));
        let now = switchboard_engine::value::to_json(&write.value, false);
        !write.value.is_missing() && before != Some(&now)
    }
}

pub(super) struct Planner<'a> {
    pub(super) decision: &'a Decision,
    pub(super) context: &'a Context<'a>,
    pub(super) event: EventView,
    pub(super) site: String,
    /// Whether client and order are made for this communication.
    pub(super) creates: [bool; 2],
    /// Whether it goes to an order that there is.
    pub(super) joins: bool,
}

impl<'a> Planner<'a> {
    pub(super) fn new(decision: &'a Decision, context: &'a Context<'a>) -> Self {
        let site = decision.store.as_ref().map_or(context.site, SmolStr::as_str).to_owned();
        let creates = Entity::ALL.map(|entity| decision.creates(entity));
        let joins = decision.attach_to.is_some();
        Self { decision, context, event: EventView::of(context.event), site, creates, joins }
    }

    /// The order that the communication goes to; nothing when it goes to none.
    pub(super) fn join(&self) -> Result<Option<NewEffect>, StoredError> {
        let Some(number) = &self.decision.attach_to else { return Ok(None) };
        let request = Request::JoinOrder(JoinOrder { number: number.to_string() });
        self.effect(key::join_key(self.context.session), EffectClass::Idempotent, request, &[]).map(Some)
    }

    /// Fields that are always written are written to the order that the communication goes to.
    pub(super) fn write_joined(&self) -> Result<Option<NewEffect>, StoredError> {
        if !self.joins {
            return Ok(None);
        }
        let always: Vec<&FieldWrite> =
            self.decision.fields.order.iter().filter(|write| write.always).collect();
        let key = key::fields_key(FieldEntity::Order, self.context.session);
        self.write(key, FieldEntity::Order, &always, false)
    }

    pub(super) fn client(&self) -> Result<NewEffect, StoredError> {
        let Converted { fields, dropped } = self.convert(FieldEntity::Customer, &self.decision.fields.client);
        let phone = self.event.text("/phone");
        // Of a call whose number is hidden nobody can be told; who writes has a chat to be known by.
        let is_call = self.context.event.kind() == EventKind::Call;
        let email = self.event.text("/email").filter(|_| !is_call);
        let other = email.unwrap_or_else(|| self.context.session.as_str().to_owned());
        let contact = phone.clone().unwrap_or_else(|| other.clone());
        let request = Request::EnsureClient(EnsureClient {
            known_by: (!is_call).then_some(other),
            external_id: key::client_external_id(self.context.account, &contact),
            site: self.site.clone(),
            name: self.event.short("/name"),
            email: self.event.short("/email"),
            manager: self.responsible(),
            source: self.origin(),
            fields,
            dropped,
            absent_at: self.context.client.is_none().then_some(self.context.asked_at),
            phone,
        });
        self.effect(key::client_key(self.context.session), EffectClass::Probe, request, &[])
    }

    pub(super) fn order(&self) -> Result<NewEffect, StoredError> {
        let Converted { fields, dropped } = self.convert(FieldEntity::Order, &self.decision.fields.order);
        let (client, needs) = self.whose_client(true);
        let request = Request::EnsureOrder(EnsureOrder {
            external_id: key::order_external_id(self.context.account, self.context.session),
            site: self.site.clone(),
            client,
            name: self.event.short("/name"),
            phone: self.event.text("/phone"),
            email: self.event.short("/email"),
            manager: self.responsible(),
            source: self.origin(),
            fields,
            dropped,
        });
        self.effect(key::order_key(self.context.session), EffectClass::Probe, request, &needs)
    }

    pub(super) fn task(&self, task: &Task) -> Result<NewEffect, StoredError> {
        // A task without a client still says whom to call back, so it waits for the client but does not depend on it.
        let (client, mut needs) = self.whose_client(false);
        let mut order = Whose::Nobody;
        if self.joins {
            let key = key::join_key(self.context.session);
            order = Whose::Effect(key.clone());
            needs.push(Need { key, strict: false });
        }
        // Somebody must do it: the one the rule names, else the one whose the client is.
        let names = task.assign.iter().chain(&self.decision.responsible);
        let mut performers: Vec<Assignee> = names.map(|email| self.assignee(email)).collect();
        performers.dedup();
        let request = Request::EnsureTask(EnsureTask {
            marker: key::task_marker(self.context.account, self.context.session, &task.name),
            site: self.site.clone(),
            title: task.title.clone(),
            note: task.note.clone(),
            due: task.due.map(|due| due.instant()),
            performers,
            client,
            order,
            phone: self.event.text("/phone"),
        });
        self.effect(key::task_key(self.context.session, &task.name), EffectClass::Probe, request, &needs)
    }

    /// Nothing when there is nothing to write, or nothing to write it to.
    pub(super) fn write(
        &self,
        key: EffectKey,
        entity: FieldEntity,
        writes: &[&FieldWrite],
        unless_created: bool,
    ) -> Result<Option<NewEffect>, StoredError> {
        let [_, creates_order] = self.creates;
        let (target, needs) = match entity {
            FieldEntity::Customer => self.whose_client(true),
            FieldEntity::Order if creates_order || self.joins => self.whose_order(),
            FieldEntity::Order => (Whose::Nobody, Vec::new()),
        };
        if target == Whose::Nobody {
            return Ok(None);
        }
        let Converted { fields, dropped } = convert(writes, entity, self.context.directory);
        if fields.is_empty() && dropped.is_empty() {
            return Ok(None);
        }
        let as_of = self.event.moment("/finished").unwrap_or(self.context.now);
        // A client that is there is edited under its own shop, whatever shop the call belongs to.
        let own = match (&target, self.context.client) {
            (Whose::Known(_), Some(client)) => client.site.clone(),
            _ => None,
        };
        let site = own.unwrap_or_else(|| self.site.clone());
        let request = Request::WriteFields(WriteFields {
            entity,
            target,
            site,
            fields,
            dropped,
            as_of,
            unless_created,
        });
        self.effect(key, EffectClass::Idempotent, request, &needs).map(Some)
    }

    /// Nothing for what is not a call.
    fn upload(&self) -> Result<Option<NewEffect>, StoredError> {
        let direction = match self.event.text("/direction").as_deref() {
            Some("incoming") => Direction::In,
            Some("outgoing") => Direction::Out,
            _ => return Ok(None),
        };
        let employee = self.event.text("/answered_by").or_else(|| self.event.text("/caller"));
        let talk_seconds = self.event.seconds("/talk_time");
        let request = Request::UploadCall(UploadCall {
            external_id: key::call_external_id(self.context.session),
            site: self.site.clone(),
            started: self.event.moment("/started").unwrap_or(self.context.now),
            direction,
            phone: self.event.text("/phone"),
            employee: employee.map(|email| self.assignee(&email)),
            result: result(talk_seconds, self.event.text("/finish_reason").as_deref()),
            talk_seconds,
            wait_seconds: self.event.seconds("/wait_time"),
            record_url: self.event.text("/record_url"),
            virtual_number: self.event.text("/virtual_number"),
            source: self.origin(),
        });
        self.effect(key::call_key(self.context.session), EffectClass::Idempotent, request, &[]).map(Some)
    }

    /// The client: the one that is to be made, else the one that was found.
    pub(super) fn whose_client(&self, strict: bool) -> (Whose, Vec<Need>) {
        let [creates_client, _] = self.creates;
        if creates_client {
            let key = key::client_key(self.context.session);
            return (Whose::Effect(key.clone()), vec![Need { key, strict }]);
        }
        (self.context.client.map_or(Whose::Nobody, |client| Whose::Known(client.id)), Vec::new())
    }

    pub(super) fn whose_order(&self) -> (Whose, Vec<Need>) {
        let [_, creates_order] = self.creates;
        let session = self.context.session;
        let key = if creates_order { key::order_key(session) } else { key::join_key(session) };
        (Whose::Effect(key.clone()), vec![Need { key, strict: true }])
    }

    fn responsible(&self) -> Option<Assignee> {
        self.decision.responsible.as_deref().map(|email| self.assignee(email))
    }

    fn assignee(&self, email: &str) -> Assignee {
        Assignee { email: email.to_owned(), user: self.context.directory.user_by_email(email) }
    }

    fn convert(&self, entity: FieldEntity, writes: &[FieldWrite]) -> Converted {
        convert(&writes.iter().collect::<Vec<_>>(), entity, self.context.directory)
    }

    /// Marks of the link that was clicked; where there are none, what UIS made of them.
    fn origin(&self) -> Origin {
        let first = |paths: &[&str]| paths.iter().find_map(|path| self.event.short(path));
        Origin {
            source: first(&["/utm/source", "/source"]),
            medium: first(&["/utm/medium", "/marketing_channel"]),
            campaign: first(&["/utm/campaign", "/campaign"]),
            keyword: first(&["/utm/term", "/search_query"]),
            content: first(&["/utm/content"]),
        }
    }

    pub(super) fn effect(
        &self,
        key: EffectKey,
        class: EffectClass,
        request: Request,
        needs: &[Need],
    ) -> Result<NewEffect, StoredError> {
        planned(key, class, request, needs, self.context.now)
    }
}

pub(super) fn planned(
    key: EffectKey,
    class: EffectClass,
    request: Request,
    needs: &[Need],
    next_at: Timestamp,
) -> Result<NewEffect, StoredError> {
    Ok(NewEffect {
        key,
        kind: SmolStr::new_static(request.kind()),
        class,
        request: Stored::new(request).write()?,
        needs: Json::of(needs).map_err(|error| StoredError::Unreadable { reason: error.to_string() })?,
        state: EffectState::Ready,
        next_at,
    })
}

/// How a call ended, in the words of the history. The reasons are those of the UIS reference, section 11.
fn result(talk_seconds: u64, finish_reason: Option<&str>) -> CallResult {
    if talk_seconds > 0 {
        return CallResult::Answered;
    }
    let Some(reason) = finish_reason else { return CallResult::NoAnswer };
    if reason.ends_with("_busy") || reason == "employee_busy_after_call" {
        return CallResult::Busy;
    }
    if reason.contains("not_allowed") || reason.starts_with("locked_") || reason.ends_with("_denied") {
        return CallResult::NotAllowed;
    }
    if reason.contains("number_problems") || reason.contains("not_exists") || reason.contains("error") {
        return CallResult::Failed;
    }
    CallResult::NoAnswer
}

impl EventView {
    /// A text that fits a short field of the CRM.
    fn short(&self, path: &str) -> Option<String> {
        self.text(path).map(|text| text.chars().take(MAX_STRING_CHARS).collect())
    }
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
