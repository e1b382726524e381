//! What the rules in force of an account want of chats and requests, for whoever reads the reports.

use std::sync::Arc;

use switchboard_engine::bundle::Slot;

use crate::replay::wants_messages;
use crate::reports::{Wanted, Wants};
use crate::worker::Rules;

/// What the rules of one account want of chats and requests.
#[derive(Debug)]
pub(super) struct Wanting {
    rules: Arc<dyn Rules>,
    /// Whether what was written is noted at the client.
    transcripts: bool,
}

impl Wanting {
    pub(super) fn new(rules: Arc<dyn Rules>, transcripts: bool) -> Self {
        Self { rules, transcripts }
    }
}

impl Wanted for Wanting {
    fn wants(&self) -> Wants {
        let Some(bundle) = self.rules.in_force() else { return Wants::default() };
        Wants {
            chats: bundle.handles(Slot::Chat),
            requests: bundle.handles(Slot::Request),
            messages: self.transcripts || wants_messages(&bundle),
        }
    }
}
