//! What loading rules costs: parse, check, lints, compile; everything that `rules check` does but reading the disk.
//!
//! Floor: parsing the same text alone. Besides good rules there are bad ones, since those are what people wait for:
//! two mistakes in every row, and rows that all overlap.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use switchboard_benches::contest::{Contest, settings};
use switchboard_benches::{examples, tables};
use switchboard_engine::bundle::{BundleSource, LoadOptions, load};
use switchboard_grammar::parse;

fn check_examples(criterion: &mut Criterion) {
    for name in examples::BUNDLES {
        let source = examples::source(name);
        let rules = source.iter().filter(|(path, _)| path.ends_with(".rules"));
        let texts: Vec<String> =
            rules.map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned()).collect();
        Contest::new(format!("check/{name}"))
            .bytes(texts.iter().map(String::len).sum())
            .floor("parse", || texts.iter().map(|text| parse(black_box(text))).collect::<Vec<_>>())
            .ours("load", || load(black_box(&source), &LoadOptions::default()))
            .run(criterion);
    }
}

fn check_tables(criterion: &mut Criterion) {
    let rows = tables::ROWS;
    for (name, text) in [
        ("good", tables::named(rows)),
        ("patterns", tables::patterns(rows)),
        ("two mistakes a row", tables::mistaken(rows)),
        ("all rows overlap", tables::overlapping(rows)),
    ] {
        let source = BundleSource::single(text.as_str());
        Contest::new(format!("check/10,000 rows, {name}"))
            .bytes(text.len())
            .floor("parse", || parse(black_box(&text)))
            .ours("load", || load(black_box(&source), &LoadOptions::default()))
            .run(criterion);
    }
}

criterion_group! { name = benches; config = settings(); targets = check_examples, check_tables }
criterion_main!(benches);
