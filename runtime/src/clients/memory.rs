//! The last clients that were heard of, by number.
//!
//! Bounded by count: who has not been asked about for longest is forgotten first. Questions under way are kept beside, so
//! that a number is asked about once however many want to know. Nothing here outlives the process, and nothing is shown.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use smol_str::SmolStr;
use tokio::sync::watch;

use super::client::Client;
use crate::crm::Hurry;

/// What is remembered of a number.
#[derive(Debug, Clone)]
pub struct Remembered {
    /// The client; one that is not known is remembered, too.
    pub client: Arc<Client>,
    /// When RetailCRM said so.
    pub at: Timestamp,
}

/// The memory of one account. Shared by reference.
#[derive(Debug)]
pub struct Clients {
    most: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    by_phone: HashMap<SmolStr, Slot>,
    /// Numbers by when they were last touched.
    touched: BTreeMap<u64, SmolStr>,
    touches: u64,
}

#[derive(Debug, Default)]
struct Slot {
    touch: u64,
    known: Option<Remembered>,
    failed_at: Option<Timestamp>,
    question: Option<UnderWay>,
}

/// A question that is under way.
#[derive(Debug, Clone)]
pub(crate) struct UnderWay {
    over: watch::Receiver<bool>,
    hurry: Arc<Hurry>,
}

/// What there is when somebody wants to know.
#[derive(Debug)]
pub(crate) struct Look {
    /// What is remembered.
    pub(crate) known: Option<Remembered>,
    /// When RetailCRM last failed to say.
    pub(crate) failed_at: Option<Timestamp>,
    /// The question that is under way.
    pub(crate) question: Option<UnderWay>,
}

/// The right, and the duty, to ask about a number; whoever drops it without an answer has failed.
#[derive(Debug)]
pub(crate) struct Question {
    clients: Arc<Clients>,
    phone: SmolStr,
    over: watch::Sender<bool>,
}

impl Clients {
    /// A memory for so many clients.
    pub fn new(most: usize) -> Self {
        Self { most: most.max(1), state: Mutex::default() }
    }

    /// Remembers what RetailCRM just said of a number.
    pub fn learn(&self, phone: &str, client: Client, at: Timestamp) {
        self.with_slot(phone, |slot| {
            // An answer that was asked for earlier may come later.
            if slot.known.as_ref().is_none_or(|known| known.at <= at) {
                slot.known = Some(Remembered { client: Arc::new(client), at });
            }
            slot.failed_at = None;
        });
    }

    /// Forgets a number: what is remembered is known to be wrong.
    pub fn forget(&self, phone: &str) {
        let mut state = self.lock();
        if let Some(slot) = state.by_phone.get_mut(phone) {
            slot.known = None;
        }
    }

