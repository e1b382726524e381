//! A file of events: one decision a line, in order, on all cores, in bounded memory.
//!
//! Lines are read in batches of [`BATCH`]; each batch is split among the cores, decided, and written before the next
//! one is read. A line that is no event gives an error object in its place, so that line N of the output always
//! belongs to line N of the input.

use std::io::{BufRead, Read as _, Write as _};
use std::num::NonZero;
use std::thread;

use serde_json::json;
use switchboard_engine::bundle::Bundle;
use switchboard_engine::event::{Event, EventError};
use switchboard_engine::facts::Facts;
use switchboard_engine::json::json_error;
use switchboard_engine::moment::Moment;
use switchboard_grammar::lang::Lang;

use super::present;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::{MAX_EVENT_BYTES, Source};
use crate::loaded::Loaded;
use crate::output::Output;

/// Lines held in memory at once; each at most [`MAX_EVENT_BYTES`] long, as a rule below one KiB.
const BATCH: usize = 1024;

/// One line of the input: its bytes, or that it was too long.
enum Line {
    Read(Vec<u8>),
    TooLong,
}

/// Decides every line of `source`.
pub(super) fn run(
    loaded: &Loaded,
    source: &Source,
    facts: &Facts,
    now: Option<Moment>,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let mut lines = source.lines()?;
    let lang = output.wish().for_file(loaded.lang);
    let mut first = 1;
    let mut bad = 0usize;
    loop {
        let batch = read_batch(lines.as_mut(), source)?;
        if batch.is_empty() {
            break;
        }
        for (text, is_good) in decide(&loaded.bundle, &batch, first, facts, now, lang) {
            bad += usize::from(!is_good);
            output.out().write_all(text.as_bytes())?;
            output.out().write_all(b"\n")?;
        }
        output.flush()?;
        first += batch.len();
    }
    if bad == 0 {
        return Ok(Exit::Clean);
    }
    Err(Failure::input(
        format!("{bad} of {} lines are no events", first - 1),
        format!("строк, которые не события: {bad} из {}", first - 1),
    ))
}

fn read_batch(lines: &mut dyn BufRead, source: &Source) -> Result<Vec<Line>, Failure> {
    let mut batch = Vec::new();
    while batch.len() < BATCH {
        match read_line(lines) {
            Ok(Some(line)) => batch.push(line),
            Ok(None) => break,
            Err(error) => return Err(Failure::Read { path: source.name().into(), source: error }),
        }
    }
    Ok(batch)
}

/// The next line without its end; what is longer than the limit is read over, not kept.
fn read_line(lines: &mut dyn BufRead) -> std::io::Result<Option<Line>> {
    let mut line = Vec::new();
    let read = lines.take(MAX_EVENT_BYTES + 1).read_until(b'\n', &mut line)?;
    if read == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
        return Ok(Some(Line::Read(line)));
    }
    if line.len() as u64 <= MAX_EVENT_BYTES {
        return Ok(Some(Line::Read(line)));
    }
    loop {
        line.clear();
        let read = lines.take(MAX_EVENT_BYTES).read_until(b'\n', &mut line)?;
        if read == 0 || line.last() == Some(&b'\n') {
            return Ok(Some(Line::TooLong));
        }
    }
}

/// The answers to a batch, in order, and whether each is a decision.
fn decide(
    bundle: &Bundle,
    batch: &[Line],
    first: usize,
    facts: &Facts,
    now: Option<Moment>,
    lang: Lang,
) -> Vec<(String, bool)> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let share = batch.len().div_ceil(cores).max(1);
    thread::scope(|scope| {
        let workers: Vec<_> = batch
            .chunks(share)
            .enumerate()
            .map(|(number, lines)| {
                scope.spawn(move || {
                    let start = first + number * share;
                    lines
                        .iter()
                        .enumerate()
                        .map(|(at, line)| answer(bundle, line, start + at, facts, now, lang))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

fn answer(
    bundle: &Bundle,
    line: &Line,
    number: usize,
    facts: &Facts,
    now: Option<Moment>,
    lang: Lang,
) -> (String, bool) {
    let event = match line {
        Line::TooLong => Err(lang
            .pick(format!("longer than {MAX_EVENT_BYTES} bytes"), format!("длиннее {MAX_EVENT_BYTES} байт"))),
        Line::Read(bytes) => {
            serde_json::from_slice(bytes).map_err(|error| not_json(&error, lang)).and_then(|json| {
                Event::from_json(&json).map_err(|errors| EventError::all(&errors).get(lang).to_owned())
            })
        }
    };
    match event {
        Ok(event) => {
            let now = now.unwrap_or_else(|| present(&event));
            (bundle.decide(&event, facts, now).to_json(lang).to_string(), true)
        }
        Err(error) => (json!({"error": error, "line": number}).to_string(), false),
    }
}

fn not_json(error: &serde_json::Error, lang: Lang) -> String {
    format!("{}: {}", lang.pick("not JSON", "не JSON"), json_error(error).get(lang))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn a_line_beyond_the_limit_is_read_over_and_the_next_one_is_whole() {
        let limit = usize::try_from(MAX_EVENT_BYTES).unwrap();
        let text = format!("{}\nnext\n{}", "x".repeat(limit + 1), "y".repeat(limit));
        let mut lines = Cursor::new(text.into_bytes());
        assert!(matches!(read_line(&mut lines), Ok(Some(Line::TooLong))));
        assert!(matches!(read_line(&mut lines), Ok(Some(Line::Read(line))) if line == b"next"));
        assert!(matches!(read_line(&mut lines), Ok(Some(Line::Read(line))) if line.len() == limit));
        assert!(matches!(read_line(&mut lines), Ok(None)));
    }
}
