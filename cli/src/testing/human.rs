//! What came of tests, for people: what is not well with the difference, and a sentence that closes the run.

use std::io::{self, Write};

use switchboard_grammar::lang::Lang;

use super::{Case, Counts, Tested, Verdict};
use crate::diff::difference;
use crate::report::counted;
use crate::style;

/// Writes everything of one bundle that is not well, and what was accepted.
///
/// # Errors
/// When the output cannot be written.
pub(crate) fn human(out: &mut impl Write, tested: &Tested, lang: Lang) -> io::Result<()> {
    for case in tested.cases.iter().filter(|case| case.verdict != Verdict::Same || !case.unmet.is_empty()) {
        write_case(out, case, lang)?;
    }
    for orphan in &tested.orphans {
        let (place, bad) = (style::PLACE, style::BAD);
        let word = lang.pick("left over", "лишний снимок");
        let why = lang.pick("there is no test of this name", "теста с таким именем нет");
        writeln!(out, "{place}{}{place:#}: {bad}{word}{bad:#}: {why}", orphan.display())?;
    }
    Ok(())
}

/// Writes one case: where, what, and the difference.
///
/// # Errors
/// When the output cannot be written.
pub(super) fn write_case(out: &mut impl Write, case: &Case, lang: Lang) -> io::Result<()> {
    let place = style::PLACE;
    let (word, look) = match (&case.verdict, case.unmet.is_empty()) {
        (Verdict::Broken(_), _) => (lang.pick("cannot be run", "не выполнить"), style::BAD),
        (Verdict::Accepted, true) => (lang.pick("accepted", "принято"), style::GOOD),
        (Verdict::New { .. }, true) => (lang.pick("no snapshot yet", "снимка ещё нет"), style::BAD),
        (Verdict::Changed { .. }, true) => {
            (lang.pick("the decision changed", "решение изменилось"), style::BAD)
        }
        (_, false) => (lang.pick("not as expected", "не так, как ожидается"), style::BAD),
        (Verdict::Same, true) => (lang.pick("passed", "прошёл"), style::GOOD),
    };
    let about = case.about.as_ref().map(|about| format!(" – {about}")).unwrap_or_default();
    writeln!(out, "{place}{}{place:#}: {look}{word}{look:#}{about}", case.path.display())?;
    if let Verdict::Broken(faults) = &case.verdict {
        for fault in faults {
            writeln!(out, "  {}", fault.get(lang))?;
        }
    }
    for unmet in &case.unmet {
        writeln!(out, "  {}", unmet.get(lang))?;
    }
    if let Verdict::Changed { before, now } = &case.verdict {
        difference(out, &case.snapshot(), before, now)?;
    }
    Ok(())
}

/// The sentence that closes a run, and what can be done when not all is well.
///
/// # Errors
/// When the output cannot be written.
pub(crate) fn summary(out: &mut impl Write, counts: Counts, lang: Lang) -> io::Result<()> {
    let tests = counted(counts.tests, lang, ["test", "tests"], ["тест", "теста", "тестов"]);
    let parts: Vec<String> = [
        (counts.passed, ["passed", "passed"], ["прошёл", "прошли", "прошли"]),
        (counts.unmet, ["not as expected", "not as expected"], ["не так", "не так", "не так"]),
        (counts.changed, ["changed", "changed"], ["изменился", "изменились", "изменились"]),
        (
            counts.new,
            ["without a snapshot", "without a snapshot"],
            ["без снимка", "без снимка", "без снимка"],
        ),
        (counts.broken, ["cannot be run", "cannot be run"], ["не выполнить", "не выполнить", "не выполнить"]),
        (
            counts.orphans,
            ["snapshot left over", "snapshots left over"],
            ["лишний снимок", "лишних снимка", "лишних снимков"],
        ),
        (
            counts.refused,
            ["bundle with errors", "bundles with errors"],
            ["набор с ошибками", "набора с ошибками", "наборов с ошибками"],
        ),
    ]
    .into_iter()
    .filter(|(count, _, _)| *count > 0)
    .map(|(count, en, ru)| counted(count, lang, en, ru))
    .collect();
    if !counts.fails() {
        let (good, parts) = (style::GOOD, parts.join(", "));
        return writeln!(out, "{tests}: {good}{parts}{good:#}");
    }
    writeln!(out, "{tests}: {}", parts.join(", "))?;
    if counts.changed + counts.new + counts.orphans > 0 {
        let (quiet, what) = (
            style::QUIET,
            lang.pick(
                "`--review` asks about each, `--accept` takes all as they are now",
                "`--review` спросит о каждом, `--accept` примет всё, как есть сейчас",
            ),
        );
        writeln!(out, "{quiet}{what}{quiet:#}")?;
    }
    Ok(())
}
