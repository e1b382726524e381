//! Chats and requests, read from the reports of UIS.
//!
//! The list of all communications is the cursor: one point tells whether there is anything new. New chats are read from the
//! report of chats, and those that are not over are read again, all that are due in one request; what has changed goes
//! into the inbox, with its messages and its visitor. Requests are read once. Whatever a notification or a callback tells,
//! it only makes this look sooner: so a chat has one source of truth however many ways tell of it.
//!
//! What is still open is kept in the cursor of the account, after everything that was read is in the inbox: a crash in
//! between reads it again, and hearing a thing twice changes nothing.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};
use smol_str::SmolStr;

use super::account::{Reports, after, before};
use super::poll::Halted;
use super::written_progress::{Followed, WrittenProgress, id_of, visitor_of};
use crate::observe::{REPORT_POLLS, REPORT_ROWS, mask_text};
use crate::source::uis::{
    CHAT_COLUMNS, Decoded, MESSAGE_COLUMNS, REQUEST_COLUMNS, Reading, SOURCE, Stored, WrittenKind,
    decode_stored, written_session,
};
use crate::store::StoreError;
use crate::store::record::{Accepted, NewEvent, Origin, Parse};
use crate::uis::{Class, Filter, UisError, Window, WrittenRow};

const CONTENT_TYPE: &str = "application/json";
/// The most chats of one request.
const BATCH: usize = 200;
/// How much earlier and later than told a chat may have begun.
const MARGIN: Duration = Duration::from_secs(3600);
/// How long to wait when the account's zone is not known yet, or the store does not answer.
const SHORT_WAIT: Duration = Duration::from_secs(5);
/// How long a method is left alone that UIS refuses to this account.
const REFUSED_FOR: Duration = Duration::from_secs(3600);
/// The most chats, and the most visitors, of which hints are kept.
const MOST_HINTS: usize = 1_000;

/// What the rules in force want to know of written communications.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wants {
    /// Whether any rule is about chats.
    pub chats: bool,
    /// Whether any rule is about requests.
    pub requests: bool,
    /// Whether messages are looked at, or noted at the client.
    pub messages: bool,
}

/// Who knows what the rules want.
pub trait Wanted: std::fmt::Debug + Send + Sync {
    /// What they want now.
    fn wants(&self) -> Wants;
}

/// What somebody told that changes are to be read of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// The chat with this number.
    Chat(u64),
    /// The chats of the visitor with this number.
    Visitor(u64),
}

/// Hints that wait for the next reading.
#[derive(Debug, Default)]
pub(super) struct Hints {
    chats: BTreeSet<u64>,
    visitors: BTreeSet<u64>,
}

/// What UIS refuses, and until when it is not asked again.
#[derive(Debug, Default)]
pub(super) struct Refusals {
    list: Option<Timestamp>,
    messages: Option<Timestamp>,
    visitors: Option<Timestamp>,
}

impl Reports {
    /// Whether written communications of a kind are read from reports.
    pub fn reads(&self, kind: WrittenKind) -> bool {
        let wants = self.wants();
        match kind {
            WrittenKind::Chat => wants.chats,
            WrittenKind::Request => wants.requests,
        }
    }

    /// Asks for a reading soon: something was told of a chat or a request.
    pub fn look_at(&self, _: WrittenKind) {
        self.hinted.notify_one();
    }

    /// Takes a hint: what it names is read soon, whether its row says something new or not. More than are kept are only
    /// read when their time comes.
    pub fn hint(&self, hint: Hint) {
        {
            let mut hints = self.hints();
            let of = match hint {
                Hint::Chat(_) => &mut hints.chats,
                Hint::Visitor(_) => &mut hints.visitors,
            };
            let (Hint::Chat(number) | Hint::Visitor(number)) = hint;
            if of.len() < MOST_HINTS {
                of.insert(number);
            }
        }
        self.hinted.notify_one();
    }

    fn hints(&self) -> std::sync::MutexGuard<'_, Hints> {
        self.hints.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn wants(&self) -> Wants {
        let wants = self.wanted.as_ref().map(|wanted| wanted.wants()).unwrap_or_default();
        Wants {
            chats: wants.chats && self.settings.chats,
            requests: wants.requests && self.settings.requests,
            messages: wants.messages,
        }
    }

    /// Reads for ever, as long as the rules want it.
    pub(super) async fn follow_written(&self) {
        if !self.settings.chats && !self.settings.requests {
            return;
        }
        loop {
            let wait = self.read_written_once().await;
            let until = after(self.clock.now(), wait);
            let soonest = after(self.clock.now(), self.settings.marketing_pause.min(wait));
            tokio::select! {
                () = self.clock.sleep_until(until) => {}
                () = self.hinted.notified() => self.clock.sleep_until(soonest).await,
            }
        }
    }

