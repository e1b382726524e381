//! How far chats and requests were read, and which chats are looked at again: what survives a restart.
//!
//! Kept as one cursor of the account, version 1. A chat is followed until it has been over for a while, because contacts
//! may be left late; the longer it says nothing new, the less often it is read.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::account::{after, before};
use crate::source::uis::{CHAT_COLUMNS, WrittenKind};
use crate::store::record::AccountId;
use crate::store::{Store, StoreError};
use crate::uis::WrittenRow;

/// The name of the cursor.
const NAME: &str = "uis.written";
const VERSION: u32 = 1;
/// The most chats that are followed at once; of more, the oldest are given up, which only means that late news of them are
/// not seen.
const MOST: usize = 2_000;
/// The longest time between two readings of a chat that goes on.
const LONGEST_PAUSE: Duration = Duration::from_secs(30 * 60);

/// How far the reports of chats and requests of an account were read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenProgress {
    v: u32,
    /// What began before is nobody's business here: the account was not looked after yet.
    pub since: Timestamp,
    /// Up to where the reports were read.
    pub until: Timestamp,
    /// Chats that are followed, by the number of the communication.
    #[serde(default)]
    pub(super) chats: BTreeMap<u64, Followed>,
    /// Requests that were taken and may be listed again.
    #[serde(default)]
    pub(super) requests: BTreeMap<u64, Timestamp>,
    /// Why the last reading failed, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A chat that is followed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Followed {
    /// Its number in the report of chats.
    pub(super) id: u64,
    /// When it began.
    pub(super) began: Timestamp,
    /// What its row said when it was last taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seen: Option<String>,
    /// When its row last said something new.
    changed: Timestamp,
    /// When it is to be read again.
    next: Timestamp,
    /// When it was first seen to be over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    over: Option<Timestamp>,
    /// The state in which the visitor was last asked about, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    asked: Option<(String, Timestamp)>,
    /// Whether it was read once more a while after its end, for what was left late.
    #[serde(default)]
    was_late: bool,
    /// Its visitor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    visitor: Option<u64>,
    /// The largest number of a message that was taken.
    #[serde(default)]
    last_message: u64,
}

impl WrittenProgress {
    /// Nothing was read, and nothing before `since` is to be.
    pub(super) fn starting(since: Timestamp) -> Self {
        // Reports are to the second, so what began in this very second counts.
        let since = Timestamp::from_second(since.as_second()).unwrap_or(since);
        let (chats, requests) = (BTreeMap::new(), BTreeMap::new());
        Self { v: VERSION, since, until: since, chats, requests, error: None }
    }

