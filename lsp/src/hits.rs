//! How often rows and lines decided, counted from decisions that were written down.
//!
//! The file holds decisions as `rules eval` writes them, one a line, or a list of them. A row is known by the header of its
//! section and its number, so that counts stay with their rows while other sections grow; when a section is changed its
//! counts are those of the rows that stood there.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The counts.
#[derive(Debug, Default)]
pub(crate) struct Hits {
    /// Where they come from.
    pub(crate) file: PathBuf,
    /// How many decisions were read.
    pub(crate) decisions: u64,
    counts: HashMap<(String, Option<u64>), u64>,
}

impl Hits {
    /// Reads the file; lines that are no decision are passed over.
    pub(crate) fn read(file: &Path, bytes: &[u8]) -> Self {
        let mut hits = Self { file: file.to_path_buf(), ..Self::default() };
        match serde_json::from_slice::<Value>(bytes) {
            Ok(Value::Array(decisions)) => decisions.iter().for_each(|decision| hits.add(decision)),
            Ok(decision) => hits.add(&decision),
            Err(_) => {
                let text = String::from_utf8_lossy(bytes);
                let lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
                lines.for_each(|decision| hits.add(&decision));
            }
        }
        hits
    }

    fn add(&mut self, decision: &Value) {
        let decision = decision.get("decision").unwrap_or(decision);
        let Some(trace) = decision.get("trace").and_then(Value::as_array) else { return };
        self.decisions += 1;
        for step in trace {
            let Some(section) = step.get("section").and_then(Value::as_str).filter(|head| !head.is_empty())
            else {
                continue;
            };
            let row = step.get("row").and_then(Value::as_u64);
            let outcome = step.get("outcome").and_then(Value::as_str).unwrap_or_default();
            if matches!(outcome, "skip" | "nothing" | "wait" | "write") {
                continue;
            }
            *self.counts.entry((section.to_owned(), row)).or_default() += 1;
        }
    }

    /// Whether anything is known.
    pub(crate) const fn is_known(&self) -> bool {
        self.decisions > 0
    }

    /// How often a row or line decided, counted from 1; without a row, the section as such.
    pub(crate) fn of(&self, head: &str, row: Option<u64>) -> u64 {
        self.counts.get(&(head.to_owned(), row)).copied().unwrap_or(0)
    }
}
