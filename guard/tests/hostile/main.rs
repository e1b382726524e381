//! Scripts that mean harm, by hand and made by dice: each ends within its limits of time and memory, and breaks nothing.
//!
//! A process of its own, because memory is counted by its allocator. `SWITCHBOARD_HOSTILE_SCRIPTS` sets how many are made.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may break off")]

mod by_hand;
mod maker;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use switchboard_engine::script::{Limit, ScriptFailure, ScriptHost, ScriptLimits, Signature};
use switchboard_engine::ty::{Scalar, Type};
use switchboard_engine::value::Value;
use switchboard_grammar::source::FileId;
use switchboard_guard::{Budget, Counting, Memory, forget_highest, held, highest};

#[global_allocator]
static MEMORY: Counting = Counting;

/// What a call may take beyond its time: one operation, on as much as a call may hold, and giving that back. The program is
/// built without optimisation here; a released one takes a fraction of it.
const OVERRUN: Duration = Duration::from_millis(100);

/// How long a script may take to compile, which no clock ends.
const PATIENCE: Duration = Duration::from_secs(5);

/// The work of this thread since a moment. A machine that is busy with other things makes no script slow; where the system
/// does not tell, all time that passes counts.
struct Work {
    began: Instant,
    worked: Option<Duration>,
}

impl Work {
    fn begin() -> Work {
        Work { began: Instant::now(), worked: Work::told() }
    }

    fn told() -> Option<Duration> {
        let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        told.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
    }

    fn done(&self) -> Duration {
        let worked = self.worked.and_then(|before| Work::told()?.checked_sub(before));
        worked.unwrap_or_else(|| self.began.elapsed())
    }
}

/// What one script took.
#[derive(Debug)]
struct Taken {
    outcome: Option<Result<Value, ScriptFailure>>,
    compiled_in: Duration,
    compile_bytes: i64,
    called_in: Duration,
    call_bytes: i64,
    argument_bytes: usize,
}

fn host() -> ScriptHost {
    ScriptHost::new(ScriptLimits::DEFAULT, Some(Arc::new(Budget::DEFAULT))).with_gauge(Some(Arc::new(Memory)))
}

/// Compiles a script and calls `f` in it. `outcome` is None when it did not compile.
fn run(host: &ScriptHost, source: &str, text: &str) -> Taken {
    let arguments = [Value::text(text), Value::text("Анна"), Value::list(["а", "б", "в"].map(Value::text))];
    let signature = Signature {
        name: "f".into(),
        parameters: ["a", "b", "c"]
            .iter()
            .map(|name| ((*name).into(), Type::of(Scalar::Text).optional()))
            .collect(),
        gives: Type::of(Scalar::Any).optional(),
    };
    let (work, before) = (Work::begin(), held());
    forget_highest();
    let script = host.compile(FileId(0), source).ok().filter(|script| script.check(&signature).is_ok());
    let (compiled_in, compile_bytes) = (work.done(), highest() - before);
    let (work, before) = (Work::begin(), held());
    forget_highest();
    let outcome = script.as_ref().map(|script| host.call(script, &signature, &arguments));
    let (called_in, call_bytes) = (work.done(), highest() - before);
    Taken { outcome, compiled_in, compile_bytes, called_in, call_bytes, argument_bytes: text.len() + 64 }
}

/// Holds what a script took against its limits.
#[track_caller]
fn within(taken: &Taken, source: &str) {
    let told = || format!("{taken:?}\n{}", source.chars().take(4_000).collect::<String>());
    assert!(!matches!(taken.outcome, Some(Err(ScriptFailure::Panic { .. }))), "{}", told());
    let bound = ScriptLimits::DEFAULT.memory_bound(taken.argument_bytes);
    assert!(taken.call_bytes <= i64::try_from(bound).unwrap(), "more than {bound} bytes: {}", told());
    assert!(taken.called_in < Budget::DEFAULT.0 + OVERRUN, "{}", told());
    let compile_bound = ScriptLimits::DEFAULT.compile_bound();
    assert!(
        taken.compile_bytes <= i64::try_from(compile_bound).unwrap(),
        "more than {compile_bound} bytes: {}",
        told()
    );
    assert!(taken.compiled_in < PATIENCE, "{}", told());
}

