//! What becomes of mutants.
//!
//! Each is checked as a bundle, without lints, and the events of the tests are decided by it; the first decision that
//! is another is enough. Only what no test noticed goes to the prover, which is far dearer.

use std::sync::Arc;

use switchboard_grammar::diagnostic::Text;

use super::model::{Fate, Mutant, Survivor};
use crate::bundle::{Bundle, BundleSource, LoadOptions, load};
use crate::event::Event;
use crate::facts::Facts;
use crate::moment::Moment;
use crate::prove::{Answer, Change, Example, Finder, ProofLimits, Reached, Side, compare, noon};

/// The event of a test.
#[derive(Clone, Debug)]
pub struct Case {
    /// The event.
    pub event: Event,
    /// What the CRM knows.
    pub facts: Facts,
    /// The time.
    pub now: Moment,
}

/// A bundle with its tests, against which mutants are tried.
pub struct Trial<'t> {
    source: BundleSource,
    bundle: Arc<Bundle>,
    options: LoadOptions,
    limits: ProofLimits,
    cases: &'t [Case],
    expected: Vec<String>,
    /// Events that reach each place of the rules, to be tried where a proof is left open; made when first needed.
    pool: Option<Vec<Reached>>,
}

impl<'t> Trial<'t> {
    /// A bundle and its tests; `limits` is what the proof of one mutant may use up.
    pub fn new(
        source: &BundleSource,
        bundle: &Arc<Bundle>,
        options: &LoadOptions,
        limits: &ProofLimits,
        cases: &'t [Case],
    ) -> Trial<'t> {
        let mut options = options.clone();
        // Whether a mutant is good style is not asked.
        options.proof.lint_steps = 0;
        let expected =
            cases.iter().map(|case| observed(bundle, &case.event, &case.facts, case.now)).collect();
        let limits = ProofLimits { regions: 3, ..*limits };
        Trial {
            source: source.clone(),
            bundle: Arc::clone(bundle),
            options,
            limits,
            cases,
            expected,
            pool: None,
        }
    }

    /// What becomes of a mutant.
    pub fn fate(&mut self, mutant: &Mutant) -> Fate {
        let Some(mutated) = self.load(mutant) else { return Fate::Refused };
        for (number, (case, expected)) in self.cases.iter().zip(&self.expected).enumerate() {
            if observed(&mutated, &case.event, &case.facts, case.now) != *expected {
                return Fate::Noticed(number);
            }
        }
        let comparison = compare(&self.bundle, &mutated, &self.limits);
        if comparison.is_equal() {
            return Fate::Same;
        }
        let seen = comparison.changes.iter().find(|change| self.shows(&mutated, change));
        if let Some(change) = seen {
            return Fate::Survived(Box::new(Survivor { change: change.clone() }));
        }
        if let Some(change) = self.tried(&mutated) {
            return Fate::Survived(Box::new(Survivor { change }));
        }
        let open = comparison.undecided.first().map(|open| open.why.clone());
        Fate::Undecided(open.unwrap_or_else(|| {
            Text::new("what changes is no part of a decision", "меняется то, что в решение не входит")
        }))
    }

    /// The mutant as a bundle.
    fn load(&mut self, mutant: &Mutant) -> Option<Arc<Bundle>> {
        let bytes = self.source.get(&mutant.file)?.to_vec();
        let text = std::str::from_utf8(&bytes).ok()?;
        let mutated = mutant.write(text.trim_start_matches('\u{feff}'));
        self.source.add(mutant.file.clone(), mutated).ok()?;
        let loaded = load(&self.source, &self.options);
        self.source.add(mutant.file.clone(), bytes).ok()?;
        loaded.bundle
    }

    /// What an event of the pool shows.
    fn tried(&mut self, mutated: &Bundle) -> Option<Change> {
        let bundle = Arc::clone(&self.bundle);
        let limits = self.limits;
        let pool = self.pool.get_or_insert_with(|| {
            let finder = Finder::new(&bundle, &limits);
            let events = finder.points().filter_map(|point| match finder.answer(point) {
                Answer::Events(events) => Some(events.into_iter().cloned().collect::<Vec<_>>()),
                Answer::Never | Answer::Open => None,
            });
            events.flatten().collect()
        });
        let now = noon()?;
        let differs = |reached: &&Reached| {
            observed(&bundle, &reached.event, &reached.facts, now)
                != observed(mutated, &reached.event, &reached.facts, now)
        };
        let found = pool.iter().find(differs)?;
        let side = || Side { outcome: Text::new("", ""), place: None };
        Some(Change {
            slot: found.slot,
            part: Text::new("the decision", "решение"),
            region: found.words.clone(),
            old: side(),
            new: side(),
            example: Some(Example {
                words: found.words.clone(),
                event: found.event.clone(),
                facts: found.facts.clone(),
            }),
            inside: None,
        })
    }

    /// Whether a test with the event of a change would notice.
    fn shows(&self, mutated: &Bundle, change: &Change) -> bool {
        let (Some(example), Some(now)) = (&change.example, noon()) else { return false };
        let look = |bundle: &Bundle| observed(bundle, &example.event, &example.facts, now);
        look(&self.bundle) != look(mutated)
    }
}

/// Everything that follows from an event, without the reasons.
fn observed(bundle: &Bundle, event: &Event, facts: &Facts, now: Moment) -> String {
    let decided = bundle.decide(event, facts, now);
    let tasks: Vec<_> = decided
        .tasks
        .iter()
        .map(|task| {
            (
                &task.title,
                &task.note,
                &task.assign,
                task.due.map(|due| due.to_string()),
                task.cancel_when_reached,
            )
        })
        .collect();
    let fields: Vec<_> = [&decided.fields.client, &decided.fields.order]
        .into_iter()
        .map(|fields| fields.iter().filter(|field| !field.value.is_missing()).collect::<Vec<_>>())
        .collect();
    let forward = bundle.forward(event, facts, now).to;
    format!(
        "{:?}",
        (
            (decided.accepted, &decided.create, &decided.responsible, &decided.store, &decided.attach_to),
            (tasks, fields, &decided.forward_to, &decided.deal, decided.park, forward),
        )
    )
}
