//! The codes of events of chats and requests: those of notifications, and ours for what was read from reports.

use std::fmt;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use switchboard_grammar::diagnostic::Text;

use crate::store::record::SessionKey;

/// What kind of written communication it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WrittenKind {
    /// A conversation on the site or in a messenger.
    Chat,
    /// A form that was filled in.
    Request,
}

/// What happened to a chat or a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WrittenCode {
    /// A chat was opened.
    ChatStart,
    /// A chat ended, and nobody had answered.
    ChatLost,
    /// A chat ended.
    ChatEnd,
    /// A form was sent.
    Request,
    /// We read the chat in a report.
    ChatReport,
    /// We read the request in a report.
    RequestReport,
}

impl WrittenKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Chat, Self::Request];

    /// The kind as the store keeps it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Request => "request",
        }
    }

    /// The kind with this name in the store.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// What reports call it (reference, section 1: `communication_type`).
    pub const fn communication_type(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Request => "offline_message",
        }
    }

    /// The event of a reading of it.
    pub const fn report(self) -> WrittenCode {
        match self {
            Self::Chat => WrittenCode::ChatReport,
            Self::Request => WrittenCode::RequestReport,
        }
    }
}

impl fmt::Display for WrittenKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl WrittenCode {
    /// All codes that notifications have.
    pub const ALL: [Self; 4] = [Self::ChatStart, Self::ChatLost, Self::ChatEnd, Self::Request];

    /// The code as it stands in addresses and in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ChatStart => "chat_start",
            Self::ChatLost => "chat_lost",
            Self::ChatEnd => "chat_end",
            Self::Request => "request",
            Self::ChatReport => "chat_report",
            Self::RequestReport => "request_report",
        }
    }

    /// Finds the code of a notification.
    pub fn find(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.as_str() == code)
    }

    /// Finds the code of an event in the store: those of notifications, and those of readings.
    pub fn find_stored(code: &str) -> Option<Self> {
        let readings = [Self::ChatReport, Self::RequestReport];
        Self::find(code).or_else(|| readings.into_iter().find(|event| event.as_str() == code))
    }

    /// What it is news of.
    pub const fn kind(self) -> WrittenKind {
        match self {
            Self::ChatStart | Self::ChatLost | Self::ChatEnd | Self::ChatReport => WrittenKind::Chat,
            Self::Request | Self::RequestReport => WrittenKind::Request,
        }
    }

    /// What people call it.
    pub fn title(self) -> Text {
        match self {
            Self::ChatStart => Text::new("chat was opened", "новый чат"),
            Self::ChatLost => Text::new("lost chat", "потерянный чат"),
            Self::ChatEnd => Text::new("chat ended", "завершение чата"),
            Self::Request => Text::new("request", "заявка"),
            Self::ChatReport => Text::new("reading of the report of chats", "чтение отчёта о чатах"),
            Self::RequestReport => Text::new("row of the report of requests", "строка отчёта о заявках"),
        }
    }
}

impl From<WrittenCode> for SmolStr {
    fn from(code: WrittenCode) -> Self {
        SmolStr::new_static(code.as_str())
    }
}

/// The session of a chat or a request as the store knows it, by the number of its communication.
pub fn written_session(kind: WrittenKind, communication: u64) -> SessionKey {
    SessionKey::from(format!("{kind}:{communication}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_and_only_we_tell_of_reports() {
        for code in WrittenCode::ALL {
            assert_eq!(WrittenCode::find(code.as_str()), Some(code));
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
        assert_eq!(WrittenCode::find("chat_report"), None);
        assert_eq!(WrittenCode::find_stored("chat_report"), Some(WrittenCode::ChatReport));
        assert_eq!(WrittenCode::find_stored("chat_end"), Some(WrittenCode::ChatEnd));
        assert_eq!(WrittenCode::find_stored("call_end"), None);
    }

    #[test]
    fn a_session_names_its_kind() {
        assert_eq!(written_session(WrittenKind::Chat, 5).as_str(), "chat:5");
        assert_eq!(written_session(WrittenKind::Request, 5).as_str(), "request:5");
    }
}
