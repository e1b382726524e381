//! What the rules in force of an account want of chats and requests, for whoever reads the reports.

use std::sync::Arc;

use switchboard_engine::bundle::Slot;
use switchboard_engine::catalog::{Fact, schema};
use switchboard_engine::value::Value;

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
        let read = bundle.reads(Slot::Chat).iter().map(|field| schema().field_name(field.id));
        let reads_messages = read.into_iter().any(|field| field == "visitor_messages" || field == "stage");
        let needs_messages = bundle.needs(Slot::Chat).iter().any(|need| need.fact == Fact::ChatMessages);
        let stage = bundle.setting(Slot::Chat, "create_at");
        let at_first_message = matches!(stage, Value::Enum(stage) if stage.en() == "first_message");
        Wants {
            chats: bundle.handles(Slot::Chat),
            requests: bundle.handles(Slot::Request),
            messages: self.transcripts || at_first_message || reads_messages || needs_messages,
        }
    }
}
