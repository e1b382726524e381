//! What proofs about rules cost: wide tables, and the comparison of two versions.
//!
//! Floor: the same load with no steps for proofs. Fourteen columns, as the table of a large shop that has grown for
//! years; rows that name a site of their own, and rows in which a third of the cells is filled at random.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use switchboard_benches::contest::{Contest, settings};
use switchboard_benches::wide;
use switchboard_engine::bundle::{BundleSource, LoadOptions, load};
use switchboard_engine::prove::{ProofLimits, compare};

fn lints(criterion: &mut Criterion) {
    let mut without = LoadOptions::default();
    without.proof.lint_steps = 0;
    for (name, rows, filling) in [
        ("1,000 rows, a site each", 1_000, wide::Filling::Site),
        ("1,000 rows, at random", 1_000, wide::Filling::Random),
        ("5,000 rows, a site each", 5_000, wide::Filling::Site),
    ] {
        let text = wide::table(rows, filling);
        let source = BundleSource::single(text.as_str());
        Contest::new(format!("prove/{name}"))
            .bytes(text.len())
            .floor("load without proofs", || load(black_box(&source), &without))
            .ours("load", || load(black_box(&source), &LoadOptions::default()))
            .run(criterion);
    }
}

fn versions(criterion: &mut Criterion) {
    for rows in [300, 1_000] {
        for (name, filling) in [("a site each", wide::Filling::Site), ("at random", wide::Filling::Random)] {
            let old = wide::bundle(&wide::table(rows, filling));
            let new = wide::bundle(&wide::edited(&wide::table(rows, filling)));
            Contest::new(format!("diff/{rows} rows, {name}"))
                .floor("with itself", || compare(black_box(&old), &old, &ProofLimits::default()))
                .ours("three rows changed", || compare(black_box(&old), &new, &ProofLimits::default()))
                .run(criterion);
        }
    }
}

criterion_group! { name = benches; config = settings(); targets = lints, versions }
criterion_main!(benches);
