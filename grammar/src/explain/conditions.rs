//! Conditions: what people write that is nearly right.

use super::units::What;
use super::view::{View, did_you_mean, write};
use crate::diagnostic::{Diagnostic, Safety, Text};
use crate::keywords::{Group, Keyword};

/// `in "a"` or `in 5`: a list stands in brackets.
pub(super) fn in_without_brackets(view: &View<'_>) -> Option<Diagnostic> {
    let operator =
        view.before().filter(|unit| matches!(unit.what, What::Operator(Keyword::In | Keyword::NotIn)))?;
    if !matches!(view.what(view.here), What::Text | What::Number) {
        return None;
    }
    let mut last = view.here;
    while view.what(last + 1) == What::Comma && view.what(last + 2).starts_with_literal() {
        last += 2;
    }
    let range = view.range(view.here, last - view.here + 1);
    let word = view.written(operator);
    let inside = view.text(range.clone());
    let fixed = format!("({inside})");
    Some(
        view.unexpected(
            range.clone(),
            Text::new(
                format!("the values after `{word}` go in brackets"),
                format!("значения после `{word}` пишутся в скобках"),
            ),
        )
        .here(write(&format!("{word} {fixed}")))
        .fix(view.fix(
            Safety::Safe,
            Text::new("put them in brackets", "возьмите их в скобки"),
            [(range, fixed)],
        )),
    )
}

/// `is ("a", "b")` and `is "a", "b"`: several values are asked with `in`.
pub(super) fn is_with_several(view: &View<'_>) -> Option<Diagnostic> {
    if view.what(view.here) != What::Comma || !view.what(view.here + 1).starts_value() {
        return None;
    }
    let operator = (0..view.here).rev().find(|index| matches!(view.what(*index), What::Operator(_)))?;
    let What::Operator(asked) = view.what(operator) else { return None };
    if !matches!(asked, Keyword::Is | Keyword::IsNot) {
        return one_at_a_time(view, operator);
    }
    let bracketed = view.what(operator + 1) == What::Open;
    // Between the operator and here there are literals only: the list that was meant.
    let from = operator + 1 + usize::from(bracketed);
    if view.here.checked_sub(from)? % 2 != 1 {
        return None;
    }
    let mut last = view.here;
    while view.what(last) == What::Comma && view.what(last + 1).starts_value() {
        last += 2;
    }
    let unit = view.units.get(operator)?;
    let written = view.written(unit);
    let within = view.spelling(if asked == Keyword::Is { Keyword::In } else { Keyword::NotIn });
    let message = Text::new(
        format!("`{written}` compares with one value; for several there is `{within}`"),
        format!("`{written}` сравнивает с одним значением; для нескольких есть `{within}`"),
    );
    let list = view.range(from, last - from);
    let mut edits = vec![(unit.range.clone(), within.to_owned())];
    if !bracketed {
        edits.push((list.start..list.start, "(".to_owned()));
        edits.push((list.end..list.end, ")".to_owned()));
    }
    let shown = format!("{within} ({})", view.text(list));
    Some(view.unexpected(unit.range.clone(), message).here(write(&shown)).fix(view.fix(
        Safety::Safe,
        write(&shown),
        edits,
    )))
}

/// `contains "a", "b"`: each comparison is written out.
fn one_at_a_time(view: &View<'_>, operator: usize) -> Option<Diagnostic> {
    let subject = view.units.get(operator.checked_sub(1)?).filter(|unit| unit.what == What::Word)?;
    if view.here != operator + 2 || !view.line.statement.holds_conditions() {
        return None;
    }
    let word = view.nth(operator);
    let or = view.spelling(Keyword::Or);
    let again = format!("{or} {} {word}", view.written(subject));
    let comma = view.this()?.range.clone();
    let message = Text::new(
        format!("`{word}` compares with one value at a time"),
        format!("`{word}` сравнивает с одним значением за раз"),
    );
    let fix = view.fix(Safety::Unsafe, write(&again), [(comma.clone(), format!(" {again}"))]);
    Some(
        view.unexpected(comma, message).here(write(&format!("{again} {}", view.nth(view.here + 1)))).fix(fix),
    )
}

/// `10 < x < 20`: one comparison at a time.
pub(super) fn chained(view: &View<'_>) -> Option<Diagnostic> {
    let second = view.this().filter(|unit| matches!(unit.what, What::Operator(_)))?;
    let middle = view.before().filter(|unit| unit.what.ends_value())?;
    let first = view.units.get(view.here.checked_sub(2)?)?;
    if !matches!(first.what, What::Operator(_)) {
        return None;
    }
    let and = view.spelling(Keyword::And);
    let (middle, second_text) = (view.written(middle), view.written(second));
    let message = Text::new(
        "two comparisons in a row: each needs its own value on the left",
        "два сравнения подряд: у каждого должно быть своё значение слева",
    );
    let insert = format!("{and} {middle} ");
    Some(
        view.unexpected(second.range.clone(), message)
            .here(write(&format!("… {insert}{second_text} …")))
            .fix(view.fix(
                Safety::Unsafe,
                write(&format!("{insert}{second_text}")),
                [(second.range.start..second.range.start, insert.clone())],
            )),
    )
}

