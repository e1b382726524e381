//! How the lists of an account stand, for people.

use std::sync::PoisonError;

use jiff::Timestamp;

use super::problem::Problem;
use super::refresh::Directory;
use super::snapshot::Person;

/// How the lists of an account stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// When both sides were last asked.
    pub tried_at: Option<Timestamp>,
    /// Whether they are being asked right now.
    pub is_running: bool,
    /// RetailCRM.
    pub crm: SideStatus,
    /// UIS; `None` when the account has no key for it.
    pub uis: Option<SideStatus>,
    /// Employees of UIS who take part.
    pub chosen: usize,
    /// Those of them who are users of RetailCRM.
    pub synchronised: usize,
    /// What somebody should mend.
    pub problems: Vec<Problem>,
}

/// How the list of one side stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SideStatus {
    /// When it was last listed whole.
    pub listed_at: Option<Timestamp>,
    /// How many people it named.
    pub people: usize,
    /// Why the last try failed.
    pub error: Option<String>,
}

impl Directory {
    /// How the lists stand, for people.
    pub fn status(&self) -> Status {
        let problems = self.problems();
        let snapshot = self.snapshot();
        let synchronised = snapshot.map_or(0, |snapshot| snapshot.synchronised().count());
        let is_running = self.listing.try_lock().is_err();
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let employees = known.uis.as_ref().map(|part| part.employees.as_slice()).unwrap_or_default();
        let chosen = employees.iter().filter(|employee| self.settings.chosen.has(employee)).count();
        Status {
            tried_at: known.tried_at,
            is_running,
            crm: SideStatus {
                listed_at: known.crm.as_ref().map(|part| part.taken_at),
                people: known.crm.as_ref().map_or(0, |part| part.users.len()),
                error: known.crm_error.as_ref().map(ToString::to_string),
            },
            uis: self.uis.is_some().then(|| SideStatus {
                listed_at: known.uis.as_ref().map(|part| part.taken_at),
                people: employees.len(),
                error: known.uis_error.as_ref().map(ToString::to_string),
            }),
            chosen,
            synchronised,
            problems,
        }
    }

    /// The employees of UIS as they were last listed, each with whether the settings let him take part.
    pub fn employees(&self) -> Vec<(Person, bool)> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let employees = known.uis.as_ref().map(|part| part.employees.as_slice()).unwrap_or_default();
        employees.iter().map(|person| (person.clone(), self.settings.chosen.has(person))).collect()
    }
}
