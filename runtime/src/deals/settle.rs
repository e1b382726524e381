//! What becomes of an order that was taken up: done, not passed on, gone, again later, put aside.

use std::time::Duration;

use jiff::Timestamp;

use super::clock::after;
use super::desk::Desk;
use super::item::Item;
use super::memory::Memory;
use super::reason::Reason;
use super::trouble::{Trouble, is_absent};
use crate::observe::DEAL_ORDERS;
use crate::store::record::{DealState, Due, Settled, Wanted};
use crate::uis::UisError;

/// The pauses between two tries of one order; the last one repeats.
const PAUSES: [u64; 6] = [1, 5, 30, 120, 600, 1_800];
/// How often a refusal is looked into that may be about something that was taken away in UIS.
const TRIES_OF_ABSENT: u32 = 2;

/// How an order came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// UIS has taken it.
    Sent,
    /// UIS has it already.
    Unchanged,
    /// The rules do not pass it on.
    NotPassed,
    /// It was deleted.
    Gone,
}

impl Outcome {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Unchanged => "unchanged",
            Self::NotPassed => "not_passed",
            Self::Gone => "gone",
        }
    }

    pub(super) fn settle(self, due: &Due, memory: Memory, desk: &Desk) -> Settled {
        count(desk, self.as_str());
        let state = match self {
            Self::Sent | Self::Unchanged => DealState::Done,
            Self::NotPassed => DealState::NotPassed,
            Self::Gone => DealState::Gone,
        };
        Settled { state, memory: Some(memory.to_json()), told: told(due), ..nothing(due) }
    }
}

/// An order that is looked at again, without a try being counted.
pub(super) fn again(due: &Due, reason: Reason, due_at: Timestamp) -> Settled {
    Settled {
        due_at: Some(due_at),
        tries: due.tries,
        reason: Some(reason.to_json()),
        unknown: due.sent_at.is_some(),
        ..nothing(due)
    }
}

/// An order that is put aside until a person or the next change has it tried again.
pub(super) fn given_up(due: &Due, reason: Reason, memory: Option<Memory>, desk: &Desk) -> Settled {
    count(desk, "parked");
    tracing::warn!(account = %desk.parts.account, order = due.order, reason = reason.text().en, "order was put aside");
    Settled {
        state: DealState::Parked,
        tries: due.tries,
        memory: memory.map(|memory| Memory { sending: None, ..memory }.to_json()),
        reason: Some(reason.to_json()),
        ..nothing(due)
    }
}

impl Desk {
    /// An order that RetailCRM does not have: right after it was made that is so for a moment.
    pub(super) fn not_found(&self, due: &Due, now: Timestamp) -> Settled {
        self.try_again(due, Reason::NotFound, None, now, self.parts.settings.tries.0)
    }

    /// An order that UIS refuses by itself.
    pub(super) fn refused(&self, item: &Item, error: &UisError, now: Timestamp) -> Settled {
        let field = match error {
            UisError::Misuse { field, .. } => field.as_str(),
            _ => "",
        };
        let memory = Memory { sending: None, ..item.memory.clone() };
        let reason = Reason::refused(error);
        if field.contains("communication") && memory.communication.is_some() {
            // An order without the link is worth more than none: UIS then looks for it by the contact.
            tracing::warn!(account = %self.parts.account, order = item.due.order, %error, "UIS does not know the communication of an order");
            let memory = Memory { communication: None, unlinked: true, ..memory };
            return self.try_again(&item.due, reason, Some(memory), now, self.parts.settings.tries.0);
        }
        if field.ends_with("date_time") {
            // Clocks differ, or UIS has a later stage than is remembered here: it is asked before the next try.
            let tries = self.parts.settings.tries.0;
            let settled = self.try_again(&item.due, reason, Some(memory), now, tries);
            return Settled { unknown: settled.state == DealState::Waiting, ..settled };
        }
        if is_absent(error) {
            return self.try_again(&item.due, reason, Some(memory), now, TRIES_OF_ABSENT);
        }
        given_up(&item.due, reason, Some(memory), self)
    }

    fn try_again(
        &self,
        due: &Due,
        reason: Reason,
        memory: Option<Memory>,
        now: Timestamp,
        most: u32,
    ) -> Settled {
        let tries = due.tries.saturating_add(1);
        if tries > most {
            return given_up(due, reason, memory, self);
        }
        count(self, "again");
        let index = usize::try_from(due.tries).unwrap_or(usize::MAX);
        let pause = PAUSES.get(index).or(PAUSES.last()).copied().unwrap_or(1);
        Settled {
            due_at: Some(after(now, Duration::from_secs(pause))),
            tries,
            memory: memory.map(|memory| memory.to_json()),
            reason: Some(reason.to_json()),
            ..nothing(due)
        }
    }

    /// Rules without `transfer orders` pass nothing on; tells how long until there may be more to say so about.
    pub(super) async fn not_passed(&self) -> Result<Duration, Trouble> {
        let parts = &self.parts;
        let deals = parts.store.deals();
        let now = parts.clock.now();
        let limit = parts.settings.batch_orders.as_usize();
        let due = deals.due_deals(Wanted { account: parts.account.clone(), now, limit }).await?;
        let is_full = due.len() >= limit;
        let settled = due.iter().map(|due| Settled {
            reason: Some(Reason::NoTransfer.to_json()),
            memory: None,
            ..Outcome::NotPassed.settle(due, Memory::default(), self)
        });
        deals.settle_deals(&parts.account, settled.collect(), now).await?;
        let next = deals.next_deal(&parts.account).await?;
        let wait = next.map(|next| next.duration_since(now).try_into().unwrap_or(Duration::ZERO));
        // The rules may change at any time.
        let rest = Duration::from_secs(1);
        Ok(if is_full { Duration::ZERO } else { wait.unwrap_or(rest).min(rest) })
    }
}

/// Waiting, nothing known.
fn nothing(due: &Due) -> Settled {
    Settled {
        order: due.order,
        wanted: due.wanted,
        state: DealState::Waiting,
        due_at: None,
        tries: 0,
        memory: None,
        reason: None,
        told: None,
        unknown: false,
    }
}

fn told(due: &Due) -> Option<u64> {
    due.steps.last().map(|step| step.row)
}

fn count(desk: &Desk, outcome: &'static str) {
    let account = desk.parts.account.as_str().to_owned();
    metrics::counter!(DEAL_ORDERS.name, "account" => account, "outcome" => outcome).increment(1);
}
