//! Words, names, literals, texts, values and conditions at random.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use switchboard_grammar::ast::{
    Call, Clock, Condition, ConditionKind, Date, Duration, DurationPart, Hole, Item, Literal, LiteralKind,
    Moment, Name, Number, Operand, Operation, Operator, Part, Path, Phone, TemplateFilter, Test, TextLiteral,
    Unit, Value, ValueKind, Word, YesNo,
};
use switchboard_grammar::keywords::Keyword;
use switchboard_grammar::lang::Lang;
use switchboard_grammar::span::Span;

/// Nowhere: trees made by hand stand in no file.
pub(super) const NO: Span = Span::at(0);

/// A keyword in any form of its language.
pub(super) fn word(lang: Lang, keyword: Keyword) -> BoxedStrategy<Word> {
    select(keyword.entry().forms(lang)).prop_map(move |form| Word { span: NO, keyword, form }).boxed()
}

/// A name that is no keyword.
pub(super) fn name() -> BoxedStrategy<Name> {
    let names = [
        "site",
        "campaign",
        "utm",
        "x1",
        "_a",
        "сайт",
        "клиент",
        "ёлка",
        "й9_z",
        "first",
        "VIP",
        "first_match",
    ];
    select(names.to_vec()).prop_map(|text| Name { span: NO, text: text.into() }).boxed()
}

pub(super) fn path() -> BoxedStrategy<Path> {
    let rest = select(vec!["custom", "in", "поле", "1c", "not", "x"]);
    let rest = rest.prop_map(|text| Name { span: NO, text: text.into() });
    (name(), vec(rest, 0..3))
        .prop_map(|(first, rest)| Path { span: NO, segments: std::iter::once(first).chain(rest).collect() })
        .boxed()
}

fn plain(kind: ValueKind) -> Value {
    Value { span: NO, kind, brackets: None }
}

fn literal_value(kind: LiteralKind) -> Value {
    plain(ValueKind::Literal(Literal { span: NO, kind }))
}

/// Pieces of text that need care.
fn text_piece() -> BoxedStrategy<String> {
    let pieces = [
        "a", " ", "\"", "\\", "{", "{{", "}}", "}", "\n", "\t", "#", "|", "||", "ё", "🙂", "'", "«",
        "\u{a0}", "VIP*", "(", "else",
    ];
    vec(select(pieces.to_vec()), 1..5).prop_map(|pieces| pieces.concat()).boxed()
}

/// A text without holes.
pub(super) fn plain_text() -> BoxedStrategy<TextLiteral> {
    option::of(text_piece())
        .prop_map(|text| {
            let part = |text: String| Part::Text { span: NO, text: text.into() };
            TextLiteral { span: NO, parts: text.into_iter().map(part).collect() }
        })
        .boxed()
}

/// A text with holes whose values may hold texts again.
fn text(lang: Lang, depth: u32) -> BoxedStrategy<TextLiteral> {
    if depth == 0 {
        return plain_text();
    }
    let hole = (value(lang, depth - 1), vec(template_filter(), 0..3))
        .prop_map(|(value, filters)| Part::Hole(Hole { span: NO, value, filters }));
    let piece = text_piece().prop_map(|text| Part::Text { span: NO, text: text.into() });
    vec(prop_oneof![piece, hole], 0..4)
        .prop_map(|parts| {
            let mut joined: Vec<Part> = Vec::new();
            for part in parts {
                match (joined.last_mut(), part) {
                    // Two plain pieces never stand side by side.
                    (Some(Part::Text { text, .. }), Part::Text { text: more, .. }) => {
                        *text = format!("{text}{more}").into();
                    }
                    (_, part) => joined.push(part),
                }
            }
            TextLiteral { span: NO, parts: joined }
        })
        .boxed()
}

fn template_filter() -> BoxedStrategy<TemplateFilter> {
    let number = Just(literal_value(LiteralKind::Number(Number { text: "40".into() })));
    let texts = vec(plain_text().prop_map(|text| literal_value(LiteralKind::Text(text))), 0..4);
    (name(), prop_oneof![number.prop_map(|number| vec![number]), texts])
        .prop_map(|(name, arguments)| TemplateFilter { span: NO, name, arguments })
        .boxed()
}

