//! Long texts.
use super::checker::Checker;
use super::ctx::Ctx;
use crate::program::Notes;
use switchboard_grammar::ast;
#[derive(Default)]
pub(crate) struct NoteFiles;
impl Checker<'_> {
    pub(crate) fn note_file(&mut self, _path: &ast::TextLiteral, _ctx: &Ctx) -> Option<usize> {
        None
    }
    pub(crate) fn compile_notes(&mut self) -> Notes {
        Notes
    }
}
