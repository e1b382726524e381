//! A script as an editor needs it: its words, and where its functions are defined.
//!
//! Only as much of Rhai's lexis as keeps texts and comments apart from names; whether a script is right is the engine's
//! business. Works on a text that is being typed, so nothing here can fail.

use switchboard_grammar::span::Span;

/// A word of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// Where.
    pub(crate) span: Span,
    /// What.
    pub(crate) kind: TokenKind,
}

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A name.
    Name,
    /// A word of the language.
    Keyword,
    /// A text in quotes.
    Text,
    /// A number.
    Number,
    /// A comment; with three strokes it describes what follows.
    Comment,
    /// Anything else, one character.
    Sign(char),
}

/// A function that a script defines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Defined {
    /// Its name.
    pub(crate) name: String,
    /// Where its name stands.
    pub(crate) span: Span,
    /// The head as written: `fn label(source, medium)`.
    pub(crate) head: String,
    /// From `fn` to the closing bracket.
    pub(crate) extent: Span,
    /// The comments right above it.
    pub(crate) doc: Option<String>,
    /// Its parameters.
    pub(crate) parameters: Vec<String>,
}

const KEYWORDS: &[&str] = &[
    "let", "const", "if", "else", "switch", "do", "while", "until", "loop", "for", "in", "continue", "break",
    "return", "throw", "try", "catch", "fn", "private", "this", "true", "false", "is", "import", "export",
    "as",
];

/// The words of a script.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(first) = rest.chars().next() else { break };
        let (length, kind) = if first.is_whitespace() {
            (first.len_utf8(), None)
        } else if rest.starts_with("//") {
            (rest.find('\n').unwrap_or(rest.len()), Some(TokenKind::Comment))
        } else if rest.starts_with("/*") {
            (block_comment(rest), Some(TokenKind::Comment))
        } else if matches!(first, '"' | '\'' | '`') {
            (quoted(rest, first), Some(TokenKind::Text))
        } else if first.is_ascii_digit() {
            (while_chars(rest, |ch| ch.is_alphanumeric() || ch == '_'), Some(TokenKind::Number))
        } else if is_name_start(first) {
            let length = while_chars(rest, |ch| is_name_start(ch) || ch.is_numeric());
            let keyword = KEYWORDS.contains(&rest.get(..length).unwrap_or_default());
            (length, Some(if keyword { TokenKind::Keyword } else { TokenKind::Name }))
        } else {
            (first.len_utf8(), Some(TokenKind::Sign(first)))
        };
        if let Some(kind) = kind {
            tokens.push(Token { span: Span::of(at..at + length), kind });
        }
        at += length.max(1);
    }
    tokens
}

/// The functions that a script defines, in order.
pub(crate) fn defined(text: &str) -> Vec<Defined> {
    let tokens = tokens(text);
    let code: Vec<Token> = tokens.iter().filter(|token| token.kind != TokenKind::Comment).copied().collect();
    let mut found = Vec::new();
    for (at, pair) in code.windows(3).enumerate() {
        let [word, name, open] = pair else { continue };
        if word.kind != TokenKind::Keyword || word.span.text(text) != "fn" {
            continue;
        }
        if name.kind != TokenKind::Name || open.kind != TokenKind::Sign('(') {
            continue;
        }
        let behind = code.get(at + 3..).unwrap_or_default();
        let count = behind.iter().take_while(|token| token.kind != TokenKind::Sign(')')).count();
        let inside = behind.get(..count).unwrap_or_default();
        let end = behind.get(count).map_or(open.span, |token| token.span);
        let names = inside.iter().filter(|token| token.kind == TokenKind::Name);
        found.push(Defined {
            name: name.span.text(text).to_owned(),
            span: name.span,
            head: word.span.cover(end).text(text).split_whitespace().collect::<Vec<_>>().join(" "),
            extent: word.span.cover(body_end(behind.get(count..).unwrap_or_default()).unwrap_or(end)),
            doc: doc_above(text, word.span),
            parameters: names.map(|token| token.span.text(text).to_owned()).collect(),
        });
    }
    found
}

/// The closing bracket of the block that begins among these words.
fn body_end(code: &[Token]) -> Option<Span> {
    let mut depth = 0usize;
    for token in code {
        match token.kind {
            TokenKind::Sign('{') => depth += 1,
            TokenKind::Sign('}') => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(token.span);
                }
            }
            _ => {}
        }
    }
    None
}

/// The comment lines right above, without their strokes.
fn doc_above(text: &str, at: Span) -> Option<String> {
    let before = text.get(..at.start as usize)?;
    let line = before.rfind('\n')?;
    let above = before.get(..line)?;
    let mut lines: Vec<&str> = above
        .lines()
        .rev()
        .map(str::trim)
        .take_while(|line| line.starts_with("//"))
        .map(|line| line.trim_start_matches('/').trim())
        .collect();
    lines.reverse();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn is_name_start(ch: char) -> bool {
    ch.is_alphabetic() || ch == '_'
}

fn while_chars(text: &str, holds: impl Fn(char) -> bool) -> usize {
    text.find(|ch| !holds(ch)).unwrap_or(text.len())
}

/// How long a text in quotes is; one that is not closed ends with its line, unless it is of the kind that has many.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, ch) in text.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if ch == '\\' && quote != '`' {
            escaped = true;
        } else if ch == quote {
            return at + ch.len_utf8();
        } else if ch == '\n' && quote != '`' {
            return at;
        }
    }
    text.len()
}

/// How long a comment in `/* */` is; they nest.
fn block_comment(text: &str) -> usize {
    let mut depth = 0usize;
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = "// Adds.\n// Twice.\nfn add(a, b) {\n  let x = \"add(1)\"; /* add(2) /* */ */\n  add(a, `b\nc`)\n}\n\nprivate fn b() { add(1, 2) }\n";

    #[test]
    fn functions_have_heads_and_docs() {
        let found = defined(SCRIPT);
        let names: Vec<_> =
            found.iter().map(|one| (one.name.as_str(), one.head.as_str(), one.doc.as_deref())).collect();
        assert_eq!(names, [("add", "fn add(a, b)", Some("Adds.\nTwice.")), ("b", "fn b()", None)]);
        assert_eq!(found[0].parameters, ["a", "b"]);
        assert!(found[0].extent.text(SCRIPT).ends_with("c`)\n}"));
    }

    #[test]
    fn texts_and_comments_are_no_uses() {
        let names = crate::find::in_script(SCRIPT).into_iter();
        let uses: Vec<u32> =
            names.filter(|name| name.span.text(SCRIPT) == "add").map(|name| name.span.start).collect();
        let expected = [
            SCRIPT.find("add(a, b)").unwrap(),
            SCRIPT.find("add(a, `").unwrap(),
            SCRIPT.rfind("add").unwrap(),
        ];
        assert_eq!(uses, expected.map(|at| u32::try_from(at).unwrap()));
    }

    #[test]
    fn what_is_being_typed_is_read_as_well() {
        for text in [
            "fn", "fn a", "fn a(", "fn a(b, ", "\"", "`", "/*", "/* /*", "'\\", "ё(", "fn ё(", "}",
            "fn a() }",
        ] {
            assert!(tokens(text).iter().all(|token| !token.span.text(text).is_empty()), "{text}");
            let _ = defined(text);
        }
    }
}
