//! What a chat or a request comes to, for the list and for its page.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde::Serialize;

use crate::communication::{Whole, Written};
use crate::http::pages::look::Look;
use crate::http::pages::{view, words};
use crate::source::uis::{Columns, Property, WrittenKind};
use crate::store::record::{Communication, SessionKey};

/// The most messages that are shown.
const MOST: usize = 200;

/// A chat or a request, read.
pub(super) struct Read {
    pub(super) written: Written,
    pub(super) whole: Whole,
}

/// What a chat or a request comes to.
#[derive(Serialize)]
pub(super) struct WrittenSummary {
    outcome: &'static str,
    contacts: Vec<String>,
    name: Option<String>,
    /// What else is known: a name of the words table and a value.
    rows: Vec<(&'static str, String)>,
    /// Fields of the form.
    form: BTreeMap<String, String>,
    began: String,
    ended: String,
    is_ended: bool,
    messages: Vec<MessageView>,
}

#[derive(Serialize)]
struct MessageView {
    who: String,
    text: String,
    is_visitor: bool,
}

/// Reads a chat or a request; `None` when its data is of another version, or it is a call.
pub(super) fn read(communication: &Communication, zone: &TimeZone) -> Option<Read> {
    WrittenKind::find(&communication.kind)?;
    let written: Written = communication.data.read().ok()?;
    let whole = Whole::of(&written, zone)?;
    Some(Read { written, whole })
}

/// The number that people know it by.
pub(super) fn number(session: &SessionKey) -> String {
    let text = session.as_str();
    text.split_once(':').map_or(text, |(_, number)| number).to_owned()
}

impl Read {
    /// How it ended, or that it goes on; a name of the words table.
    pub(super) fn outcome(&self) -> &'static str {
        match (self.whole.kind, self.whole.ended, self.whole.missed) {
            (WrittenKind::Request, _, _) => "",
            (WrittenKind::Chat, false, _) => "goes_on",
            (WrittenKind::Chat, true, true) => "missed",
            (WrittenKind::Chat, true, false) if self.whole.talked => "chat_answered",
            (WrittenKind::Chat, true, false) => "chat_over",
        }
    }

    /// The first way to reach the visitor.
    pub(super) fn contact(&self, look: Look) -> String {
        match self.whole.contacts.first() {
            Some(contact) => shown(contact, look),
            None => words::of(look.lang).get("no_contact").copied().unwrap_or_default().to_owned(),
        }
    }

    pub(super) fn summary(&self, zone: &TimeZone, look: Look) -> WrittenSummary {
        let Whole { values, contacts, name, started, finished, ended, stage, .. } = &self.whole;
        let stage = stage.map(|stage| words::or_name(look.lang, "stage_of", stage.as_str()));
        let mut rows: Vec<(&'static str, String)> = stage.map(|stage| ("stage", stage)).into_iter().collect();
        rows.extend(known(values).into_iter().filter_map(|(name, value)| Some((name, value.clone()?))));
        if let Some(text) = &values.text {
            rows.push(("text", look.text(&text.0)));
        }
        let form = values.properties.iter().flatten();
        let messages = self.written.messages().filter(|message| message.text.is_some()).take(MOST);
        WrittenSummary {
            outcome: self.outcome(),
            contacts: contacts.all().map(|contact| shown(contact, look)).collect(),
            name: name.as_ref().map(|name| look.name(name)),
            rows,
            form: form.map(|Property(name, value)| (name.clone(), look.text(value))).collect(),
            began: view::moment(started.instant(), zone, look.lang),
            ended: view::moment(finished.instant(), zone, look.lang),
            is_ended: *ended,
            messages: messages
                .map(|message| MessageView {
                    who: message.employee.clone().unwrap_or_else(|| {
                        let source = message.source.as_deref().unwrap_or_default();
                        words::or_name(look.lang, "wrote", source)
                    }),
                    text: message.text.as_ref().map(|text| look.text(&text.0)).unwrap_or_default(),
                    is_visitor: message.is_of_visitor(),
                })
                .collect(),
        }
    }
}

fn known(values: &Columns) -> [(&'static str, &Option<String>); 6] {
    [
        ("channel", &values.chat_channel_name),
        ("form", &values.form_name),
        ("site", &values.site_domain_name),
        ("campaign", &values.campaign_name),
        ("source", &values.source_name),
        ("written_by", &values.employee_full_name),
    ]
}

fn shown(contact: &str, look: Look) -> String {
    if contact.contains('@') { look.email(contact) } else { look.phone_or(contact) }
}
