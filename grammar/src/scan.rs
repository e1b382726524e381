//! Texts, brackets and comments, found before the parser runs.
//!
//! Takes one physical line; says where its code ends, where its comment starts, how many brackets stay open, and
//! whether a text is unclosed. Knows that texts hold `{{ … }}` and that these hold texts again. Works with a stack
//! of its own, so that depth is a number and not a crash.

use crate::limits;

/// What was found in one line.
#[derive(Debug)]
pub(crate) struct Scan {
    /// Where the code ends, blanks after it excluded.
    pub(crate) code_end: usize,
    /// Where `#` stands.
    pub(crate) comment: Option<usize>,
    /// How many brackets are open at the end.
    pub(crate) open: usize,
    /// What makes the line unreadable.
    pub(crate) fault: Option<Fault>,
}

/// What makes a line unreadable before it is parsed; offsets are in the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A text that starts here has no end; the quote is missing before `end`.
    UnclosedText { start: usize, end: usize },
    /// A text opens with one kind of quote and closes with another; `quote` is the one that is not `"`.
    MixedQuotes { start: usize, end: usize, quote: usize },
    /// A `{{` that stands here has no `}}`; it is missing before `end`.
    UnclosedHole { start: usize, end: usize },
    /// Here the nesting passes the limit.
    TooDeep { at: usize },
}

/// How a text goes on from its opening quote.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum TextEnd {
    /// The offset after the closing quote.
    Closed(usize),
    /// The line ends first.
    Unclosed,
    /// Here the nesting passes the limit.
    TooDeep(usize),
}

/// Scans one line that starts with `open` brackets already open.
pub(crate) fn scan(line: &str, mut open: usize) -> Scan {
    let mut at = 0;
    let done = |end: usize, comment, open, fault| Scan {
        code_end: line.get(..end).map_or(0, |code| code.trim_end().len()),
        comment,
        open,
        fault,
    };
    while let Some(ch) = char_at(line, at) {
        match ch {
            '#' => return done(at, Some(at), open, None),
            '(' => {
                open += 1;
                if open > limits::NESTING {
                    return done(line.len(), None, open, Some(Fault::TooDeep { at }));
                }
            }
            ')' => open = open.saturating_sub(1),
            quote if closing_quotes(quote).is_some() => match text_end(line, at, open) {
                TextEnd::Closed(end) => {
                    at = end;
                    continue;
                }
                TextEnd::TooDeep(at) => return done(line.len(), None, open, Some(Fault::TooDeep { at })),
                // A lone apostrophe or guillemet is left to the parser; only `"` swallows the line.
                TextEnd::Unclosed if quote != '"' => {}
                TextEnd::Unclosed => return done(line.len(), None, open, Some(blame(line))),
            },
            _ => {}
        }
        at += ch.len_utf8();
    }
    done(line.len(), None, open, None)
}

/// The quotes that may end a text that starts with `quote`; `None` when it starts no text.
pub(crate) const fn closing_quotes(quote: char) -> Option<&'static [char]> {
    match quote {
        '"' => Some(&['"']),
        '\'' => Some(&['\'']),
        '«' => Some(&['»']),
        '“' | '„' | '”' => Some(&['”', '“']),
        '‘' | '’' => Some(&['’', '‘']),
        _ => None,
    }
}

