//! The client's manager is to be the personal manager of the contact in UIS.
//!
//! Read, then written when it is not so already; therefore it can be repeated at any time, and when the answer to a write
//! was lost the book is read again. What was seen to be so is remembered under the number for a while. One contact is
//! written each time, so that no more than one question and one write are under way at once.
//!
//! The book is another vendor's: nothing that happens there stops the account or stands in the way of the CRM.

use std::time::Duration;

use serde_json::{Value, json};
use smol_str::SmolStr;

use super::find::KnownClient;
use super::request::{Sent, SetManager, Whose};
use super::run::Look;
use super::verdict::{Done, Trouble};
use super::world::{Needed, Target, World};
use crate::crm::{CrmError, Priority, RecordRef};
use crate::store::record::NaturalKey;
use crate::uis::{AddressBook, Class, Contact, Entry, UisError};

/// The kind of links from a number to the employee of UIS who was last seen as its personal manager.
const LINK: &str = "personal_manager";
/// How long somebody needs at the least to mend a key or to buy an option.
const SLOW_RETRY: Duration = Duration::from_secs(10 * 60);

/// Who is to be written, as UIS knows him.
enum Whom {
    Employee(u64),
    /// Nobody, and why.
    Nobody(Done),
}

pub(super) async fn look(
    world: &World<'_>,
    wanted: &SetManager,
    sent: &Sent,
    needed: &Needed,
) -> Result<Look, Trouble> {
    let Some(book) = world.book else {
        return Ok(Look::Done(skipped("the settings do not ask for it", "в настройках это выключено")));
    };
    let employee = match whom(world, wanted, needed).await? {
        Whom::Employee(employee) => employee,
        Whom::Nobody(done) => return Ok(Look::Done(done)),
    };
    if !sent.may_be_there() {
        if is_known(world, book, wanted, employee).await? {
            return Ok(Look::Done(done(world, wanted, employee, None, "remembered")));
        }
        book.spare().map_err(waits)?;
        return Ok(Look::Absent);
    }
    let entry = enter(world, book)?;
    let contacts = contacts(&entry, wanted).await?;
    Ok(match contacts.as_slice() {
        [first, ..] if contacts.iter().all(|contact| is_so(contact, employee)) => {
            Look::Done(done(world, wanted, employee, Some(first.id), "found"))
        }
        _ => Look::Absent,
    })
}

pub(super) async fn send(world: &World<'_>, wanted: &SetManager, needed: &Needed) -> Result<Done, Trouble> {
    let Some(book) = world.book else {
        return Ok(skipped("the settings do not ask for it", "в настройках это выключено"));
    };
    let employee = match whom(world, wanted, needed).await? {
        Whom::Employee(employee) => employee,
        Whom::Nobody(done) => return Ok(done),
    };
    let entry = enter(world, book)?;
    let contacts = contacts(&entry, wanted).await?;
    let mut wrong = contacts.iter().filter(|contact| !is_so(contact, employee));
    match (contacts.first(), wrong.next()) {
        (None, _) => {
            let name = wanted.name.as_deref().unwrap_or(&wanted.phone);
            let id = entry.add(digits(wanted), name, employee).await.map_err(|error| of_write(&error))?;
            Ok(done(world, wanted, employee, id, "created"))
        }
        (Some(first), None) => Ok(done(world, wanted, employee, Some(first.id), "already")),
        (Some(_), Some(contact)) => {
            entry.assign(contact, employee).await.map_err(|error| of_write(&error))?;
            if wrong.next().is_some() {
                let error = "other contacts with this number are still to be written".to_owned();
                return Err(Trouble::Retry { error, at_least: Duration::ZERO, counts: false });
            }
            Ok(done(world, wanted, employee, Some(contact.id), "written"))
        }
    }
}

/// Whose client it is: as the plan knew, or as RetailCRM says of a client that was there although nobody knew.
async fn whom(world: &World<'_>, wanted: &SetManager, needed: &Needed) -> Result<Whom, Trouble> {
    let (user, email) = match (&wanted.client, needed.target(&wanted.client)) {
        (Whose::Effect(_), Target::Id { id, created: false, site }) => {
            let known = KnownClient { id, site };
            let Some(user) = manager_of(world, &known, &wanted.site).await? else {
                return Ok(Whom::Nobody(skipped(
                    "the client has no manager in RetailCRM",
                    "у клиента нет менеджера в RetailCRM",
                )));
            };
            (Some(user), None)
        }
        (Whose::Effect(_), Target::Missing | Target::Nobody) => {
            return Ok(Whom::Nobody(skipped("no client was made", "клиент не создан")));
        }
        _ => (wanted.user, wanted.email.clone()),
    };
    let directory = world.directory;
    let email = email.or_else(|| user.and_then(|user| directory.email_of_user(user)).map(str::to_owned));
    let by_email = email.as_deref().and_then(|email| directory.reach(email)).map(|reach| reach.employee);
    let employee = by_email.or_else(|| user.and_then(|user| directory.employee_of_user(user)));
    Ok(employee.map_or_else(|| Whom::Nobody(not_synchronised(user, email)), Whom::Employee))
}

