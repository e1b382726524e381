//! A chat or a request as it is kept.
//!
//! Format, version 1. What was heard is a set: readings of the report count by the moment of reading (the later one has
//! the last word), notifications by what they say, messages by their number. So the order in which news arrive does not
//! matter, and neither does hearing them twice.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::source::uis::{Columns, MAX_MESSAGES, Message, News, Visitor, WrittenCode, WrittenKind};

const VERSION: u32 = 1;
/// The most notifications of one chat that are kept.
const MAX_NOTICES: usize = 20;

/// Everything that was heard of one chat or request, and what was done about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Kept", try_from = "Kept")]
pub struct Written {
    kind: WrittenKind,
    communication: u64,
    reading: Option<Read>,
    notices: BTreeMap<String, Notice>,
    messages: BTreeMap<u64, Message>,
    visitor: Option<(Timestamp, Visitor)>,
    /// When something new was heard, by our clock.
    last_heard: Option<Timestamp>,
    /// When its end was first heard of, by our clock.
    end_heard: Option<Timestamp>,
    /// How far it was handled.
    pub handled: Handled,
}

/// How far a chat or a request was handled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Handled {
    /// Whether a decision was carried out: later ones only add to it.
    pub begun: bool,
    /// Whether the decision after its end was made.
    pub ended: bool,
    /// Whether the rules want a person to look before anything happens.
    pub parked: bool,
    /// Phones and e-mails that were known to what was decided.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub contacts: BTreeSet<String>,
    /// What the last look that led to nothing was made from: the same need not be looked at again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub looked_at: Option<String>,
}

/// The latest reading of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Read {
    pub(super) at: Timestamp,
    pub(super) columns: Columns,
}

/// One notification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Notice {
    pub(super) at: Timestamp,
    pub(super) code: WrittenCode,
    pub(super) columns: Columns,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    version: u32,
    kind: WrittenKind,
    communication: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reading: Option<Read>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    notices: BTreeMap<String, Notice>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    messages: Vec<Message>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    visitor: Option<(Timestamp, Visitor)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_heard: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    end_heard: Option<Timestamp>,
    #[serde(default)]
    handled: Handled,
}

/// Why a kept chat or request cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("chat or request has version {found}, this program knows {VERSION}")]
pub struct VersionError {
    found: u32,
}

impl Written {
    /// One of which nothing was heard.
    pub fn new(kind: WrittenKind, communication: u64) -> Self {
        Self {
            kind,
            communication,
            reading: None,
            notices: BTreeMap::new(),
            messages: BTreeMap::new(),
            visitor: None,
            last_heard: None,
            end_heard: None,
            handled: Handled::default(),
        }
    }

    /// Takes news in that arrived at `at`; says whether that changed anything.
    ///
    /// News of another communication change nothing.
    pub fn hear(&mut self, news: News, at: Timestamp) -> bool {
        if news.communication != self.communication || news.code.kind() != self.kind {
            return false;
        }
        let before = self.clone();
        let dedup = news.identity().dedup;
        match news.read_at {
            Some(read_at) => {
                let later = self
                    .reading
                    .as_ref()
                    .is_none_or(|known| (known.at, text(&known.columns)) < (read_at, text(&news.columns)));
                if later {
                    self.reading = Some(Read { at: read_at, columns: news.columns });
                }
            }
            None => {
                let notice = Notice { at, code: news.code, columns: news.columns };
                self.notices.entry(dedup).and_modify(|known| known.at = known.at.min(at)).or_insert(notice);
                while self.notices.len() > MAX_NOTICES {
                    self.notices.pop_last();
                }
            }
        }
        for message in news.messages {
            self.messages.insert(message.id, message);
        }
        while self.messages.len() > MAX_MESSAGES {
            self.messages.pop_first();
        }
        if let Some(visitor) = news.visitor {
            let read_at = news.read_at.unwrap_or(at);
            if self.visitor.as_ref().is_none_or(|(known, _)| *known <= read_at) {
                self.visitor = Some((read_at, visitor));
            }
        }
        let changed = *self != before;
        if changed {
            self.last_heard = Some(self.last_heard.map_or(at, |last| last.max(at)));
            if self.end_heard.is_none() && self.is_over() {
                self.end_heard = Some(at);
            }
        }
        changed
    }

    /// Whether it is a chat or a request.
    pub fn kind(&self) -> WrittenKind {
        self.kind
    }

    /// The number of the communication.
    pub fn communication(&self) -> u64 {
        self.communication
    }

    /// The number of the chat in the reports of chats and messages.
    pub fn chat(&self) -> Option<u64> {
        let read = self.reading.as_ref().and_then(|reading| reading.columns.id);
        read.or_else(|| self.notices.values().find_map(|notice| notice.columns.chat_id))
    }

    /// Whether its row of a report was read.
    pub fn is_read(&self) -> bool {
        self.reading.is_some()
    }

