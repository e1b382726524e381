//! Values, conditions, texts, literals.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use super::WIDTH;
use super::spell::Speller;
use crate::ast::{
    Condition, ConditionKind, Duration, Hole, Item, Literal, LiteralKind, Operand, Operator, Part, Phone,
    Test, TextLiteral, Value, ValueKind, Word,
};

/// How lists in brackets are laid out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// On one line.
    Flat,
    /// Over several lines, each a little deeper than a line of a section.
    Wrapped,
}

impl Speller<'_> {
    /// A condition that stands after `lead` on its line; wrapped when it would run over the width.
    pub(super) fn wrapped_condition(&mut self, lead: &str, indent: usize, condition: &Condition) -> String {
        let flat = self.condition(condition, Layout::Flat);
        if indent + lead.width() + 1 + flat.width() <= WIDTH {
            return flat;
        }
        self.condition(condition, Layout::Wrapped)
    }

    /// A condition.
    pub(super) fn condition(&mut self, condition: &Condition, layout: Layout) -> String {
        self.nested(condition, Tightness::Or, layout)
    }

    /// A condition inside another one: in brackets when it has them or needs them.
    fn nested(&mut self, condition: &Condition, within: Tightness, layout: Layout) -> String {
        let (text, own) = match &condition.kind {
            ConditionKind::Or { terms, words } => {
                (self.joined(terms, words, Tightness::And, layout), Tightness::Or)
            }
            ConditionKind::And { terms, words } => {
                (self.joined(terms, words, Tightness::Not, layout), Tightness::And)
            }
            ConditionKind::Not { word, inner } => {
                let inner = self.nested(inner, Tightness::Test, layout);
                (format!("{} {inner}", self.word(*word)), Tightness::Not)
            }
            ConditionKind::Test(test) => (self.test(test, layout), Tightness::Test),
        };
        // Brackets around a lone value that has its own are the same brackets.
        let twice = matches!(&condition.kind, ConditionKind::Test(test)
            if test.operator.is_none() && test.subject.brackets.is_some());
        if own < within || (condition.brackets.is_some() && !twice) { format!("({text})") } else { text }
    }

    fn joined(&mut self, terms: &[Condition], words: &[Word], within: Tightness, layout: Layout) -> String {
        let mut out = String::new();
        for (at, term) in terms.iter().enumerate() {
            if let Some(word) = at.checked_sub(1).and_then(|at| words.get(at).or(words.last())) {
                let _ = write!(out, " {} ", self.word(*word));
            }
            out.push_str(&self.nested(term, within, layout));
        }
        out
    }

    fn test(&mut self, test: &Test, layout: Layout) -> String {
        let subject = self.value(&test.subject);
        match self.asked(test.operator.as_ref(), &test.operand, layout) {
            Some(asked) => format!("{subject} {asked}"),
            None => subject,
        }
    }

    /// An operator and its operand; `None` when there are neither.
    pub(super) fn asked(
        &mut self,
        operator: Option<&Operator>,
        operand: &Operand,
        layout: Layout,
    ) -> Option<String> {
        let operator = operator.map(|operator| self.word(operator.word));
        let operand = match operand {
            Operand::None => None,
            Operand::One(item) => Some(self.item(item)),
            Operand::Many(items) => {
                let items: Vec<String> = items.iter().map(|item| self.item(item)).collect();
                Some(match layout {
                    Layout::Flat => format!("({})", items.join(", ")),
                    Layout::Wrapped => format!("(\n{}\n  )", filled(&items, 4)),
                })
            }
        };
        match (operator, operand) {
            (Some(operator), Some(operand)) => Some(format!("{operator} {operand}")),
            (Some(operator), None) => Some(operator.to_owned()),
            (None, operand) => operand,
        }
    }

    fn item(&mut self, item: &Item) -> String {
        let value = self.value(&item.value);
        match item.exactly {
            Some(word) => format!("{} {value}", self.word(word)),
            None => value,
        }
    }

    /// A value, in brackets when it has them.
    pub(super) fn value(&mut self, value: &Value) -> String {
        let text = match &value.kind {
            ValueKind::Literal(literal) => self.literal(literal),
            ValueKind::Path(path) => self.path(path),
            ValueKind::Call(call) => {
                let name = self.path(&call.name);
                format!("{name}({})", self.values(&call.arguments))
            }
            ValueKind::Else { options, words } => {
                let mut out = String::new();
                for (at, option) in options.iter().enumerate() {
                    if let Some(word) = at.checked_sub(1).and_then(|at| words.get(at).or(words.last())) {
                        let _ = write!(out, " {} ", self.word(*word));
                    }
                    let text = self.value(option);
                    let chain = matches!(option.kind, ValueKind::Else { .. }) && option.brackets.is_none();
                    out.push_str(&if chain { format!("({text})") } else { text });
                }
                out
            }
            ValueKind::Default(word) => self.word(*word).to_owned(),
        };
        if value.brackets.is_some() { format!("({text})") } else { text }
    }

    /// Values separated by commas.
    pub(super) fn values(&mut self, values: &[Value]) -> String {
        values.iter().map(|value| self.value(value)).collect::<Vec<_>>().join(", ")
    }

    fn literal(&mut self, literal: &Literal) -> String {
        match &literal.kind {
            LiteralKind::Text(text) => self.text(text),
            LiteralKind::Number(number) => number.text.to_string(),
            LiteralKind::YesNo(yes_no) => self.word(yes_no.word).to_owned(),
            LiteralKind::Duration(duration) => self.duration(duration),
            LiteralKind::Phone(written) => phone(written),
            LiteralKind::Date(date) => date.written.to_string(),
            LiteralKind::Time(time) => time.written.to_string(),
            LiteralKind::Moment(moment) => format!("{} {}", moment.date.written, moment.time.written),
        }
    }

    /// A duration.
    pub(super) fn duration(&self, duration: &Duration) -> String {
        duration.parts.iter().map(|part| self.part(part)).collect::<Vec<_>>().join(" ")
    }

    /// A text in quotes.
    pub(super) fn text(&mut self, text: &TextLiteral) -> String {
        let mut out = String::from("\"");
        let mut parts = text.parts.iter().peekable();
        while let Some(part) = parts.next() {
            match part {
                Part::Text { text, .. } => {
                    let before_hole = matches!(parts.peek(), Some(Part::Hole(_)));
                    escape(&mut out, text, before_hole);
                }
                Part::Hole(hole) => out.push_str(&self.hole(hole)),
            }
        }
        out.push('"');
        out
    }

    fn hole(&mut self, hole: &Hole) -> String {
        let mut out = format!("{{{{ {}", self.value(&hole.value));
        for filter in &hole.filters {
            let _ = write!(out, " | {}", self.name(&filter.name));
            for argument in &filter.arguments {
                let _ = write!(out, " {}", self.value(argument));
            }
        }
        out.push_str(" }}");
        out
    }
}

