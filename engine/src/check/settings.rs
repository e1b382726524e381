//! Settings: known ones have the schema's type, others the type of their value.

use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::lang::Lang;

use super::checker::{Checker, problem};
use super::ctx::Ctx;
use super::scope::SettingDecl;
use super::unknown::{Candidates, offer};
use crate::catalog::schema;
use crate::program::Expr;

impl<'a> Checker<'a> {
    /// Checks a setting; its value is known afterwards, unless it is wrong.
    pub(crate) fn setting(&mut self, at: usize) -> Option<Expr> {
        let setting = self.scope.settings.get(at)?;
        let (section, ast, spec) = (setting.section, setting.ast, setting.spec);
        let placed = *self.sections.get(section)?;
        let ctx = Ctx::new(placed.file, placed.lang, setting.slots);
        let typed = match spec {
            Some(spec) => {
                // The setting may be of one of the section's kinds only.
                for kind in ctx.slots.kinds() {
                    if schema().find_setting(kind, spec.name).is_none() {
                        self.setting_elsewhere(&ast.name.text, ast.name.span, kind, &ctx);
                    }
                }
                self.known_number_of_setting(spec.name, &ast.value, &ctx);
                self.value_of(&ast.value, spec.ty, &ctx)
            }
            None => self.value(&ast.value, None, &ctx),
        }?;
        let longest = self.longest(&typed.expr, ctx.lang);
        if let Some(setting) = self.scope.settings.get_mut(at) {
            setting.value = Some((typed.expr.clone(), typed.ty));
            setting.longest = longest;
        }
        Some(typed.expr)
    }

    fn setting_elsewhere(
        &mut self,
        name: &str,
        span: switchboard_grammar::span::Span,
        kind: crate::schema::EventKind,
        ctx: &Ctx,
    ) {
        self.report(problem(
            &codes::UNKNOWN_SETTING,
            ctx,
            span,
            Text::new(
                format!("{} have no setting `{name}`", kind.plural_en()),
                format!("у {} нет настройки `{name}`", kind.plural_ru()),
            ),
            Text::new("a setting of other events", "это настройка других событий"),
        ));
    }

    /// A setting that neither the server nor any rule reads is a slip: it would be silently without effect.
    pub(crate) fn unread_settings(&mut self) {
        let unread: Vec<usize> = (0..self.scope.settings.len())
            .filter(|at| self.scope.settings.get(*at).is_some_and(|setting| !setting.used))
            .collect();
        for at in unread {
            let Some(SettingDecl { section, ast, slots, .. }) = self.scope.settings.get(at) else { continue };
            let Some(placed) = self.sections.get(*section) else { continue };
            let ctx = Ctx::new(placed.file, placed.lang, *slots);
            let (name, span) = (ast.name.text.clone(), ast.name.span);
            let found = problem(
                &codes::UNKNOWN_SETTING,
                &ctx,
                span,
                Text::new(
                    format!("nothing reads the setting `{name}`"),
                    format!("настройку `{name}` никто не читает"),
                ),
                Text::new(
                    "neither the program nor a rule of this bundle",
                    "ни программа, ни правила этого набора",
                ),
            );
            let mut candidates = Candidates::default();
            for kind in ctx.slots.kinds() {
                for (known, spelling, setting) in schema().setting_names(kind) {
                    let shown = if ctx.lang == Lang::Ru { setting.spec.ru } else { setting.spec.name };
                    candidates.add(known, shown, spelling);
                }
            }
            let found = match self.search(&name, |_| candidates) {
                Some(meant) => offer(found, &ctx, span, &meant),
                None => found,
            };
            self.report(found);
        }
    }
}