    /// How many numbers there are.
    pub fn len(&self) -> usize {
        self.lock().by_phone.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What there is of a number.
    pub(crate) fn look(&self, phone: &str) -> Look {
        let mut look = Look { known: None, failed_at: None, question: None };
        let mut state = self.lock();
        if state.by_phone.contains_key(phone) {
            state.touch(phone);
        }
        if let Some(slot) = state.by_phone.get(phone) {
            look.known.clone_from(&slot.known);
            look.failed_at = slot.failed_at;
            look.question.clone_from(&slot.question);
        }
        look
    }

    /// Begins a question about a number; `None` when one is under way already.
    pub(crate) fn ask(self: &Arc<Self>, phone: &str) -> Option<(Question, UnderWay)> {
        self.with_slot(phone, |slot| {
            if slot.question.is_some() {
                return None;
            }
            let (over, wait) = watch::channel(false);
            let under_way = UnderWay { over: wait, hurry: Arc::default() };
            slot.question = Some(under_way.clone());
            Some((Question { clients: Arc::clone(self), phone: SmolStr::new(phone), over }, under_way))
        })
    }

    fn with_slot<T>(&self, phone: &str, change: impl FnOnce(&mut Slot) -> T) -> T {
        let mut state = self.lock();
        state.touch(phone);
        let result = change(state.by_phone.entry(SmolStr::new(phone)).or_default());
        while state.by_phone.len() > self.most {
            let Some((_, oldest)) = state.touched.pop_first() else { break };
            state.by_phone.remove(&oldest);
        }
        result
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Moves a number to the end of those that are forgotten.
    fn touch(&mut self, phone: &str) {
        self.touches += 1;
        let phone = SmolStr::new(phone);
        let slot = self.by_phone.entry(phone.clone()).or_default();
        self.touched.remove(&slot.touch);
        slot.touch = self.touches;
        self.touched.insert(self.touches, phone);
    }
}

impl UnderWay {
    /// What makes the question as urgent as can be.
    pub(crate) fn hurry(&self) -> Arc<Hurry> {
        Arc::clone(&self.hurry)
    }

    /// Has the question asked before all others, since somebody is on the line now, and completes when it is over. A
    /// question that is dropped is over, too.
    pub(crate) async fn over(&mut self) {
        self.hurry.up();
        let _ = self.over.wait_for(|over| *over).await;
    }

    #[cfg(test)]
    fn is_over(&self) -> bool {
        *self.over.borrow()
    }
}

impl Question {
    /// The answer.
    pub(crate) fn answered(self, client: Client, at: Timestamp) {
        self.clients.learn(&self.phone, client, at);
    }

    /// There is none.
    pub(crate) fn failed(self, at: Timestamp) {
        self.clients.with_slot(&self.phone, |slot| slot.failed_at = Some(at));
    }
}

impl Drop for Question {
    fn drop(&mut self) {
        let mut state = self.clients.lock();
        if let Some(slot) = state.by_phone.get_mut(&self.phone) {
            slot.question = None;
        }
        drop(state);
        self.over.send_replace(true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a moment")
    }

    fn client(manager: u64) -> Client {
        Client { is_known: true, manager: Some(manager), ..Client::default() }
    }

    fn manager(clients: &Clients, phone: &str) -> Option<u64> {
        clients.look(phone).known.and_then(|known| known.client.manager)
    }

    #[test]
    fn who_was_not_asked_about_for_longest_is_forgotten_first() {
        let clients = Clients::new(2);
        clients.learn("+1", client(1), at(1));
        clients.learn("+2", client(2), at(2));
        assert_eq!(manager(&clients, "+1"), Some(1), "asked about");
        clients.learn("+3", client(3), at(3));
        assert_eq!(clients.len(), 2);
        assert_eq!(["+1", "+2", "+3"].map(|phone| manager(&clients, phone)), [Some(1), None, Some(3)]);
        assert_eq!(clients.lock().touched.len(), 2, "nothing is left behind");
    }

    #[test]
    fn to_look_for_a_stranger_remembers_nobody() {
        let clients = Clients::new(2);
        assert!(clients.look("+1").known.is_none());
        assert!(clients.is_empty());
    }

    #[test]
    fn a_number_is_asked_about_once_at_a_time() {
        let clients = Arc::new(Clients::new(2));
        let (question, wait) = clients.ask("+1").expect("nobody asks yet");
        assert!(clients.ask("+1").is_none());
        assert!(clients.look("+1").question.is_some());
        question.answered(client(1), at(1));
        assert!(wait.is_over());
        assert_eq!(manager(&clients, "+1"), Some(1));
        assert!(clients.look("+1").question.is_none());
        let (question, wait) = clients.ask("+1").expect("the first is over");
        question.failed(at(2));
        assert!(wait.is_over());
        assert_eq!(clients.look("+1").failed_at, Some(at(2)));
        assert_eq!(manager(&clients, "+1"), Some(1), "what was known stays");
        drop(clients.ask("+1").expect("the second is over"));
        assert!(clients.ask("+1").is_some(), "one that was dropped is over, too");
    }

    #[test]
    fn an_answer_that_comes_late_does_not_undo_a_newer_one() {
        let clients = Clients::new(2);
        clients.learn("+1", client(2), at(2));
        clients.learn("+1", client(1), at(1));
        assert_eq!(manager(&clients, "+1"), Some(2));
        clients.forget("+1");
        assert_eq!(manager(&clients, "+1"), None);
    }
}
