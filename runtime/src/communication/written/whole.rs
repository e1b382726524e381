//! What is known of a chat or a request, put together.
//!
//! The reading of the report has the last word; what it does not say is taken from notifications, the latest first.

use jiff::tz::TimeZone;
use switchboard_engine::moment::Moment;

use super::kept::Written;
use crate::communication::people::first_of_each;
use crate::communication::time;
use crate::source::uis::{Columns, Number, WrittenCode, WrittenKind};

/// How far a conversation has come, in the order of the rules' `stage`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// It was opened.
    Started,
    /// The visitor wrote.
    FirstMessage,
    /// An employee took it.
    Accepted,
    /// Taken, and the visitor can be reached.
    ContactLeft,
    /// It is over.
    Finished,
}

/// How a visitor can be reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contacts {
    /// Phones in E.164, each once; the one left for this communication first.
    pub phones: Vec<String>,
    /// E-mails in small letters, each once.
    pub emails: Vec<String>,
}

/// A chat or a request as a whole.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Whole {
    /// What it is.
    pub kind: WrittenKind,
    /// The number of the communication.
    pub communication: u64,
    /// When it began.
    pub started: Moment,
    /// When it ended; while it goes on, when something was last known of it.
    pub finished: Moment,
    /// Whether it is over.
    pub ended: bool,
    /// Whether it is a chat that UIS counts as lost (reference, section 5.8).
    pub missed: bool,
    /// Whether both sides wrote.
    pub talked: bool,
    /// How far a chat has come.
    pub stage: Option<Stage>,
    /// How the visitor can be reached.
    pub contacts: Contacts,
    /// The visitor's name.
    pub name: Option<String>,
    /// How many messages the visitor wrote, when that is known.
    pub visitor_messages: Option<u32>,
    /// Everything else.
    pub values: Columns,
}

impl Stage {
    /// The name in the rules.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::FirstMessage => "first_message",
            Self::Accepted => "accepted",
            Self::ContactLeft => "contact_left",
            Self::Finished => "finished",
        }
    }
}

impl Contacts {
    /// The phone, else the e-mail: what a client is known by.
    pub fn first(&self) -> Option<&str> {
        self.phones.first().or(self.emails.first()).map(String::as_str)
    }

    /// All of them, phones first.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.phones.iter().chain(&self.emails).map(String::as_str)
    }
}

impl Whole {
    /// Puts together what was heard; nothing when nothing was.
    pub fn of(written: &Written, zone: &TimeZone) -> Option<Self> {
        let notices = written.notices();
        let mut values = Columns::default();
        for columns in written
            .reading()
            .map(|read| &read.columns)
            .into_iter()
            .chain(notices.iter().map(|one| &one.columns))
        {
            values.fill_absent(columns);
        }
        let heard_at =
            written.reading().map(|read| read.at).or_else(|| notices.first().map(|notice| notice.at))?;
        let ended = written.is_over();
        let at = |time| time::moment(time, None, zone);
        let told =
            [values.date_time, values.start_time, values.notification_time].into_iter().flatten().next();
        let started = told.map_or_else(|| time::in_zone(heard_at, zone), at);
        let last_message =
            written.messages().filter_map(|message| message.at).map(at).max_by(Moment::compare);
        let lasted = values.duration.map(|seconds| time::shifted(started, seconds.into()));
        let ended_at = || notices.iter().find_map(|notice| notice.columns.notification_time).map(at);
        let finished = match written.kind() {
            WrittenKind::Request => started,
            WrittenKind::Chat if ended => {
                lasted.or(last_message).or_else(ended_at).unwrap_or_else(|| time::in_zone(heard_at, zone))
            }
            WrittenKind::Chat => last_message.or(lasted).unwrap_or_else(|| time::in_zone(heard_at, zone)),
        };
        let finished = if finished.compare(&started).is_lt() { started } else { finished };
        let contacts = contacts(written, &values);
        let visitor_messages = visitor_messages(written, &values);
        let status = values.status.as_deref();
        let missed = written.kind() == WrittenKind::Chat
            && (status == Some("lost")
                || (status.is_none() && notices.iter().any(|notice| notice.code == WrittenCode::ChatLost)));
        let stage = (written.kind() == WrittenKind::Chat).then(|| match () {
            () if ended => Stage::Finished,
            // A number that a messenger told before anybody answered is no reason to skip a stage.
            () if is_taken(&values) && contacts.first().is_some() => Stage::ContactLeft,
            () if is_taken(&values) => Stage::Accepted,
            () if visitor_messages.is_some_and(|count| count > 0) => Stage::FirstMessage,
            () => Stage::Started,
        });
        let visitor = written.visitor();
        let names = [&values.visitor_name, &values.contact_full_name];
        let name = names.into_iter().flatten().next().or(visitor.and_then(|visitor| visitor.name.as_ref()));
        let name = name.or(values.chat_username.as_ref()).cloned();
        Some(Self {
            kind: written.kind(),
            communication: written.communication(),
            started,
            finished,
            ended,
            missed,
            talked: status == Some("succeed"),
            stage,
            contacts,
            name,
            visitor_messages,
            values,
        })
    }
}

/// Whether an employee took the chat.
fn is_taken(values: &Columns) -> bool {
    values.employee_id.is_some() || values.status.as_deref() == Some("active")
}

fn contacts(written: &Written, values: &Columns) -> Contacts {
    let own = [&values.visitor_phone_number, &values.contact_phone_number].into_iter().flatten();
    let of_visitor = written.visitor().into_iter().flat_map(|visitor| &visitor.phones);
    let phones = own.chain(of_visitor).filter_map(Number::as_phone).map(str::to_owned).collect();
    let emails =
        values.visitor_email.iter().chain(written.visitor().into_iter().flat_map(|visitor| &visitor.emails));
    let emails =
        emails.map(|email| email.trim().to_lowercase()).filter(|email| email.contains('@')).collect();
    Contacts { phones: first_of_each(phones), emails: first_of_each(emails) }
}

/// Counted where messages were read; else what is not an employee's counts, if the visitor or a channel began.
fn visitor_messages(written: &Written, values: &Columns) -> Option<u32> {
    if written.messages().next().is_some() {
        let count = written.messages().filter(|message| message.is_of_visitor()).count();
        return Some(u32::try_from(count).unwrap_or(u32::MAX));
    }
    let all = values.messages_count?;
    let others = all.saturating_sub(values.employee_messages_count.unwrap_or(0));
    let by_visitor = matches!(values.initiator.as_deref(), Some("visitor" | "chat_channel"));
    // Of what is neither side's (greetings, system notes) nothing is known.
    Some(if by_visitor || values.employee_messages_count.unwrap_or(0) > 0 { others } else { 0 })
}
