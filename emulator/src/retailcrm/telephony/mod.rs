//! Telephony: pop-ups, call history, the question whom to route to.

mod calls;
mod event;
mod manager;

use super::route::Route;

/// All methods of telephony.
pub(super) const ROUTES: &[&[Route]] = &[event::ROUTES, calls::ROUTES, manager::ROUTES];
