//! Where a finding is, as other programs write it: addresses of files and columns in units of UTF-16.

use std::fmt::Write as _;

use switchboard_grammar::source::Source;
use switchboard_grammar::span::Span;

/// A piece of a file; lines and columns count from 1, the end is the first place behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Region {
    pub(crate) start_line: u32,
    pub(crate) start_column: u32,
    pub(crate) end_line: u32,
    pub(crate) end_column: u32,
}

/// A span with columns in units of UTF-16, as SARIF and GitHub count them.
pub(crate) fn utf16_region(source: &Source, span: Span) -> Region {
    let (start_line, start_column) = utf16_place(source, span.start);
    let (end_line, end_column) = utf16_place(source, span.end.max(span.start));
    Region { start_line, start_column, end_line, end_column }
}

fn utf16_place(source: &Source, at: u32) -> (u32, u32) {
    let line = source.line_of(at);
    let start = source.line_span(line).start;
    let units = Span::new(start, at).text(source.text()).encode_utf16().count();
    (line, u32::try_from(units).unwrap_or(u32::MAX).saturating_add(1))
}

/// The address of a file as a reference of RFC 3986: `/` between parts, everything but unreserved characters as `%XX`
/// of its UTF-8 bytes. The second value says whether it is relative and stays below the folder it is relative to.
pub(crate) fn uri(path: &str) -> (String, bool) {
    let path = path.replace('\\', "/");
    let path = path.strip_prefix("./").unwrap_or(&path);
    let mut out = String::with_capacity(path.len());
    let is_absolute = path.starts_with('/');
    if is_absolute {
        out.push_str("file://");
    }
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    let below = !is_absolute && path.split('/').all(|part| part != "..");
    (out, below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_escaped() {
        assert_eq!(uri("shop/main.rules"), ("shop/main.rules".to_owned(), true));
        assert_eq!(uri("./a b/za:1.rules"), ("a%20b/za%3A1.rules".to_owned(), true));
        assert_eq!(uri("ё.rules"), ("%D1%91.rules".to_owned(), true));
        assert_eq!(uri("../x.rules"), ("../x.rules".to_owned(), false));
        assert_eq!(uri("/srv/x.rules"), ("file:///srv/x.rules".to_owned(), false));
    }

    #[test]
    fn columns_count_units_of_utf_16() {
        let source = Source::new("a", "x\n\u{1F525}ё!\n");
        let at = |text: &str| u32::try_from(source.text().find(text).unwrap()).unwrap();
        let region = utf16_region(&source, Span::new(at("ё"), at("!")));
        assert_eq!(region, Region { start_line: 2, start_column: 3, end_line: 2, end_column: 4 });
    }
}
