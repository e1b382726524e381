//! The workplace of one account: tickets, open pages, and what their operators may see.
//!
//! An operator is a user of RetailCRM who is matched with an employee of UIS by e-mail. The user comes from the browser,
//! and another user of the same account can forge it; so no more is granted than what concerns that employee, and each
//! ticket and each opening is a line of the log. What was granted is looked at again with each request.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use smol_str::SmolStr;
use switchboard_grammar::lang::Lang;

use super::card::{Card, Cards, From, Wanted};
use super::recent::{Brief, Recent};
use super::refusal::Refusal;
use super::ticket::{Granted, Tickets};
use super::token::{self, Claims};
use crate::click::pace::Pace;
use crate::clock::Clock;
use crate::config;
use crate::crm;
use crate::directory::{Directory, Snapshot, normal_email};
use crate::effect::KnownClient;
use crate::module::Module;
use crate::source::retailcrm::OperatorAsked;
use crate::store::Store;
use crate::store::record::{AccountId, SessionKey, Timeline};

/// Where the page stands, below the address of the server, and what its ticket is called.
const TICKET: &str = "/retailcrm/workplace?ticket=";
/// Kinds of effects that give a client and an order.
const CLIENT_EFFECT: &str = "ensure_client";

/// What a desk is made from.
#[derive(Debug, Clone)]
pub struct DeskParts {
    /// The account.
    pub account: AccountId,
    /// Its settings of the page.
    pub settings: config::Workplace,
    /// Where browsers reach this server.
    pub public_url: String,
    /// The shop that entities are made in.
    pub site: String,
    /// How long RetailCRM is waited for.
    pub timeout: Duration,
    /// The account's RetailCRM.
    pub crm: crm::Client,
    /// The account's people.
    pub directory: Arc<Directory>,
    /// The account's module.
    pub module: Arc<Module>,
    /// Where conversations are.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// The workplace of one account.
#[derive(Debug)]
pub struct Desk {
    parts: DeskParts,
    key: [u8; 32],
    tickets: Tickets,
    recent: Recent,
    cards: Cards,
    asked_tickets: Mutex<Pace>,
    asked_data: Mutex<Pace>,
}

/// An operator whose page is open.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operator {
    /// The user of the CRM.
    pub user: u64,
    /// The employees of UIS who are this user; at least one.
    pub employees: Vec<u64>,
    /// The name in the CRM.
    pub name: Option<String>,
    /// The language of the page.
    pub lang: Lang,
}

/// A page that was just opened.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Opened {
    /// Whose it is.
    pub operator: Operator,
    /// What the page shows with each request for data.
    pub token: String,
}

impl Desk {
    /// Puts a desk together.
    pub fn new(parts: DeskParts) -> Self {
        let settings = &parts.settings;
        let pace = |per_minute: config::Count| Mutex::new(Pace::new(per_minute.as_usize(), usize::MAX));
        Self {
            key: parts.module.key_for(token::PURPOSE),
            tickets: Tickets::new(settings.ticket_lifetime),
            recent: Recent::new(settings.shown_for),
            cards: Cards::new(settings.client_lasts, parts.timeout),
            asked_tickets: pace(settings.tickets_per_minute),
            asked_data: pace(settings.requests_per_minute),
            parts,
        }
    }

    /// The settings of the page.
    pub fn settings(&self) -> &config::Workplace {
        &self.parts.settings
    }

    /// The address of the account's CRM, without a slash at the end.
    pub fn crm_address(&self) -> &str {
        self.parts.crm.address().as_str()
    }

    /// The zone in which moments are shown.
    pub fn zone(&self) -> TimeZone {
        self.parts.directory.snapshot().map_or(TimeZone::UTC, |directory| directory.zones().uis.clone())
    }

    /// Gives a ticket to a user, as the address of the page.
    ///
    /// # Errors
    ///
    /// [`Refusal`] when the module is switched off, the user is no synchronised employee, or asks too often.
    pub async fn ticket(&self, asked: &OperatorAsked) -> Result<String, Refusal> {
        let operator = self.granted(asked.user, asked.lang.unwrap_or_default()).await?;
        let directory = self.directory()?;
        let own = directory.email_of_user(asked.user).and_then(normal_email);
        // Who forges a number must at least know whose it is; and a number without its e-mail is no user of ours.
        if own.is_none() || own != normal_email(&asked.email) {
            return Err(Refusal::NotSynchronised);
        }
        permit(&self.asked_tickets, asked.user, self.now())?;
        let granted = Granted { user: asked.user, lang: asked.lang };
        let ticket = self.tickets.give(granted, self.now())?;
        let (account, employees) = (&self.parts.account, &operator.employees);
        tracing::info!(%account, user = asked.user, ?employees, "ticket for the operator workplace was given");
        Ok(format!("{}{TICKET}{}.{ticket}", self.parts.public_url, account.as_str()))
    }