/// How tightly a condition holds together; a looser one needs brackets inside a tighter one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tightness {
    Or,
    And,
    Not,
    Test,
}

/// Items with commas, as many on a line as the width allows; every line starts `indent` columns from the margin.
pub(super) fn filled(items: &[String], indent: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let comma = if at + 1 < items.len() { "," } else { "" };
        match lines.last_mut() {
            Some(line) if line.width() + 1 + item.width() + comma.len() <= WIDTH => {
                let _ = write!(line, " {item}{comma}");
            }
            _ => lines.push(format!("{:indent$}{item}{comma}", "")),
        }
    }
    lines.join("\n")
}

/// A phone number: a Russian one in the usual groups, any other as written.
fn phone(phone: &Phone) -> String {
    let digits = phone.digits.as_str();
    let groups = (digits.get(1..4), digits.get(4..7), digits.get(7..9), digits.get(9..11));
    match groups {
        (Some(area), Some(first), Some(second), Some(third))
            if phone.international && digits.len() == 11 && digits.starts_with('7') =>
        {
            format!("+7 {area} {first}-{second}-{third}")
        }
        _ => phone.written.to_string(),
    }
}

/// A piece of text with its escapes; a brace that would open a hole is escaped.
fn escape(out: &mut String, text: &str, before_hole: bool) {
    let mut chars = text.chars().peekable();
    while let Some(ch) = chars.next() {
        match ch {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '{' if chars.peek() == Some(&'{') || (before_hole && chars.peek().is_none()) => {
                out.push_str("\\{");
            }
            other => out.push(other),
        }
    }
}