/// `x between a and b`.
pub(super) fn between(view: &View<'_>) -> Option<Diagnostic> {
    let unit = view
        .this()
        .filter(|unit| matches!(view.written(unit).to_lowercase().as_str(), "between" | "между" | "от"))?;
    let subject = view.before().filter(|unit| unit.what == What::Word).map(|unit| view.written(unit))?;
    let and = view.spelling(Keyword::And);
    let shown = format!("{subject} >= … {and} {subject} <= …");
    let message = Text::new(
        format!("`{}` is not a word of this language", view.written(unit)),
        format!("слова `{}` в этом языке нет", view.written(unit)),
    );
    Some(view.unexpected(unit.range.clone(), message).here(write(&shown)))
}

/// `and and`, `not not`, `is contains`.
pub(super) fn doubled(view: &View<'_>) -> Option<Diagnostic> {
    let (before, this) = (view.before()?, view.this()?);
    let (first, second) = (view.written(before), view.written(this));
    match (before.what, this.what) {
        (What::Not, What::Not) => {
            let range = before.range.start..this.range.end;
            let message = Text::new(
                format!("`{first} {second}` cancels itself out"),
                format!("`{first} {second}` взаимно уничтожаются"),
            );
            let until = view.after().map_or(range.end, |next| next.range.start);
            let title = Text::new("remove both", "удалите оба");
            let fix = view.fix(Safety::Unsafe, title, [(range.start..until, String::new())]);
            Some(view.unexpected(range, message).fix(fix))
        }
        (What::Join(_), What::Join(_)) | (What::Operator(_), What::Operator(_)) => {
            let range = before.range.start..this.range.end;
            let message = Text::new(
                format!("`{first}` and `{second}` cannot be used together"),
                format!("`{first}` и `{second}` не могут стоять рядом"),
            );
            Some(view.unexpected(range, message).here(Text::new("keep one of them", "оставьте одно из них")))
        }
        _ => None,
    }
}

/// A bracket without its pair.
pub(super) fn brackets(view: &View<'_>) -> Option<Diagnostic> {
    let mut open: Vec<usize> = Vec::new();
    for (index, unit) in view.units.iter().enumerate() {
        match unit.what {
            What::Open => open.push(index),
            What::Close if open.pop().is_none() => {
                if view.here > index {
                    return None;
                }
                let message = Text::new("this bracket closes nothing", "эта скобка ничего не закрывает");
                let fix = Text::new("remove it", "удалите её");
                let fix = view.fix(Safety::Unsafe, fix, [(unit.range.clone(), String::new())]);
                return Some(view.unexpected(unit.range.clone(), message).fix(fix));
            }
            _ => {}
        }
    }
    // Only where the parser stopped after the bracket is the bracket what it missed.
    let index = open.into_iter().rev().find(|index| *index < view.here)?;
    let unit = view.units.get(index)?;
    if view.here < view.units.len()
        && !matches!(view.what(view.here), What::Join(_) | What::Else | What::Sign)
    {
        return None;
    }
    let message = Text::new("this bracket is not closed", "эта скобка не закрыта");
    let end = view.this().map_or(view.end(), |this| this.range.start..this.range.start);
    let trimmed = view.text(0..end.start).trim_end().len();
    if view.here == index + 1 {
        return Some(view.unexpected(unit.range.clone(), message));
    }
    Some(
        view.unexpected(unit.range.clone(), message)
            .label(view.label(trimmed..trimmed, Text::new("`)` is missing here", "здесь не хватает `)`")))
            .fix(view.fix(Safety::Unsafe, write(")"), [(trimmed..trimmed, ")".to_owned())])),
    )
}

/// Words without quotes where a text is meant: `site is Ромашка Опт`, `anna@romashka.ru`.
pub(super) fn unquoted_text(view: &View<'_>) -> Option<Diagnostic> {
    let this = view.this()?;
    let before = view.before()?;
    let glued = |left: &super::units::Unit, right: &super::units::Unit| left.range.end == right.range.start;
    let chunk = match this.what {
        // `anna@romashka.ru`, `opt-romashka.ru`, `https://…`: a sign with words stuck to it.
        What::Sign | What::Colon if before.what == What::Word && glued(before, this) => {
            if !matches!(view.written(this), "@" | "-" | ":" | "/" | "." | "&") || view.wants_colon() {
                return None;
            }
            let mut last = view.here;
            while view.units.get(last + 1).is_some_and(|next| {
                view.units.get(last).is_some_and(|unit| glued(unit, next))
                    && !matches!(next.what, What::Comma | What::Close)
            }) {
                last += 1;
            }
            if last == view.here {
                return None;
            }
            view.range(view.here - 1, last - view.here + 2)
        }
        // Two words in a row after an operator.
        What::Word if before.what == What::Word => {
            let lead = view.here.checked_sub(2).map(|index| view.what(index))?;
            if !matches!(lead, What::Operator(_) | What::Exactly | What::Colon | What::Else) {
                return None;
            }
            let mut last = view.here;
            while view.what(last + 1) == What::Word {
                last += 1;
            }
            view.range(view.here - 1, last - view.here + 2)
        }
        _ => return None,
    };
    let text = view.text(chunk.clone());
    let fixed = format!("\"{text}\"");
    let message = Text::new("a text must be in quotes", "текст пишется в кавычках");
    Some(view.unexpected(chunk.clone(), message).here(write(&fixed)).fix(view.fix(
        Safety::Unsafe,
        write(&fixed),
        [(chunk, fixed.clone())],
    )))
}

