//! Texts with holes: each hole is shown as what will stand there, in square brackets.

use switchboard_engine::filters::{self, FilterKind};
use switchboard_grammar::ast::{Hole, LiteralKind, Part, TemplateFilter, TextLiteral, Value, ValueKind};
use switchboard_grammar::lang::Lang;

use super::literals::{Count, count};
use super::phrases::{inner_quoted, listed, or};
use super::values::Teller;

/// The text between its quotes: "Перезвонить [телефон клиента]".
pub(super) fn template(teller: &Teller<'_>, text: &TextLiteral) -> String {
    text.parts
        .iter()
        .map(|part| match part {
            Part::Text { text, .. } => text.to_string(),
            Part::Hole(hole) => format!("[{}]", filled(teller, hole)),
        })
        .collect()
}

fn filled(teller: &Teller<'_>, hole: &Hole) -> String {
    let mut parts = vec![teller.inside().value(&hole.value)];
    parts.extend(hole.filters.iter().map(|filter| shaped(filter, teller.lang)));
    parts.join(", ")
}

/// What a filter does to its value, in words.
fn shaped(filter: &TemplateFilter, lang: Lang) -> String {
    let words: Vec<String> = filter.arguments.iter().map(plain).collect();
    let first = words.first().map(String::as_str).unwrap_or_default();
    let Some((spec, _)) = filters::find(&filter.name.text) else {
        return format!("{} {}", filter.name.text, words.join(" ")).trim().to_owned();
    };
    match spec.kind {
        FilterKind::Date => lang.pick(format!("as {first}"), format!("в виде {first}")),
        FilterKind::Phone => lang.pick("in groups of digits", "группами цифр").to_owned(),
        FilterKind::Upper => lang.pick("in capitals", "прописными буквами").to_owned(),
        FilterKind::Lower => lang.pick("in small letters", "строчными буквами").to_owned(),
        FilterKind::Cut => {
            let word = if count(first) == Count::One { "знака" } else { "знаков" };
            lang.pick(format!("at most {first} characters"), format!("не длиннее {first} {word}"))
        }
        FilterKind::Join => {
            let between = inner_quoted(first, lang);
            lang.pick(format!("with {between} in between"), format!("через {between}"))
        }
        FilterKind::Plural => {
            let forms: Vec<String> = words.iter().map(|word| inner_quoted(word, lang)).collect();
            let forms = listed(&forms, or(lang));
            lang.pick(format!("the word that goes with it: {forms}"), format!("слово к этому числу: {forms}"))
        }
        FilterKind::Duration => lang.pick("in words", "словами").to_owned(),
    }
}

/// An argument of a filter; these are literals.
fn plain(value: &Value) -> String {
    let ValueKind::Literal(literal) = &value.kind else { return String::new() };
    match &literal.kind {
        LiteralKind::Text(text) => text.plain().unwrap_or_default().to_owned(),
        LiteralKind::Number(number) => number.text.to_string(),
        LiteralKind::YesNo(_)
        | LiteralKind::Duration(_)
        | LiteralKind::Phone(_)
        | LiteralKind::Date(_)
        | LiteralKind::Time(_)
        | LiteralKind::Moment(_) => String::new(),
    }
}
