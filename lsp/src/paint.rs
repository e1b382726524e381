//! Names and words painted by what they are, as the protocol counts them: each token from the one before it.
//!
//! A section keeps its own, counted from its first line, so that a key pressed in one paints no other anew.

use lsp_types::{SemanticToken, SemanticTokenModifier, SemanticTokenType};
use switchboard_grammar::span::Span;

use crate::block::Block;
use crate::find::in_script;
use crate::lines::{Encoding, Lines};
use crate::names::{Paint, Role, Symbol};
use crate::script::{self, TokenKind};

/// The kinds of tokens, in the order of their numbers.
pub(crate) fn types() -> Vec<SemanticTokenType> {
    vec![
        SemanticTokenType::KEYWORD,
        SemanticTokenType::OPERATOR,
        SemanticTokenType::EVENT,
        SemanticTokenType::TYPE,
        SemanticTokenType::PROPERTY,
        SemanticTokenType::VARIABLE,
        SemanticTokenType::FUNCTION,
        SemanticTokenType::ENUM_MEMBER,
        SemanticTokenType::STRING,
        SemanticTokenType::NUMBER,
        SemanticTokenType::COMMENT,
        SemanticTokenType::PARAMETER,
        SemanticTokenType::MACRO,
    ]
}

/// What may be said of a token besides.
pub(crate) fn modifiers() -> Vec<SemanticTokenModifier> {
    vec![SemanticTokenModifier::DECLARATION, SemanticTokenModifier::DOCUMENTATION]
}

const DECLARATION: u32 = 1;
const DOCUMENTATION: u32 = 2;

const fn number(paint: Paint) -> (u32, u32) {
    match paint {
        Paint::Keyword => (0, 0),
        Paint::Operator => (1, 0),
        Paint::Event => (2, 0),
        Paint::Type => (3, 0),
        Paint::Field => (4, 0),
        Paint::Variable => (5, 0),
        Paint::Function => (6, 0),
        Paint::Value => (7, 0),
        Paint::Text => (8, 0),
        Paint::Number => (9, 0),
        Paint::Comment => (10, 0),
        Paint::Doc => (10, DOCUMENTATION),
        Paint::Parameter => (11, 0),
        Paint::Filter => (12, 0),
    }
}

/// Tokens of a section, the first counted from the section's first line.
#[derive(Debug)]
pub(crate) struct Painted {
    pub(crate) tokens: Vec<SemanticToken>,
    /// The line of the last one, counted from the section's first.
    pub(crate) last_line: u32,
}

/// The tokens of a section.
pub(crate) fn of_block(block: &Block, encoding: Encoding) -> Painted {
    let lines = Lines::new(&block.text, encoding);
    let mut writer = Writer::new(&block.text, &lines);
    writer.section(block, 0, |_| true);
    Painted { last_line: writer.line, tokens: writer.tokens }
}

/// The words of a script, with what each is and whether it declares a name.
pub(crate) fn script_paint(text: &str) -> Vec<(Span, Paint, bool)> {
    let names = in_script(text);
    let known = |span: Span| names.iter().find(|name| name.span.contains(span));
    script::tokens(text)
        .into_iter()
        .filter_map(|token| {
            let paint = match token.kind {
                TokenKind::Keyword => Paint::Keyword,
                TokenKind::Text => Paint::Text,
                TokenKind::Number => Paint::Number,
                TokenKind::Comment if token.span.text(text).starts_with("///") => Paint::Doc,
                TokenKind::Comment => Paint::Comment,
                TokenKind::Name => match known(token.span).map(|name| &name.symbol) {
                    Some(Symbol::Function(_)) => Paint::Function,
                    Some(_) => Paint::Field,
                    None => Paint::Variable,
                },
                TokenKind::Sign(_) => return None,
            };
            let declares = known(token.span).is_some_and(|name| name.role == Role::Declares);
            Some((token.span, paint, declares))
        })
        .collect()
}

/// Writes tokens one behind another.
pub(crate) struct Writer<'d> {
    text: &'d str,
    lines: &'d Lines,
    line: u32,
    column: u32,
    /// What was written.
    pub(crate) tokens: Vec<SemanticToken>,
}

impl<'d> Writer<'d> {
    /// Nothing yet.
    pub(crate) const fn new(text: &'d str, lines: &'d Lines) -> Self {
        Self { text, lines, line: 0, column: 0, tokens: Vec::new() }
    }

    /// Those tokens of a section whose place is wanted.
    pub(crate) fn section(&mut self, block: &Block, start: u32, wanted: impl Fn(Span) -> bool) {
        for painted in block.names().painted.iter().filter(|painted| block.holds(painted.span)) {
            let span = block.placed(painted.span, start);
            if wanted(span) {
                self.paint(span, painted.paint, painted.declares);
            }
        }
    }

    /// A token; one that runs over several lines is written line by line, for not every client takes such.
    pub(crate) fn paint(&mut self, span: Span, paint: Paint, declares: bool) {
        let (kind, modifiers) = number(paint);
        let modifiers = modifiers | if declares { DECLARATION } else { 0 };
        let text = span.text(self.text);
        let mut start = span.start;
        for line in text.split_inclusive('\n') {
            let shown = line.trim_end_matches(['\n', '\r']);
            if !shown.is_empty() {
                self.one(start, self.lines.encoding().width(shown), kind, modifiers);
            }
            start += u32::try_from(line.len()).unwrap_or_default();
        }
    }

    fn one(&mut self, start: u32, length: u32, kind: u32, modifiers: u32) {
        let position = self.lines.position(self.text, start);
        let same = position.line == self.line;
        // Spans are in order and apart; one that is not would come out as nonsense.
        let Some(delta_line) = position.line.checked_sub(self.line) else { return };
        let Some(delta_start) = position.character.checked_sub(if same { self.column } else { 0 }) else {
            return;
        };
        self.tokens.push(SemanticToken {
            delta_line,
            delta_start,
            length,
            token_type: kind,
            token_modifiers_bitset: modifiers,
        });
        self.line = position.line;
        self.column = position.character;
    }
}
