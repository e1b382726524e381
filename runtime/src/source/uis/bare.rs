//! Mends what a filled-in template can be instead of JSON.
//!
//! Two faults are mended, both outside strings only: a placeholder that UIS left as it was, `{{name}}`, becomes
//! `null`; and a value that the administrator put in quotes although UIS brings its own, `""79000000010""`, loses
//! the outer pair. Everything else stays byte for byte.

use std::borrow::Cow;

/// The longest placeholder; names of UIS have up to 35 letters.
const MAX_NAME: usize = 80;

/// Mends a body; one without a fault is handed back as it is.
pub(super) fn mend(text: &str) -> Cow<'_, str> {
    let mut mended = String::new();
    let mut kept = 0;
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let Some(letter) = rest.chars().next() else { break };
        let (skip, replacement) = match letter {
            '"' => match doubled(rest) {
                Some((length, inner)) => (length, Some(format!("\"{inner}\""))),
                None => (string(rest), None),
            },
            '{' => match placeholder(rest) {
                Some(length) => (length, Some("null".to_owned())),
                None => (1, None),
            },
            _ => (letter.len_utf8(), None),
        };
        if let Some(replacement) = replacement {
            mended.push_str(text.get(kept..at).unwrap_or_default());
            mended.push_str(&replacement);
            kept = at + skip;
        }
        at += skip;
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    mended.push_str(text.get(kept..).unwrap_or_default());
    Cow::Owned(mended)
}

/// The length of a string with both its quotes, or of the rest when it never ends.
fn string(rest: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The length of a placeholder at the start of `rest`.
fn placeholder(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix("{{")?;
    // Whatever cannot stand in a name ends the search, so a row of brackets is not searched again and again.
    let is_name = |letter: &char| letter.is_alphanumeric() || "_-. ".contains(*letter);
    let end: usize = inner.chars().take(MAX_NAME).take_while(is_name).map(char::len_utf8).sum();
    inner.get(end..)?.starts_with("}}").then_some(end + 4)
}

/// A doubly quoted text at the start of `rest`: its length with all four quotes, and what it holds.
///
/// `""` is an ordinary empty string when what follows can follow a value, or a key.
fn doubled(rest: &str) -> Option<(usize, &str)> {
    let inner = rest.strip_prefix("\"\"")?;
    let next = inner.trim_start().chars().next()?;
    if matches!(next, ',' | ':' | '}' | ']' | '"') {
        return None;
    }
    let end = inner.find('"')?;
    let text = inner.get(..end)?;
    let clean = !text.contains(['\\', '\n', '{', '}', '[', ']', ':']);
    (clean && inner.get(end..)?.starts_with("\"\"")).then_some((end + 4, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(mend(text), expected);
    }

    #[test]
    fn bare_placeholders_become_null() {
        check(r#"{"a":{{tag_names}},"b":1}"#, r#"{"a":null,"b":1}"#);
        check(r#"{"a": {{ tag_names }} }"#, r#"{"a": null }"#);
        check(r#"{"a":{{a}},"b":{{b}}}"#, r#"{"a":null,"b":null}"#);
        check(r#"[{{a}},{{b}}]"#, "[null,null]");
        check(r#"{{a}}"#, "null");
    }

    #[test]
    fn strings_are_left_alone() {
        for text in [
            r#"{"a":"{{tag_names}}"}"#,
            r#"{"a":"\"{{x}}"}"#,
            r#"{"a":"\\","b":""}"#,
            r#"{"a":"не закрыта {{x}}"#,
            r#"{"a":"","b":"" , "c":[""],"":1}"#,
        ] {
            check(text, text);
            assert!(matches!(mend(text), Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn objects_are_left_alone() {
        for text in [r#"{"a":{"b":{}}}"#, "{}", "{{", "{{a", "{{a}", r#"{{"a":1}}"#, "{ {a} }"] {
            check(text, text);
        }
    }

    #[test]
    fn quotes_around_quotes_go() {
        check(r#"{"a":""79000000010"","b":""Иванов Иван""}"#, r#"{"a":"79000000010","b":"Иванов Иван"}"#);
        check(r#"{"a":"" ""}"#, r#"{"a":"" ""}"#);
    }
}
