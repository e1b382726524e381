//! Differing examples as tests of the candidate: `tests/NAME.json`, one file an event.
//!
//! People are made up. Where the candidate would then decide otherwise than by texts and fields alone, what it decides by
//! is personal, and no file is written. A file that is there already is left alone.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use switchboard_engine::bundle::{Bundle, BundleSource, Slot};
use switchboard_engine::compare::{Kind, Said, changes};
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use switchboard_engine::moment::Moment;
use switchboard_grammar::lang::Lang;

use super::human::Telling;
use super::made_up::MadeUp;
use super::tally::{Example, Tallies};
use crate::failure::Failure;
use crate::fixture::draft::{Draft, plain_event};

/// What an example was decided from.
#[derive(Debug, Clone)]
pub(crate) struct Given {
    pub(crate) event: Event,
    pub(crate) facts: Facts,
    pub(crate) now: Moment,
}

/// What became of the examples.
#[derive(Debug, Default)]
pub(crate) struct Written {
    /// Files that were written.
    pub(crate) files: Vec<PathBuf>,
    /// Files that were there already.
    pub(crate) there: usize,
    /// Examples that are decided by what is personal.
    pub(crate) personal: usize,
}

/// Writes them into the folder of the candidate.
///
/// # Errors
/// When a file cannot be written.
pub(crate) fn write_fixtures(
    root: &Path,
    candidate: &Bundle,
    tallies: &Tallies,
    telling: &Telling<'_>,
) -> Result<Written, Failure> {
    let folder = root.join(BundleSource::TESTS);
    let (mut written, mut made_up) = (Written::default(), MadeUp::default());
    let beside = tallies.beside.iter().map(|(_, tally)| tally);
    for tally in std::iter::once(&tallies.communications).chain(beside) {
        for (group, counted) in tally.by_size() {
            for example in counted.examples.iter().rev() {
                let Some(given) = &example.given else { continue };
                let path = folder.join(format!("{}.json", file_name(example)));
                // An event may be in several groups; the largest tells of it.
                if written.files.contains(&path) {
                    continue;
                }
                if path.exists() {
                    written.there += 1;
                    continue;
                }
                let about = group.words(telling.lang, telling.heads);
                match draft(candidate, given, &mut made_up, about, telling.lang) {
                    None => written.personal += 1,
                    Some(draft) => {
                        write(&folder, &path, &draft)?;
                        written.files.push(path);
                    }
                }
            }
        }
    }
    Ok(written)
}

fn write(folder: &Path, path: &Path, draft: &Draft) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(Failure::write(folder))?;
    let mut file = fs::File::create_new(path).map_err(Failure::write(path))?;
    file.write_all(draft.text().as_bytes()).map_err(Failure::write(path))
}

/// The test of an event; None when the candidate decides it by what is personal.
fn draft(
    candidate: &Bundle,
    given: &Given,
    made_up: &mut MadeUp,
    about: String,
    lang: Lang,
) -> Option<Draft> {
    let Given { event, facts, now } = given;
    let (nobody, known) = made_up.of(event, facts, lang)?;
    let says = |event: &Event, facts: &Facts| Said::of(&candidate.decide(event, facts, *now));
    let is_text = |kind: Kind| {
        matches!(
            kind,
            Kind::TaskTitle | Kind::TaskNote | Kind::ClientField | Kind::OrderField | Kind::DealField
        )
    };
    let changed = changes(&says(event, facts), &says(&nobody, &known));
    if !changed.iter().all(|change| is_text(change.part.kind)) {
        return None;
    }
    let known = known.to_json();
    let facts = known.as_object().is_some_and(|object| !object.is_empty()).then_some(known);
    Some(Draft { about: Some(about), event: plain_event(&nobody), facts, now: Some(now.to_string()) })
}

/// `incoming-call-100200300`, `order-57`.
fn file_name(example: &Example) -> String {
    let kind = match example.slot {
        Slot::IncomingCall => "incoming-call",
        Slot::OutgoingCall => "outgoing-call",
        Slot::Chat => "chat",
        Slot::Request => "request",
        Slot::Order => "order",
    };
    let number = example.session.rsplit_once(':').map_or(example.session.as_str(), |(_, number)| number);
    let number: String = number.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{kind}-{number}")
}
