//! One kept decision, read.

use jiff::tz::Offset;
use serde_json::Value as Json;
use switchboard_engine::bundle::{Bundle, Slot};
use switchboard_engine::compare::Said;
use switchboard_engine::decide::Form;
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use switchboard_engine::moment::Moment;
use switchboard_grammar::diagnostic::Text;

use super::again::{Again, Kept};
use super::{Circumstances, Lacking, Then, lacking};
use crate::store::record::{Decision, Json as Stored};
use crate::worker::AFTER_END;

/// A kept decision with everything it was made from.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// At which point of the communication's life: `begin`, `end`, `record`.
    pub stage: String,
    /// Which rules decided.
    pub digest: String,
    /// The event.
    pub event: Event,
    /// The facts.
    pub facts: Facts,
    /// The moment that the rules were told.
    pub now: Moment,
    /// What they said.
    pub said: Said,
    /// What else it was made under; missing in records that are older than this was kept.
    pub circumstances: Option<Circumstances>,
    kept: Kept,
}

/// Why a kept decision cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("decision {id} cannot be read: {}", reason.en)]
pub struct Unreadable {
    /// Its number.
    pub id: i64,
    /// What is wrong.
    pub reason: Text,
}

impl Unreadable {
    /// The same in both languages.
    pub fn text(&self) -> Text {
        Text::new(self.to_string(), format!("решение {} не читается: {}", self.id, self.reason.ru))
    }
}

impl Recorded {
    /// Reads a kept decision.
    ///
    /// # Errors
    ///
    /// [`Unreadable`] when it was written by a version of the program whose events or form this one does not understand.
    pub fn read(decision: &Decision) -> Result<Recorded, Unreadable> {
        let wrong = |reason: String| Unreadable { id: decision.id.0, reason: Text::same(reason) };
        let json = |kept: &Stored| kept.read::<Json>().map_err(|error| wrong(error.to_string()));
        let listed = |errors: &[switchboard_engine::event::EventError]| {
            wrong(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
        };
        let made = &decision.made;
        let event = Event::from_json(&json(&made.event)?).map_err(|errors| listed(&errors))?;
        let facts = Facts::from_json(&json(&made.facts)?).map_err(|errors| listed(&errors))?;
        let told = json(&made.decision)?;
        let form =
            Form::of(&told).map_err(|unknown| Unreadable { id: decision.id.0, reason: unknown.text() })?;
        let said = Said::from_json(&told).map_err(|error| wrong(error.to_string()))?;
        let circumstances = Circumstances::of(&told);
        let now = circumstances.as_ref().map_or_else(
            // The offset of the event itself: what the client's day was like.
            || Moment::new(made.now, event.moment().map_or(Offset::UTC, |moment| moment.offset())),
            |circumstances| circumstances.now,
        );
        let (stage, digest) = (made.stage.to_string(), made.bundle_digest.to_string());
        let kept = Kept::new(form, told);
        Ok(Recorded { stage, digest, event, facts, now, said, circumstances, kept })
    }

    /// The kind of event.
    pub fn slot(&self) -> Slot {
        Slot::of(self.event.kind(), self.event.direction())
    }

    /// Whether it was made when the communication was over.
    pub fn is_at_end(&self) -> bool {
        self.stage == AFTER_END
    }

    /// How much of what was kept comes out again when a bundle decides, which is of use for the one that decided.
    pub fn again(&self, then: &Bundle) -> Again {
        self.kept.again(&then.decide(&self.event, &self.facts, self.now))
    }

    /// What a bundle would have to know of this event that nobody asked then; nothing when it can be judged. `then` is the
    /// bundle that decided, when it is known.
    pub fn lacks(&self, bundle: &Bundle, then: Option<&Bundle>) -> Vec<Lacking> {
        let then = Then { circumstances: self.circumstances.as_ref(), rules: then };
        lacking(bundle, &self.event, &self.facts, then)
    }
}
