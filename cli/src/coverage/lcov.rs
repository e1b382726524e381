//! Coverage as a file of LCOV, which editors, code hosts and services for coverage read.
//!
//! A record for each file: `DA` for each line that something counts on (a row, a line of a filter, a task, a field, a line
//! of a script), `BRDA` for each answer of a condition and of a test, and for each cell. What no event reaches is left out.
//!
//! Source: the manual page `geninfo(1)` of LCOV 2, section "Tracefile format".

use std::collections::BTreeMap;
use std::fmt::Write as _;

use switchboard_engine::cover::{Part, PointId, Reach};

use super::Covered;

/// What is known of one file.
#[derive(Default)]
struct Record {
    lines: BTreeMap<u32, u32>,
    /// By line: what asks, which answer, how often.
    branches: BTreeMap<u32, BTreeMap<Asker, BTreeMap<bool, u32>>>,
}

/// What asks on a line: a condition as a whole, one of its tests, a cell.
type Asker = (u32, Part, u32);

/// The file for all bundles; names are paths as the caller named the bundles.
pub(crate) fn lcov<'c>(all: impl IntoIterator<Item = &'c Covered>) -> String {
    let mut out = String::new();
    for covered in all {
        for (name, record) in records(covered) {
            write_record(&mut out, &covered.path(&name), &record);
        }
    }
    out
}

fn records(covered: &Covered) -> BTreeMap<String, Record> {
    let coverage = &covered.coverage;
    let mut records: BTreeMap<String, Record> = BTreeMap::new();
    for point in coverage.points().iter().filter(|point| !coverage.is_unreachable(point.id)) {
        let record = records.entry(coverage.file(point).to_owned()).or_default();
        let hits = coverage.hits(point.id);
        match asker(point.id) {
            None => {
                let count = record.lines.entry(point.line).or_default();
                *count = (*count).max(hits);
            }
            Some((asker, answer)) => {
                let asked = record.branches.entry(point.line).or_default();
                asked.entry(asker).or_default().insert(answer, hits);
            }
        }
    }
    for (script, lines) in coverage.scripts() {
        let record = records.entry(script.clone()).or_default();
        for (line, count) in lines {
            record.lines.insert(u32::try_from(*line).unwrap_or(u32::MAX), *count);
        }
    }
    records
}

/// What asks, and the answer that a point stands for; None for a point that is counted as a line.
fn asker(id: PointId) -> Option<(Asker, bool)> {
    let (number, answer) = match id.reach {
        Reach::Counts => return None,
        Reach::Holds(holds) => (0, holds),
        Reach::Test { number, holds } => (number + 1, holds),
        Reach::Cell { column, passes } => (column + 1, passes),
    };
    Some(((id.section, id.part, number), answer))
}

/// Writes one record. Writing to a string cannot fail, so results are dropped.
fn write_record(out: &mut String, path: &str, record: &Record) {
    let _ = writeln!(out, "TN:\nSF:{path}");
    let (mut found, mut hit) = (0usize, 0usize);
    for (line, askers) in &record.branches {
        for (block, answers) in askers.values().enumerate() {
            // Yes is branch 0, no is branch 1.
            for (answer, count) in answers.iter().rev() {
                let _ = writeln!(out, "BRDA:{line},{block},{},{count}", u8::from(!answer));
                found += 1;
                hit += usize::from(*count > 0);
            }
        }
    }
    if found > 0 {
        let _ = writeln!(out, "BRF:{found}\nBRH:{hit}");
    }
    for (line, count) in &record.lines {
        let _ = writeln!(out, "DA:{line},{count}");
    }
    let hit = record.lines.values().filter(|count| **count > 0).count();
    let _ = writeln!(out, "LF:{}\nLH:{hit}\nend_of_record", record.lines.len());
}
