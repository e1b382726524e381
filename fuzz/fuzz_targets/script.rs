//! The Rhai host on any script: it loads or is refused, runs or is stopped, within the limits of time and memory.
//!
//! It is called twice: for a function whose value goes into a field, and for a policy with facts.

#![no_main]

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use libfuzzer_sys::fuzz_target;
use switchboard_engine::bundle::{BundleSource, load};
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use switchboard_engine::moment::Moment;
use switchboard_engine::script::ScriptLimits;
use switchboard_guard::{Counting, forget_highest, held, highest, load_options};

#[global_allocator]
static MEMORY: Counting = Counting;

/// Calls `f` with a text that may be missing, a text and a number, as field mappings do.
const FUNCTION: &str = r#"rules 1

script "f.rhai"
  function f(a: text?, b: text, c: number) gives text

fields of client for calls
  x from f(campaign, name else "Анна", 42)
"#;

/// Lets `entities` change what the tables propose.
const POLICY: &str = r#"rules 1

table entities for calls
  | contact || create | responsible |
  |---------||--------|-------------|
  | first || client, order | "anna@romashka.ru" |
  | else || order | - |

script "f.rhai"
  policy entities for incoming calls needs crm.open_orders, crm.last_orders(5)
"#;

/// The host's deadline is far below; a slow machine, and a build full of counters, get the rest.
const PATIENCE: Duration = Duration::from_secs(3);

/// What deciding takes beside the scripts, and what a build full of counters takes for itself.
const BESIDE: usize = 4 << 20;

static EVENT: LazyLock<(Event, Facts, Moment)> = LazyLock::new(|| {
    let json = serde_json::json!({
        "kind": "call", "direction": "incoming", "contact": "first", "missed": false, "talk_time": 42,
        "started": "2026-03-02T12:00:00+03:00", "finished": "2026-03-02T12:00:53+03:00",
    });
    let event = Event::from_json(&json).expect("the event is well-formed");
    let json = serde_json::json!({
        "client": { "manager": "olga@romashka.ru", "tags": ["VIP"] },
        "crm": {
            "open_orders": [{ "number": "10457C", "status": "new", "total": 4250 }],
            "last_orders": [{ "number": "10457C" }, { "number": "10390C" }],
        },
    });
    let facts = Facts::from_json(&json).expect("the facts are well-formed");
    (event, facts, "2026-03-02T12:01:00+03:00".parse().expect("the moment is well-formed"))
});

fuzz_target!(|script: &[u8]| {
    let (event, facts, now) = &*EVENT;
    let (started, options) = (Instant::now(), load_options());
    for rules in [FUNCTION, POLICY] {
        let mut source = BundleSource::single(rules);
        source.add("f.rhai", script).expect("the name is inside the bundle");
        let Some(bundle) = load(&source, &options).bundle else { continue };
        let before = held();
        forget_highest();
        let decision = bundle.decide(event, facts, *now);
        assert!(decision.accepted, "a script does not decide what is accepted");
        let most = ScriptLimits::DEFAULT.memory_bound(0) + BESIDE;
        assert!(highest() - before <= i64::try_from(most).expect("fits"), "{} bytes", highest() - before);
    }
    assert!(started.elapsed() < PATIENCE, "{:?}", started.elapsed());
});
