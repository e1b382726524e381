//! The faults in force.
//!
//! Takes faults from tests and from the control API; answers, for each request, which one strikes it. The first that
//! matches and has its luck wins. The dice are seeded, so a run with one caller repeats exactly.

use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::journal::Service;

/// Names a fault in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FaultId(pub u64);

/// A fault in force and what it did so far.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FaultRule {
    /// Its name.
    pub id: FaultId,
    /// The fault.
    #[serde(flatten)]
    pub fault: Fault,
    /// Requests that matched, struck or not.
    pub seen: u64,
    /// Requests that were struck.
    pub struck: u64,
}

/// The faults in force.
#[derive(Debug)]
pub struct Faults(Mutex<Inner>);

#[derive(Debug)]
struct Inner {
    rules: Vec<FaultRule>,
    next: u64,
    dice: fastrand::Rng,
}

impl Faults {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Mutex::new(Inner { rules: Vec::new(), next: 1, dice: fastrand::Rng::with_seed(seed) }))
    }

    /// Puts a fault in force, behind those already there.
    pub fn add(&self, fault: Fault) -> FaultId {
        let mut inner = self.lock();
        let id = FaultId(inner.next);
        inner.next += 1;
        inner.rules.push(FaultRule { id, fault, seen: 0, struck: 0 });
        id
    }

    /// Takes a fault out of force; false when it was not there.
    pub fn remove(&self, id: FaultId) -> bool {
        let mut inner = self.lock();
        let before = inner.rules.len();
        inner.rules.retain(|rule| rule.id != id);
        inner.rules.len() != before
    }

    /// Takes all faults out of force.
    pub fn clear(&self) {
        self.lock().rules.clear();
    }

    /// The faults in force, used-up ones included.
    #[must_use]
    pub fn list(&self) -> Vec<FaultRule> {
        self.lock().rules.clone()
    }

    /// How many requests a fault has struck; `None` when it is not in force.
    #[must_use]
    pub fn struck(&self, id: FaultId) -> Option<u64> {
        self.lock().rules.iter().find(|rule| rule.id == id).map(|rule| rule.struck)
    }

    /// The fault that strikes a request, if any.
    pub(crate) fn pick(&self, service: Service, method: &str, target: &str) -> Option<Fault> {
        let mut inner = self.lock();
        let Inner { rules, dice, .. } = &mut *inner;
        for rule in rules {
            let fault = &rule.fault;
            let aimed = fault.service.is_none_or(|only| only == service)
                && fault.method.as_deref().is_none_or(|only| only.eq_ignore_ascii_case(method))
                && target.starts_with(&fault.target);
            if !aimed {
                continue;
            }
            rule.seen += 1;
            let spent = fault.times.is_some_and(|times| rule.struck >= u64::from(times));
            if rule.seen <= u64::from(fault.skip) || spent {
                continue;
            }
            if fault.chance < 1.0 && dice.f64() >= fault.chance {
                continue;
            }
            rule.struck += 1;
            return Some(fault.clone());
        }
        None
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
