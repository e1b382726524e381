//! Answers who an incoming call is put through to.
//!
//! Steps: do the rules put anybody through at all; what is remembered of the caller, and if that is too old, ask
//! RetailCRM and wait for it at most the budget; the rules; the employee's number. A question to RetailCRM outlives the
//! answer: what it says is remembered for the next call of the same client.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use smol_str::{SmolStr, format_smolstr};
use switchboard_engine::bundle::Bundle;
use switchboard_engine::decide::Forward;
use switchboard_engine::facts::Facts;
use switchboard_engine::moment::Moment;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::answer::{Answer, Reason};
use super::event::event;
use super::journal::{Answered, Journal, Knowledge};
use crate::clients::{Client, Clients, Remembered, UnderWay};
use crate::clock::Clock;
use crate::communication::Contact;
use crate::config::Forwarding;
use crate::crm::{self, Priority};
use crate::directory::{Directory, Snapshot};
use crate::observe::{FORWARD_ANSWERS, FORWARD_SECONDS, mask_text};
use crate::rulings::{self, Asked, Keeper};
use crate::scripts::at_length;
use crate::source::uis::{Direction, Number, Question};
use crate::store::Store;
use crate::store::record::AccountId;
use crate::worker::Rules;

/// How long a number is left alone after RetailCRM failed to say who has it: who rings again at once need not wait
/// again.
const RETRY: Duration = Duration::from_secs(2);

/// What a desk needs to know.
#[derive(Debug, Clone)]
pub struct DeskSettings {
    /// The account.
    pub account: AccountId,
    /// The shop of the settings.
    pub site: String,
    /// How calls are put through.
    pub forwarding: Forwarding,
}

/// Answers for one account.
#[derive(Debug)]
pub struct Desk {
    settings: DeskSettings,
    crm: crm::Client,
    directory: Arc<Directory>,
    rules: Arc<dyn Rules>,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    clients: Arc<Clients>,
    questions: Arc<Semaphore>,
    journal: Journal,
    /// Where what the rules say is kept, if anywhere.
    keeper: Option<Arc<Keeper>>,
}

/// What is known of a caller.
#[derive(Debug)]
struct Caller {
    client: Option<Arc<Client>>,
    knowledge: Knowledge,
}

/// What the rules and the directory make of it.
#[derive(Debug)]
struct Chosen {
    answer: Answer,
    employee: Option<SmolStr>,
    knowledge: Knowledge,
    /// What the rules were asked, when they were.
    asked: Option<Asked>,
}

impl Desk {
    /// A desk; asks nobody yet.
    pub fn new(
        settings: DeskSettings,
        crm: crm::Client,
        directory: Arc<Directory>,
        rules: Arc<dyn Rules>,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        clients: Arc<Clients>,
    ) -> Self {
        let questions = Arc::new(Semaphore::new(settings.forwarding.questions.as_usize()));
        Self {
            settings,
            crm,
            directory,
            rules,
            store,
            clock,
            clients,
            questions,
            journal: Journal::default(),
            keeper: None,
        }
    }

    /// The same desk that has what the rules say kept.
    #[must_use]
    pub fn keeping(self, keeper: Arc<Keeper>) -> Self {
        Self { keeper: Some(keeper), ..self }
    }

    /// Answers UIS. Takes the budget at most, and a moment; writes nothing, and hands on what is to be kept.
    pub async fn answer(self: &Arc<Self>, question: &Question) -> Answer {
        let started = Instant::now();
        let Chosen { answer, employee, knowledge, asked } = self.choose(question).await;
        let took = started.elapsed();
        let account = self.settings.account.as_str();
        metrics::counter!(FORWARD_ANSWERS.name, "account" => account.to_owned(), "outcome" => answer.outcome(), "knowledge" => knowledge.as_str())
            .increment(1);
        metrics::histogram!(FORWARD_SECONDS.name).record(took.as_secs_f64());
        tracing::info!(
            account,
            session = question.session,
            outcome = answer.outcome(),
            knowledge = knowledge.as_str(),
            "UIS was told whom to put a call through to"
        );
        self.journal.add(Answered {
            at: self.clock.now(),
            session: question.session,
            phone: question.caller.as_ref().and_then(Number::as_phone).map(str::to_owned),
            answer: answer.clone(),
            employee: employee.map(|email| email.to_string()),
            knowledge,
            took,
        });
        if let (Some(keeper), Some(asked)) = (&self.keeper, asked) {
            keeper.keep(&self.settings.account, asked);
        }
        answer
    }