pub(super) fn part(lang: Lang) -> BoxedStrategy<DurationPart> {
    let units = [
        (Unit::Second, Keyword::Second),
        (Unit::Minute, Keyword::Minute),
        (Unit::Hour, Keyword::Hour),
        (Unit::Day, Keyword::DayUnit),
        (Unit::Week, Keyword::Week),
    ];
    let unit = select(units.to_vec()).prop_flat_map(move |(unit, keyword)| (Just(unit), word(lang, keyword)));
    (select(vec!["1", "2", "30", "1.5", "11"]), unit)
        .prop_map(|(amount, (unit, word))| DurationPart { span: NO, amount: amount.into(), unit, word })
        .boxed()
}

pub(super) fn date() -> BoxedStrategy<Date> {
    let dates = [(2026, 3, 2, "2026-03-02"), (2026, 12, 31, "31.12.2026"), (2026, 99, 99, "2026-99-99")];
    select(dates.to_vec())
        .prop_map(|(year, month, day, written)| Date { span: NO, year, month, day, written: written.into() })
        .boxed()
}

pub(super) fn clock() -> BoxedStrategy<Clock> {
    let times = [(9, 0, "9:00"), (9, 30, "09:30"), (24, 0, "24:00")];
    select(times.to_vec())
        .prop_map(|(hour, minute, written)| Clock { span: NO, hour, minute, written: written.into() })
        .boxed()
}

fn phone() -> BoxedStrategy<Phone> {
    let phones = [
        ("74951234567", true, "8 (495) 123-45-67"),
        ("78121234567", true, "+7 812 123-45-67"),
        ("375291234567", true, "+375 29 123-45-67"),
    ];
    select(phones.to_vec())
        .prop_map(|(digits, international, written)| Phone {
            digits: digits.into(),
            international,
            written: written.into(),
        })
        .boxed()
}

fn literal(lang: Lang, depth: u32) -> BoxedStrategy<Value> {
    let yes_no = any::<bool>().prop_flat_map(move |value| {
        let keyword = if value { Keyword::Yes } else { Keyword::No };
        word(lang, keyword).prop_map(move |word| LiteralKind::YesNo(YesNo { value, word }))
    });
    let number = select(vec!["0", "5", "-3", "0.5", "-1.25", "74951234567"]);
    prop_oneof![
        4 => text(lang, depth).prop_map(LiteralKind::Text),
        2 => number.prop_map(|text| LiteralKind::Number(Number { text: text.into() })),
        1 => yes_no,
        2 => vec(part(lang), 1..3).prop_map(|parts| LiteralKind::Duration(Duration { parts })),
        1 => phone().prop_map(LiteralKind::Phone),
        1 => date().prop_map(LiteralKind::Date),
        1 => clock().prop_map(LiteralKind::Time),
        1 => (date(), clock()).prop_map(|(date, time)| LiteralKind::Moment(Box::new(Moment { date, time }))),
    ]
    .prop_map(literal_value)
    .boxed()
}

/// A value, `depth` levels deep at most.
pub(super) fn value(lang: Lang, depth: u32) -> BoxedStrategy<Value> {
    let name = path().prop_map(|path| plain(ValueKind::Path(path)));
    let default = word(lang, Keyword::Default).prop_map(|word| plain(ValueKind::Default(word)));
    if depth == 0 {
        return prop_oneof![4 => name, 4 => literal(lang, 0), 1 => default].boxed();
    }
    let call = (path(), vec(value(lang, depth - 1), 0..3))
        .prop_map(|(name, arguments)| plain(ValueKind::Call(Call { name, arguments })));
    let chain = (vec(value(lang, depth - 1), 2..4), word(lang, Keyword::Else))
        .prop_map(|(options, word)| plain(ValueKind::Else { words: vec![word; options.len() - 1], options }));
    let inner = prop_oneof![4 => name, 4 => literal(lang, depth - 1), 1 => default, 2 => call, 2 => chain];
    (inner, prop::bool::weighted(0.1))
        .prop_map(|(value, brackets)| Value { brackets: brackets.then_some(NO), ..value })
        .boxed()
}

pub(super) fn item(lang: Lang) -> BoxedStrategy<Item> {
    let exact = (option::weighted(0.2, word(lang, Keyword::Exactly)), value(lang, 1));
    exact.prop_map(|(exactly, value)| Item { exactly, value }).boxed()
}

fn loose_item(lang: Lang) -> BoxedStrategy<Item> {
    value(lang, 1).prop_map(|value| Item { exactly: None, value }).boxed()
}

fn items(lang: Lang) -> BoxedStrategy<Operand> {
    let list =
        path().prop_map(|path| Operand::One(Item { exactly: None, value: plain(ValueKind::Path(path)) }));
    prop_oneof![list, vec(item(lang), 1..20).prop_map(Operand::Many)].boxed()
}

