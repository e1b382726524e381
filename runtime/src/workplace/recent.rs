//! The latest conversations of an account, and whose they are.
//!
//! The store has no list by employee, and many operators ask every few seconds. So the account's list of what was written
//! last is read once a second at most, however many ask, and only as far back as it was not read before; a brief of each
//! conversation is kept in memory. A restart reads it again. Bounded in age ([`Recent::new`]) and in number ([`MOST_KEPT`]).

use std::collections::HashMap;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::communication::{Call, KIND, Merged, Whole, Written};
use crate::source::uis::{Direction, WrittenKind};
use crate::store::record::{AccountId, Communication, Page, SessionKey};
use crate::store::{MAX_PAGE, Store, StoreError};

/// The most conversations of an account that are kept: the latest ones.
pub(super) const MOST_KEPT: usize = 5_000;
/// The least time between two looks into the store.
const LEAST_LOOK: Duration = Duration::from_secs(1);
/// How far back a look goes beyond the newest row that was seen: workers write rows with moments that they took before.
const OVERLAP: SignedDuration = SignedDuration::from_secs(60);

/// What the list says of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Brief {
    /// Its session.
    pub key: SessionKey,
    /// Employees of UIS whom it concerns: who talked or called, and as long as nobody has talked, whose phones rang.
    pub employees: Vec<u64>,
    /// When it began.
    pub started: Timestamp,
    /// When something was last written about it.
    pub updated: Timestamp,
    /// Phones in E.164 with `+`, then e-mails, of the client.
    pub contacts: Vec<String>,
    /// The client's name as UIS knows it.
    pub name: Option<String>,
    /// Which way a call went; nothing for what was written.
    pub direction: Option<Direction>,
    /// Whether it is over.
    pub ended: bool,
    /// Whether nobody talked or answered.
    pub missed: bool,
    /// Whether both sides talked or wrote.
    pub talked: bool,
}

/// The conversations of one account.
#[derive(Debug)]
pub(super) struct Recent {
    shown_for: SignedDuration,
    kept: tokio::sync::Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    looked_at: Option<Timestamp>,
    newest: Option<Timestamp>,
    /// When each was last written, and its brief; none when it concerns nobody or cannot be read.
    briefs: HashMap<SessionKey, (Timestamp, Option<Brief>)>,
}

impl Brief {
    /// Reads a conversation; `None` when its data is of another version, or nothing was heard of it.
    pub(super) fn of(communication: &Communication, zone: &TimeZone) -> Option<Self> {
        let empty = Self {
            key: communication.key.clone(),
            employees: Vec::new(),
            started: communication.updated_at,
            updated: communication.updated_at,
            contacts: Vec::new(),
            name: None,
            direction: None,
            ended: false,
            missed: false,
            talked: false,
        };
        if communication.kind == KIND {
            let merged = Merged::of(&communication.data.read::<Call>().ok()?, zone)?;
            let people = &merged.people;
            let with = if people.talked.is_empty() { &people.rung } else { &people.talked };
            return Some(Self {
                employees: with.iter().copied().chain(people.caller).collect(),
                started: merged.started.instant(),
                contacts: merged.phone().map(str::to_owned).into_iter().collect(),
                name: merged.values.contact_full_name.clone(),
                direction: Some(merged.direction),
                ended: merged.ended,
                missed: merged.missed,
                talked: merged.talked,
                ..empty
            });
        }
        WrittenKind::find(&communication.kind)?;
        let whole = Whole::of(&communication.data.read::<Written>().ok()?, zone)?;
        Some(Self {
            employees: whole.values.employee_id.into_iter().collect(),
            started: whole.started.instant(),
            contacts: whole.contacts.all().map(str::to_owned).collect(),
            name: whole.name.clone(),
            ended: whole.ended,
            missed: whole.missed,
            talked: whole.talked,
            ..empty
        })
    }

    /// Whether it concerns one of these employees.
    pub(super) fn concerns(&self, employees: &[u64]) -> bool {
        self.employees.iter().any(|employee| employees.contains(employee))
    }
}

impl Recent {
    /// `shown_for` is how long after the last word about it a conversation is kept.
    pub(super) fn new(shown_for: Duration) -> Self {
        let shown_for = SignedDuration::try_from(shown_for).unwrap_or(SignedDuration::MAX);
        Self { shown_for, kept: tokio::sync::Mutex::default() }
    }

    /// The conversations of these employees: those that go on first, then the one written last first; at most `most`.
    ///
    /// # Errors
    ///
    /// Any [`StoreError`].
    pub(super) async fn of(
        &self,
        (store, account): (&dyn Store, &AccountId),
        (employees, most): (&[u64], usize),
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<Vec<Brief>, StoreError> {
        let mut kept = self.kept.lock().await;
        let oldest = now.saturating_sub(self.shown_for).unwrap_or(Timestamp::MIN);
        kept.look(store, account, zone, oldest, now).await?;
        let briefs = kept.briefs.values().filter_map(|(_, brief)| brief.as_ref());
        let mut of: Vec<Brief> = briefs.filter(|brief| brief.concerns(employees)).cloned().collect();
        of.sort_by(|a, b| (a.ended, b.updated, &b.key).cmp(&(b.ended, a.updated, &a.key)));
        of.truncate(most);
        Ok(of)
    }
}

impl Kept {
    async fn look(
        &mut self,
        store: &dyn Store,
        account: &AccountId,
        zone: &TimeZone,
        oldest: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if self.looked_at.is_some_and(|at| now.duration_since(at).unsigned_abs() < LEAST_LOOK) {
            return Ok(());
        }
        let overlap = self.newest.and_then(|newest| newest.saturating_sub(OVERLAP).ok());
        let since = overlap.map_or(oldest, |overlap| overlap.max(oldest));
        let (mut after, mut read) = (None, 0);
        let mut newest = self.newest;
        'pages: while read < MOST_KEPT {
            let page = Page { account: Some(account.clone()), after, limit: MAX_PAGE.min(MOST_KEPT - read) };
            let listed = store.recent(page).await?;
            for row in &listed.rows {
                if row.updated_at < since {
                    break 'pages;
                }
                read += 1;
                newest = newest.max(Some(row.updated_at));
                if self.briefs.get(&row.key).is_none_or(|(at, _)| *at != row.updated_at) {
                    self.briefs.insert(row.key.clone(), (row.updated_at, Brief::of(row, zone)));
                }
            }
            after = listed.next;
            if after.is_none() {
                break;
            }
        }
        // Only when the whole look came through: what was not read is read the next time.
        (self.newest, self.looked_at) = (newest, Some(now));
        self.forget(oldest);
        Ok(())
    }

    fn forget(&mut self, oldest: Timestamp) {
        self.briefs.retain(|_, (at, _)| *at >= oldest);
        if self.briefs.len() > MOST_KEPT {
            let mut moments: Vec<Timestamp> = self.briefs.values().map(|(at, _)| *at).collect();
            moments.sort_unstable_by(|a, b| b.cmp(a));
            if let Some(last) = moments.get(MOST_KEPT - 1).copied() {
                self.briefs.retain(|_, (at, _)| *at >= last);
            }
        }
    }
}
