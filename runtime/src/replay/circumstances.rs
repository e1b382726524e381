//! What a decision was made under, beside its event and its facts; kept with it as `replay`.
//!
//! Without it a decision can be explained, and not always made again: the store keeps instants and no offsets, a fact of
//! which nothing is known is not among the facts, and a field that the report of UIS would have brought looks like one
//! that is not there.

use serde_json::{Value as Json, json};
use switchboard_engine::bundle::Need;
use switchboard_engine::catalog::FACTS;
use switchboard_engine::moment::Moment;

use super::lacking::is_of_crm;

/// The key under which they stand in a kept decision.
pub(super) const KEY: &str = "replay";

/// What a decision was made under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Circumstances {
    /// The moment that the rules were told, at the offset of the CRM.
    pub now: Moment,
    /// The facts that were asked for, and how many entries of each; those of which nothing is known are not among the
    /// facts. In records that are older than the numbers are, as many as anybody could want.
    pub asked: Vec<Need>,
    /// Whether everything that reports of UIS can tell of the communication was in, the messages of a chat included.
    pub reported: bool,
}

impl Circumstances {
    /// The facts of a later decision about the same communication: what UIS tells is there anew, and what the CRM tells
    /// was asked for the first one, by the rules that were in force then.
    pub fn asked_later(&self, needs: &[Need]) -> Vec<Need> {
        let first = self.asked.iter().filter(|need| is_of_crm(need.fact));
        first.chain(needs.iter().filter(|need| !is_of_crm(need.fact))).copied().collect()
    }

    /// Puts them into a decision that is to be kept.
    pub fn keep(&self, decision: &mut Json) {
        let asked: Vec<&str> = self.asked.iter().map(|need| need.fact.spec().name).collect();
        let counts: Vec<u16> = self.asked.iter().map(|need| need.count).collect();
        let kept = json!({
            "now": self.now.to_string(), "asked": asked, "counts": counts, "reported": self.reported,
        });
        if let Some(object) = decision.as_object_mut() {
            object.insert(KEY.to_owned(), kept);
        }
    }

    /// Those of a decision that was kept; None of one that is older than they are.
    pub fn of(decision: &Json) -> Option<Circumstances> {
        let kept = decision.get(KEY)?;
        let named = |name: &Json| FACTS.iter().find(|spec| Some(spec.name) == name.as_str());
        let counts = kept.get("counts").and_then(Json::as_array);
        let count = |place: usize| {
            let count = counts.and_then(|counts| counts.get(place)?.as_u64());
            count.and_then(|count| u16::try_from(count).ok()).unwrap_or(u16::MAX)
        };
        let need =
            |(place, name): (usize, &Json)| Some(Need { fact: named(name)?.fact, count: count(place) });
        Some(Circumstances {
            now: kept.get("now")?.as_str()?.parse().ok()?,
            asked: kept.get("asked")?.as_array()?.iter().enumerate().filter_map(need).collect(),
            reported: kept.get("reported")?.as_bool()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use switchboard_engine::catalog::Fact;

    use super::*;

    #[test]
    fn what_is_kept_is_read_back() {
        let circumstances = Circumstances {
            now: "2026-03-02T12:00:00.000001+03:00".parse().unwrap(),
            asked: vec![Need { fact: Fact::OpenOrders, count: 5 }, Need { fact: Fact::Client, count: 1 }],
            reported: true,
        };
        let mut decision = json!({ "accepted": true });
        assert_eq!(Circumstances::of(&decision), None);
        circumstances.keep(&mut decision);
        assert_eq!(Circumstances::of(&decision), Some(circumstances));
        assert_eq!(decision["accepted"], true);
    }

    #[test]
    fn what_the_crm_tells_was_asked_when_it_was_asked() {
        let orders = Need { fact: Fact::OpenOrders, count: 5 };
        let [legs, client] = [Fact::CallLegs, Fact::Client].map(|fact| Need { fact, count: 1 });
        let now = "2026-03-02T12:00:00Z".parse().unwrap();
        let first = Circumstances { now, asked: vec![orders], reported: true };
        // Other rules have come into force since; nobody has asked for the client.
        assert_eq!(first.asked_later(&[client, legs]), [orders, legs]);
    }

    #[test]
    fn of_records_without_numbers_nothing_is_thought_to_be_cut() {
        let replay =
            json!({"now": "2026-03-02T12:00:00Z", "asked": ["crm.client", "gone"], "reported": false});
        let circumstances = Circumstances::of(&json!({ "replay": replay })).unwrap();
        assert_eq!(circumstances.asked, [Need { fact: Fact::Client, count: u16::MAX }]);
    }
}
