//! A question with its answer, and the form in which both are kept.
//!
//! The answer is kept in the shape of a decision, as far as it says anything: `forward_to` (an e-mail, a number, or `#` and
//! the code of a branch), `accepted` and `store` of a pop-up, `deal`. So it is read and compared like a decision. Beside
//! it stands `follows`, true of an order that is a deal whether or not it would become one now.

use std::sync::Arc;

use serde_json::{Value as Json, json};
use smol_str::SmolStr;
use switchboard_engine::bundle::{Bundle, Need, Slot};
use switchboard_engine::compare::{Said, SaidError};
use switchboard_engine::decide::{Deal, Decision, Early, Forward};
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use switchboard_engine::moment::Moment;
use switchboard_grammar::lang::Lang;

use crate::replay::Circumstances;
use crate::store::record::{AccountId, Json as Kept, NewRuling, RulingKind};

/// The key under which it is kept that an order is a deal already.
const FOLLOWS: &str = "follows";

/// What the rules were asked, and what they said.
#[derive(Debug)]
pub struct Asked {
    /// The communication or the order, when it has a name.
    pub subject: Option<SmolStr>,
    /// Which rules.
    pub rules: Arc<Bundle>,
    /// The event that they were given.
    pub event: Event,
    /// The facts that they were given.
    pub facts: Facts,
    /// The moment that they were told.
    pub now: Moment,
    /// What they said.
    pub answer: Answer,
}

/// What rules say beside the lanes.
#[derive(Debug)]
pub enum Answer {
    /// Whom a call is put through to.
    Forward(Forward),
    /// What a pop-up shows.
    PopUp(Early),
    /// Which deal an order is.
    Deal {
        /// With the deal that it has in the end.
        decision: Box<Decision>,
        /// Whether it is one already, so that it goes on being one.
        follows: bool,
    },
}

impl Answer {
    /// Asks rules.
    pub fn of(
        rules: &Bundle,
        kind: RulingKind,
        follows: bool,
        (event, facts, now): (&Event, &Facts, Moment),
    ) -> Answer {
        match kind {
            RulingKind::Forward => Self::Forward(rules.forward(event, facts, now).to),
            RulingKind::PopUp => Self::PopUp(rules.early(event, now)),
            RulingKind::Deal => {
                let mut decision = rules.decide(event, facts, now);
                // What is a deal once goes on being one, else it would stay open for ever.
                let as_before = || rules.deal_of(event, facts, now).filter(|_| follows);
                decision.deal = decision.deal.or_else(as_before);
                Self::Deal { decision: Box::new(decision), follows }
            }
        }
    }

    /// The facts that rules need to answer.
    pub fn needs(rules: &Bundle, kind: RulingKind) -> Box<[Need]> {
        match kind {
            RulingKind::Forward => rules.forward_needs(),
            RulingKind::PopUp => Box::default(),
            RulingKind::Deal => rules.needs(Slot::Order).into(),
        }
    }

    /// What was asked.
    pub const fn kind(&self) -> RulingKind {
        match self {
            Self::Forward(_) => RulingKind::Forward,
            Self::PopUp(_) => RulingKind::PopUp,
            Self::Deal { .. } => RulingKind::Deal,
        }
    }

    /// The deal that an order is, if it is one.
    pub fn deal(&self) -> Option<&Deal> {
        match self {
            Self::Deal { decision, .. } => decision.deal.as_ref(),
            Self::Forward(_) | Self::PopUp(_) => None,
        }
    }

    /// What is said, in the form in which answers are compared.
    ///
    /// # Errors
    ///
    /// Never, unless the shape of a decision and its reader have come apart.
    pub fn said(&self) -> Result<Said, SaidError> {
        Said::from_json(&self.told())
    }

    /// The answer as it is kept.
    fn told(&self) -> Json {
        match self {
            Self::Forward(to) => {
                let to = match to {
                    Forward::Nobody => None,
                    Forward::Employee(target) | Forward::Number(target) => Some(target.to_string()),
                    Forward::Code(code) => Some(format!("#{code}")),
                };
                json!({ "accepted": true, "create": [], "tasks": [], "forward_to": to })
            }
            Self::PopUp(early) => {
                let store = early.store.as_deref();
                json!({ "accepted": !early.rejected, "create": [], "tasks": [], "store": store })
            }
            Self::Deal { decision, follows } => {
                let mut told = decision.to_json(Lang::En);
                if let Some(object) = told.as_object_mut() {
                    object.remove("trace");
                    object.insert(FOLLOWS.to_owned(), Json::Bool(*follows));
                }
                told
            }
        }
    }

    /// Whether a kept answer is about an order that was a deal already.
    pub(crate) fn follows(told: &Json) -> bool {
        told.get(FOLLOWS).and_then(Json::as_bool) == Some(true)
    }
}

impl Asked {
    /// As it is kept.
    ///
    /// # Errors
    ///
    /// When something has no JSON form, which is a fault of ours.
    pub fn kept(&self, account: &AccountId) -> Result<NewRuling, serde_json::Error> {
        let kind = self.answer.kind();
        let mut told = self.answer.told();
        let asked = Answer::needs(&self.rules, kind).into_vec();
        Circumstances { now: self.now, asked, reported: true }.keep(&mut told);
        Ok(NewRuling {
            account: account.clone(),
            kind,
            subject: self.subject.clone(),
            bundle_digest: SmolStr::new(self.rules.digest()),
            event: Kept::of(&self.event.to_json())?,
            facts: Kept::of(&self.facts.to_json())?,
            told: Kept::of(&told)?,
            at: self.now.instant(),
        })
    }
}
