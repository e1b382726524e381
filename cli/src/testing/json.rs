//! What came of tests as one JSON object; its shape is promised in `docs/testing.md`.
//!
//! Both languages are in it, so that a machine need not know who will read. A change that takes a name away or gives
//! it another meaning raises [`VERSION`].

use serde_json::{Value, json as object};
use switchboard_grammar::diagnostic::Text;

use crate::coverage::{self, together};

use super::{Case, Counts, Tested, Verdict};

/// Version of the shape.
const VERSION: u32 = 1;

/// Everything of a run.
pub(crate) fn json(all: &[Tested]) -> Value {
    let counts = Counts::of(all);
    object!({
        "version": VERSION,
        "summary": {
            "tests": counts.tests,
            "passed": counts.passed,
            "changed": counts.changed,
            "new": counts.new,
            "unmet": counts.unmet,
            "broken": counts.broken,
            "orphans": counts.orphans,
            "refused": counts.refused,
        },
        "coverage": coverage::json(together(all.iter().filter_map(|tested| tested.covered.as_ref()))),
        "bundles": all.iter().map(bundle).collect::<Vec<_>>(),
    })
}

fn bundle(tested: &Tested) -> Value {
    let orphans: Vec<String> = tested.orphans.iter().map(|path| path.display().to_string()).collect();
    object!({
        "bundle": tested.root.display().to_string(),
        "language": tested.lang.code(),
        "refused": tested.refused,
        "tests": tested.cases.iter().map(case).collect::<Vec<_>>(),
        "orphans": orphans,
        "coverage": tested.covered.as_ref().map(|covered| coverage::json(covered.coverage.totals())),
        "missed": tested.covered.as_ref().map(coverage::missed).unwrap_or_default(),
    })
}

fn case(case: &Case) -> Value {
    let (before, now) = match &case.verdict {
        Verdict::New { now } => (None, Some(now)),
        Verdict::Changed { before, now } => (Some(before), Some(now)),
        Verdict::Same | Verdict::Accepted | Verdict::Broken(_) => (None, None),
    };
    let faults: &[Text] = match &case.verdict {
        Verdict::Broken(faults) => faults,
        _ => &case.unmet,
    };
    object!({
        "name": case.name,
        "file": case.path.display().to_string(),
        "about": case.about,
        "status": case.status(),
        "messages": faults.iter().map(|text| object!({"en": text.en, "ru": text.ru})).collect::<Vec<_>>(),
        "before": before,
        "now": now,
        "decision": case.decision,
    })
}
