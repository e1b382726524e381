//! Literals: numbers, phones, durations, dates, times, yes and no.

use smol_str::{SmolStr, SmolStrBuilder};

use super::Reader;
use crate::ast::{
    Clock, Date, Duration, DurationPart, Literal, LiteralKind, Moment, Number, Phone, Unit, YesNo,
};
use crate::keywords::Keyword;
use crate::pairs::{Node, Symbol};

impl Reader<'_> {
    /// A literal; `None` when the node is none.
    pub(super) fn literal(&mut self, node: &Node<'_>) -> Option<Literal> {
        let span = self.span(node);
        let kind = match node.as_rule() {
            Symbol::text => LiteralKind::Text(self.text(node)?),
            Symbol::alien => LiteralKind::Text(self.alien(node)),
            Symbol::number => LiteralKind::Number(Number { text: SmolStr::new(node.as_str()) }),
            Symbol::yes_no => {
                let word = self.next_word(&mut node.clone().into_inner())?;
                LiteralKind::YesNo(YesNo { value: word.keyword == Keyword::Yes, word })
            }
            Symbol::duration => {
                let mut parts = Vec::new();
                for part in node.clone().into_inner() {
                    parts.push(self.part(&part)?);
                }
                LiteralKind::Duration(Duration { parts })
            }
            Symbol::phone => LiteralKind::Phone(phone(node.as_str())),
            Symbol::date => LiteralKind::Date(self.date(node)?),
            Symbol::time => LiteralKind::Time(self.clock(node)?),
            Symbol::moment => {
                let mut nodes = node.clone().into_inner();
                let date = self.date(&nodes.next()?)?;
                let time = self.clock(&nodes.next()?)?;
                LiteralKind::Moment(Box::new(Moment { date, time }))
            }
            _ => return None,
        };
        Some(Literal { span, kind })
    }

    /// `30 min`.
    pub(super) fn part(&mut self, node: &Node<'_>) -> Option<DurationPart> {
        let mut nodes = node.clone().into_inner();
        let amount = nodes.next()?;
        let unit = nodes.next()?;
        let part = self.amount_and_unit(&amount, &unit)?;
        Some(DurationPart { span: self.span(node), ..part })
    }

    /// A number and a unit that need not be neighbours.
    pub(super) fn amount_and_unit(&mut self, amount: &Node<'_>, unit: &Node<'_>) -> Option<DurationPart> {
        let word = self.next_word(&mut unit.clone().into_inner())?;
        let unit = match word.keyword {
            Keyword::Second => Unit::Second,
            Keyword::Minute => Unit::Minute,
            Keyword::Hour => Unit::Hour,
            Keyword::DayUnit => Unit::Day,
            Keyword::Week => Unit::Week,
            _ => return None,
        };
        let span = self.span(amount).cover(word.span);
        Some(DurationPart { span, amount: SmolStr::new(amount.as_str()), unit, word })
    }

    /// A date in either shape.
    pub(super) fn date(&self, node: &Node<'_>) -> Option<Date> {
        let written = node.as_str();
        let (year, month, day) = match written.split_once('-') {
            Some((year, rest)) => {
                let (month, day) = rest.split_once('-')?;
                (year, month, day)
            }
            None => {
                let (day, rest) = written.split_once('.')?;
                let (month, year) = rest.split_once('.')?;
                (year, month, day)
            }
        };
        Some(Date {
            span: self.span(node),
            year: year.parse().ok()?,
            month: month.parse().ok()?,
            day: day.parse().ok()?,
            written: SmolStr::new(written),
        })
    }

    /// A time of day.
    pub(super) fn clock(&self, node: &Node<'_>) -> Option<Clock> {
        let written = node.as_str();
        let (hour, minute) = written.split_once(':')?;
        Some(Clock {
            span: self.span(node),
            hour: hour.parse().ok()?,
            minute: minute.parse().ok()?,
            written: SmolStr::new(written),
        })
    }
}

/// A phone number from its spelling.
fn phone(written: &str) -> Phone {
    let mut digits = SmolStrBuilder::new();
    let mut count = 0_u32;
    let plus = written.starts_with('+');
    let mut russian = false;
    for digit in written.chars().filter(char::is_ascii_digit) {
        if count == 0 && (digit == '7' || (digit == '8' && !plus)) {
            russian = true;
            digits.push('7');
        } else {
            digits.push(digit);
        }
        count += 1;
    }
    let first = written.chars().find(char::is_ascii_digit).unwrap_or('7');
    let russian = russian && count == 11;
    let digits = digits.finish();
    let digits = match digits.get(1..) {
        Some(rest) if !russian && first == '8' => smol_str::format_smolstr!("8{rest}"),
        _ => digits,
    };
    let written = written.split_whitespace().collect::<Vec<_>>().join(" ");
    Phone { digits, international: plus || russian, written: SmolStr::new(written) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: &str, digits: &str, international: bool) {
        let phone = phone(written);
        assert_eq!((phone.digits.as_str(), phone.international), (digits, international));
    }

    #[test]
    fn russian_numbers_are_one_number() {
        for written in ["+7 495 123-45-67", "8 (495) 123-45-67", "7 495 1234567", "+74951234567"] {
            check(written, "74951234567", true);
        }
    }

    #[test]
    fn other_numbers_keep_their_digits() {
        check("+375 29 123-45-67", "375291234567", true);
        check("+86 10 1234 5678", "861012345678", true);
    }
}