/// An operator that compares with a value.
pub(super) fn comparison(lang: Lang, negated: bool) -> BoxedStrategy<(Operator, Operand)> {
    let positive = [
        (Operation::Contains, Keyword::Contains),
        (Operation::StartsWith, Keyword::StartsWith),
        (Operation::EndsWith, Keyword::EndsWith),
        (Operation::Like, Keyword::Like),
        (Operation::AtLeast, Keyword::AtLeast),
        (Operation::AtMost, Keyword::AtMost),
        (Operation::Over, Keyword::Over),
        (Operation::Under, Keyword::Under),
    ];
    let opposite = [
        (Operation::Contains, Keyword::NotContains),
        (Operation::StartsWith, Keyword::NotStartsWith),
        (Operation::EndsWith, Keyword::NotEndsWith),
        (Operation::Like, Keyword::NotLike),
    ];
    let known = if negated { opposite.to_vec() } else { positive.to_vec() };
    let operator = select(known).prop_flat_map(move |(operation, keyword)| {
        word(lang, keyword).prop_map(move |word| Operator { operation, negated, word })
    });
    (operator, loose_item(lang).prop_map(Operand::One)).boxed()
}

/// `in` and what it looks in.
pub(super) fn within(lang: Lang, negated: bool) -> BoxedStrategy<(Operator, Operand)> {
    let keyword = if negated { Keyword::NotIn } else { Keyword::In };
    let operator =
        word(lang, keyword).prop_map(move |word| Operator { operation: Operation::In, negated, word });
    (operator, items(lang)).boxed()
}

/// `missing` or `present`, as conditions or as cells have it.
pub(super) fn presence(lang: Lang, cell: bool) -> BoxedStrategy<(Operator, Operand)> {
    any::<bool>()
        .prop_flat_map(move |negated| {
            let keyword = match (cell, negated) {
                (true, true) => Keyword::Present,
                (true, false) => Keyword::Missing,
                (false, true) => Keyword::IsPresent,
                (false, false) => Keyword::IsMissing,
            };
            word(lang, keyword).prop_map(move |word| {
                (Operator { operation: Operation::Missing, negated, word }, Operand::None)
            })
        })
        .boxed()
}

fn equality(lang: Lang) -> BoxedStrategy<(Operator, Operand)> {
    let operator = any::<bool>().prop_flat_map(move |negated| {
        let keyword = if negated { Keyword::IsNot } else { Keyword::Is };
        word(lang, keyword).prop_map(move |word| Operator { operation: Operation::Is, negated, word })
    });
    (operator, item(lang).prop_map(Operand::One)).boxed()
}

/// A condition, `depth` levels deep at most.
pub(super) fn condition(lang: Lang, depth: u32) -> BoxedStrategy<Condition> {
    let asked = prop_oneof![
        equality(lang).prop_map(Some),
        any::<bool>().prop_flat_map(move |negated| within(lang, negated)).prop_map(Some),
        any::<bool>().prop_flat_map(move |negated| comparison(lang, negated)).prop_map(Some),
        presence(lang, false).prop_map(Some),
        Just(None),
    ];
    // A text or a number alone is no condition.
    let mere =
        |value: &Value| value.literal().is_some_and(|literal| !matches!(literal.kind, LiteralKind::YesNo(_)));
    let test = (value(lang, 1), asked)
        .prop_filter("no condition", move |(subject, asked)| asked.is_some() || !mere(subject));
    let test = test.prop_map(|(subject, asked)| {
        let (operator, operand) =
            asked.map_or((None, Operand::None), |(operator, operand)| (Some(operator), operand));
        ConditionKind::Test(Box::new(Test { subject, operator, operand }))
    });
    let kind = if depth == 0 {
        test.boxed()
    } else {
        let not = (word(lang, Keyword::Not), condition(lang, depth - 1))
            .prop_map(|(word, inner)| ConditionKind::Not { word, inner: Box::new(inner) });
        let and = (vec(condition(lang, depth - 1), 2..4), word(lang, Keyword::And))
            .prop_map(|(terms, word)| ConditionKind::And { words: vec![word; terms.len() - 1], terms });
        let or = (vec(condition(lang, depth - 1), 2..4), word(lang, Keyword::Or))
            .prop_map(|(terms, word)| ConditionKind::Or { words: vec![word; terms.len() - 1], terms });
        prop_oneof![3 => test, 1 => not, 2 => and, 2 => or].boxed()
    };
    (kind, prop::bool::weighted(0.1))
        .prop_map(|(kind, brackets)| Condition { span: NO, kind, brackets: brackets.then_some(NO) })
        .boxed()
}
