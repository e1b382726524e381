//! A communication as a whole: what all the decisions about it come to.
//!
//! A call is decided at its end, and once more for its fields when the recording is there; a chat perhaps while it goes
//! on, and at its end. Whoever compares rules wants to know what became of the client who rang, so the decisions are laid
//! on one another as the worker does it: what was created stays created, later fields win, tasks come at the end.

use switchboard_engine::bundle::Bundle;
use switchboard_engine::compare::{Change, Said, changes};
use switchboard_engine::event::Event;

use super::Lacking;
use super::again::Again;
use super::recorded::{Recorded, Unreadable};
use crate::observe::Personal;
use crate::store::record::{Decision, SessionKey};
use crate::worker::{AFTER_RECORD, WHILE_OPEN};

/// A communication with all that was decided about it.
#[derive(Clone, Debug)]
pub struct Communication {
    /// Its name.
    pub session: SessionKey,
    /// When the last decision about it was stored.
    pub decided_at: jiff::Timestamp,
    /// Its decisions, the last of each stage, in their order; at least one.
    decisions: Vec<Recorded>,
}

/// What came of letting other rules decide about a communication.
#[derive(Clone, Debug, PartialEq)]
pub enum Judged {
    /// They say this.
    Said(Box<Said>),
    /// Nobody can say: they would need to know what was not asked then.
    Lacking(Vec<Lacking>),
}

impl Communication {
    /// Reads the decisions about a communication, as [`History`](crate::store::History) gives them; None when there are
    /// none.
    ///
    /// # Errors
    ///
    /// [`Unreadable`] when one of them cannot be read.
    pub fn read(decisions: &[Decision]) -> Result<Option<Communication>, Unreadable> {
        let Some(last) = decisions.last() else { return Ok(None) };
        // The last of each stage: somebody may have had it decided again.
        let counts = |at: usize, one: &Decision| {
            !decisions.iter().skip(at + 1).any(|later| later.made.stage == one.made.stage)
        };
        let counting = decisions.iter().enumerate().filter(|(at, one)| counts(*at, one));
        let read = counting.map(|(_, one)| Recorded::read(one)).collect::<Result<Vec<_>, _>>()?;
        Ok(Some(Communication {
            session: last.made.communication.clone(),
            decided_at: last.created_at,
            decisions: read,
        }))
    }

    /// The decisions, the last of each stage.
    pub fn decisions(&self) -> &[Recorded] {
        &self.decisions
    }

    /// The event as it was first decided about.
    pub fn event(&self) -> Option<&Event> {
        self.decisions.first().map(|recorded| &recorded.event)
    }

    /// What says something about a person: of the last decision, which knew most.
    pub fn personal(&self) -> Personal {
        let last = self.decisions.last();
        last.map(|recorded| Personal::of(&recorded.event, &recorded.facts)).unwrap_or_default()
    }

    /// Whether every decision was made by the rules of one digest.
    pub fn is_by(&self, digest: &str) -> bool {
        self.decisions.iter().all(|recorded| recorded.digest == digest)
    }

    /// Whether some record is too old to tell what it was made under.
    pub fn is_old(&self) -> bool {
        self.decisions.iter().any(|recorded| recorded.circumstances.is_none())
    }

    /// What was decided.
    pub fn said(&self) -> Said {
        self.laid(|recorded| recorded.said.clone())
    }

    /// What a bundle would have decided. `then` is a bundle that may have decided then.
    pub fn judge(&self, bundle: &Bundle, then: Option<&Bundle>) -> Judged {
        let mut lacking = Vec::new();
        for recorded in &self.decisions {
            let then = then.filter(|then| then.digest() == recorded.digest);
            for one in recorded.lacks(bundle, then) {
                if !lacking.contains(&one) {
                    lacking.push(one);
                }
            }
        }
        if !lacking.is_empty() {
            return Judged::Lacking(lacking);
        }
        let decide =
            |recorded: &Recorded| Said::of(&bundle.decide(&recorded.event, &recorded.facts, recorded.now));
        Judged::Said(Box::new(self.laid(decide)))
    }

    /// What a bundle says otherwise than was decided, when that bundle decided; empty when it gives the same again.
    pub fn differs_from_itself(&self, then: &Bundle) -> Vec<Change> {
        match self.judge(then, Some(then)) {
            Judged::Said(said) => changes(&self.said(), &said),
            Judged::Lacking(_) => Vec::new(),
        }
    }

    /// How much of every kept decision comes out again from the bundle that decided: the worst of them.
    pub fn again(&self, then: &Bundle) -> Again {
        self.decisions.iter().map(|recorded| recorded.again(then)).max().unwrap_or(Again::Same)
    }

    fn laid(&self, say: impl Fn(&Recorded) -> Said) -> Said {
        let mut whole: Option<(Said, bool)> = None;
        for recorded in &self.decisions {
            let said = say(recorded);
            whole = Some(match whole {
                None if recorded.stage == WHILE_OPEN => (said.begun(), true),
                None => (said, false),
                Some((before, open)) if recorded.stage == AFTER_RECORD => (before.with_fields_of(said), open),
                Some((before, true)) => (before.ended_by(said), false),
                Some((_, false)) => (said, false),
            });
        }
        whole.map_or_else(Said::nothing, |(said, _)| said)
    }
}
