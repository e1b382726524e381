//! Semantic tokens: every name and word painted by what it is, in rules and scripts.

use lsp_types::{
    SemanticToken, SemanticTokenModifier, SemanticTokenType, SemanticTokens, SemanticTokensParams,
    SemanticTokensRangeParams,
};
use switchboard_grammar::span::Span;

use crate::document::{Document, Kind};
use crate::find::in_script;
use crate::names::{Paint, Role};
use crate::script::{self, TokenKind};
use crate::state::State;

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

/// All tokens of a file.
pub(crate) fn full(state: &State, params: &SemanticTokensParams) -> Option<SemanticTokens> {
    let here = state.here(&params.text_document.uri)?;
    Some(tokens(here.document, None))
}

/// The tokens of what is on the screen.
pub(crate) fn range(state: &State, params: &SemanticTokensRangeParams) -> Option<SemanticTokens> {
    let here = state.here(&params.text_document.uri)?;
    let range = here.document.lines().span(here.document.text(), params.range);
    Some(tokens(here.document, Some(range)))
}

fn tokens(document: &Document, within: Option<Span>) -> SemanticTokens {
    let mut writer = Writer { document, line: 0, column: 0, tokens: Vec::new() };
    let inside =
        |span: Span| within.is_none_or(|within| span.start <= within.end && within.start <= span.end);
    match document.kind {
        Kind::Rules => {
            for placed in document.blocks().iter().filter(|placed| inside(placed.extent())) {
                for painted in &placed.block.names().painted {
                    let span = placed.span(painted.span);
                    if inside(span) {
                        let (kind, modifiers) = number(painted.paint);
                        writer.write(span, kind, modifiers | if painted.declares { DECLARATION } else { 0 });
                    }
                }
            }
        }
        Kind::Script => {
            for (span, paint, declares) in script_paint(document.text()) {
                if inside(span) {
                    let (kind, modifiers) = number(paint);
                    writer.write(span, kind, modifiers | if declares { DECLARATION } else { 0 });
                }
            }
        }
        Kind::Other => {}
    }
    SemanticTokens { result_id: None, data: writer.tokens }
}

fn script_paint(text: &str) -> Vec<(Span, Paint, bool)> {
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
                    Some(crate::names::Symbol::Function(_)) => Paint::Function,
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

struct Writer<'d> {
    document: &'d Document,
    line: u32,
    column: u32,
    tokens: Vec<SemanticToken>,
}

impl Writer<'_> {
    /// A token; one that runs over several lines is written line by line, for not every client takes such.
    fn write(&mut self, span: Span, kind: u32, modifiers: u32) {
        let text = span.text(self.document.text());
        let mut start = span.start;
        for line in text.split_inclusive('\n') {
            let shown = line.trim_end_matches(['\n', '\r']);
            if !shown.is_empty() {
                self.one(start, self.document.lines().encoding().width(shown), kind, modifiers);
            }
            start += u32::try_from(line.len()).unwrap_or_default();
        }
    }

    fn one(&mut self, start: u32, length: u32, kind: u32, modifiers: u32) {
        let position = self.document.lines().position(self.document.text(), start);
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
