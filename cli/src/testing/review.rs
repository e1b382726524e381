//! Asking a person about each decision that is new or changed.
//!
//! One line is read for each answer, from whatever is handed in, so that the same works at a terminal and in a test. When
//! there is nothing more to read, nobody is asked any more and nothing more is accepted.

use std::io::{self, BufRead, Write};

use switchboard_grammar::lang::Lang;

use super::human::write_case;
use super::{Case, Tested, Verdict};
use crate::failure::Failure;
use crate::style;

/// The longest answer that is read.
const MAX_ANSWER_BYTES: u64 = 1024;

/// What was answered, over all bundles.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Review {
    /// Decisions that were accepted.
    pub(crate) accepted: usize,
    /// Decisions that are wrong.
    pub(crate) rejected: usize,
    /// Decisions that nobody wanted to answer for.
    pub(crate) skipped: usize,
    /// Whether somebody has had enough.
    pub(crate) is_over: bool,
}

enum Answer {
    Accept,
    Reject,
    Skip,
    Quit,
}

/// Asks about the decisions of one bundle; writes the snapshots that are accepted at once, so that nothing is lost when it
/// ends early.
///
/// # Errors
/// When a snapshot or the output cannot be written.
pub(crate) fn review(
    tested: &mut Tested,
    lang: Lang,
    input: &mut dyn BufRead,
    out: &mut impl Write,
    review: &mut Review,
) -> Result<(), Failure> {
    for case in tested.cases.iter_mut().filter(|case| case.is_open()) {
        if review.is_over {
            review.skipped += 1;
            continue;
        }
        show(out, case, lang)?;
        match ask(input, out, lang)? {
            Answer::Accept => {
                case.accept()?;
                review.accepted += 1;
            }
            Answer::Reject => review.rejected += 1,
            Answer::Skip => review.skipped += 1,
            Answer::Quit => {
                review.skipped += 1;
                review.is_over = true;
            }
        }
    }
    Ok(())
}

fn show(out: &mut impl Write, case: &Case, lang: Lang) -> io::Result<()> {
    write_case(out, case, lang)?;
    if let Verdict::New { now } = &case.verdict {
        let good = style::GOOD;
        for line in now.lines() {
            writeln!(out, "{good}+{line}{good:#}")?;
        }
    }
    Ok(())
}

fn ask(input: &mut dyn BufRead, out: &mut impl Write, lang: Lang) -> io::Result<Answer> {
    loop {
        let bold = style::NAME;
        let question = lang.pick(
            "a – accept, r – reject, s – skip, q – quit",
            "п – принять, о – отклонить, д – дальше, в – выйти (или a, r, s, q)",
        );
        write!(out, "{bold}{question}{bold:#} > ")?;
        out.flush()?;
        let mut line = Vec::new();
        let read = io::Read::take(&mut *input, MAX_ANSWER_BYTES).read_until(b'\n', &mut line)?;
        if read == 0 {
            writeln!(out)?;
            return Ok(Answer::Quit);
        }
        match String::from_utf8_lossy(&line).trim().to_lowercase().as_str() {
            "a" | "accept" | "п" | "принять" => return Ok(Answer::Accept),
            "r" | "reject" | "о" | "отклонить" => return Ok(Answer::Reject),
            "s" | "skip" | "д" | "дальше" => return Ok(Answer::Skip),
            "q" | "quit" | "в" | "выйти" => return Ok(Answer::Quit),
            _ => {}
        }
    }
}