    async fn read_written_once(&self) -> Duration {
        let interval = self.settings.written_interval;
        let wants = self.wants();
        if !wants.chats && !wants.requests {
            return interval;
        }
        let progress = match WrittenProgress::kept(&*self.store, self.account()).await {
            Ok(Some(progress)) => progress,
            Ok(None) => WrittenProgress::starting(before(self.clock.now(), self.settings.first)),
            Err(error) => return self.written_not_kept(&error),
        };
        let mut progress = progress;
        let Some(zone) = self.directory.uis_zone() else { return SHORT_WAIT.min(interval) };
        if let Err(wait) = self.uis.spare() {
            self.deferred();
            return wait.max(Duration::from_secs(1)).min(interval);
        }
        let read = self.read_written(wants, &mut progress, &zone).await;
        let (outcome, wait) = match read {
            Ok(()) => {
                progress.error = None;
                ("ok", interval)
            }
            Err(Halted::Store(error)) => return self.written_not_kept(&error),
            Err(Halted::Uis(error)) => {
                let shown = mask_text(&error.to_string());
                if progress.error.as_deref() != Some(&shown) {
                    tracing::warn!(account = %self.account(), error = shown, "chats and requests cannot be read");
                }
                progress.error = Some(shown);
                let wait = match error {
                    UisError::LimitExceeded { wait } => wait.max(Duration::from_secs(1)),
                    _ => interval,
                };
                (error.name(), wait.min(interval.max(Duration::from_secs(60))))
            }
        };
        let account = self.account().as_str().to_owned();
        metrics::counter!(REPORT_POLLS.name, "account" => account, "outcome" => outcome).increment(1);
        match progress.keep(&*self.store, self.account()).await {
            Ok(()) => wait,
            Err(error) => self.written_not_kept(&error),
        }
    }

    async fn read_written(
        &self,
        wants: Wants,
        progress: &mut WrittenProgress,
        zone: &TimeZone,
    ) -> Result<(), Halted> {
        let now = self.clock.now();
        let earliest = before(now, self.settings.reach);
        progress.until = progress.until.max(earliest);
        let from = before(progress.until, self.settings.written_overlap).max(progress.since).max(earliest);
        let window = Window { from, till: now.max(from) };
        let new = self.news(window, zone, progress).await?;
        if wants.requests && new.is_none_or(|new| new.requests) {
            let rows = self.uis.requests_report(window, zone, REQUEST_COLUMNS).await?;
            let since = progress.since;
            for row in rows.iter().filter(|row| row.began.is_none_or(|at| at >= since)) {
                self.take_request(row, progress, now).await?;
            }
        }
        if wants.chats {
            let hints = std::mem::take(&mut *self.hints());
            progress.hinted(&hints.chats, &hints.visitors, now);
            let mut rows = match new.is_none_or(|new| new.chats) {
                true => self.uis.chats_report(window, zone, CHAT_COLUMNS, None).await?,
                false => Vec::new(),
            };
            rows.retain(|row| row.began.is_none_or(|at| at >= progress.since));
            rows.extend(self.open_chats(progress, &rows, zone, now).await?);
            self.take_chats(wants, rows, progress, now).await?;
        }
        progress.until = now;
        progress.forget(from, now, self.settings.late_contacts);
        Ok(())
    }