    /// Whether nothing more is to be expected: a request is over when it is there, a chat when it was ended.
    pub fn is_over(&self) -> bool {
        if self.kind == WrittenKind::Request {
            return true;
        }
        match &self.reading {
            Some(reading) => {
                let status = reading.columns.status.as_deref();
                matches!(status, Some("lost" | "succeed" | "refused"))
                    || reading.columns.release_cause.is_some()
            }
            None => {
                let ends = [WrittenCode::ChatEnd, WrittenCode::ChatLost];
                self.notices.values().any(|notice| ends.contains(&notice.code))
            }
        }
    }

    /// When something new was last heard, by our clock.
    pub fn last_heard(&self) -> Option<Timestamp> {
        self.last_heard
    }

    /// When its end was first heard of, by our clock.
    pub fn end_heard(&self) -> Option<Timestamp> {
        self.end_heard
    }

    /// The messages that are known, in their order.
    pub fn messages(&self) -> impl Iterator<Item = &Message> {
        self.messages.values()
    }

    pub(super) fn reading(&self) -> Option<&Read> {
        self.reading.as_ref()
    }

    /// The notifications, the latest first.
    pub(super) fn notices(&self) -> Vec<&Notice> {
        let mut notices: Vec<&Notice> = self.notices.values().collect();
        notices.sort_by_key(|notice| std::cmp::Reverse(notice.at));
        notices
    }

    pub(super) fn visitor(&self) -> Option<&Visitor> {
        self.visitor.as_ref().map(|(_, visitor)| visitor)
    }
}

fn text(columns: &Columns) -> String {
    // Numbers, texts and lists always have a JSON form.
    serde_json::to_string(columns).unwrap_or_default()
}

impl From<Written> for Kept {
    fn from(written: Written) -> Self {
        let Written {
            kind,
            communication,
            reading,
            notices,
            messages,
            visitor,
            last_heard,
            end_heard,
            handled,
        } = written;
        Self {
            version: VERSION,
            kind,
            communication,
            reading,
            notices,
            messages: messages.into_values().collect(),
            visitor,
            last_heard,
            end_heard,
            handled,
        }
    }
}

impl TryFrom<Kept> for Written {
    type Error = VersionError;

    fn try_from(kept: Kept) -> Result<Self, VersionError> {
        if kept.version != VERSION {
            return Err(VersionError { found: kept.version });
        }
        Ok(Self {
            kind: kept.kind,
            communication: kept.communication,
            reading: kept.reading,
            notices: kept.notices,
            messages: kept.messages.into_iter().map(|message| (message.id, message)).collect(),
            visitor: kept.visitor,
            last_heard: kept.last_heard,
            end_heard: kept.end_heard,
            handled: kept.handled,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).expect("a moment")
    }

    fn reading(read_at: i64, status: &str, messages: &[u64]) -> News {
        let columns = Columns { id: Some(77), status: Some(status.to_owned()), ..Columns::default() };
        let message =
            |id: &u64| Message { id: *id, at: None, source: None, text: None, employee: None, file: None };
        News {
            code: WrittenCode::ChatReport,
            communication: 5,
            read_at: Some(at(read_at)),
            columns,
            messages: messages.iter().map(message).collect(),
            visitor: None,
        }
    }

    #[test]
    fn the_order_of_news_does_not_matter() {
        let news = [reading(10, "new", &[1]), reading(20, "active", &[2]), reading(30, "succeed", &[1, 3])];
        let orders = [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 2, 1]];
        let all = orders.map(|order| {
            let mut written = Written::new(WrittenKind::Chat, 5);
            for index in order {
                written.hear(news[index].clone(), at(100));
                written.hear(news[index].clone(), at(100));
            }
            assert!(written.is_over() && written.chat() == Some(77), "{order:?}");
            assert_eq!(written.messages().map(|message| message.id).collect::<Vec<_>>(), [1, 2, 3]);
            written
        });
        assert!(all.windows(2).all(|two| two[0] == two[1]));
        let json = serde_json::to_string(&all[0]).expect("JSON");
        assert_eq!(serde_json::from_str::<Written>(&json).expect("readable"), all[0]);
    }

    #[test]
    fn what_is_nothing_new_changes_nothing() {
        let mut written = Written::new(WrittenKind::Chat, 5);
        assert!(written.hear(reading(10, "new", &[]), at(1)));
        assert!(!written.hear(reading(10, "new", &[]), at(2)));
        assert!(!written.hear(News { communication: 6, ..reading(20, "lost", &[]) }, at(3)));
        assert_eq!((written.last_heard(), written.end_heard()), (Some(at(1)), None));
        assert!(written.hear(reading(20, "lost", &[]), at(4)));
        assert_eq!(written.end_heard(), Some(at(4)));
    }

    #[test]
    fn messages_are_bounded_and_the_latest_stay() {
        let mut written = Written::new(WrittenKind::Chat, 5);
        let many: Vec<u64> = (1..=MAX_MESSAGES as u64 + 5).collect();
        written.hear(reading(10, "new", &many), at(1));
        assert_eq!(written.messages().count(), MAX_MESSAGES);
        assert_eq!(written.messages().next().map(|message| message.id), Some(6));
    }
}
