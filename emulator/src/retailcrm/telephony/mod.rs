//! Telephony: pop-ups, call history, the question whom to route to.

mod calls;
mod event;
mod manager;

use super::answer::Refusal;
use super::call::Call;
use super::route::Route;

/// All methods of telephony.
pub(super) const ROUTES: &[&[Route]] = &[event::ROUTES, calls::ROUTES, manager::ROUTES];

/// Refuses when no active module has telephony; with which status is an open question.
fn enabled(call: &Call<'_>, text: &str) -> Result<(), Refusal> {
    match call.crm.telephony() {
        Some(_) => Ok(()),
        None => Err(Refusal::new(call.switches.telephony_off_status, text)),
    }
}
