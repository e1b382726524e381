//! What shadow rules would decide about a communication, beside what was decided.
//!
//! Worked out when somebody looks: by the shadow rules of that moment, from the event and the facts that are kept with the
//! decision. Nothing of it is kept, and nothing is asked for.

use serde::Serialize;
use serde_json::Value;
use switchboard_engine::bundle::Bundle;
use switchboard_engine::compare::Change;
use switchboard_engine::schema::EventKind;

use crate::http::pages::look::Look;
use crate::http::pages::view;
use crate::http::state::Shared;
use crate::replay::Recorded;
use crate::scripts::at_length;
use crate::shadow::{Surroundings, Verdict, head, lacking, weigh};
use crate::store::record::{Decision, NewDecision};

/// The name of the decisions that are compared.
const END: &str = "end";

#[derive(Serialize)]
pub(super) struct ShadowView {
    verdict: &'static str,
    digest: String,
    /// What differs, as it was decided, as it would be.
    rows: Vec<(String, String, String)>,
    /// What they would need, or what failed.
    why: Vec<String>,
}

/// What the shadow rules of an account would decide; `None` when it has none that can be loaded, when they are those that
/// decided, and for decisions that are not compared.
pub(super) fn view(shared: &Shared, account: &str, decision: &Decision, look: Look) -> Option<ShadowView> {
    let made = &decision.made;
    let candidate = &shared.parts.shadows.in_force(account)?.bundle;
    let told: Value = made.decision.read().ok()?;
    let is_parked = told.get("park").and_then(Value::as_bool) == Some(true);
    if (made.stage != END && !is_parked) || candidate.digest() == made.bundle_digest {
        return None;
    }
    let Recorded { event, facts, now, said, circumstances, .. } = Recorded::read(decision).ok()?;
    // What was asked for then is known while the rules that decided are still in force.
    let in_force = shared.parts.rulebook.in_force(account);
    let in_force = in_force.filter(|in_force| in_force.bundle.digest() == made.bundle_digest);
    let lacking = in_force.map(|in_force| {
        let is_read = match event.kind() {
            EventKind::Chat => {
                let settings = shared.parts.config.account(account);
                settings.is_some_and(|account| account.retailcrm.transcript.is_some())
            }
            _ => circumstances.is_some_and(|circumstances| circumstances.reported),
        };
        let surroundings = Surroundings { knows_client: knew_client(made), is_read };
        lacking(candidate, &in_force.bundle, &event, surroundings)
    });
    let verdict = match lacking {
        Some(lacking) if !lacking.is_empty() => Verdict::Unjudged(lacking),
        _ => at_length(candidate, || weigh(candidate, &event, &facts, now, &said)),
    };
    let (rows, why) = match &verdict {
        Verdict::Same => (Vec::new(), Vec::new()),
        Verdict::Differs(changes) => {
            (changes.iter().map(|change| row(change, candidate, look)).collect(), Vec::new())
        }
        Verdict::Unjudged(lacking) => {
            let names = lacking.iter().map(|lacking| look.lang.pick(lacking.en, lacking.ru).to_owned());
            (Vec::new(), names.collect())
        }
        Verdict::Failed(failures) => {
            (Vec::new(), failures.iter().map(|text| text.get(look.lang).to_owned()).collect())
        }
    };
    Some(ShadowView { verdict: verdict.as_str(), digest: view::short(candidate.digest()), rows, why })
}

fn row(change: &Change, candidate: &Bundle, look: Look) -> (String, String, String) {
    let part = change.part.words(look.lang, &|task| head(candidate, task));
    (part, look.text(&change.old_words(look.lang)), look.text(&change.new_words(look.lang)))
}

fn knew_client(made: &NewDecision) -> bool {
    let event: Value = made.event.read().unwrap_or_default();
    event.get("contact").and_then(Value::as_str) == Some("repeat")
}