async fn manager_of(world: &World<'_>, known: &KnownClient, site: &str) -> Result<Option<u64>, Trouble> {
    let site = known.site.as_deref().unwrap_or(site);
    match world.crm.customer(&RecordRef::Id(known.id), site, world.urgency(Priority::Background)).await {
        Ok(customer) => Ok(customer.manager_id),
        // Gone or merged meanwhile: the next call of the client tells.
        Err(CrmError::NotFound | CrmError::Merged { .. }) => Ok(None),
        Err(error) => Err(Trouble::of_read(&error)),
    }
}

/// Whether the book was seen to say so not long ago.
async fn is_known(
    world: &World<'_>,
    book: &AddressBook,
    wanted: &SetManager,
    employee: u64,
) -> Result<bool, Trouble> {
    let link = world.link(LINK, &wanted.phone).await?;
    Ok(link.is_some_and(|link| {
        let age = world.now.duration_since(link.checked_at).unsigned_abs();
        link.remote_id.parse() == Ok(employee) && age < book.fresh()
    }))
}

fn is_so(contact: &Contact, employee: u64) -> bool {
    contact.personal_manager == Some(employee)
}

/// UIS wants numbers without a plus sign (reference, section 2).
fn digits(wanted: &SetManager) -> &str {
    wanted.phone.trim_start_matches('+')
}

fn enter<'b>(world: &World<'b>, book: &'b AddressBook) -> Result<Entry<'b>, Trouble> {
    book.enter(world.guard.cloned()).map_err(waits)
}

async fn contacts(entry: &Entry<'_>, wanted: &SetManager) -> Result<Vec<Contact>, Trouble> {
    entry.contacts(digits(wanted)).await.map_err(|error| of_read(&error))
}

/// Nobody was asked, so it is no attempt.
fn waits(wait: Duration) -> Trouble {
    let error = "the address book of UIS is busy, left alone after a failure, or short of points".to_owned();
    Trouble::Retry { error, at_least: wait, counts: false }
}

fn of_read(error: &UisError) -> Trouble {
    let text = error.to_string();
    let retry = |at_least, counts| Trouble::Retry { error: text.clone(), at_least, counts };
    match error {
        UisError::LimitExceeded { wait } => retry(*wait, false),
        UisError::TooLate => retry(Duration::ZERO, false),
        UisError::OptionMissing { .. } => retry(SLOW_RETRY, true),
        error => match error.class() {
            Class::Retry => retry(Duration::ZERO, true),
            Class::Stop => retry(SLOW_RETRY, true),
            Class::Permanent => Trouble::Dead { error: text },
        },
    }
}

fn of_write(error: &UisError) -> Trouble {
    match error {
        error if error.may_have_happened() => Trouble::Unknown { error: error.to_string() },
        // Somebody has added or taken away the contact since it was read: it is read again.
        UisError::Misuse { mnemonic, field }
            if mnemonic == "duplicate_entity"
                || (mnemonic == "entity_not_found" && field != "personal_manager_id") =>
        {
            Trouble::Retry { error: error.to_string(), at_least: Duration::ZERO, counts: true }
        }
        error => of_read(error),
    }
}

fn skipped(en: &str, ru: &str) -> Done {
    Done { response: json!({ "skipped": { "en": en, "ru": ru } }), ..Done::default() }
}

fn not_synchronised(user: Option<u64>, email: Option<String>) -> Done {
    let who = email.or_else(|| user.map(|user| user.to_string())).unwrap_or_default();
    skipped(
        &format!("the manager `{who}` is not matched with an employee of UIS"),
        &format!("менеджер `{who}` не сопоставлен с сотрудником UIS"),
    )
}

/// How it came about that the book says so.
fn done(world: &World<'_>, wanted: &SetManager, employee: u64, contact: Option<u64>, how: &str) -> Done {
    let response = json!({ "personal_manager_id": employee, "how": how });
    let link = world.linked(LINK, &wanted.phone, employee);
    // What is remembered gets no younger by being remembered.
    let links = if how == "remembered" { Vec::new() } else { vec![link] };
    Done { remote_id: contact, response, links, ..Done::default() }
}

/// A later effect says who the manager is. What was sent before may have been written, so nothing is remembered.
pub(crate) fn superseded(wanted: &SetManager) -> Done {
    let skipped: Value = json!({
        "en": "a later call of the client says who the manager is",
        "ru": "кто менеджер, говорит более поздний звонок клиента",
    });
    Done {
        response: json!({ "skipped": skipped }),
        dropped_links: vec![(SmolStr::new_static(LINK), NaturalKey::new(wanted.phone.as_str()))],
        ..Done::default()
    }
}
