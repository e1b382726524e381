//! What proofs take at their largest: time, memory, and whether they came to an end.
//!
//! Wide tables of 1,000 and 10,000 rows with and without proofs, the comparison of two versions, the mutants of an example
//! and the search for missing tests. One thread; memory is the most that the thread held beyond what it held before,
//! counted by the allocator. Each case runs three times, and the middle one counts.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench prints, and ends where it cannot go on"
)]

use std::collections::BTreeSet;
use std::hint::black_box;
use std::time::{Duration, Instant};

use switchboard_benches::contest::{figure, measures};
use switchboard_benches::{examples, machine, wide};
use switchboard_engine::bundle::{BundleSource, LoadOptions, load};
use switchboard_engine::mutate::{Fate, Trial, mutants};
use switchboard_engine::prove::{Finder, ProofLimits, compare};
use switchboard_grammar::limits::FILE_BYTES;
use switchboard_guard::{Counting, forget_highest, held, highest};

#[global_allocator]
static MEMORY: Counting = Counting;

const TIMES: usize = 3;

fn main() {
    // Listing and testing have no use for figures.
    if !measures() {
        return;
    }
    println!("{}\n", machine::describe());
    println!("| case | time, ms | most memory, MiB | |\n|---|--:|--:|---|");
    loads();
    versions();
    for name in examples::BUNDLES {
        tests(name);
    }
}

fn loads() {
    let mut without = LoadOptions::default();
    without.proof.lint_steps = 0;
    for rows in [1_000, 10_000] {
        for (filling, name) in [
            (wide::Filling::Site, "a site each"),
            (wide::Filling::Shop, "as a shop's"),
            (wide::Filling::Random, "at random"),
        ] {
            let (rows, text) = fitting(rows, filling);
            let source = BundleSource::single(text);
            let undecided = |options: &LoadOptions| {
                let loaded = load(&source, options);
                assert!(loaded.bundle.is_some(), "rules that are refused would cost nothing");
                loaded.undecided.len()
            };
            row(&format!("load {rows} rows of 14 columns, {name}, without proofs"), || undecided(&without));
            row("the same with proofs", || undecided(&LoadOptions::default()));
        }
    }
}

/// A table of so many rows, or of as many as a file may hold, written without blanks around its cells.
fn fitting(mut rows: usize, filling: wide::Filling) -> (usize, String) {
    loop {
        let text = wide::table(rows, filling).replace(" | ", "|");
        if text.len() <= FILE_BYTES || rows <= 500 {
            return (rows, text);
        }
        rows -= 500;
    }
}

fn versions() {
    for rows in [300, 1_000] {
        for (filling, name) in [(wide::Filling::Shop, "as a shop's"), (wide::Filling::Random, "at random")] {
            let old = wide::bundle(&wide::table(rows, filling));
            let new = wide::bundle(&wide::edited(&wide::table(rows, filling)));
            let limits = ProofLimits::default();
            row(&format!("compare {rows} rows, {name}, three rows changed"), || {
                compare(&old, &new, &limits).undecided.len()
            });
            row("the same with itself", || compare(&old, &old, &limits).undecided.len());
        }
    }
}

fn tests(name: &str) {
    let source = examples::source(name);
    let loaded = load(&source, &LoadOptions::default());
    let bundle = loaded.bundle.expect("an example that loads");
    let all = mutants(&loaded.sources);
    let options = LoadOptions::default();
    row(&format!("{} mutants of {name}, without a test: all are compared by proof", all.len()), || {
        let mut trial = Trial::new(&source, &bundle, &options, &ProofLimits::default(), &[]);
        all.iter().filter(|mutant| matches!(trial.fate(mutant), Fate::Undecided(_))).count()
    });
    row(&format!("events for all rows, cells and parts of conditions of {name}"), || {
        Finder::new(&bundle, &ProofLimits::default()).suggest(&BTreeSet::new(), true).open.len()
    });
}

/// Runs a case and prints what it took; what it gives is how much was left undecided.
fn row(name: &str, case: impl Fn() -> usize) {
    let mut taken: Vec<(Duration, i64, usize)> = Vec::new();
    for _ in 0..TIMES {
        forget_highest();
        let (before, start) = (held(), Instant::now());
        let open = black_box(case());
        taken.push((start.elapsed(), highest() - before, open));
    }
    taken.sort_unstable();
    let Some((time, most, open)) = taken.get(TIMES / 2) else { return };
    let mib = figure(f64::from(u32::try_from(*most >> 10).unwrap_or(u32::MAX)) / 1_024.0);
    let open = if *open == 0 { "decided".to_owned() } else { format!("{open} undecided") };
    println!("| {name} | {} | {mib} | {open} |", figure(time.as_secs_f64() * 1_000.0));
}
