//! Lines that are not worth parsing: unclosed texts, unclosed holes, too deep, too long.

use super::Parser;
use crate::codes;
use crate::diagnostic::{Diagnostic, Fix, Label, Safety, Text};
use crate::limits;
use crate::scan::Fault;
use crate::sections::LineFault;
use crate::span::Span;

impl Parser<'_> {
    /// Reports why a line is not parsed.
    pub(super) fn fault(&mut self, line: Span, fault: LineFault) {
        let diagnostic = match fault {
            LineFault::TooLong => self.too_long(line),
            LineFault::Scan(Fault::TooDeep { at }) => self.too_deep(at),
            LineFault::Scan(Fault::UnclosedText { start, end }) => self.unclosed_text(start, end),
            LineFault::Scan(Fault::MixedQuotes { start, end, quote }) => self.mixed_quotes(start, end, quote),
            LineFault::Scan(Fault::UnclosedHole { start, end }) => self.unclosed_hole(start, end),
        };
        self.sink.report(diagnostic);
    }

    fn unclosed_text(&self, start: usize, end: usize) -> Diagnostic {
        let message = Text::new("this text has no closing quote", "у этого текста нет закрывающей кавычки");
        let place = Span::of(start..end.max(start + 1));
        let label = Text::new("the text starts here", "текст начинается здесь");
        let title = Text::new("close it with `\"`", "закройте его кавычкой `\"`");
        let fix = Fix::replace(Safety::Unsafe, title, self.file, Span::of(end..end), "\"");
        Diagnostic::new(&codes::UNCLOSED_STRING, message, Label::new(self.file, place, label)).fix(fix)
    }

    fn mixed_quotes(&self, start: usize, end: usize, quote: usize) -> Diagnostic {
        let at = |at: usize| self.text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or('"');
        let length = at(quote).len_utf8();
        let (open, close) = if quote == start { (at(quote), '"') } else { ('"', at(quote)) };
        let message = Text::new(
            format!("this text opens with `{open}` and closes with `{close}`"),
            format!("текст открыт кавычкой `{open}`, а закрыт `{close}`"),
        );
        let title = Text::new("write `\"…\"`", "напишите `\"…\"`");
        let fix =
            Fix::replace(Safety::Unsafe, title.clone(), self.file, Span::of(quote..quote + length), "\"");
        Diagnostic::new(&codes::UNCLOSED_STRING, message, Label::new(self.file, Span::of(start..end), title))
            .fix(fix)
    }

    fn unclosed_hole(&self, start: usize, end: usize) -> Diagnostic {
        let message = Text::new("this `{{` has no `}}`", "у этой `{{` нет пары `}}`");
        let label = Text::new("it opens here", "она открывается здесь");
        let inside = self.text.get(start..end).unwrap_or("");
        let title = Text::new("close it with `}}`", "закройте её: `}}`");
        let single = inside.trim_end();
        let single = single.strip_suffix('}').filter(|before| !before.ends_with('}'));
        let fix = match single {
            Some(before) => {
                let at = start + before.len();
                Fix::replace(Safety::Unsafe, title, self.file, Span::of(at..at), "}")
            }
            None => {
                let at = Span::of(end..end);
                let closing = if inside.ends_with(' ') { "}}" } else { " }}" };
                Fix::replace(Safety::Unsafe, title, self.file, at, closing)
            }
        };
        Diagnostic::new(
            &codes::UNCLOSED_TEMPLATE,
            message,
            Label::new(self.file, Span::of(start..start + 2), label),
        )
        .note(Text::new(
            "to write two braces as they are, put `\\{` twice",
            "чтобы написать две скобки как текст, поставьте `\\{` дважды",
        ))
        .fix(fix)
    }

    fn too_deep(&self, at: usize) -> Diagnostic {
        let limit = limits::NESTING;
        let message = Text::new(
            format!("more than {limit} brackets inside one another"),
            format!("скобки вложены глубже, чем {limit} раз"),
        );
        let label = Text::new("this one is too many", "эта – лишняя");
        let length = self.text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        Diagnostic::new(
            &codes::NESTING_TOO_DEEP,
            message,
            Label::new(self.file, Span::of(at..at + length), label),
        )
        .note(Text::new(
            "split the condition into several lines, or into a table",
            "разбейте условие на несколько строк или на таблицу",
        ))
    }

    fn too_long(&self, line: Span) -> Diagnostic {
        let limit = limits::LINE_BYTES >> 10;
        let message = Text::new(
            format!("this line is longer than {limit} KiB and was not read"),
            format!("строка длиннее {limit} КиБ и не прочитана"),
        );
        let start = line.text(self.text);
        let shown = start.char_indices().nth(40).map_or(start.len(), |(at, _)| at);
        let place = Span::of(0..shown).shifted(line.start);
        Diagnostic::new(&codes::TOO_LARGE, message, Label::bare(self.file, place))
    }
}
