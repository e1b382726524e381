//! What policies need to know beyond the client's card, before the rules decide.
//!
//! Goes in: what the policies of such events declared, the client's card, and what is known of the communication. Comes
//! out: the facts, with everything that could be had added. What comes from UIS is known already; orders are asked of
//! RetailCRM, once for all policies, one page of them. An answer that fails holds the decision, like that about the
//! client.

use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};
use switchboard_engine::bundle::Need;
use switchboard_engine::catalog::Fact;
use switchboard_engine::facts::Facts;

use super::turn::{Halt, Turn};
use crate::clients::asked;
use crate::communication::{Merged, Written};
use crate::crm::{CrmError, Customer, Priority, Urgency};
use crate::directory::Snapshot;
use crate::source::uis::LocalTime;

/// What the communication itself tells.
#[derive(Clone, Copy)]
pub(super) enum Subject<'a> {
    /// A call.
    Call(&'a Merged),
    /// A chat or a request.
    Written(&'a Written),
}

/// Adds what RetailCRM knows of the client.
///
/// # Errors
///
/// [`CrmError`] when orders are needed and it does not say.
pub(super) async fn add_crm(
    turn: &Turn<'_>,
    needs: &[Need],
    card: Option<&Customer>,
    directory: &Snapshot,
    facts: &mut Facts,
) -> Result<Result<(), CrmError>, Halt> {
    let Some(card) = card else { return Ok(Ok(())) };
    asked::of_card(needs, card, directory, facts).map_err(bug)?;
    if !asked::needs_orders(needs) {
        return Ok(Ok(()));
    }
    let urgency = Urgency::first(Priority::Entity);
    let statuses = match turn.account.statuses.known(&turn.crm, turn.now(), urgency).await {
        Ok(statuses) => statuses,
        Err(error) => return Ok(Err(error)),
    };
    let orders = match turn.crm.sales_of(card.id, asked::MAX_ORDERS, urgency).await {
        Ok(orders) => orders,
        Err(error) => return Ok(Err(error)),
    };
    asked::of_orders(needs, orders, &statuses, directory, facts).map_err(bug)?;
    Ok(Ok(()))
}

fn bug(misfit: asked::Misfit) -> Halt {
    Halt::Bug(misfit.to_string())
}

/// Adds what the communication itself tells; anew for each decision about it, because nobody has to be asked.
pub(super) fn add_uis(
    needs: &[Need],
    subject: Subject<'_>,
    directory: &Snapshot,
    facts: &mut Facts,
) -> Result<(), Halt> {
    for need in needs {
        let most = usize::from(need.count);
        match (need.fact, subject) {
            (Fact::CallLegs, Subject::Call(merged)) => {
                let legs: Vec<Value> = legs(merged, directory).into_iter().take(most).collect();
                asked::put(facts, Fact::CallLegs, &legs.into()).map_err(bug)?;
            }
            (Fact::ChatMessages, Subject::Written(written)) => {
                let zone = &directory.zones().uis;
                let messages: Vec<Value> =
                    written.messages().filter_map(|one| message(one, zone)).take(most).collect();
                asked::put(facts, Fact::ChatMessages, &messages.into()).map_err(bug)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Those whose phones rang, the first one first; of an outgoing call who made it.
fn legs(merged: &Merged, directory: &Snapshot) -> Vec<Value> {
    let people = &merged.people;
    let mut all: Vec<u64> = people.caller.into_iter().collect();
    for employee in people.rung.iter().chain(&people.talked) {
        if !all.contains(employee) {
            all.push(*employee);
        }
    }
    let leg = |id: &u64| {
        let said = people.employees.get(id);
        let text = |text: fn(&crate::communication::Employee) -> &Option<String>| {
            said.and_then(|one| text(one).clone())
        };
        json!({
            "employee": directory.employee(*id).map(|matched| matched.email.clone()),
            "name": text(|one| &one.name),
            "number": text(|one| &one.extension).or_else(|| text(|one| &one.phone)),
            "answered": people.talked.contains(id),
        })
    };
    all.iter().map(leg).collect()
}

fn message(message: &crate::source::uis::Message, zone: &TimeZone) -> Option<Value> {
    let from = match message.source.as_deref() {
        Some("visitor" | "form_text") => "visitor",
        Some("operator") => "employee",
        Some("chatbot") => "bot",
        _ => return None,
    };
    let text = message.text.as_ref().map(|text| text.0.clone())?;
    let at = message.at.and_then(|at| match at {
        LocalTime::Instant(at) => Some(at),
        LocalTime::Local(local) => zone.to_ambiguous_timestamp(local).compatible().ok(),
    });
    let mut object = Map::new();
    object.insert("from".to_owned(), from.into());
    object.insert("name".to_owned(), message.employee.clone().into());
    object.insert("text".to_owned(), text.into());
    object
        .insert("at".to_owned(), at.map(|at| at.display_with_offset(zone.to_offset(at)).to_string()).into());
    Some(object.into())
}
