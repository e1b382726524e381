//! References against the account: employees, stores, sites that exist.
//!
//! Only done when the caller brings a snapshot of the account, and only for kinds that it holds.

use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::span::Span;

use super::checker::{Checker, problem};
use super::ctx::Ctx;
use super::unknown::{Candidates, Meant};
use crate::ty::ReferenceKind;

impl Checker<'_> {
    /// Reports a reference to something that the account does not have.
    pub(crate) fn known_reference(&mut self, kind: ReferenceKind, name: &str, span: Span, ctx: &Ctx) {
        let Some(references) = &self.options.references else { return };
        if references.has(kind, name) != Some(false) {
            return;
        }
        let mut candidates = Candidates::default();
        candidates.add_all(references.names(kind));
        let mut found = problem(
            &codes::UNKNOWN_REFERENCE,
            ctx,
            span,
            Text::new(
                format!("the account has no {} `{name}`", kind.en()),
                format!("в аккаунте нет `{name}` ({})", kind.ru()),
            ),
            Text::new("not there when the account was last read", "при последнем чтении аккаунта не было"),
        );
        if let Some(Meant { sentence, .. }) = self.search(name, |_| candidates) {
            found = found.note(sentence);
        }
        self.report(found);
    }
}
