//! The address book as something that others must not wait for.
//!
//! Whoever writes into it holds a lane, and maybe one of few workers. So one entry of an account is worked on at a time, each
//! question has a short time-out of its own, and after a failure the book is left alone for a while, longer with each
//! further one. All of it can wait, so the reserve of points is left alone, too (`Points`). What nobody could enter for
//! costs an effect no attempt.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

use super::client::Client;
use super::contacts::{By, Contact};
use super::error::{Class, UisError};
use crate::outbound::SendGuard;

/// How long the book is left alone after so many failures in a row; the last one repeats.
const PAUSES: [Duration; 4] =
    [Duration::from_secs(5), Duration::from_secs(15), Duration::from_secs(60), Duration::from_secs(300)];
/// How long it is left alone when somebody has to mend the key or buy an option.
const REFUSED_PAUSE: Duration = Duration::from_secs(600);
/// How long somebody else's entry takes, as a rule.
const BUSY: Duration = Duration::from_millis(300);

/// The address book of one account.
#[derive(Debug)]
pub struct AddressBook {
    client: Client,
    fresh: Duration,
    turn: Semaphore,
    pause: Mutex<Pause>,
    /// Whether the list of numbers cannot be filtered as a list.
    plain_filter: AtomicBool,
}

#[derive(Debug, Default)]
struct Pause {
    failures: usize,
    until: Option<Instant>,
}

/// The right to work on one entry.
#[derive(Debug)]
pub struct Entry<'b> {
    book: &'b AddressBook,
    client: Client,
    _turn: SemaphorePermit<'b>,
}

impl AddressBook {
    /// A book that is asked with this client; what was written is believed while it is `fresh`.
    pub fn new(client: Client, fresh: Duration) -> Self {
        let (turn, pause) = (Semaphore::new(1), Mutex::default());
        Self { client, fresh, turn, pause, plain_filter: AtomicBool::new(false) }
    }

    /// How long what was written or seen is believed without asking again.
    pub fn fresh(&self) -> Duration {
        self.fresh
    }

    /// The longest that one entry is under way: a question and a write.
    pub fn longest(&self) -> Duration {
        self.client.timeout() * 2
    }

    /// How long to wait before entering, when that is known without trying.
    ///
    /// # Errors
    ///
    /// How long the book is left alone, or how long points that are not the reserve are waited for.
    pub fn spare(&self) -> Result<(), Duration> {
        let paused = self.lock().until.map(|until| until.saturating_duration_since(Instant::now()));
        match paused.filter(|wait| !wait.is_zero()) {
            Some(wait) => Err(wait),
            None => self.client.points().spare(),
        }
    }

    /// Begins to work on an entry.
    ///
    /// # Errors
    ///
    /// How long to wait before trying again.
    pub fn enter(&self, guard: Option<Arc<dyn SendGuard>>) -> Result<Entry<'_>, Duration> {
        self.spare()?;
        let turn = self.turn.try_acquire().map_err(|_| BUSY)?;
        let client = guard.map_or_else(|| self.client.clone(), |guard| self.client.guarded(guard));
        Ok(Entry { book: self, client, _turn: turn })
    }

    fn lock(&self) -> MutexGuard<'_, Pause> {
        self.pause.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn heard<T>(&self, result: &Result<T, UisError>) {
        let mut pause = self.lock();
        let wait = match result {
            Ok(_) => None,
            Err(UisError::OptionMissing { .. }) => Some(REFUSED_PAUSE),
            // Points have a memory of their own, and nobody was asked.
            Err(UisError::LimitExceeded { .. } | UisError::TooLate) => return,
            Err(error) => match error.class() {
                Class::Retry => PAUSES.get(pause.failures).or(PAUSES.last()).copied(),
                Class::Stop => Some(REFUSED_PAUSE),
                // An answer, if not the one that was hoped for.
                Class::Permanent => None,
            },
        };
        pause.failures = if wait.is_some() { pause.failures + 1 } else { 0 };
        pause.until = wait.map(|wait| Instant::now() + wait);
    }
}

