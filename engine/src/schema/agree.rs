//! Words that agree with the Russian name of a field: `телефон указан`, `кампания указана`.
//!
//! The language takes any of the forms; what is shown to people, or written into their files, should read well. Names are
//! made of words with `_` between them, the first of which tells the gender: an adjective agrees with its noun, and a noun
//! in front is what the name is about (`ссылка_на_запись`).

/// The forms of a word: masculine, feminine, neuter, plural.
pub(crate) type Forms = [&'static str; 4];

/// `is present`.
pub(crate) const PRESENT: Forms = ["указан", "указана", "указано", "указаны"];
/// `like`.
pub(crate) const LIKE: Forms = ["похож на", "похожа на", "похоже на", "похожи на"];

/// The form that agrees with a name; masculine behind a name that is not Russian.
pub(crate) fn agree(name: &str, forms: Forms) -> &'static str {
    let [masculine, feminine, neuter, plural] = forms;
    let last = name.rsplit('.').next().unwrap_or(name);
    let word = last.split('_').next().unwrap_or(last);
    // Words that are no names of things: what is asked, and how many.
    if matches!(word, "откуда" | "сообщений") {
        return neuter;
    }
    let ends = |endings: &[&str]| endings.iter().any(|ending| word.ends_with(ending));
    if ends(&["ые", "ы", "и"]) {
        plural
    } else if ends(&["о", "е", "мя"]) {
        neuter
    } else if ends(&["а", "я"]) || (ends(&["ь"]) && !ends(&["тель"])) {
        feminine
    } else {
        masculine
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::catalog::schema;
    use crate::schema::EventKind;

    #[test]
    fn every_field_has_the_form_that_a_reader_expects() {
        let fields = EventKind::ALL.into_iter().flat_map(|kind| schema().fields(kind));
        let all: BTreeSet<String> =
            fields.map(|field| format!("{} {}", field.ru(), agree(field.ru(), PRESENT))).collect();
        insta::assert_snapshot!(all.into_iter().collect::<Vec<_>>().join("\n"));
    }
}
