//! Signature help: what a function takes, while its brackets are being filled.

use lsp_types::{
    Documentation, MarkupContent, MarkupKind, ParameterInformation, ParameterLabel, SignatureHelp,
    SignatureHelpParams, SignatureInformation,
};
use switchboard_engine::script::HELPERS;
use switchboard_grammar::ast::{ScriptLine, SectionKind};
use switchboard_grammar::lang::Lang;

use super::completion::{Piece, read};
use crate::document::{Document, Kind};
use crate::script::{self, TokenKind};
use crate::state::{Here, State};

/// A call whose brackets are open at the cursor.
#[derive(Debug, PartialEq, Eq)]
struct Call<'t> {
    name: &'t str,
    /// Which of its arguments is being written, from 0.
    argument: usize,
}

/// A piece of text as far as calls are concerned.
#[derive(Clone, Copy)]
enum Part<'t> {
    Name(&'t str),
    Open(char),
    Close,
    Comma,
    Other,
}

/// The function whose brackets the cursor is in.
pub(crate) fn signature(state: &State, params: &SignatureHelpParams) -> Option<SignatureHelp> {
    let place = &params.text_document_position_params;
    let here = state.here(&place.text_document.uri)?;
    let lang = state.settings.language_for(here.bundle.lang_of(here.document));
    let offset = here.document.offset(place.position);
    let (shown, argument) = match here.document.kind {
        Kind::Rules => {
            let call = in_rules(here.document, offset)?;
            (declared(here, call.name)?, call.argument)
        }
        Kind::Script => {
            let call = in_script(here.document.text(), offset)?;
            (defined(here.document.text(), call.name).or_else(|| helper(call.name, lang))?, call.argument)
        }
        Kind::Test | Kind::Other => return None,
    };
    Some(SignatureHelp {
        signatures: vec![shown],
        active_signature: Some(0),
        active_parameter: u32::try_from(argument).ok(),
    })
}

fn in_rules(document: &Document, offset: u32) -> Option<Call<'_>> {
    let line = document.lines().line_of(offset);
    let (start, whole) = document.lines().line(document.text(), line);
    let beginning = read(whole.get(..(offset as usize).checked_sub(start)?)?);
    if beginning.comment {
        return None;
    }
    open_call(beginning.pieces.into_iter().map(|piece| match piece {
        Piece::Name(name) => Part::Name(name),
        Piece::Sign(sign) => of_sign(sign),
        Piece::Word(_) | Piece::Literal => Part::Other,
    }))
}

fn in_script(text: &str, offset: u32) -> Option<Call<'_>> {
    let tokens = script::tokens(text).into_iter().take_while(|token| token.span.end <= offset);
    open_call(tokens.map(|token| match token.kind {
        TokenKind::Name => Part::Name(token.span.text(text)),
        TokenKind::Sign(sign) => of_sign(sign),
        _ => Part::Other,
    }))
}

const fn of_sign(sign: char) -> Part<'static> {
    match sign {
        '(' | '[' | '{' => Part::Open(sign),
        ')' | ']' | '}' => Part::Close,
        ',' => Part::Comma,
        _ => Part::Other,
    }
}

/// The innermost call that is still open behind these parts.
fn open_call<'t>(parts: impl Iterator<Item = Part<'t>>) -> Option<Call<'t>> {
    // Every open bracket: the name in front of it, when it is a call, and the commas in it so far.
    let mut open: Vec<(Option<&str>, usize)> = Vec::new();
    let mut before = None;
    for part in parts {
        match part {
            Part::Open(sign) => open.push((before.filter(|_| sign == '('), 0)),
            Part::Close => {
                open.pop();
            }
            Part::Comma => {
                if let Some((_, commas)) = open.last_mut() {
                    *commas += 1;
                }
            }
            Part::Name(_) | Part::Other => {}
        }
        before = if let Part::Name(name) = part { Some(name) } else { None };
    }
    let (name, argument) = open.pop()?;
    Some(Call { name: name?, argument })
}

/// A function that the rules declare, as they write it.
fn declared(here: Here<'_>, name: &str) -> Option<SignatureInformation> {
    here.bundle.rules().flat_map(Document::blocks).find_map(|placed| {
        let block = &placed.block;
        let SectionKind::Script(script) = &block.section()?.kind else { return None };
        script.lines.iter().find_map(|line| {
            let ScriptLine::Function { name: known, parameters, gives, .. } = &line.item else { return None };
            if known.text != name {
                return None;
            }
            let label = block.shown(known.span.cover(gives.span)).to_owned();
            let parameters = parameters.iter().map(|one| block.shown(one.span).to_owned());
            let source = script.path.as_ref().and_then(|path| path.plain());
            let source = here.bundle.scripts().find(|script| Some(script.name.as_str()) == source);
            let doc = source.and_then(|script| {
                script::defined(script.text()).into_iter().find(|one| one.name == name)?.doc
            });
            Some(information(label, parameters, doc))
        })
    })
}

/// A function of the script itself.
fn defined(text: &str, name: &str) -> Option<SignatureInformation> {
    let one = script::defined(text).into_iter().find(|one| one.name == name)?;
    let label = one.head.trim_start_matches("fn ").to_owned();
    Some(information(label, one.parameters.into_iter(), one.doc))
}

/// One of our own functions for scripts.
fn helper(name: &str, lang: Lang) -> Option<SignatureInformation> {
    let helper = HELPERS.iter().find(|helper| helper.name == name)?;
    let doc = lang.pick(helper.doc.en, helper.doc.ru).to_owned();
    Some(information(format!("{name}(…)"), std::iter::empty(), Some(doc)))
}

fn information(
    label: String,
    parameters: impl Iterator<Item = String>,
    doc: Option<String>,
) -> SignatureInformation {
    let parameters = parameters
        .map(|label| ParameterInformation { label: ParameterLabel::Simple(label), documentation: None });
    let markup = |value| Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value });
    SignatureInformation {
        label,
        documentation: doc.map(markup),
        parameters: Some(parameters.collect()),
        active_parameter: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The call at the end of a script.
    fn call(text: &str) -> Option<(String, usize)> {
        let end = u32::try_from(text.len()).unwrap();
        in_script(text, end).map(|call| (call.name.to_owned(), call.argument))
    }

    #[test]
    fn the_innermost_open_call_counts() {
        assert_eq!(call("fn f() { a("), Some(("a".to_owned(), 0)));
        assert_eq!(call("a(1, b(2, 3), "), Some(("a".to_owned(), 2)));
        assert_eq!(call("a(1, b(2, "), Some(("b".to_owned(), 1)));
        assert_eq!(call("a(\"x, (\", [1, 2], #{ b: 1, c: 2 }"), Some(("a".to_owned(), 2)));
    }

    #[test]
    fn other_brackets_are_no_calls() {
        assert_eq!(call("a(1)"), None);
        assert_eq!(call("a([1, "), None);
        assert_eq!(call("if (x"), None);
        assert_eq!(call(") ) ,"), None);
        assert_eq!(call("// a("), None);
    }
}