/// What is open while a text is read.
enum Frame {
    Text(&'static [char]),
    Hole,
    Bracket,
}

/// Finds the end of the text whose opening quote stands at `start`, inside `outer` brackets.
pub(crate) fn text_end(line: &str, start: usize, outer: usize) -> TextEnd {
    let Some(quote) = char_at(line, start) else { return TextEnd::Unclosed };
    let Some(closing) = closing_quotes(quote) else { return TextEnd::Unclosed };
    let mut stack = vec![Frame::Text(closing)];
    let mut depth = outer;
    let mut at = start + quote.len_utf8();
    while let Some(ch) = char_at(line, at) {
        let next = at + ch.len_utf8();
        let doubled = char_at(line, next) == Some(ch);
        at = next;
        match (stack.last(), ch) {
            (_, '\n') => return TextEnd::Unclosed,
            (Some(Frame::Text(_)), '\\') => at += char_at(line, at).map_or(0, char::len_utf8),
            (Some(Frame::Text(closing)), ch) if closing.contains(&ch) => {
                stack.pop();
                if stack.is_empty() {
                    return TextEnd::Closed(at);
                }
            }
            (_, '{') if doubled => {
                at += 1;
                depth += 1;
                stack.push(Frame::Hole);
            }
            (Some(Frame::Text(_)), _) => {}
            (_, '}') if doubled => {
                at += 1;
                while let Some(frame) = stack.pop() {
                    depth -= 1;
                    if matches!(frame, Frame::Hole) {
                        break;
                    }
                }
            }
            (_, '(') => {
                depth += 1;
                stack.push(Frame::Bracket);
            }
            (Some(Frame::Bracket), ')') => {
                depth -= 1;
                stack.pop();
            }
            (_, '"') => stack.push(Frame::Text(&['"'])),
            _ => {}
        }
        if depth > limits::NESTING {
            return TextEnd::TooDeep(next - ch.len_utf8());
        }
    }
    TextEnd::Unclosed
}

/// Which quote or brace is to blame when a text of this line never ends.
///
/// With an even number of quotes the quotes are fine, so a `{{` lacks its end. With an odd one, a quote is missing:
/// of the first piece between quotes that runs over something which should not be in a text, else of the first.
fn blame(line: &str) -> Fault {
    let quotes = quotes(line);
    let start = quotes.first().copied().unwrap_or_default();
    let end_of_code = line.trim_end().len();
    if let [quote] = quotes.as_slice()
        && let Some(mixed) = mixed_quotes(line, *quote)
    {
        return mixed;
    }
    if quotes.len().is_multiple_of(2)
        && let Some(hole) = unclosed_hole(line, start)
    {
        let rest = line.get(hole + 2..).unwrap_or("");
        let next =
            rest.find("{{").map(|next| hole + 2 + rest.get(..next).map_or(0, |text| text.trim_end().len()));
        let closing = next.or(quotes.last().copied()).unwrap_or(end_of_code);
        return Fault::UnclosedHole { start: hole, end: closing };
    }
    let row = line.trim_start().starts_with('|');
    let mut in_hole = false;
    for (index, quote) in quotes.iter().copied().enumerate() {
        let until = quotes.get(index + 1).copied().unwrap_or(line.len());
        let inside = line.get(quote + 1..until).unwrap_or("");
        let stop = [row.then_some(" |"), in_hole.then_some(" }}")].into_iter().flatten();
        let stop = stop.filter_map(|stop| inside.find(stop)).min();
        if let Some(stop) = stop.filter(|_| inside.starts_with(|ch: char| !ch.is_whitespace())) {
            let end = quote + 1 + inside.get(..stop).map_or(0, |text| text.trim_end().len());
            return Fault::UnclosedText { start: quote, end };
        }
        in_hole = inside.rfind("{{") > inside.rfind("}}");
    }
    Fault::UnclosedText { start, end: end_of_code }
}

/// A lone `"` at `quote` whose partner is a quote of another kind: `'a"`, `"a”`.
fn mixed_quotes(line: &str, quote: usize) -> Option<Fault> {
    let before = line.get(..quote)?;
    let opener = before.rfind(|ch: char| "'«“„‘".contains(ch)).filter(|at| {
        // Words of a text that is open there, not the end of one.
        before
            .get(*at..)
            .is_some_and(|text| !text.contains(['»', '”', '’']) && text.matches('\'').count() < 2)
    });
    if let Some(start) = opener {
        return Some(Fault::MixedQuotes { start, end: quote + 1, quote: start });
    }
    let after = line.get(quote + 1..)?;
    let at = quote + 1 + after.find(|ch: char| "»”“’'".contains(ch))?;
    Some(Fault::MixedQuotes { start: quote, end: at + char_at(line, at)?.len_utf8(), quote: at })
}

/// The offsets of all `"`, escaped ones left out.
fn quotes(line: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let mut escaped = false;
    for (at, byte) in line.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => found.push(at),
            _ => {}
        }
    }
    found
}

