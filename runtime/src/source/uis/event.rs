//! The codes of events: ours, since UIS publishes none.
//!
//! Each stands in the address that an administrator gives to one notification in UIS.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use switchboard_grammar::diagnostic::Text;

/// What happened to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventCode {
    /// An incoming call reached a virtual number; nobody's phone rings yet.
    CallStart,
    /// An employee began an outgoing call.
    CallOut,
    /// An employee's phone rings.
    Ring,
    /// Client and employee are connected.
    TalkStart,
    /// A part of the conversation ended; there may be another.
    TalkEnd,
    /// An incoming call ended without a conversation.
    CallLost,
    /// The call ended, answered or not.
    CallEnd,
    /// A recording is ready.
    Record,
    /// Nobody told us; we found the ended call in the report of calls.
    Report,
}

/// How alike a wrong code and a right one must be for the right one to be suggested.
const SUGGEST_FROM: f64 = 0.8;

impl EventCode {
    /// All codes that notifications have, in the order in which they come.
    pub const ALL: [Self; 8] = [
        Self::CallStart,
        Self::CallOut,
        Self::Ring,
        Self::TalkStart,
        Self::TalkEnd,
        Self::CallLost,
        Self::CallEnd,
        Self::Record,
    ];

    /// The code as it stands in addresses and templates.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CallStart => "call_start",
            Self::CallOut => "call_out",
            Self::Ring => "ring",
            Self::TalkStart => "talk_start",
            Self::TalkEnd => "talk_end",
            Self::CallLost => "call_lost",
            Self::CallEnd => "call_end",
            Self::Record => "record",
            Self::Report => "report",
        }
    }

    /// Finds the code of a notification.
    pub fn find(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.as_str() == code)
    }

    /// Finds the code of an event in the store: those of notifications, and that of a row of a report.
    pub fn find_stored(code: &str) -> Option<Self> {
        Self::find(code).or_else(|| (code == Self::Report.as_str()).then_some(Self::Report))
    }

    /// The code that was probably meant.
    pub fn nearest(code: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .map(|event| (strsim::jaro_winkler(&code.to_lowercase(), event.as_str()), event))
            .filter(|(likeness, _)| *likeness >= SUGGEST_FROM)
            .max_by(|(left, _), (right, _)| left.total_cmp(right))
            .map(|(_, event)| event)
    }

    /// What people call it; in Russian as the office of UIS does.
    pub fn title(self) -> Text {
        match self {
            Self::CallStart => Text::new("incoming call", "входящий звонок на виртуальный номер"),
            Self::CallOut => Text::new("outgoing call", "исходящий звонок"),
            Self::Ring => Text::new("waiting for an answer", "ожидание ответа"),
            Self::TalkStart => Text::new("conversation began", "начало разговора"),
            Self::TalkEnd => Text::new("conversation ended", "окончание разговора"),
            Self::CallLost => Text::new("lost call", "потерянный звонок"),
            Self::CallEnd => Text::new("call ended", "завершение звонка"),
            Self::Record => Text::new("recorded conversation", "записанный разговор"),
            Self::Report => Text::new("row of the report of calls", "строка отчёта о звонках"),
        }
    }

    /// Whether it says that the call is over.
    pub const fn is_end(self) -> bool {
        matches!(self, Self::CallEnd | Self::CallLost | Self::Report)
    }
}

impl From<EventCode> for SmolStr {
    fn from(event: EventCode) -> Self {
        SmolStr::new_static(event.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_and_suggested() {
        for event in EventCode::ALL {
            assert_eq!(EventCode::find(event.as_str()), Some(event));
            assert_eq!(serde_json::to_value(event).unwrap(), event.as_str());
        }
        assert_eq!(EventCode::find("callend"), None);
        // Only we put rows of reports into the store; a notification cannot pass for one.
        assert_eq!(EventCode::find("report"), None);
        assert_eq!(EventCode::find_stored("report"), Some(EventCode::Report));
        assert_eq!(EventCode::find_stored("ring"), Some(EventCode::Ring));
        assert_eq!(EventCode::nearest("callend"), Some(EventCode::CallEnd));
        assert_eq!(EventCode::nearest("CALL_LOST"), Some(EventCode::CallLost));
        assert_eq!(EventCode::nearest("пропущенный"), None);
    }
}