/// A word that is nearly an operator: `contians`, `заканчивается` without its `на`.
pub(super) fn misspelt_operator(view: &View<'_>) -> Option<Diagnostic> {
    view.this().filter(|unit| unit.what == What::Word)?;
    // `не похожа` without its `на` starts one word earlier.
    let negated = matches!(view.before()?.what, What::Not | What::Operator(Keyword::IsNot));
    let start = if negated { view.here - 1 } else { view.here };
    if (!negated && !view.before()?.what.ends_value()) || !view.line.statement.holds_operators() {
        return None;
    }
    let known: Vec<Keyword> = Keyword::TABLE
        .iter()
        .filter(|entry| entry.group == Group::Operator || matches!(entry.keyword, Keyword::And | Keyword::Or))
        .filter(|entry| !matches!(entry.keyword, Keyword::Missing | Keyword::Present | Keyword::Exactly))
        .map(|entry| entry.keyword)
        .collect();
    let (count, form) = view.meant(start, &known).filter(|(count, _)| !negated || *count > 1)?;
    let range = view.range(start, count);
    let written = view.text(range.clone());
    let message = Text::new(format!("unknown word: `{written}`"), format!("неизвестное слово: `{written}`"));
    let fix = view.fix(Safety::Unsafe, write(form), [(range.clone(), form.to_owned())]);
    Some(view.unexpected(range, message).here(did_you_mean(form)).fix(fix))
}

/// `exactly` after an operator that looks inside a text.
pub(super) fn exactly(view: &View<'_>) -> Option<Diagnostic> {
    let unit = view.this().filter(|unit| unit.what == What::Exactly)?;
    let (is, is_not, within) =
        (view.spelling(Keyword::Is), view.spelling(Keyword::IsNot), view.spelling(Keyword::In));
    let word = view.written(unit);
    let message = Text::new(
        format!(
            "`{word}` compares whole texts, so it goes only after `{is}`, `{is_not}` and in `{within} ( … )`"
        ),
        format!(
            "`{word}` сравнивает тексты целиком, поэтому пишется только после `{is}`, `{is_not}` и в `{within} ( … )`"
        ),
    );
    let until = view.after().map_or(unit.range.end, |next| next.range.start);
    let title = Text::new("remove it", "удалите его");
    let fix = view.fix(Safety::Unsafe, title, [(unit.range.start..until, String::new())]);
    Some(view.unexpected(unit.range.clone(), message).fix(fix))
}

/// Two values with nothing between them.
pub(super) fn side_by_side(view: &View<'_>) -> Option<Diagnostic> {
    let (before, this) = (view.before()?, view.this()?);
    if !before.what.ends_value() || !this.what.starts_value() {
        return None;
    }
    let (left, right) = (view.written(before), view.written(this));
    let compared = view.here.checked_sub(2).map(|index| view.what(index));
    let after_test = matches!(compared, Some(What::Operator(_)));
    if view.line.statement.holds_conditions() && after_test {
        let (and, or) = (view.spelling(Keyword::And), view.spelling(Keyword::Or));
        let message = Text::new(
            format!("`{and}` or `{or}` is missing before `{right}`"),
            format!("перед `{right}` не хватает `{and}` или `{or}`"),
        );
        return Some(view.unexpected(this.range.clone(), message));
    }
    let word = before.what == What::Word && this.what != What::Open;
    if view.line.statement.holds_conditions() && word {
        let is = view.spelling(Keyword::Is);
        let message = Text::new(
            format!("a comparison is missing between `{left}` and `{right}`"),
            format!("между `{left}` и `{right}` нет сравнения"),
        );
        let shown = format!("{left} {is} {right}");
        let at = this.range.start..this.range.start;
        return Some(
            view.unexpected(before.range.start..this.range.end, message)
                .here(Text::new(format!("for example `{shown}`"), format!("например `{shown}`")))
                .fix(view.fix(Safety::Unsafe, write(&shown), [(at, format!("{is} "))])),
        );
    }
    let message = Text::new(
        format!("`{right}` cannot follow `{left}`"),
        format!("`{right}` не может стоять сразу после `{left}`"),
    );
    let label = if this.what == What::Open {
        Text::new(
            "only the name of a function goes before a bracket",
            "перед скобкой стоит только имя функции",
        )
    } else {
        Text::new("there can be only one value here", "здесь может быть только одно значение")
    };
    Some(view.unexpected(this.range.clone(), message).here(label))
}

impl What {
    const fn starts_with_literal(self) -> bool {
        matches!(self, Self::Text | Self::Number | Self::Word)
    }
}
