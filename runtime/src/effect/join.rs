//! The order that a communication goes to is to be found.
//!
//! A policy names it by the number that people see; what is written to it needs the number that programs use, so it is
//! asked for, and nothing is changed by it. What follows from it (fields, tasks) are effects of their own.

use serde_json::json;

use super::request::JoinOrder;
use super::run::Look;
use super::verdict::{Done, Trouble};
use super::world::World;
use crate::crm::Priority;

pub(super) async fn look(world: &World<'_>, wanted: &JoinOrder) -> Result<Look, Trouble> {
    let found = world.crm.order_by_number(&wanted.number, world.urgency(Priority::Entity)).await;
    match found.map_err(|error| Trouble::of_read(&error))? {
        Some(order) => {
            let response = json!({ "number": wanted.number, "site": order.site });
            Ok(Look::Done(Done::with(order.id, response)))
        }
        None => Err(Trouble::Dead { error: missing(wanted) }),
    }
}

/// A look says all there is to say; that something is left to send is no outcome of it.
pub(super) fn send(wanted: &JoinOrder) -> Result<Done, Trouble> {
    Err(Trouble::Dead { error: missing(wanted) })
}

fn missing(wanted: &JoinOrder) -> String {
    format!("RetailCRM has no order with the number `{}`", wanted.number)
}