/// The first `{{` from `start` on that no `}}` follows before the next `{{`.
fn unclosed_hole(line: &str, start: usize) -> Option<usize> {
    let mut at = start;
    loop {
        let hole = at + line.get(at..)?.find("{{")?;
        let rest = line.get(hole + 2..)?;
        let close = rest.find("}}");
        let next = rest.find("{{");
        match (close, next) {
            (Some(close), Some(next)) if close < next => at = hole + 2 + close + 2,
            (Some(_), None) => return None,
            _ => return Some(hole),
        }
    }
}

/// The character that starts at this offset.
pub(crate) fn char_at(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "a test may fail loudly")]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, code: &str, open: usize) {
        let scan = scan(line, 0);
        assert_eq!((&line[..scan.code_end], scan.open, scan.fault), (code, open, None));
    }

    #[test]
    fn comments_start_outside_texts_only() {
        check("accept # why", "accept", 0);
        check(r##"a: "#1" # x"##, r##"a: "#1""##, 0);
        check(r##"a: "{{ b else "#" }} # " # x"##, r##"a: "{{ b else "#" }} # ""##, 0);
        check("a is «# b» # c", "a is «# b»", 0);
    }

    #[test]
    fn brackets_count_outside_texts_only() {
        check(r#"a in ("(", b"#, r#"a in ("(", b"#, 1);
        check("a ) (", "a ) (", 1);
    }

    #[test]
    fn a_text_in_a_hole_in_a_text_ends_where_it_should() {
        let line = r#""{{ a else "b {{ c }}" }}" rest"#;
        assert_eq!(text_end(line, 0, 0), TextEnd::Closed(line.len() - " rest".len()));
    }

    #[track_caller]
    fn check_fault(line: &str, expected: (&str, &str, &str)) {
        let (kind, start, end) = match scan(line, 0).fault {
            Some(Fault::UnclosedText { start, end }) => ("text", start, end),
            Some(Fault::UnclosedHole { start, end }) => ("hole", start, end),
            other => panic!("no fault: {other:?}"),
        };
        assert_eq!((kind, &line[start..end], &line[end..]), expected);
    }

    #[test]
    fn the_right_quote_is_blamed() {
        check_fault(r#"title: "Call"#, ("text", "\"Call", ""));
        check_fault(r#"| "a | - || "b" |"#, ("text", "\"a", r#" | - || "b" |"#));
        check_fault(r#"| "a" | - || "b |"#, ("text", "\"b", " |"));
        check_fault(r#"t: "{{ a else "b }} c""#, ("text", "\"b", r#" }} c""#));
        check_fault(r#"t: "x {{ a }} {{ b""#, ("hole", "{{ b", "\""));
        check_fault(r#"t: "x {{ a: {{ b }}""#, ("hole", "{{ a:", r#" {{ b }}""#));
        check_fault(r#"t: "x {{ a else "b" }""#, ("hole", r#"{{ a else "b" }"#, "\""));
    }

    #[test]
    fn quotes_of_two_kinds_are_seen() {
        let mixed = |start, end, quote| Some(Fault::MixedQuotes { start, end, quote });
        assert_eq!(scan("is 'a\"", 0).fault, mixed(3, 6, 3));
        assert_eq!(scan("is \"a”", 0).fault, mixed(3, 8, 5));
        assert!(matches!(scan("is «a» or \"b", 0).fault, Some(Fault::UnclosedText { .. })));
    }

    #[test]
    fn depth_is_counted_and_stopped() {
        let brackets = "(".repeat(limits::NESTING);
        assert_eq!(scan(&brackets, 0).fault, None);
        assert_eq!(scan(&format!("{brackets}("), 0).fault, Some(Fault::TooDeep { at: limits::NESTING }));
        let holes = "\"{{ ".repeat(limits::NESTING + 1);
        assert!(matches!(scan(&holes, 0).fault, Some(Fault::TooDeep { .. })));
    }
}
