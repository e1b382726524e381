//! What came of tests, as a text to be shown: of a few all that is decided, of many what is not well.

use std::fmt::Write as _;

use switchboard_engine::cover::{Measure, Total, Totals};
use switchboard_grammar::lang::Lang;

use crate::trials::{Came, Case, State, Tested, difference};

/// So many tests are shown with everything that is decided about them.
const MAX_WHOLE: usize = 10;
/// The most lines of one difference.
const MAX_LINES: usize = 200;

/// Tests in words.
pub(crate) fn in_words(tests: &[(&str, &Case)], lang: Lang) -> String {
    let mut out = String::new();
    for (name, case) in tests {
        let state = case.state();
        let about = case.about().map(|about| format!(" – {about}")).unwrap_or_default();
        let _ = writeln!(out, "{name}: {}{about}", state.words(lang));
        let is_whole = tests.len() <= MAX_WHOLE;
        if is_whole || state != State::Passes {
            write_case(&mut out, case, is_whole, lang);
        }
        if is_whole {
            out.push('\n');
        }
    }
    let _ = writeln!(out, "{}", summary(tests, lang));
    out
}

/// How many there are, and how they stand: `tests: 3 (passes: 2, no snapshot yet: 1)`.
pub(crate) fn summary(tests: &[(&str, &Case)], lang: Lang) -> String {
    if tests.is_empty() {
        return lang.pick("no tests", "тестов нет").to_owned();
    }
    let states = [State::Passes, State::Unmet, State::Changed, State::New, State::Broken, State::Undecided];
    let counted = states.into_iter().filter_map(|state| {
        let count = tests.iter().filter(|(_, case)| case.state() == state).count();
        (count > 0).then(|| format!("{}: {count}", state.words(lang)))
    });
    let counted: Vec<String> = counted.collect();
    format!("{}: {} ({})", lang.pick("tests", "тестов"), tests.len(), counted.join(", "))
}

fn write_case(out: &mut String, case: &Case, is_whole: bool, lang: Lang) {
    match &case.came {
        Came::Broken(faults) => {
            for fault in faults {
                let _ = writeln!(out, "  {}", fault.text.get(lang));
            }
        }
        Came::Undecided => {}
        Came::Tried(tried) => {
            for unmet in &tried.trial.unmet {
                let _ = writeln!(out, "  {}", unmet.text.get(lang));
            }
            if let Some(accepted) = tried.trial.accepted.as_ref().filter(|_| !tried.trial.is_as_accepted()) {
                let difference = difference(accepted, &tried.trial.now, MAX_LINES);
                difference.lines().for_each(|line| {
                    let _ = writeln!(out, "  {line}");
                });
                if is_whole {
                    let _ = writeln!(out, "  {}", lang.pick("now:", "сейчас:"));
                }
            }
            if is_whole {
                // The first line of a snapshot names the test.
                for line in tried.trial.now.lines().skip(2) {
                    let _ = writeln!(out, "{}", format!("  {line}").trim_end());
                }
            }
        }
    }
}

/// How much that is in percent, with the point or comma of the language; None when there is nothing to reach.
pub(super) fn percent(total: Total, lang: Lang) -> Option<String> {
    let thousandths = total.thousandths()?;
    Some(format!("{}{}{}", thousandths / 10, lang.pick('.', ','), thousandths % 10))
}

/// How much tests reach, a line a measure.
pub(crate) fn coverage_in_words(totals: Totals, lang: Lang) -> String {
    let mut out = String::new();
    let mut say = |name: &str, total: Total| {
        let Some(share) = percent(total, lang) else { return };
        let (reached, all) = (total.reached, total.all);
        let of = lang.pick("of", "из");
        let beyond = match total.unreachable {
            0 => String::new(),
            count => lang.pick(
                format!("; {count} more that no event reaches"),
                format!("; ещё {count}, куда не попадёт ни одно событие"),
            ),
        };
        let _ = writeln!(out, "{name}: {share} % ({reached} {of} {all}{beyond})");
    };
    for measure in Measure::ALL {
        say(measure.words().get(lang), totals.of(measure));
    }
    say(lang.pick("lines of scripts", "строки скриптов"), totals.script_lines);
    say(lang.pick("together", "вместе"), totals.whole());
    out
}

/// The tests of a run by name.
pub(crate) fn all(tested: &Tested) -> Vec<(&str, &Case)> {
    tested.cases.iter().map(|(name, case)| (name.as_str(), case)).collect()
}