impl Entry<'_> {
    /// Contacts that have a number, digits with the country's code.
    ///
    /// # Errors
    ///
    /// Any [`UisError`].
    pub async fn contacts(&self, digits: &str) -> Result<Vec<Contact>, UisError> {
        let plain = &self.book.plain_filter;
        let by = if plain.load(Ordering::Relaxed) { By::Equal } else { By::Overlap };
        let mut result = self.client.contacts(digits, by).await;
        if by == By::Overlap && matches!(result, Err(UisError::Misuse { .. })) {
            result = self.client.contacts(digits, By::Equal).await;
            plain.store(result.is_ok(), Ordering::Relaxed);
        }
        self.book.heard(&result);
        result
    }

    /// Makes an employee the personal manager of a contact.
    ///
    /// # Errors
    ///
    /// Any [`UisError`]; see [`UisError::may_have_happened`].
    pub async fn assign(&self, contact: &Contact, employee: u64) -> Result<(), UisError> {
        let result = self.client.assign(contact, employee).await;
        self.book.heard(&result);
        result
    }

    /// Adds a contact with a number and a manager.
    ///
    /// # Errors
    ///
    /// Any [`UisError`]; see [`UisError::may_have_happened`].
    pub async fn add(&self, digits: &str, name: &str, employee: u64) -> Result<Option<u64>, UisError> {
        let result = self.client.add_contact(digits, name, employee).await;
        self.book.heard(&result);
        result
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use serde_json::{Value, json};

    use super::super::client::ClientSettings;
    use super::super::points::{Points, PointsSettings};
    use super::*;
    use crate::config::Secret;
    use crate::outbound::fake::{FakeTransport, answered};
    use crate::outbound::{Outcome, Unanswered};

    fn book(transport: &Arc<FakeTransport>) -> AddressBook {
        let settings = ClientSettings {
            account: "romashka".to_owned(),
            data_api: "https://dataapi.uiscom.ru/v2.0".to_owned(),
            token: Secret::new("t0ken"),
            timeout: Duration::from_secs(3),
            points: Arc::new(Points::new(&PointsSettings::default())),
        };
        AddressBook::new(Client::new(settings, transport.clone()), Duration::from_secs(60))
    }

    fn nobody() -> Outcome {
        answered(200, json!({"result": {"data": [], "metadata": {"total_items": 0}}}).to_string())
    }

    #[tokio::test(start_paused = true)]
    async fn one_entry_at_a_time() {
        let book = book(&FakeTransport::new(|_| nobody()));
        let first = book.enter(None).expect("nobody is there");
        assert_eq!(book.enter(None).err(), Some(BUSY));
        drop(first);
        assert!(book.enter(None).is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn after_failures_it_is_left_alone_for_longer_and_longer() {
        let failing = Arc::new(AtomicBool::new(true));
        let fails = Arc::clone(&failing);
        let transport = FakeTransport::new(move |_| match fails.load(Ordering::Relaxed) {
            true => Outcome::Unanswered(Unanswered::TimedOut),
            false => nobody(),
        });
        let book = book(&transport);
        for pause in [5, 15, 60, 300, 300] {
            let entry = book.enter(None).expect("the pause is over");
            assert!(entry.contacts("79000000010").await.is_err());
            drop(entry);
            assert_eq!(book.enter(None).err(), Some(Duration::from_secs(pause)));
            tokio::time::advance(Duration::from_secs(pause)).await;
        }
        failing.store(false, Ordering::Relaxed);
        assert_eq!(
            book.enter(None).expect("the pause is over").contacts("79000000010").await,
            Ok(Vec::new())
        );
        assert_eq!(book.spare(), Ok(()));
    }

    #[tokio::test]
    async fn a_list_that_cannot_be_filtered_as_one_is_asked_for_plainly_from_then_on() {
        let refused = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&refused);
        let transport = FakeTransport::new(move |seen| {
            let body: Value = serde_json::from_str(&seen.body).expect("JSON");
            if body.pointer("/params/filter/operator") == Some(&json!("overlap")) {
                count.fetch_add(1, Ordering::Relaxed);
                let data = json!({"mnemonic": "filter_prohibited", "field": "phone_numbers"});
                return answered(200, json!({"error": {"code": -32602, "data": data}}).to_string());
            }
            let stranger = json!({"id": 72, "phone_numbers": ["79000000011"]});
            let rows = json!([{"id": 71, "phone_numbers": ["79000000010"]}, stranger]);
            answered(200, json!({"result": {"data": rows, "metadata": {"total_items": 2}}}).to_string())
        });
        let book = book(&transport);
        for _ in 0..2 {
            let found =
                book.enter(None).expect("nobody is there").contacts("79000000010").await.expect("read");
            assert_eq!(found.iter().map(|contact| contact.id).collect::<Vec<_>>(), [71], "no strangers");
        }
        assert_eq!(refused.load(Ordering::Relaxed), 1);
        assert_eq!(transport.take().len(), 3);
    }
}
