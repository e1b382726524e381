//! What shadow rules would decide about a communication, beside what was decided.
//!
//! Worked out when somebody looks: by the shadow rules of that moment, from the event and the facts that are kept with the
//! decision. Nothing of it is kept, and nothing is asked for.

use serde::Serialize;
use serde_json::Value;
use switchboard_engine::bundle::Bundle;
use switchboard_engine::compare::Change;

use crate::http::pages::look::Look;
use crate::http::pages::view;
use crate::http::state::Shared;
use crate::observe::Personal;
use crate::replay::Recorded;
use crate::scripts::at_length;
use crate::shadow::{Verdict, head, weigh};
use crate::store::record::Decision;

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
    let recorded = Recorded::read(decision).ok()?;
    let in_force = shared.parts.rulebook.in_force(account);
    let in_force = in_force.filter(|in_force| in_force.bundle.digest() == made.bundle_digest);
    let lacking = recorded.lacks(candidate, in_force.as_ref().map(|in_force| &*in_force.bundle));
    let Recorded { event, facts, now, said, .. } = recorded;
    let verdict = match lacking.is_empty() {
        false => Verdict::Unjudged(lacking),
        true => at_length(candidate, || weigh(candidate, &event, &facts, now, &said)),
    };
    let (rows, why) = match &verdict {
        Verdict::Same => (Vec::new(), Vec::new()),
        Verdict::Differs(changes) => {
            let personal = Personal::of(&event, &facts);
            (changes.iter().map(|change| row(change, candidate, &personal, look)).collect(), Vec::new())
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

fn row(change: &Change, candidate: &Bundle, personal: &Personal, look: Look) -> (String, String, String) {
    let part = change.part.words(look.lang, &|task| head(candidate, task));
    let side = |text: String| if look.unmasked { text } else { personal.mask(&text) };
    (part, side(change.old_words(look.lang)), side(change.new_words(look.lang)))
}
