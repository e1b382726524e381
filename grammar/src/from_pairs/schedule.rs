//! Schedules.

use super::Reader;
use super::words::cover;
use crate::ast::{Day, Days, Hours, Interval, Name, ScheduleLine, TextLiteral, Word};
use crate::keywords::Keyword;
use crate::pairs::{Node, Symbol};

/// What a schedule's header line says.
pub(crate) struct ScheduleHead {
    pub(crate) word: Word,
    pub(crate) name: Name,
    pub(crate) zone: (Word, TextLiteral),
}

impl Reader<'_> {
    /// `schedule NAME in "Europe/Moscow"`.
    pub(crate) fn schedule_head(&mut self, node: &Node<'_>) -> Option<ScheduleHead> {
        let mut nodes = node.clone().into_inner();
        let word = self.next_word(&mut nodes)?;
        let name = self.name(&nodes.next()?);
        let within = self.next_word(&mut nodes)?;
        Some(ScheduleHead { word, name, zone: (within, self.plain_text(&nodes.next()?)?) })
    }

    /// `mon-fri: 09:00-18:00`.
    pub(crate) fn schedule_line(&mut self, node: &Node<'_>) -> Option<ScheduleLine> {
        let mut days = Vec::new();
        let mut intervals = Vec::new();
        let mut closed = None;
        for part in node.clone().into_inner() {
            match part.as_rule() {
                Symbol::days => days.push(self.days(&part)?),
                Symbol::interval => intervals.push(self.interval(&part)?),
                Symbol::k_closed => closed = self.word(&part),
                _ => {}
            }
        }
        Some(ScheduleLine { days, hours: closed.map_or(Hours::Open(intervals), Hours::Closed) })
    }

    fn days(&mut self, node: &Node<'_>) -> Option<Days> {
        let mut nodes = node.clone().into_inner();
        let first = nodes.next()?;
        let from = self.day(&first)?;
        let last = nodes.next();
        let span = cover(self.span(&first), last.as_ref().map(|last| self.span(last)));
        let to = match last {
            Some(last) => Some(self.day(&last)?),
            None => None,
        };
        Some(Days { span, from, to })
    }

    fn day(&mut self, node: &Node<'_>) -> Option<Day> {
        if node.as_rule() == Symbol::date {
            return Some(Day::Date(self.date(node)?));
        }
        let word = self.word(node)?;
        let number = match word.keyword {
            Keyword::Mon => 1,
            Keyword::Tue => 2,
            Keyword::Wed => 3,
            Keyword::Thu => 4,
            Keyword::Fri => 5,
            Keyword::Sat => 6,
            Keyword::Sun => 7,
            _ => return None,
        };
        Some(Day::Week(number, word))
    }

    fn interval(&mut self, node: &Node<'_>) -> Option<Interval> {
        let span = self.span(node);
        let mut nodes = node.clone().into_inner();
        let from = self.clock(&nodes.next()?)?;
        Some(Interval { span, from, to: self.clock(&nodes.next()?)? })
    }
}
