//! Completion in scripts: fields of the event, what the proposal of the policy at hand shows and can do, the facts that it
//! declares, lists in quotes, and functions.
//!
//! Which policy it is, the rules say: the function around the cursor is one of their policies', by its name.

use lsp_types::{CompletionItemKind, InsertTextFormat};
use switchboard_engine::catalog::{FACTS, Fact, HOOKS, Hook, HookSpec, schema};
use switchboard_engine::schema::{Docs, EventKind};
use switchboard_engine::script::HELPERS;

use super::items::Items;
use crate::find::policies_of;
use crate::names::Symbol;
use crate::script::{self, Defined, TokenKind};

const NOW: Docs = Docs { en: "the moment of the decision", ru: "момент решения" };

impl Items<'_> {
    /// What may stand in a script.
    pub(super) fn script(&mut self, offset: u32) {
        let text = self.here.document.text();
        let before = text.get(..offset as usize).unwrap_or_default();
        let tokens = script::tokens(text);
        let inside = tokens.iter().find(|token| {
            let closed = token.span.start < offset && offset < token.span.end;
            closed && matches!(token.kind, TokenKind::Text | TokenKind::Comment)
        });
        if let Some(token) = inside {
            let start = token.span.start as usize;
            let asks = text.get(..start).is_some_and(|head| {
                ["in_list(", "lookup("].iter().any(|call| head.trim_end().ends_with(call))
            });
            if asks && token.kind == TokenKind::Text {
                self.replace(before.get(start + 1..).unwrap_or_default(), offset);
                self.lists();
            }
            return;
        }
        let wordy = |ch: char| ch.is_alphanumeric() || matches!(ch, '_' | '.');
        let start = before.rfind(|ch| !wordy(ch)).map_or(0, |at| {
            at + before.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
        });
        let word = before.get(start..).unwrap_or_default().to_owned();
        match word.split_once('.') {
            Some((head, way)) => self.members(head, way, offset),
            None => self.callable(&word, offset),
        }
    }

    /// What stands behind `event.`, `proposal.`, `facts.`, whatever the function calls them.
    fn members(&mut self, head: &str, way: &str, offset: u32) {
        let text = self.here.document.text();
        let around = script::defined(text).into_iter().find(|one| one.extent.touches(offset));
        match around.as_ref().map_or_else(|| parameter_by_name(head), |one| parameter(one, head)) {
            Some(0) => {
                self.replace(way, offset);
                self.fields();
            }
            Some(1) if !way.contains('.') => {
                self.replace(way, offset);
                let name = around.map(|one| one.name).unwrap_or_default();
                self.hooks(&name).into_iter().for_each(|spec| self.proposal(spec));
            }
            Some(2) if !way.contains('.') => {
                self.replace(way, offset);
                let name = around.map(|one| one.name).unwrap_or_default();
                self.facts(&name);
            }
            _ => {}
        }
    }

    fn fields(&mut self) {
        for kind in EventKind::ALL {
            for field in schema().fields(kind) {
                let label =
                    field.name().strip_suffix('X').filter(|_| field.is_open()).unwrap_or(field.name());
                self.item(label, CompletionItemKind::FIELD, Some(field.ru()), Some(field.spec.doc), None);
            }
        }
    }

    /// The hooks of a function: those that the rules give it, else the one that has its name.
    fn hooks(&self, function: &str) -> Vec<&'static HookSpec> {
        let script = &self.here.document.name;
        let declared =
            policies_of(self.here.bundle, script).into_iter().filter(|one| one.function == function);
        let mut hooks: Vec<Hook> = declared.map(|one| one.hook).collect();
        hooks.dedup();
        if hooks.is_empty() {
            hooks.extend(HOOKS.iter().filter(|spec| spec.function == function).map(|spec| spec.hook));
        }
        hooks.into_iter().map(Hook::spec).collect()
    }

    fn proposal(&mut self, spec: &'static HookSpec) {
        for property in spec.properties {
            self.item(
                property.name,
                CompletionItemKind::PROPERTY,
                Some(property.ru),
                Some(property.doc),
                None,
            );
        }
        for method in spec.methods {
            let gap = if method.parameters.is_empty() { "" } else { "$1" };
            let insert = Some((format!("{}({gap})", method.name), InsertTextFormat::SNIPPET));
            self.item(method.name, CompletionItemKind::METHOD, None, Some(method.doc), insert);
        }
    }

    /// The facts that the policies of a function declare; all of them where none is known.
    fn facts(&mut self, function: &str) {
        let script = &self.here.document.name;
        let declared =
            policies_of(self.here.bundle, script).into_iter().filter(|one| one.function == function);
        let policies: Vec<Vec<Fact>> = declared.map(|one| one.needs).collect();
        self.item("now", CompletionItemKind::PROPERTY, None, Some(NOW), None);
        for spec in &FACTS {
            if policies.is_empty() || policies.iter().any(|needs| needs.contains(&spec.fact)) {
                let name = spec.script_name();
                self.item(name, CompletionItemKind::PROPERTY, Some(spec.ru), Some(spec.doc), None);
            }
        }
    }

    fn lists(&mut self) {
        // A schedule is a set, too, but a script cannot ask it.
        let lists = crate::find::lists(self.here.bundle);
        self.declared(|symbol| matches!(symbol, Symbol::Set(name) if lists.contains(name)));
    }

    fn callable(&mut self, word: &str, offset: u32) {
        self.replace(word, offset);
        for helper in &HELPERS {
            let insert = Some((format!("{}($1)", helper.name), InsertTextFormat::SNIPPET));
            self.item(helper.name, CompletionItemKind::FUNCTION, None, Some(helper.doc), insert);
        }
        for one in script::defined(self.here.document.text()) {
            let insert = Some((format!("{}($1)", one.name), InsertTextFormat::SNIPPET));
            self.item(&one.name, CompletionItemKind::FUNCTION, Some(&one.head), None, insert);
        }
    }
}

/// The place of a parameter; a function of three is a policy's, or may become one.
fn parameter(function: &Defined, name: &str) -> Option<usize> {
    let known = function.parameters.iter().position(|parameter| parameter == name);
    known.filter(|_| function.parameters.len() == 3).or_else(|| parameter_by_name(name))
}

fn parameter_by_name(name: &str) -> Option<usize> {
    ["event", "proposal", "facts"].iter().position(|known| *known == name)
}
