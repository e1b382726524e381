//! What reading and formatting rules costs: the files of both examples, and a file with a table of 10,000 rows.
//!
//! Floor: the same bytes are checked to be UTF-8 and walked line by line. Peer: `serde_json` reads the same table as
//! JSON, and for the formatter reads and prints it.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::Value as Json;
use switchboard_benches::contest::{Contest, settings};
use switchboard_benches::{examples, tables};
use switchboard_grammar::{format, parse};

fn lines(bytes: &[u8]) -> usize {
    std::str::from_utf8(bytes).map_or(0, |text| text.lines().map(str::len).sum())
}

fn read(criterion: &mut Criterion) {
    let files = examples::rules();
    let bytes = files.iter().map(|(_, text)| text.len()).sum();
    Contest::new("parse/examples")
        .bytes(bytes)
        .floor("lines", || files.iter().map(|(_, text)| lines(black_box(text).as_bytes())).sum::<usize>())
        .ours("parse", || files.iter().map(|(_, text)| parse(black_box(text))).collect::<Vec<_>>())
        .ours("format", || files.iter().map(|(_, text)| format(black_box(text))).collect::<Vec<_>>())
        .run(criterion);

    let (text, json) = (tables::named(tables::ROWS), tables::json(tables::ROWS));
    assert!(parse(&text).diagnostics.is_empty(), "the table is a good one");
    Contest::new("parse/10,000 rows")
        .bytes(text.len())
        .floor("lines", || lines(black_box(&text).as_bytes()))
        .peer("serde_json", || serde_json::from_str::<Json>(black_box(&json)).is_ok())
        .ours("parse", || parse(black_box(&text)))
        .run(criterion);
    Contest::new("format/10,000 rows")
        .bytes(text.len())
        .peer("serde_json", || {
            let read = serde_json::from_str::<Json>(black_box(&json));
            read.and_then(|read| serde_json::to_string_pretty(&read)).unwrap_or_default()
        })
        .ours("format", || format(black_box(&text)))
        .run(criterion);
}

criterion_group! { name = benches; config = settings(); targets = read }
criterion_main!(benches);
