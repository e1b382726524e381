//! What an administrator pastes into UIS: one address and one body for each event.
//!
//! UIS has no fixed body; people write it, and UIS fills its placeholders in (UIS reference, sections 3.1 to 3.4). Every name
//! here is known to exist in notifications, because one that does not can break the whole body; a test holds the names
//! against the table of `notification` and the pages of `docs/` against this one.

use std::fmt::Write as _;

use switchboard_grammar::diagnostic::Text;

use crate::source::uis::event::EventCode;
use crate::source::uis::written::WrittenCode;

/// How much a notification matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Something that the program is for does not work without it.
    Needed,
    /// Without it less is known of some calls.
    Recommended,
    /// It tells more.
    Useful,
}

/// The template of one notification.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Template {
    /// The event.
    pub event: Event,
    /// How much it matters.
    pub need: Need,
    /// The names that UIS fills in, in the order of the body.
    pub names: &'static [&'static str],
    /// Names that are read and that UIS may have; nobody knows, so they stand in no body.
    pub likely: &'static [&'static str],
}

/// What a notification is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// A call.
    Call(EventCode),
    /// A chat or a request.
    Written(WrittenCode),
}

/// All templates of calls, the most important first. Those of chats and requests are [`WRITTEN_TEMPLATES`].
///
/// [`WRITTEN_TEMPLATES`]: crate::source::uis::WRITTEN_TEMPLATES
pub const TEMPLATES: &[Template] = &[
    Template {
        event: Event::Call(EventCode::CallEnd),
        need: Need::Needed,
        names: &[
            "notification_time",
            "call_session_id",
            "direction",
            "contact_phone_number",
            "virtual_phone_number",
            "contact_full_name",
            "cpn_region_name",
            "external_id",
            "call_source",
            "is_lost",
            "is_internal",
            "is_transfer",
            "scenario_name",
            "start_time",
            "wait_time_duration",
            "talk_time_duration",
            "total_time_duration",
            "employee_id",
            "employee_full_name",
            "employee_ids",
            "last_talked_employee_id",
            "extension_phone_number",
            "operator_rating",
            "communication_number",
            "record_file_links",
            "tag_names",
            "site_domain_name",
            "campaign_name",
            "search_query",
            "visitor_id",
            "visitor_country",
        ],
        likely: &[],
    },
    Template {
        event: Event::Call(EventCode::Record),
        need: Need::Needed,
        names: &[
            "notification_time",
            "call_session_id",
            "contact_phone_number",
            "virtual_phone_number",
            "scenario_name",
            "employee_id",
            "employee_full_name",
            "employee_email",
            "extension_phone_number",
            "file_link",
            "file_duration",
            "tag_names",
        ],
        likely: &[],
    },
    Template {
        event: Event::Call(EventCode::CallLost),
        need: Need::Recommended,
        names: &[
            "notification_time",
            "call_session_id",
            "contact_phone_number",
            "virtual_phone_number",
            "contact_full_name",
            "scenario_name",
            "start_time",
            "wait_time_duration",
            "employee_ids",
            "noanswered_employee_full_names",
            "lost_reason",
            "site_domain_name",
            "campaign_name",
        ],
        likely: &[],
    },
    Template {
        event: Event::Call(EventCode::CallStart),
        need: Need::Recommended,
        names: &[
            "notification_time",
            "call_session_id",
            "contact_phone_number",
            "virtual_phone_number",
            "contact_full_name",
            "cpn_region_name",
            "scenario_name",
            "start_time",
        ],
        likely: &[],
    },
    Template {
        event: Event::Call(EventCode::CallOut),
        need: Need::Recommended,
        names: &[
            "notification_time",
            "call_session_id",
            "contact_phone_number",
            "virtual_phone_number",
            "contact_full_name",
            "employee_id",
            "employee_full_name",
            "employee_phone_number",
        ],
        likely: &[],
    },
    Template {
        event: Event::Call(EventCode::Ring),
        need: Need::Recommended,
        names: &[
            "notification_time",
            "call_session_id",
            "direction",
            "contact_phone_number",
            "virtual_phone_number",
            "contact_full_name",
            "external_id",
            "call_source",
            "employee_id",
            "employee_full_name",
            "leg_id",
        ],
        likely: &[],
    },
    Template {
        event: Event::Call(EventCode::TalkStart),
        need: Need::Useful,
        names: &[
            "notification_time",
            "call_session_id",
            "direction",
            "contact_phone_number",
            "virtual_phone_number",
            "external_id",
            "call_source",
            "employee_id",
            "employee_full_name",
            "leg_ids",
        ],
        likely: &[],
    },
    Template {
        event: Event::Call(EventCode::TalkEnd),
        need: Need::Useful,
        names: &[
            "notification_time",
            "call_session_id",
            "direction",
            "contact_phone_number",
            "virtual_phone_number",
            "external_id",
            "scenario_name",
            "employee_id",
            "employee_full_name",
            "leg_ids",
            "talk_time_duration",
        ],
        likely: &[],
    },
];

