//! What a decision was made under, beside its event and its facts; kept with it as `replay`.
//!
//! Without it a decision can be explained, and not always made again: the store keeps instants and no offsets, a fact of
//! which nothing is known is not among the facts, and a field that the report of UIS would have brought looks like one
//! that is not there.

use serde_json::{Value as Json, json};
use switchboard_engine::catalog::{FACTS, Fact};
use switchboard_engine::moment::Moment;

/// The key under which they stand in a kept decision.
const KEY: &str = "replay";

/// What a decision was made under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Circumstances {
    /// The moment that the rules were told, at the offset of the CRM.
    pub now: Moment,
    /// The facts that were asked for; those of which nothing is known are not among the facts.
    pub asked: Vec<Fact>,
    /// Whether everything that reports of UIS can tell of the communication was in.
    pub reported: bool,
}

impl Circumstances {
    /// Puts them into a decision that is to be kept.
    pub fn keep(&self, decision: &mut Json) {
        let asked: Vec<&str> = self.asked.iter().map(|fact| fact.spec().name).collect();
        let kept = json!({ "now": self.now.to_string(), "asked": asked, "reported": self.reported });
        if let Some(object) = decision.as_object_mut() {
            object.insert(KEY.to_owned(), kept);
        }
    }

    /// Those of a decision that was kept; None of one that is older than they are.
    pub fn of(decision: &Json) -> Option<Circumstances> {
        let kept = decision.get(KEY)?;
        let named = |name: &Json| FACTS.iter().find(|spec| Some(spec.name) == name.as_str());
        Some(Circumstances {
            now: kept.get("now")?.as_str()?.parse().ok()?,
            asked: kept.get("asked")?.as_array()?.iter().filter_map(named).map(|spec| spec.fact).collect(),
            reported: kept.get("reported")?.as_bool()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_back() {
        let circumstances = Circumstances {
            now: "2026-03-02T12:00:00.000001+03:00".parse().unwrap(),
            asked: vec![Fact::OpenOrders, Fact::Client],
            reported: true,
        };
        let mut decision = json!({ "accepted": true });
        assert_eq!(Circumstances::of(&decision), None);
        circumstances.keep(&mut decision);
        assert_eq!(Circumstances::of(&decision), Some(circumstances));
        assert_eq!(decision["accepted"], true);
    }
}
