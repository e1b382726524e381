//! The hint that a call has something new.
//!
//! Whoever makes an event durable rings it. It is a hint: one that is lost costs a pop-up, or some seconds until it is
//! taken off, never an event.

use tokio::sync::mpsc;

use crate::observe::POPUPS;
use crate::source::uis::EventCode;
use crate::store::record::{AccountId, SessionKey};

/// Which call to look at.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Called {
    pub(super) account: AccountId,
    pub(super) session: SessionKey,
}

/// Tells the desk to look at a call.
#[derive(Debug, Clone, Default)]
pub struct Bell {
    /// Nobody listens where there is none.
    called: Option<mpsc::Sender<Called>>,
}

impl Bell {
    pub(super) fn new(calls: usize) -> (Self, mpsc::Receiver<Called>) {
        let (sender, receiver) = mpsc::channel(calls.max(1));
        (Self { called: Some(sender) }, receiver)
    }

    /// Says that an event of a call is durable. Never waits: when too many calls wait to be looked at, this one is not.
    pub fn ring(&self, account: &AccountId, session: &SessionKey, event: EventCode) {
        // The others change nothing on a screen.
        let matters = !matches!(event, EventCode::Record | EventCode::CallStart);
        let Some(called) = self.called.as_ref().filter(|_| matters) else { return };
        let full = called.try_send(Called { account: account.clone(), session: session.clone() });
        if full.is_err() && matches!(event, EventCode::Ring | EventCode::CallOut) {
            let account = account.as_str().to_owned();
            metrics::counter!(POPUPS.name, "account" => account, "event" => "show", "outcome" => "full")
                .increment(1);
        }
    }
}
