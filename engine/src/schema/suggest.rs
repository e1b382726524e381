//! "Did you mean": the nearest known name to one that nobody knows.
//!
//! Tried in turn: another letter case; the same keys on the other keyboard layout (`ghjlf;b` for `продажи`);
//! letters of the other alphabet that look alike (`саmраign`); a few letters wrong, swapped, left out or too
//! many. Nothing is offered rather than something far off.

use std::borrow::Cow;

use super::{EventKind, Field, Schema, Spelling};
use crate::text::fold;

/// The nearest of the candidates, the earliest of equally near ones; None when none is near.
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let wanted = [fold(name), Cow::Owned(other_layout(name)), Cow::Owned(one_alphabet(name))];
    let mut best: Option<(usize, &'c str)> = None;
    for candidate in candidates {
        let known = fold(candidate);
        let known_alike = one_alphabet(&known);
        let distance = if wanted.iter().any(|wanted| **wanted == *known || **wanted == known_alike) {
            0
        } else {
            strsim::damerau_levenshtein(wanted.first().map_or(name, |name| name), &known)
        };
        if distance <= allowed(&known) && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// How many letters may be wrong: about a third, none in names of two.
fn allowed(name: &str) -> usize {
    match name.chars().count() {
        0..=2 => 0,
        3..=5 => 1,
        6..=9 => 2,
        _ => 3,
    }
}

const LATIN_KEYS: &str = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`";
const CYRILLIC_KEYS: &str = "йцукенгшщзхъфывапролджэячсмитьбюё";

/// The same keys on the other layout, whichever of the two the name is mostly typed in.
pub fn other_layout(name: &str) -> String {
    let name = name.to_lowercase();
    let cyrillic = name.chars().filter(|c| CYRILLIC_KEYS.contains(*c)).count();
    let latin = name.chars().filter(char::is_ascii_alphabetic).count();
    let (from, to) = if cyrillic > latin { (CYRILLIC_KEYS, LATIN_KEYS) } else { (LATIN_KEYS, CYRILLIC_KEYS) };
    name.chars().map(|c| swap(c, from, to)).collect()
}

const LATIN_TWINS: &str = "aceopxykmthb";
const CYRILLIC_TWINS: &str = "асеорхукмтнв";

/// Twins of the other alphabet written in the one that most letters are of.
pub fn one_alphabet(name: &str) -> String {
    let name = name.to_lowercase();
    let own = |c: &char| !LATIN_TWINS.contains(*c) && !CYRILLIC_TWINS.contains(*c);
    let cyrillic = name.chars().filter(own).filter(|c| matches!(c, 'а'..='я' | 'ё')).count();
    let latin = name.chars().filter(own).filter(char::is_ascii_alphabetic).count();
    let (from, to) =
        if cyrillic > latin { (LATIN_TWINS, CYRILLIC_TWINS) } else { (CYRILLIC_TWINS, LATIN_TWINS) };
    name.chars().map(|c| swap(c, from, to)).collect()
}

fn swap(c: char, from: &str, to: &str) -> char {
    from.chars().zip(to.chars()).find(|(from, _)| *from == c).map_or(c, |(_, to)| to)
}

impl Schema {
    /// The field of a kind whose name, any of them, is nearest to an unknown one.
    pub fn suggest_field(&self, kind: EventKind, name: &str) -> Option<&Field> {
        let near = nearest(name, self.field_names(kind).map(|(known, _, _)| known))?;
        self.field_names(kind).find(|(known, _, _)| *known == near).map(|(_, _, field)| field)
    }

    /// The name of a field of a kind, in one language, that is nearest to an unknown one.
    ///
    /// Other spellings are compared too, so that a UIS name or a name in the other language finds its field.
    pub fn suggest_field_name(
        &self,
        kind: EventKind,
        name: &str,
        spelling: Spelling,
    ) -> Option<&'static str> {
        let field = self.suggest_field(kind, name)?;
        Some(if spelling == Spelling::Russian { field.ru() } else { field.name() })
    }

    /// The setting of a kind whose name, any of them, is nearest to an unknown one.
    pub fn suggest_setting(&self, kind: EventKind, name: &str) -> Option<&super::Setting> {
        let near = nearest(name, self.setting_names(kind).map(|(known, _, _)| known))?;
        self.setting_names(kind).find(|(known, _, _)| *known == near).map(|(_, _, setting)| setting)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 6] = ["campaign", "scenario", "кампания", "сценарий", "продажи", "site"];

    #[track_caller]
    fn check(written: &str, meant: Option<&str>) {
        assert_eq!(nearest(written, NAMES), meant, "{written}");
    }

    #[test]
    fn letters_wrong() {
        check("campain", Some("campaign"));
        check("scenarios", Some("scenario"));
        check("компания", Some("кампания"));
        check("stie", Some("site"));
    }

    #[test]
    fn case_layout_and_alphabet() {
        check("CAMPAIGN", Some("campaign"));
        check("ghjlf;b", Some("продажи"));
        check("ыштеу", None);
        check("ысутфкшщ", Some("scenario"));
        check("саmраign", Some("campaign"));
        check("cценaрий", Some("сценарий"));
    }

    #[test]
    fn far_off_is_not_offered() {
        check("phone", None);
        check("si", None);
        check("", None);
    }
}
