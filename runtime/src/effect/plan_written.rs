//! What a decision about a chat or a request means for RetailCRM.
//!
//! A chat may be decided twice: when it has come to the stage at which things are created, and when it is over. All
//! effects have keys that follow from the communication, and one that was planned already is not planned again, so the
//! second plan names everything that the rules say at the end, and adds only what is new. Pure.

use switchboard_engine::decide::{Decision, Entity, FieldWrite};

use super::key;
use super::plan::{Before, Context, Planner, planned};
use super::request::{Need, Request, StoredError, Whose};
use super::request_chat::CompleteContact;
use crate::communication::{Contacts, Whole};
use crate::crm::FieldEntity;
use crate::store::record::{EffectClass, NewEffect};

/// Plans what follows while a chat goes on: client, order, fields. Tasks are counted from its end and wait for it.
///
/// # Errors
///
/// [`StoredError`] when a request cannot be written down.
pub fn begun(decision: &Decision, context: &Context<'_>) -> Result<Vec<NewEffect>, StoredError> {
    plan(None, decision, context, false)
}

/// Plans what follows the end: everything that `before` did not plan yet. `before` is the decision that was made while
/// the chat went on, if one was: what was created then is what there is to write to.
///
/// # Errors
///
/// [`StoredError`] when a request cannot be written down.
pub fn ended(
    before: Option<&Before>,
    decision: &Decision,
    context: &Context<'_>,
) -> Result<Vec<NewEffect>, StoredError> {
    plan(before, decision, context, true)
}

fn plan(
    before: Option<&Before>,
    decision: &Decision,
    context: &Context<'_>,
    tasks: bool,
) -> Result<Vec<NewEffect>, StoredError> {
    if !decision.accepted {
        return Ok(Vec::new());
    }
    let created = |entity| before.is_some_and(|before| before.creates(entity));
    let creates = Entity::ALL.map(|entity| decision.creates(entity) || created(entity));
    let [client, order] = creates;
    let joined = before.is_some_and(Before::joins);
    // What was created while it went on is what it stays with.
    let joins_now = !joined && !order && decision.attach_to.is_some();
    let planner = Planner { creates, joins: joined || joins_now, ..Planner::new(decision, context) };
    let mut effects = Vec::new();
    if client && !created(Entity::Client) {
        effects.push(planner.client()?);
    }
    if order && !created(Entity::Order) {
        effects.push(planner.order()?);
    }
    if joins_now {
        effects.extend(planner.join()?);
        effects.extend(planner.write_joined()?);
    }
    if tasks {
        for task in &decision.tasks {
            effects.push(planner.task(task)?);
        }
    }
    for (entity, of) in [(Entity::Client, FieldEntity::Customer), (Entity::Order, FieldEntity::Order)] {
        let changed =
            |write: &&FieldWrite| write.always && before.is_none_or(|before| before.differs(entity, write));
        let writes: Vec<&FieldWrite> = decision.fields.of(entity).iter().filter(changed).collect();
        let (key, unless_created) = match before {
            Some(_) => (key::late_fields_key(of, context.session), false),
            // What is created with the record need not be written again.
            None => (key::fields_key(of, context.session), true),
        };
        if of == FieldEntity::Order && (before.is_none() || joins_now) {
            continue;
        }
        effects.extend(planner.write(key, of, &writes, unless_created)?);
    }
    Ok(effects)
}

/// Plans that contacts which were left later are written to what exists; nothing when nothing does.
///
/// # Errors
///
/// [`StoredError`] when a request cannot be written down.
pub fn contacts(
    whole: &Whole,
    before: &Before,
    site: &str,
    context: &Context<'_>,
) -> Result<Option<NewEffect>, StoredError> {
    let Contacts { phones, emails } = &whole.contacts;
    let mut needs = Vec::new();
    let mut made = |entity, key| {
        before.creates(entity).then(|| {
            needs.push(Need { key: crate::store::record::EffectKey::clone(&key), strict: false });
            Whose::Effect(key)
        })
    };
    let client = made(Entity::Client, key::client_key(context.session));
    let order = made(Entity::Order, key::order_key(context.session)).unwrap_or(Whose::Nobody);
    let client = client.or(context.client.map(|client| Whose::Known(client.id))).unwrap_or(Whose::Nobody);
    if client == Whose::Nobody || whole.contacts.first().is_none() {
        return Ok(None);
    }
    let own = context.client.and_then(|client| client.site.clone());
    let request = Request::CompleteContact(CompleteContact {
        client,
        order,
        site: own.unwrap_or_else(|| site.to_owned()),
        phones: phones.clone(),
        email: emails.first().cloned(),
        name: whole.name.clone(),
        makeshift: [context.session.as_str()]
            .into_iter()
            .chain(whole.contacts.all())
            .map(str::to_owned)
            .collect(),
    });
    let key = key::contact_key(context.session, whole.contacts.all());
    planned(key, EffectClass::Idempotent, request, &needs, context.now).map(Some)
}