#[test]
fn scripts_made_by_hand_end_as_they_should() {
    for (what, source, expected) in by_hand::scripts() {
        for text in ["x", &"я".repeat(30_000)] {
            let taken = run(&host(), &source, text);
            println!("{what}: {} KiB, {:?}", taken.call_bytes / 1_024, taken.called_in);
            within(&taken, &source);
            let limit = match taken.outcome {
                Some(Err(ScriptFailure::Limit { limit, .. })) => limit,
                other => panic!("{what}: {other:?}"),
            };
            // Where the time is over first on a slow machine, the script was stopped all the same.
            assert!(expected.contains(&limit) || limit == Limit::Time, "{what}: {limit:?}");
        }
    }
}

#[test]
fn texts_that_are_costly_to_read_are_refused_or_read_within_bounds() {
    for (what, source) in by_hand::texts() {
        let taken = run(&host(), &source, "x");
        println!("{what}: {} KiB, {:?}", taken.compile_bytes / 1_024, taken.compiled_in);
        within(&taken, &source);
    }
}

#[test]
fn scripts_made_by_dice_never_exceed_their_limits() {
    let many =
        std::env::var("SWITCHBOARD_HOSTILE_SCRIPTS").ok().and_then(|many| many.parse().ok()).unwrap_or(1_000);
    let next = AtomicU64::new(0);
    let [compiled, limited, failed] = [const { AtomicUsize::new(0) }; 3];
    let [most_bytes, most_micros, most_compile_bytes] = [const { AtomicU64::new(0) }; 3];
    let (started, host) = (Instant::now(), host());
    std::thread::scope(|threads| {
        for _ in 0..2 {
            threads.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= many {
                        break;
                    }
                    let made = maker::script(seed);
                    let taken = run(&host, &made.source, &made.text);
                    within(&taken, &format!("// seed {seed}\n{}", made.source));
                    let bytes = u64::try_from(taken.call_bytes).unwrap_or_default();
                    most_bytes.fetch_max(bytes, Ordering::Relaxed);
                    let bytes = u64::try_from(taken.compile_bytes).unwrap_or_default();
                    most_compile_bytes.fetch_max(bytes, Ordering::Relaxed);
                    let micros = u64::try_from(taken.called_in.as_micros()).unwrap_or_default();
                    most_micros.fetch_max(micros, Ordering::Relaxed);
                    compiled.fetch_add(usize::from(taken.outcome.is_some()), Ordering::Relaxed);
                    match taken.outcome {
                        Some(Err(ScriptFailure::Limit { .. })) => limited.fetch_add(1, Ordering::Relaxed),
                        Some(Err(_)) => failed.fetch_add(1, Ordering::Relaxed),
                        _ => 0,
                    };
                }
            });
        }
    });
    let get = |count: &AtomicUsize| count.load(Ordering::Relaxed);
    println!(
        "{many} scripts in {:?}: {} compiled, {} met a limit, {} failed otherwise; a call held {} KiB at most and worked {} ms at most, \
         compiling held {} KiB at most",
        started.elapsed(),
        get(&compiled),
        get(&limited),
        get(&failed),
        most_bytes.load(Ordering::Relaxed) / 1_024,
        most_micros.load(Ordering::Relaxed) / 1_000,
        most_compile_bytes.load(Ordering::Relaxed) / 1_024,
    );
    // Dice that make nothing but rubbish would prove nothing.
    let many = usize::try_from(many).unwrap();
    assert!(get(&compiled) * 2 > many, "{} of {many} compiled", get(&compiled));
    assert!(get(&limited) * 20 > many, "{} of {many} met a limit", get(&limited));
}
