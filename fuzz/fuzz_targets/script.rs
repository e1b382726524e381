//! The Rhai host on any script: it loads or is refused, runs or is stopped, within the limits.

#![no_main]

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use libfuzzer_sys::fuzz_target;
use switchboard_engine::bundle::{BundleSource, LoadOptions, load};
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use switchboard_engine::moment::Moment;

/// Calls `f` with a text that may be missing, a text and a number, as field mappings do.
const RULES: &str = r#"rules 1

script "f.rhai"
  function f(a: text?, b: text, c: number) gives text

fields of client for calls
  x from f(campaign, name else "Анна", 42)
"#;

/// The host's deadline is far below; a slow machine, and a build full of counters, get the rest.
const PATIENCE: Duration = Duration::from_secs(3);

static EVENT: LazyLock<(Event, Moment)> = LazyLock::new(|| {
    let json = serde_json::json!({
        "kind": "call", "direction": "incoming", "contact": "first", "missed": false, "talk_time": 42,
        "started": "2026-03-02T12:00:00+03:00", "finished": "2026-03-02T12:00:53+03:00",
    });
    let event = Event::from_json(&json).expect("the event is well-formed");
    (event, "2026-03-02T12:01:00+03:00".parse().expect("the moment is well-formed"))
});

fuzz_target!(|script: &[u8]| {
    let mut source = BundleSource::single(RULES);
    source.add("f.rhai", script).expect("the name is inside the bundle");
    let started = Instant::now();
    if let Some(bundle) = load(&source, &LoadOptions::default()).bundle {
        let (event, now) = &*EVENT;
        let decision = bundle.decide(event, &Facts::none(), *now);
        assert!(decision.accepted, "a script does not decide what is accepted");
    }
    assert!(started.elapsed() < PATIENCE, "{:?}", started.elapsed());
});
