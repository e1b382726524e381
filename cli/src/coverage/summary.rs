//! Coverage in numbers, and what was never reached, for people and for programs.

use std::io::{self, Write};

use serde_json::{Map, Value, json as object};
use switchboard_engine::cover::{Measure, Point, Total, Totals};
use switchboard_grammar::lang::Lang;

use super::Covered;
use crate::style;
use crate::table::Table;

/// Writes how much was reached, a line for each measure that a bundle has something of.
///
/// # Errors
/// When the output cannot be written.
pub(crate) fn summary(out: &mut impl Write, totals: Totals, lang: Lang) -> io::Result<()> {
    let mut table = Table::new([
        lang.pick("coverage", "покрытие"),
        lang.pick("reached", "пройдено"),
        lang.pick("of", "из"),
        "%",
        lang.pick("unreachable", "недостижимо"),
    ]);
    for (name, total) in named(totals, lang) {
        if total.all + total.unreachable == 0 {
            continue;
        }
        let unreachable = if total.unreachable == 0 { String::new() } else { total.unreachable.to_string() };
        table.row([
            name,
            total.reached.to_string(),
            total.all.to_string(),
            percent(total, lang),
            unreachable,
        ]);
    }
    writeln!(out)?;
    table.write(out)
}

/// Writes everything that was never reached, and what cannot be.
///
/// # Errors
/// When the output cannot be written.
pub(crate) fn uncovered(out: &mut impl Write, covered: &Covered, lang: Lang) -> io::Result<()> {
    let coverage = &covered.coverage;
    for point in coverage.missed() {
        write_point(out, covered, point, coverage.never(point).get(lang))?;
    }
    for point in coverage.unreachable() {
        let never = coverage.never(point);
        let proved = lang.pick("no event can reach this", "ни одно событие сюда не попадёт");
        write_point(out, covered, point, &format!("{} ({proved})", never.get(lang)))?;
    }
    let place = style::PLACE;
    for (script, lines) in coverage.scripts() {
        let missed: Vec<usize> =
            lines.iter().filter(|(_, count)| **count == 0).map(|(line, _)| *line).collect();
        if let Some(first) = missed.first() {
            let path = covered.path(script);
            let said = lang.pick("lines that never ran", "строки, которые ни разу не выполнялись");
            writeln!(out, "{place}{path}:{first}{place:#} {said}: {}", ranges(&missed))?;
        }
    }
    Ok(())
}

fn write_point(out: &mut impl Write, covered: &Covered, point: &Point, said: &str) -> io::Result<()> {
    let place = style::PLACE;
    let path = covered.path(covered.coverage.file(point));
    let section = covered.coverage.section(point);
    writeln!(out, "{place}{path}:{}{place:#} {section}: {said}", point.line)
}

/// Numbers in order as ranges: `3, 5–8`.
pub(super) fn ranges(numbers: &[usize]) -> String {
    let mut parts: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match parts.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => parts.push((*number, *number)),
        }
    }
    let part = |(first, last): &(usize, usize)| {
        if first == last { first.to_string() } else { format!("{first}–{last}") }
    };
    parts.iter().map(part).collect::<Vec<_>>().join(", ")
}

/// How much that is, with one digit behind the point, rounded down; a dash when there is nothing to reach.
pub(crate) fn percent(total: Total, lang: Lang) -> String {
    total.thousandths().map_or_else(|| "–".to_owned(), |thousandths| tenths(thousandths, lang))
}

/// Thousandths as a percentage, with the point or comma of the language.
pub(crate) fn tenths(thousandths: usize, lang: Lang) -> String {
    format!("{}{}{}", thousandths / 10, lang.pick('.', ','), thousandths % 10)
}

/// The measures with their names, the sum at the end.
pub(super) fn named(totals: Totals, lang: Lang) -> Vec<(String, Total)> {
    let mut all: Vec<(String, Total)> = Measure::ALL
        .into_iter()
        .map(|measure| (measure.words().get(lang).to_owned(), totals.of(measure)))
        .collect();
    all.push((lang.pick("lines of scripts", "строки скриптов").to_owned(), totals.script_lines));
    all.push((lang.pick("together", "вместе").to_owned(), totals.whole()));
    all
}

/// How much was reached, for programs.
pub(crate) fn json(totals: Totals) -> Value {
    let total = |total: Total| object!({"reached": total.reached, "all": total.all, "unreachable": total.unreachable});
    let mut told: Map<String, Value> = Measure::ALL
        .into_iter()
        .map(|measure| (measure.as_str().to_owned(), total(totals.of(measure))))
        .collect();
    told.insert("script_lines".to_owned(), total(totals.script_lines));
    told.insert("together".to_owned(), total(totals.whole()));
    Value::Object(told)
}

/// Everything that was never reached and could be, for programs.
pub(crate) fn missed(covered: &Covered) -> Vec<Value> {
    let coverage = &covered.coverage;
    let point = |point: &Point| {
        let never = coverage.never(point);
        object!({
            "measure": point.id.measure().as_str(),
            "file": covered.path(coverage.file(point)),
            "line": point.line,
            "section": coverage.section(point),
            "message": {"en": never.en, "ru": never.ru},
        })
    };
    coverage.missed().map(point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_as_ranges() {
        assert_eq!(ranges(&[1, 2, 3, 5, 8, 9]), "1–3, 5, 8–9");
        assert_eq!(ranges(&[]), "");
    }

    #[test]
    fn only_all_of_it_is_a_hundred_percent() {
        let percent = |reached, all| super::percent(Total { reached, all, unreachable: 0 }, Lang::En);
        assert_eq!([percent(9_999, 10_000), percent(3, 3), percent(0, 0)], ["99.9", "100.0", "–"]);
    }
}