    /// Reads what was kept; nothing when nothing was, or what cannot be read.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub async fn kept(store: &dyn Store, account: &AccountId) -> Result<Option<Self>, StoreError> {
        let text = store.cursor(account, NAME).await?;
        let kept = text.and_then(|text| serde_json::from_str::<Self>(&text).ok());
        Ok(kept.filter(|kept| kept.v == VERSION))
    }

    /// Keeps it.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub(super) async fn keep(&self, store: &dyn Store, account: &AccountId) -> Result<(), StoreError> {
        // Numbers, moments and texts always have a JSON form.
        store.put_cursor(account, NAME, serde_json::to_string(self).unwrap_or_default()).await
    }

    pub(super) fn follows(&self, kind: WrittenKind, communication: u64) -> bool {
        match kind {
            WrittenKind::Chat => self.chats.contains_key(&communication),
            WrittenKind::Request => self.requests.contains_key(&communication),
        }
    }

    pub(super) fn follow_request(&mut self, communication: u64, began: Timestamp) {
        self.requests.insert(communication, began);
    }

    /// The chats that are to be read again.
    pub(super) fn due(&self, now: Timestamp) -> impl Iterator<Item = (u64, &Followed)> {
        self.chats.iter().filter(move |(_, chat)| chat.next <= now).map(|(number, chat)| (*number, chat))
    }

    /// Somebody told of these chats, or of chats of these visitors: they are read now, and taken whatever they say.
    pub(super) fn hinted(&mut self, chats: &BTreeSet<u64>, visitors: &BTreeSet<u64>, now: Timestamp) {
        for chat in self.chats.values_mut() {
            if chats.contains(&chat.id) || chat.visitor.is_some_and(|visitor| visitors.contains(&visitor)) {
                (chat.next, chat.seen, chat.asked) = (now, None, None);
            }
        }
    }

    /// A row was read; tells whether it is to be taken: it says something new, or its chat has been over for `settled` and
    /// its visitor is asked about for the last time.
    pub(super) fn saw_chat(
        &mut self,
        row: &WrittenRow,
        now: Timestamp,
        interval: Duration,
        settled: Duration,
    ) -> bool {
        let said = Some(said(row));
        let over = is_over(row);
        let chat = self.chats.entry(row.communication).or_insert(Followed {
            id: row.id,
            began: row.began.unwrap_or(now),
            seen: None,
            changed: now,
            next: now,
            over: None,
            asked: None,
            was_late: false,
            visitor: None,
            last_message: 0,
        });
        chat.visitor = visitor_of(row).or(chat.visitor);
        let changed = chat.seen != said;
        if changed {
            chat.changed = now;
        }
        if over && chat.over.is_none() {
            chat.over = Some(now);
        }
        let quiet = now.duration_since(chat.changed).unsigned_abs();
        let pause = (quiet / 4).max(interval).min(LONGEST_PAUSE);
        chat.next = after(now, if over { pause.saturating_mul(4) } else { pause });
        let is_late = chat.over.is_some_and(|over| after(over, settled) <= now) && !chat.was_late;
        chat.was_late |= is_late;
        changed || is_late
    }

    /// Whether a message of a chat was not taken yet; one without a number is taken as it comes.
    pub(super) fn is_new_message(&self, row: &WrittenRow, message: &Map<String, Value>) -> bool {
        let number = message.get("id").and_then(id_of);
        let last = self.chats.get(&row.communication).map_or(0, |chat| chat.last_message);
        number.is_none_or(|number| number > last)
    }

    /// What a row says is in the inbox, and so are these messages.
    pub(super) fn took_chat(&mut self, row: &WrittenRow, messages: &[Map<String, Value>]) {
        if let Some(chat) = self.chats.get_mut(&row.communication) {
            chat.seen = Some(said(row));
            let numbers = messages.iter().filter_map(|message| message.get("id").and_then(id_of));
            chat.last_message = numbers.max().unwrap_or(0).max(chat.last_message);
        }
    }

    /// Whether the visitor is to be asked about: in each state of the chat, and in one state not more often than this.
    pub(super) fn asks_visitor(&mut self, row: &WrittenRow, now: Timestamp, pause: Duration) -> bool {
        let state = row.columns.get("status").and_then(Value::as_str).unwrap_or_default();
        let Some(chat) = self.chats.get_mut(&row.communication) else { return false };
        if chat.asked.as_ref().is_some_and(|(asked, at)| asked == state && after(*at, pause) > now) {
            return false;
        }
        chat.asked = Some((state.to_owned(), now));
        true
    }

    /// Forgets what is over for long enough and cannot be listed again.
    pub(super) fn forget(&mut self, from: Timestamp, now: Timestamp, late: Duration) {
        let listed_again = |began: Timestamp| after(began, Duration::from_secs(1)) >= from;
        self.requests.retain(|_, began| listed_again(*began));
        self.chats.retain(|_, chat| {
            listed_again(chat.began) || chat.over.is_none_or(|over| over > before(now, late))
        });
        while self.chats.len() > MOST {
            let oldest = self.chats.iter().min_by_key(|(_, chat)| chat.began).map(|(number, _)| *number);
            match oldest {
                Some(number) => drop(self.chats.remove(&number)),
                None => break,
            }
        }
    }
}

/// The number of a row's visitor.
pub(super) fn visitor_of(row: &WrittenRow) -> Option<u64> {
    let first = row.columns.get("visitor_ids").and_then(Value::as_array).and_then(|ids| ids.first());
    row.columns.get("visitor_id").and_then(id_of).or_else(|| first.and_then(id_of))
}