    /// Asks about a number before anybody wants to know: its call has just been heard of. Does not wait.
    pub fn warm(self: &Arc<Self>, phone: &str) {
        let Some(bundle) = self.rules.in_force() else { return };
        let Ok(directory) = self.directory.current() else { return };
        if !bundle.forwards() {
            return;
        }
        let now = self.clock.now();
        let look = self.clients.look(phone);
        let is_fresh = look.known.is_some_and(|known| age(known.at, now) < self.settings.forwarding.fresh);
        if !is_fresh && !failed_lately(look.failed_at, now) {
            drop(self.begin(phone, &directory, Priority::Warm));
        }
    }

    /// The last answers, the newest first.
    pub fn answered(&self) -> Vec<Answered> {
        self.journal.list()
    }

    /// How many clients are remembered.
    pub fn remembered(&self) -> usize {
        self.clients.len()
    }

    pub(super) fn settings(&self) -> &DeskSettings {
        &self.settings
    }

    pub(super) fn store(&self) -> &dyn Store {
        &*self.store
    }

    async fn choose(self: &Arc<Self>, question: &Question) -> Chosen {
        let nobody = |reason, knowledge| Chosen {
            answer: Answer::nobody(reason, &self.settings.forwarding.codes),
            employee: None,
            knowledge,
            asked: None,
        };
        let Some(bundle) = self.rules.in_force() else { return nobody(Reason::Silent, Knowledge::NotNeeded) };
        if !bundle.forwards() || question.direction == Some(Direction::Out) {
            return nobody(Reason::Off, Knowledge::NotNeeded);
        }
        let Ok(directory) = self.directory.current() else {
            return nobody(Reason::Silent, Knowledge::Nothing);
        };
        let caller = match question.caller.as_ref().and_then(Number::as_phone) {
            Some(phone) => self.caller(phone, &directory).await,
            // Nobody can be recognised by a number that is hidden.
            None => Caller { client: Some(Arc::default()), knowledge: Knowledge::NotNeeded },
        };
        self.decide(question, &bundle, &directory, &caller)
    }

    /// What is known of a number, after at most the budget.
    async fn caller(self: &Arc<Self>, phone: &str, directory: &Arc<Snapshot>) -> Caller {
        let forwarding = &self.settings.forwarding;
        let now = self.clock.now();
        let look = self.clients.look(phone);
        if let Some(known) = &look.known
            && age(known.at, now) < forwarding.fresh
        {
            return Caller { client: Some(Arc::clone(&known.client)), knowledge: Knowledge::Memory };
        }
        let under_way = match look.question {
            Some(question) => Some(question),
            None if failed_lately(look.failed_at, now) => None,
            None => self.begin(phone, directory, Priority::Live),
        };
        if let Some(mut question) = under_way {
            let _ = tokio::time::timeout(forwarding.budget, question.over()).await;
            let again = self.clients.look(phone).known;
            if let Some(Remembered { client, at }) = again
                && age(at, self.clock.now()) < forwarding.fresh
            {
                return Caller { client: Some(client), knowledge: Knowledge::Asked };
            }
        }
        match look.known {
            Some(known) if age(known.at, now) < forwarding.stale.max(forwarding.fresh) => {
                Caller { client: Some(known.client), knowledge: Knowledge::Stale }
            }
            _ => Caller { client: None, knowledge: Knowledge::Nothing },
        }
    }