    /// Whether there are chats or requests that are not followed yet; nothing when that cannot be told.
    async fn news(
        &self,
        window: Window,
        zone: &TimeZone,
        progress: &WrittenProgress,
    ) -> Result<Option<New>, Halted> {
        let now = self.clock.now();
        if self.refusals().list.is_some_and(|until| until > now) {
            return Ok(None);
        }
        let listed = match self.uis.communications(window, zone).await {
            Ok(listed) => listed,
            Err(error) if error.class() == Class::Permanent => {
                self.refusals().list = Some(after(now, REFUSED_FOR));
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        };
        let is_new = |kind: WrittenKind| {
            let of = listed.iter().filter(|one| one.kind == kind.communication_type());
            of.filter(|one| one.began.is_none_or(|at| at >= progress.since))
                .any(|one| !progress.follows(kind, one.communication))
        };
        Ok(Some(New { chats: is_new(WrittenKind::Chat), requests: is_new(WrittenKind::Request) }))
    }

    /// Reads the chats again that are followed, due and not read yet.
    async fn open_chats(
        &self,
        progress: &WrittenProgress,
        read: &[WrittenRow],
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<Vec<WrittenRow>, Halted> {
        let read: BTreeSet<u64> = read.iter().map(|row| row.communication).collect();
        let due: Vec<&Followed> =
            progress.due(now).filter(|(number, _)| !read.contains(number)).map(|(_, chat)| chat).collect();
        let mut rows = Vec::new();
        for batch in due.chunks(BATCH) {
            let Some(first) = batch.iter().map(|chat| chat.began).min() else { continue };
            let window = Window { from: before(first, MARGIN), till: now };
            let ids = Filter::OneOf("id", batch.iter().map(|chat| json!(chat.id)).collect());
            rows.extend(self.uis.chats_report(window, zone, CHAT_COLUMNS, Some(&ids)).await?);
        }
        Ok(rows)
    }

    async fn take_request(
        &self,
        row: &WrittenRow,
        progress: &mut WrittenProgress,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if progress.follows(WrittenKind::Request, row.communication) {
            return Ok(());
        }
        let reading = Reading { row: row.columns.clone(), ..Reading::default() };
        self.take_written(WrittenKind::Request, &reading, REQUEST_COLUMNS, now).await?;
        progress.follow_request(row.communication, row.began.unwrap_or(now));
        Ok(())
    }

    /// Takes the chats that say something new, with their messages and visitors.
    async fn take_chats(
        &self,
        wants: Wants,
        rows: Vec<WrittenRow>,
        progress: &mut WrittenProgress,
        now: Timestamp,
    ) -> Result<(), Halted> {
        let changed: Vec<WrittenRow> = rows
            .into_iter()
            .filter(|row| {
                progress.saw_chat(row, now, self.settings.written_interval, self.settings.visitor_pause)
            })
            .collect();
        for batch in changed.chunks(BATCH) {
            let messages = match wants.messages {
                true => self.messages_of(batch, now).await?,
                false => Vec::new(),
            };
            for row in batch {
                let new = |message: &&Map<String, Value>| {
                    message.get("chat_id").and_then(id_of) == Some(row.id)
                        && progress.is_new_message(row, message)
                };
                let new: Vec<_> = messages.iter().filter(new).cloned().collect();
                let reading = Reading {
                    row: row.columns.clone(),
                    messages: new,
                    visitor: self.visitor_of(row, progress, now).await?,
                };
                self.take_written(WrittenKind::Chat, &reading, CHAT_COLUMNS, now).await?;
                progress.took_chat(row, &reading.messages);
            }
        }
        Ok(())
    }

    async fn messages_of(
        &self,
        rows: &[WrittenRow],
        now: Timestamp,
    ) -> Result<Vec<Map<String, Value>>, Halted> {
        if self.refusals().messages.is_some_and(|until| until > now) {
            return Ok(Vec::new());
        }
        let ids: Vec<u64> = rows.iter().map(|row| row.id).collect();
        match self.uis.chat_messages(&ids, MESSAGE_COLUMNS).await {
            Ok(messages) => Ok(messages),
            Err(error) if error.class() == Class::Permanent => {
                self.refusals().messages = Some(after(now, REFUSED_FOR));
                Ok(Vec::new())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Asks about the visitor of a chat, once for each state of the chat: he may leave a name and contacts as it goes on.
    async fn visitor_of(
        &self,
        row: &WrittenRow,
        progress: &mut WrittenProgress,
        now: Timestamp,
    ) -> Result<Option<Map<String, Value>>, Halted> {
        if self.refusals().visitors.is_some_and(|until| until > now)
            || !progress.asks_visitor(row, now, self.settings.visitor_pause)
        {
            return Ok(None);
        }
        let Some(id) = visitor_of(row) else { return Ok(None) };
        match self.uis.visitor(id).await {
            Ok(visitor) => Ok(visitor),
            Err(error) if error.class() == Class::Permanent => {
                self.refusals().visitors = Some(after(now, REFUSED_FOR));
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Puts a reading into the inbox.
    async fn take_written(
        &self,
        kind: WrittenKind,
        reading: &Reading,
        columns: &[&str],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let body = reading.to_body(now, columns, MESSAGE_COLUMNS);
        let event = kind.report().as_str();
        let Decoded::Written { news, .. } = decode_stored(&Stored::unpack(event, CONTENT_TYPE, &body)) else {
            tracing::warn!(account = %self.account(), kind = kind.as_str(), "a row of a report cannot be read");
            return Ok(());
        };
        let identity = news.identity();
        let session = written_session(kind, news.communication);
        let new = NewEvent {
            account: self.account().clone(),
            source: SmolStr::new_static(SOURCE),
            event: SmolStr::new_static(event),
            dedup: identity.dedup,
            lane: identity.lane,
            session: Some(identity.session),
            received_at: now,
            origin: Origin::Reconcile,
            content_type: SmolStr::new_static(CONTENT_TYPE),
            body: body.into(),
            parse: Parse::Parsed,
        };
        let outcome = match self.store.accept(new).await? {
            Accepted::New(seq) => {
                tracing::info!(account = %self.account(), %session, %seq, "read from the report");
                kind.as_str()
            }
            Accepted::Duplicate(_) => "known",
        };
        let account = self.account().as_str().to_owned();
        metrics::counter!(REPORT_ROWS.name, "account" => account, "outcome" => outcome).increment(1);
        Ok(())
    }

    fn refusals(&self) -> std::sync::MutexGuard<'_, Refusals> {
        self.refusals.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn written_not_kept(&self, error: &StoreError) -> Duration {
        tracing::warn!(account = %self.account(), %error, "the store stands in the way of chats and requests");
        SHORT_WAIT.min(self.settings.written_interval)
    }
}

/// What is listed and not followed yet.
#[derive(Debug, Clone, Copy)]
struct New {
    chats: bool,
    requests: bool,
}