    /// Opens a page with a ticket, which is used up by that; `lang` is that of the browser.
    ///
    /// # Errors
    ///
    /// [`Refusal`] when the ticket is not good, or what it was given for is so no more.
    pub async fn open(&self, ticket: &str, lang: Lang) -> Result<Opened, Refusal> {
        let now = self.now();
        let granted = self.tickets.take(ticket, now)?;
        let operator = self.granted(granted.user, granted.lang.unwrap_or(lang)).await?;
        let lasts = i64::try_from(self.parts.settings.session_lifetime.as_secs()).unwrap_or(i64::MAX);
        let claims =
            Claims { user: operator.user, end: now.as_second().saturating_add(lasts), lang: operator.lang };
        let (account, employees) = (&self.parts.account, &operator.employees);
        tracing::info!(%account, user = operator.user, ?employees, "operator workplace was opened");
        Ok(Opened { token: token::seal(&self.key, account.as_str(), claims), operator })
    }

    /// Whose page shows this token.
    ///
    /// # Errors
    ///
    /// [`Refusal`] when the token is not good, what it was given for is so no more, or its user asks too often.
    pub async fn operator(&self, token: &str) -> Result<Operator, Refusal> {
        let now = self.now();
        let claims = token::open(&self.key, self.parts.account.as_str(), token, now)?;
        let operator = self.granted(claims.user, claims.lang).await?;
        permit(&self.asked_data, operator.user, now)?;
        Ok(operator)
    }

    /// The conversations of an operator: those that go on first.
    ///
    /// # Errors
    ///
    /// [`Refusal::Store`].
    pub async fn conversations(&self, operator: &Operator) -> Result<Vec<Brief>, Refusal> {
        self.briefs(operator, self.parts.settings.conversations.as_usize()).await
    }

    /// A conversation of an operator, with everything that is kept about it.
    ///
    /// # Errors
    ///
    /// [`Refusal::Unknown`] when it is none of his, or is not there: one answer for both.
    pub async fn conversation(
        &self,
        operator: &Operator,
        key: &SessionKey,
    ) -> Result<(Brief, Timeline), Refusal> {
        let mut briefs = self.briefs(operator, usize::MAX).await?;
        let at = briefs.iter().position(|brief| brief.key == *key).ok_or(Refusal::Unknown)?;
        let timeline = self.parts.store.timeline(&self.parts.account, key).await?;
        Ok((briefs.swap_remove(at), timeline.ok_or(Refusal::Unknown)?))
    }

    /// The client and the orders of a conversation, and whether they are as RetailCRM has them now; nothing when RetailCRM
    /// does not answer.
    ///
    /// # Errors
    ///
    /// [`Refusal::NotListed`].
    pub async fn card(&self, brief: &Brief, timeline: &Timeline) -> Result<Option<(Card, bool)>, Refusal> {
        let directory = self.directory()?;
        let made = timeline.effects.iter().filter(|effect| effect.kind == CLIENT_EFFECT);
        let client = made.filter_map(|effect| effect.remote_id.as_ref()).find_map(client_id);
        let stamp = timeline.effects.iter().map(|effect| effect.updated_at).max();
        let wanted = Wanted { brief, client, stamp };
        let from = From {
            account: &self.parts.account,
            site: &self.parts.site,
            crm: &self.parts.crm,
            store: &*self.parts.store,
            directory: &directory,
            now: self.now(),
        };
        Ok(self.cards.of(wanted, from).await)
    }

    async fn briefs(&self, operator: &Operator, most: usize) -> Result<Vec<Brief>, Refusal> {
        let store = (&*self.parts.store, &self.parts.account);
        let wanted = (operator.employees.as_slice(), most);
        Ok(self.recent.of(store, wanted, &self.zone(), self.now()).await?)
    }

    /// What a user is granted now.
    async fn granted(&self, user: u64, lang: Lang) -> Result<Operator, Refusal> {
        if !self.parts.module.works().await? {
            return Err(Refusal::SwitchedOff);
        }
        let directory = self.directory()?;
        let is_this = directory.synchronised().filter(|(_, matched)| matched.user == user);
        let employees: Vec<u64> = is_this.map(|(employee, _)| employee).collect();
        if employees.is_empty() {
            return Err(Refusal::NotSynchronised);
        }
        Ok(Operator { user, employees, name: directory.name_of_user(user).map(str::to_owned), lang })
    }

    fn directory(&self) -> Result<Arc<Snapshot>, Refusal> {
        self.parts.directory.current().map_err(|_| Refusal::NotListed)
    }

    fn now(&self) -> Timestamp {
        self.parts.clock.now()
    }
}

fn permit(pace: &Mutex<Pace>, user: u64, now: Timestamp) -> Result<(), Refusal> {
    let mut pace = pace.lock().unwrap_or_else(PoisonError::into_inner);
    if pace.permit(user, now) { Ok(()) } else { Err(Refusal::TooOften) }
}

fn client_id(remote: &SmolStr) -> Option<u64> {
    KnownClient::of_link(remote).map(|client| client.id)
}