    /// Begins a question to RetailCRM that goes on whoever waits for it; `None` when too many are under way.
    fn begin(
        self: &Arc<Self>,
        phone: &str,
        directory: &Arc<Snapshot>,
        priority: Priority,
    ) -> Option<UnderWay> {
        let permit = Arc::clone(&self.questions).try_acquire_owned().ok()?;
        let Some((question, under_way)) = self.clients.ask(phone) else {
            return self.clients.look(phone).question;
        };
        let (desk, phone, directory) = (Arc::clone(self), SmolStr::new(phone), Arc::clone(directory));
        let crm = self.crm.hurried(under_way.hurry());
        tokio::spawn(async move {
            let _permit = permit;
            let now = desk.clock.now();
            match desk.ask(&crm, &phone, &directory, priority, now).await {
                Ok(client) => question.answered(client, now),
                Err(error) => {
                    let (account, error) = (&desk.settings.account, mask_text(&error.to_string()));
                    tracing::debug!(%account, error, "RetailCRM did not say who calls");
                    question.failed(desk.clock.now());
                }
            }
        });
        Some(under_way)
    }

    fn decide(
        &self,
        question: &Question,
        bundle: &Arc<Bundle>,
        directory: &Snapshot,
        caller: &Caller,
    ) -> Chosen {
        let codes = &self.settings.forwarding.codes;
        let knowledge = caller.knowledge;
        let now = self.clock.now();
        let client = caller.client.as_deref();
        let needs = bundle.forward_needs();
        let facts = client.map(|client| client.facts_with(&needs, directory)).unwrap_or_default();
        let contact = match client {
            Some(client) if client.is_known => Contact::Repeat,
            _ => Contact::First,
        };
        let zone = &directory.zones().uis;
        let moment = Moment::new(now, zone.to_offset(now));
        let (to, event) = match event(question, contact, zone, now) {
            Ok(event) => (at_length(bundle, || bundle.forward(&event, &facts, moment)).to, Some(event)),
            Err(errors) => {
                let error: Vec<String> = errors.iter().map(ToString::to_string).collect();
                tracing::error!(account = %self.settings.account, error = error.join("; "), "a question does not fit the schema");
                (Forward::Nobody, None)
            }
        };
        let said = event.map(|event| (event, rulings::Answer::Forward(to.clone())));
        let (answer, employee) = match to {
            Forward::Employee(email) => {
                let answer = match directory.reach(&email) {
                    Some(reach) => Answer::employee(reach, self.settings.forwarding.dial, codes),
                    None => Answer::nobody(Reason::NotSynchronised, codes),
                };
                (answer, Some(email))
            }
            Forward::Number(number) => (Answer::number(&number, codes), None),
            Forward::Code(code) => (Answer::Branch(code), None),
            Forward::Nobody => (Answer::nobody(why_nobody(client, &facts), codes), None),
        };
        let subject = question.session.map(|session| format_smolstr!("call:{session}"));
        let asked = said.map(|(event, answer)| Asked {
            subject,
            rules: Arc::clone(bundle),
            event,
            facts,
            now: moment,
            answer,
        });
        Chosen { answer, employee, knowledge, asked }
    }
}

/// Why the rules put a call through to nobody.
fn why_nobody(client: Option<&Client>, facts: &Facts) -> Reason {
    let Some(client) = client else { return Reason::Silent };
    let named = facts.to_json().pointer("/client/manager").is_some_and(|manager| !manager.is_null());
    match (client.manager, named) {
        (None, _) => Reason::NoManager,
        (Some(_), false) => Reason::NotSynchronised,
        (Some(_), true) => Reason::Off,
    }
}

fn age(at: Timestamp, now: Timestamp) -> Duration {
    // A clock that was put back makes nothing old.
    Duration::try_from(now.duration_since(at)).unwrap_or_default()
}

fn failed_lately(failed_at: Option<Timestamp>, now: Timestamp) -> bool {
    failed_at.is_some_and(|at| now.duration_since(at).unsigned_abs() < RETRY)
}