/// A number, however it is written.
pub(super) fn id_of(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn is_over(row: &WrittenRow) -> bool {
    let status = row.columns.get("status").and_then(Value::as_str);
    let released = row.columns.get("release_cause").is_some_and(|cause| !cause.is_null());
    matches!(status, Some("lost" | "succeed" | "refused")) || released
}

/// A hash of everything in a row that is read.
fn said(row: &WrittenRow) -> String {
    let mut hasher = blake3::Hasher::new();
    for name in CHAT_COLUMNS {
        if let Some(value) = row.columns.get(*name) {
            hasher.update(name.as_bytes()).update(value.to_string().as_bytes()).update(&[0]);
        }
    }
    hasher.finalize().to_hex().chars().take(16).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).expect("a moment")
    }

    fn row(status: &str, began: i64) -> WrittenRow {
        let columns = json!({"id": 77, "status": status}).as_object().cloned().expect("an object");
        WrittenRow { id: 77, communication: 5, began: Some(at(began)), columns }
    }

    #[test]
    fn a_chat_is_followed_until_it_has_been_over_for_a_while() {
        let (interval, late) = (Duration::from_secs(60), Duration::from_secs(1800));
        let mut progress = WrittenProgress::starting(at(0));
        assert!(progress.saw_chat(&row("new", 100), at(100), interval, late));
        assert!(progress.saw_chat(&row("new", 100), at(110), interval, late), "it was not taken yet");
        progress.took_chat(&row("new", 100), &[]);
        assert!(!progress.saw_chat(&row("new", 100), at(120), interval, late));
        let mut asks = |seconds| progress.asks_visitor(&row("new", 100), at(seconds), interval);
        assert!(asks(120) && !asks(179) && asks(180));
        assert_eq!(progress.due(at(170)).count(), 0);
        assert_eq!(progress.due(at(180)).count(), 1);
        progress.forget(at(10_000), at(10_000), late);
        assert!(progress.follows(WrittenKind::Chat, 5), "it goes on");
        assert!(progress.saw_chat(&row("succeed", 100), at(10_000), interval, late));
        progress.forget(at(11_000), at(11_000), late);
        assert!(progress.follows(WrittenKind::Chat, 5), "a contact may be left late");
        progress.forget(at(12_000), at(12_000), late);
        assert!(!progress.follows(WrittenKind::Chat, 5));
    }

    #[test]
    fn a_hint_has_a_chat_read_and_taken_at_once() {
        let interval = Duration::from_secs(60);
        let with_visitor = |mut row: WrittenRow| {
            row.columns.insert("visitor_ids".to_owned(), json!(["9"]));
            row
        };
        for (chats, visitors) in
            [(BTreeSet::from([77]), BTreeSet::new()), (BTreeSet::new(), BTreeSet::from([9]))]
        {
            let mut progress = WrittenProgress::starting(at(0));
            let row = with_visitor(row("active", 0));
            progress.saw_chat(&row, at(0), interval, interval);
            progress.took_chat(&row, &[]);
            progress.hinted(&BTreeSet::from([1]), &BTreeSet::from([1]), at(1));
            assert_eq!(progress.due(at(1)).count(), 0);
            progress.hinted(&chats, &visitors, at(1));
            assert_eq!(progress.due(at(1)).count(), 1);
            assert!(progress.saw_chat(&row, at(1), interval, interval));
            assert!(progress.asks_visitor(&row, at(1), interval));
        }
    }

    #[test]
    fn a_message_is_taken_once() {
        let mut progress = WrittenProgress::starting(at(0));
        let row = row("active", 0);
        let message = |id: u64| json!({"id": id}).as_object().cloned().expect("an object");
        progress.saw_chat(&row, at(0), Duration::ZERO, Duration::ZERO);
        progress.took_chat(&row, &[message(4), message(3)]);
        assert!(!progress.is_new_message(&row, &message(4)) && progress.is_new_message(&row, &message(5)));
        progress.took_chat(&row, &[]);
        assert!(!progress.is_new_message(&row, &message(4)));
    }

    #[test]
    fn what_may_be_listed_again_is_remembered() {
        let mut progress = WrittenProgress::starting(at(0));
        progress.follow_request(9, at(100));
        progress.forget(at(100), at(200), Duration::ZERO);
        assert!(progress.follows(WrittenKind::Request, 9));
        progress.forget(at(102), at(200), Duration::ZERO);
        assert!(!progress.follows(WrittenKind::Request, 9));
    }

    #[test]
    fn the_quieter_a_chat_the_less_often_it_is_read() {
        let interval = Duration::from_secs(60);
        let mut progress = WrittenProgress::starting(at(0));
        progress.saw_chat(&row("active", 0), at(0), interval, interval);
        progress.took_chat(&row("active", 0), &[]);
        let mut last = at(0);
        let mut readings = 0;
        while last < at(24 * 3600) {
            progress.saw_chat(&row("active", 0), last, interval, interval);
            last = progress.chats[&5].next;
            readings += 1;
        }
        assert!((40..100).contains(&readings), "{readings} readings of a quiet day");
    }
}
