//! What shadow rules cost: whoever decides, and the thread that compares.
//!
//! Floor: the decision in force alone, as a decision that is offered needs it. `hand in` is all that a worker does for
//! shadow rules; the comparison happens elsewhere. The queue is full all the while, so each is counted as dropped, which is
//! the dearer of the two ends.

#![expect(clippy::expect_used, reason = "a bench ends where it cannot go on")]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use switchboard_benches::contest::{Contest, settings};
use switchboard_benches::examples;
use switchboard_engine::bundle::{Bundle, BundleSource, LoadOptions, load};
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use switchboard_runtime::replay::Circumstances;
use switchboard_runtime::shadow::{Case, Decided, Desk, DeskSettings, Seat, desk, judge};
use switchboard_runtime::store::record::{AccountId, SessionKey, ShadowBounds};
use switchboard_runtime::store::{Sqlite, SqliteSettings};
use switchboard_runtime::worker::Rules;

const BOUNDS: ShadowBounds = ShadowBounds { pairs: 20, groups: 200, examples: 5 };

#[derive(Debug)]
struct Candidate(Arc<Bundle>);

impl Rules for Candidate {
    fn in_force(&self) -> Option<Arc<Bundle>> {
        Some(Arc::clone(&self.0))
    }
}

fn loaded(rules: &str) -> Arc<Bundle> {
    load(&BundleSource::single(rules.to_owned()), &LoadOptions::default())
        .bundle
        .expect("rules without errors")
}

const RULES: &str = r#"rules 1

table entities for calls
  | contact || create        | responsible                            |
  |---------||---------------|----------------------------------------|
  | first   || client, order | answered_by else "anna@romashka.ru"    |
  | repeat  || order         | client.manager else "anna@romashka.ru" |

task for missed incoming calls
  title:  "Call back {{ phone else "?" }}"
  assign: client.manager else "olga@romashka.ru"
  due:    2 hours after finished
"#;

fn shadow(criterion: &mut Criterion) {
    let now = examples::now();
    let event = Event::from_json(&examples::event("02").0).expect("an example is a good one");
    let facts = Facts::none();
    let in_force = loaded(RULES);
    let same = loaded(&format!("{RULES}\n# The same in other words.\n"));
    let other = loaded(&RULES.replace("Call", "Ring").replace("olga", "anna"));
    let circumstances = || Circumstances { now, asked: Vec::new(), reported: true };
    let folder = tempfile::tempdir().expect("a folder");
    let store = Arc::new(Sqlite::open(SqliteSettings::new(folder.path())).expect("a store"));
    // Nobody takes anything out.
    let (desk, _waiting): (Arc<Desk>, _) = desk(DeskSettings { queue: 1, bounds: BOUNDS }, store);
    let account = AccountId::from("romashka");
    let seat = Seat::new(account.clone(), Arc::new(Candidate(Arc::clone(&other))), 100, desk);
    let session = SessionKey::from("call:998700001");
    let decided = || Decided {
        session: session.clone(),
        event: event.clone(),
        facts: facts.clone(),
        decision: in_force.decide(&event, &facts, now),
        circumstances: circumstances(),
    };
    Contest::new("shadow/whoever decides")
        .floor("the decision", || black_box(decided()))
        .ours("the decision, handed in", || seat.offer(&in_force, decided()))
        .run(criterion);
    let case = |candidate: &Arc<Bundle>| Case {
        account: account.clone(),
        session: session.clone(),
        candidate: Arc::clone(candidate),
        in_force: Arc::clone(&in_force),
        event: event.clone(),
        facts: facts.clone(),
        decision: in_force.decide(&event, &facts, now),
        circumstances: circumstances(),
    };
    let (same, other) = (case(&same), case(&other));
    Contest::new("shadow/comparing")
        .floor("the candidate's decision", || same.candidate.decide(black_box(&event), &facts, now))
        .ours("the same", || judge(black_box(&same)))
        .ours("two differences", || judge(black_box(&other)))
        .run(criterion);
}

criterion_group! { name = benches; config = settings(); targets = shadow }
criterion_main!(benches);
