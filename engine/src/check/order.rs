//! In which order tables and settings are checked, so that what a rule names is known before the rule is.
//!
//! Edges are names: a table that names another needs it first. Names that need one another in a circle have no
//! value and are reported. Nothing here recurses: a chain of names may be as long as a file.

use std::collections::HashMap;

use smol_str::SmolStr;
use switchboard_grammar::ast::{self, Visitor};
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Label, Text};
use switchboard_grammar::span::Span;

use super::checker::{Checker, problem};
use super::ctx::Ctx;
use super::scope::Decl;
use crate::catalog::schema;
use crate::program::Slots;

/// The names that a section mentions, with the first place of each.
#[derive(Default)]
struct Mentions {
    names: HashMap<SmolStr, Span>,
}

impl Visitor for Mentions {
    fn path(&mut self, path: &ast::Path) {
        if let Some(first) = path.segments.first() {
            self.names.entry(first.text.clone()).or_insert(path.span);
        }
    }
}

impl Checker<'_> {
    /// Tables and settings, each behind those that it needs. Those in a circle are left out, and reported.
    pub(crate) fn order(&mut self) -> Vec<Decl> {
        let tables = (0..self.scope.tables.len()).map(Decl::Table);
        let decls: Vec<Decl> = tables.chain((0..self.scope.settings.len()).map(Decl::Setting)).collect();
        let number: HashMap<Decl, usize> = decls.iter().enumerate().map(|(at, decl)| (*decl, at)).collect();
        let needs: Vec<Vec<(usize, Span)>> = decls
            .iter()
            .map(|decl| {
                let needs = self.needs(*decl);
                needs.into_iter().filter_map(|(decl, span)| Some((*number.get(&decl)?, span))).collect()
            })
            .collect();
        let mut waiting: Vec<usize> = needs.iter().map(Vec::len).collect();
        let mut needed_by: Vec<Vec<usize>> = vec![Vec::new(); decls.len()];
        for (at, needs) in needs.iter().enumerate() {
            for (needed, _) in needs {
                needed_by.get_mut(*needed).into_iter().for_each(|by| by.push(at));
            }
        }
        let mut ready: std::collections::VecDeque<usize> =
            (0..decls.len()).filter(|at| waiting.get(*at) == Some(&0)).collect();
        let mut ordered = Vec::with_capacity(decls.len());
        while let Some(at) = ready.pop_front() {
            ordered.extend(decls.get(at));
            for next in needed_by.get(at).into_iter().flatten() {
                let Some(left) = waiting.get_mut(*next) else { continue };
                *left -= 1;
                if *left == 0 {
                    ready.push_back(*next);
                }
            }
        }
        if ordered.len() < decls.len() {
            self.circles(&decls, &needs, &waiting);
        }
        ordered
    }

    /// What a table or setting names, as far as it is another table or setting.
    fn needs(&self, decl: Decl) -> Vec<(Decl, Span)> {
        let mut mentions = Mentions::default();
        match decl {
            Decl::Table(at) => {
                let section = self.scope.tables.get(at).and_then(|table| self.sections.get(table.section));
                section.into_iter().for_each(|placed| mentions.section(placed.section));
            }
            Decl::Setting(at) => {
                self.scope
                    .settings
                    .get(at)
                    .into_iter()
                    .for_each(|setting| mentions.value(&setting.ast.value));
            }
        }
        let slots = self.scope.slots(decl);
        let mut needs = Vec::new();
        for (name, span) in mentions.names {
            // A field goes before everything else of its name.
            if slots.kinds().any(|kind| schema().find_field(kind, &name).is_some()) {
                continue;
            }
            for needed in self.scope.named(&self.canonical(&name, slots)) {
                // A table of other events is not meant; a setting of others may be, as a constant.
                let reachable =
                    matches!(needed, Decl::Setting(_)) || !self.scope.slots(*needed).and(slots).is_empty();
                if reachable {
                    needs.push((*needed, span));
                }
            }
        }
        needs.sort_unstable();
        needs.dedup_by_key(|(decl, _)| *decl);
        needs
    }

    /// Reports every circle once, at the first table in it.
    fn circles(&mut self, decls: &[Decl], needs: &[Vec<(usize, Span)>], waiting: &[usize]) {
        let mut seen = vec![false; decls.len()];
        for start in 0..decls.len() {
            if seen.get(start) != Some(&false) || waiting.get(start) == Some(&0) {
                continue;
            }
            // Everything that still waits needs something that still waits, so walking on must come round.
            let mut path: Vec<(usize, Span)> = Vec::new();
            let mut at = start;
            let circle = loop {
                if let Some(from) = path.iter().position(|(step, _)| *step == at) {
                    break path.split_off(from);
                }
                let next = needs.get(at).into_iter().flatten();
                let Some((next, span)) = next.copied().find(|(next, _)| waiting.get(*next) != Some(&0))
                else {
                    break Vec::new();
                };
                if seen.get(at) == Some(&true) {
                    break Vec::new();
                }
                path.push((at, span));
                at = next;
            };
            for (step, _) in path.iter().chain(&circle) {
                seen.get_mut(*step).into_iter().for_each(|seen| *seen = true);
            }
            if !circle.is_empty() {
                self.report_circle(decls, &circle);
                // Something names each of them, even if nothing else does.
                circle
                    .iter()
                    .filter_map(|(at, _)| decls.get(*at))
                    .for_each(|decl| self.scope.mark_used(*decl));
            }
        }
    }

    fn report_circle(&mut self, decls: &[Decl], circle: &[(usize, Span)]) {
        let steps: Vec<(SmolStr, usize, Span)> = circle
            .iter()
            .filter_map(|(at, span)| {
                let (name, section) = match *decls.get(*at)? {
                    Decl::Table(at) => {
                        self.scope.tables.get(at).map(|table| (table.name.clone(), table.section))
                    }
                    Decl::Setting(at) => {
                        self.scope.settings.get(at).map(|setting| (setting.name.clone(), setting.section))
                    }
                }?;
                Some((name, section, *span))
            })
            .collect();
        let Some((first, section, span)) = steps.first() else { return };
        let Some(placed) = self.sections.get(*section).copied() else { return };
        let way: Vec<String> =
            steps.iter().map(|(name, ..)| format!("`{name}`")).chain([format!("`{first}`")]).collect();
        let way = way.join(" → ");
        let ctx = Ctx::new(placed.file, placed.lang, Slots::NONE);
        let mut found = problem(
            &codes::TABLE_CYCLE,
            &ctx,
            *span,
            Text::new(
                format!("the value of `{first}` depends on itself"),
                format!("значение `{first}` зависит само от себя"),
            ),
            Text::new("this leads back", "отсюда — по кругу"),
        )
        .note(Text::new(format!("the way round is {way}"), format!("круг такой: {way}")));
        for (_, section, span) in steps.iter().skip(1) {
            if let Some(placed) = self.sections.get(*section) {
                found = found.label(Label::new(placed.file, *span, Text::new("by way of this", "через это")));
            }
        }
        self.report(found);
    }
}
