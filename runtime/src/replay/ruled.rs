//! What rules said beside the lanes, read back, and other rules asked the same.

use serde_json::Value as Json;
use smol_str::SmolStr;
use switchboard_engine::bundle::Bundle;
use switchboard_engine::compare::{Change, Said, changes};
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use switchboard_grammar::diagnostic::Text;

use super::lacking::missing;
use super::{Circumstances, Judged, Unreadable};
use crate::observe::Personal;
use crate::rulings::Answer;
use crate::store::record::{Json as Kept, Ruling, RulingKind};

/// A kept answer with everything that it was given from.
#[derive(Clone, Debug)]
pub struct Ruled {
    /// What was asked.
    pub kind: RulingKind,
    /// The communication or the order, when it has a name.
    pub subject: Option<SmolStr>,
    /// Which rules answered.
    pub digest: SmolStr,
    /// The event.
    pub event: Event,
    /// The facts.
    pub facts: Facts,
    /// Under what.
    pub circumstances: Circumstances,
    /// What they said.
    pub said: Said,
    /// Whether it is about an order that was a deal already.
    pub follows: bool,
}

impl Ruled {
    /// Reads a kept answer.
    ///
    /// # Errors
    ///
    /// [`Unreadable`] when it was written by a version of the program whose events this one does not understand.
    pub fn read(ruling: &Ruling) -> Result<Ruled, Unreadable> {
        let wrong = |reason: String| Unreadable { id: ruling.id, reason: Text::same(reason) };
        let json = |kept: &Kept| kept.read::<Json>().map_err(|error| wrong(error.to_string()));
        let listed = |errors: &[switchboard_engine::event::EventError]| {
            wrong(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
        };
        let made = &ruling.made;
        let told = json(&made.told)?;
        let circumstances = Circumstances::of(&told);
        Ok(Ruled {
            kind: made.kind,
            subject: made.subject.clone(),
            digest: made.bundle_digest.clone(),
            event: Event::from_json(&json(&made.event)?).map_err(|errors| listed(&errors))?,
            facts: Facts::from_json(&json(&made.facts)?).map_err(|errors| listed(&errors))?,
            circumstances: circumstances.ok_or_else(|| wrong("it does not say when".to_owned()))?,
            said: Said::from_json(&told).map_err(|error| wrong(error.to_string()))?,
            follows: Answer::follows(&told),
        })
    }

    /// What a bundle would have said.
    pub fn judge(&self, bundle: &Bundle) -> Judged {
        let (event, facts) = (&self.event, &self.facts);
        let needs = Answer::needs(bundle, self.kind);
        let lacking = missing(&needs, event, facts, &self.circumstances.asked);
        if !lacking.is_empty() {
            return Judged::Lacking(lacking);
        }
        let given = (event, facts, self.circumstances.now);
        let answer = Answer::of(bundle, self.kind, self.follows, given);
        Judged::Said(Box::new(answer.said().unwrap_or_else(|_| Said::nothing())))
    }

    /// What a bundle says otherwise than was said, when that bundle said it; empty when it gives the same again.
    pub fn differs_from_itself(&self, then: &Bundle) -> Vec<Change> {
        match self.judge(then) {
            Judged::Said(said) => changes(&self.said, &said),
            Judged::Lacking(_) => Vec::new(),
        }
    }

    /// What says something about a person.
    pub fn personal(&self) -> Personal {
        Personal::of(&self.event, &self.facts)
    }
}