impl Event {
    /// The code as it stands in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Call(code) => code.as_str(),
            Self::Written(code) => code.as_str(),
        }
    }

    /// What people call it.
    pub fn title(self) -> Text {
        match self {
            Self::Call(code) => code.title(),
            Self::Written(code) => code.title(),
        }
    }
}

impl Need {
    /// The word for people.
    pub fn text(self) -> Text {
        match self {
            Self::Needed => Text::new("needed", "нужно"),
            Self::Recommended => Text::new("recommended", "рекомендуется"),
            Self::Useful => Text::new("useful", "полезно"),
        }
    }

    /// Its name for programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Needed => "needed",
            Self::Recommended => "recommended",
            Self::Useful => "useful",
        }
    }
}

impl Template {
    /// The body, with the key that the account asks for, if it does. Placeholders stand without quotes: UIS brings its own.
    pub fn body(&self, key: Option<&str>) -> String {
        let mut body = format!("{{\n  \"v\": 1, \"event\": \"{}\",", self.event.as_str());
        if let Some(key) = key {
            let _ = write!(body, " \"key\": {},", serde_json::Value::from(key));
        }
        for (index, name) in self.names.iter().enumerate() {
            let comma = if index + 1 == self.names.len() { "" } else { "," };
            // Writing to a `String` cannot fail.
            let _ = write!(body, "\n  \"{name}\": {{{{{name}}}}}{comma}");
        }
        body.push_str("\n}");
        body
    }

    /// The address, below the public address of the server.
    pub fn address(&self, host: &str, account: &str, secret: &str) -> String {
        hook_address(host, account, secret, self.event.as_str())
    }
}

/// The address to which UIS sends something about an account.
pub fn hook_address(host: &str, account: &str, secret: &str, what: &str) -> String {
    format!("{}/hooks/{account}/{secret}/uis/{what}", host.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::uis::WRITTEN_TEMPLATES;

    #[test]
    fn a_body_carries_the_key_and_names_without_quotes() {
        let template = TEMPLATES.iter().find(|one| one.event == Event::Call(EventCode::CallStart)).unwrap();
        let body = template.body(Some("a\"b"));
        assert!(
            body.starts_with("{\n  \"v\": 1, \"event\": \"call_start\", \"key\": \"a\\\"b\",\n"),
            "{body}"
        );
        assert!(body.ends_with("\"start_time\": {{start_time}}\n}"), "{body}");
        assert_eq!(
            template.address("https://x.ru/", "shop", "s"),
            "https://x.ru/hooks/shop/s/uis/call_start"
        );
    }

    #[test]
    fn every_event_has_one() {
        let events: Vec<Event> = TEMPLATES.iter().chain(WRITTEN_TEMPLATES).map(|one| one.event).collect();
        let calls = EventCode::ALL.into_iter().map(Event::Call);
        for event in calls.chain(WrittenCode::ALL.into_iter().map(Event::Written)) {
            assert_eq!(events.iter().filter(|one| **one == event).count(), 1, "{event:?}");
        }
    }
}
