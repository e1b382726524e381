//! A JSON body: mended if need be, parsed with its repeated names, or the reason why not.

use crate::source::uis::bare;
use crate::source::uis::node::Node;
use crate::source::uis::reason::Reason;

/// Parses a text that begins like JSON.
///
/// The depth is bounded by `serde_json` (128), which refuses more before it recurses.
pub(super) fn parse(text: &str) -> Result<Node, Reason> {
    let mended = bare::mend(text);
    serde_json::from_str(&mended).map_err(|error| {
        // The library has no code for it; the text is pinned by a test.
        if error.to_string().starts_with("recursion limit exceeded") {
            Reason::TooDeep
        } else {
            Reason::NotJson { line: error.line(), column: error.column() }
        }
    })
}

/// Parses a text that may hold JSON, such as a list inside a query; `None` when it does not.
pub(super) fn inside(text: &str) -> Option<Node> {
    let text = text.trim();
    let bracketed =
        (text.starts_with('[') && text.ends_with(']')) || (text.starts_with('{') && text.ends_with('}'));
    if !bracketed {
        return None;
    }
    parse(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_bounded_and_said_so() {
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        assert_eq!(parse(&deep), Err(Reason::TooDeep));
        let objects = format!("{}1{}", r#"{"a":"#.repeat(10_000), "}".repeat(10_000));
        assert_eq!(parse(&objects), Err(Reason::TooDeep));
    }

    #[test]
    fn what_is_no_json_has_a_place() {
        for text in ["{", "{\"a\":}", "{\"a\":NaN}", "{\"a\":1e999}", "{\"a\":1,}", "{'a':1}", "{\"a\":01}"] {
            assert!(matches!(parse(text), Err(Reason::NotJson { .. })), "{text}");
        }
        assert_eq!(parse("{\"a\":1,\n\"b\":}"), Err(Reason::NotJson { line: 2, column: 5 }));
    }

    #[test]
    fn numbers_keep_what_they_say() {
        assert_eq!(parse("18446744073709551615"), Ok(Node::Whole(u64::MAX.into())));
        assert_eq!(parse("42.5"), Ok(Node::Fraction(42.5)));
        assert_eq!(parse("[1,[null]]"), Ok(Node::List(vec![Node::Whole(1), Node::List(vec![Node::Null])])));
    }

    #[test]
    fn lists_inside_texts_are_found() {
        assert_eq!(inside(" [1] "), Some(Node::List(vec![Node::Whole(1)])));
        assert_eq!(inside("[1"), None);
        assert_eq!(inside("[x]"), None);
        assert_eq!(inside("1"), None);
    }
}
