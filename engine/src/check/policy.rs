//! Policies: what a `policy` line says, and the function that it names.

use std::sync::Arc;

use smol_str::SmolStr;
use switchboard_grammar::ast;
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Diagnostic, Label, Text};
use switchboard_grammar::lang::Lang;
use switchboard_grammar::span::Span;

use super::checker::{Checker, Placed, problem};
use super::ctx::Ctx;
use super::events::TaskEvents;
use super::unknown::{Candidates, offer};
use crate::catalog::{FACTS, Fact, HOOKS, Hook};
use crate::program::{Need, Slots};
use crate::schema::Spelling;

/// A policy as it is declared.
pub(crate) struct PolicyDecl {
    pub(crate) hook: Hook,
    pub(crate) events: TaskEvents,
    pub(crate) function: SmolStr,
    /// Where the function is named, or the hook that gives it its name.
    pub(crate) function_span: Span,
    /// The whole of the line that matters.
    pub(crate) span: Span,
    pub(crate) line: u32,
    pub(crate) needs: Arc<[Need]>,
}

/// The pieces of a `policy` line.
pub(crate) struct Written<'a> {
    pub(crate) word: &'a ast::Word,
    pub(crate) hook: &'a ast::Hook,
    pub(crate) events: &'a ast::Events,
    pub(crate) by: Option<&'a ast::Name>,
    pub(crate) needs: &'a [ast::Need],
}

impl Checker<'_> {
    /// Checks a policy's line. None when something in it was reported.
    pub(crate) fn policy(
        &mut self,
        placed: Placed<'_>,
        written: &Written<'_>,
        before: &[PolicyDecl],
    ) -> Option<PolicyDecl> {
        let ctx = Ctx::new(placed.file, placed.lang, Slots::NONE);
        let hook = self.hook(written.hook, &ctx)?;
        let spec = hook.spec();
        let events = match spec.outcomes {
            true => self.task_events(placed.file, Some(written.events)),
            false => TaskEvents {
                slots: self.plain_events(placed.file, Some(written.events)),
                ..TaskEvents::default()
            },
        };
        let span = written.word.span.cover(written.hook.span()).cover(written.events.span);
        let without = events.slots.without(spec.slots);
        if !without.is_empty() {
            let en = format!("{} have no such part of a decision: {}", without.to_en(), spec.doc.en);
            let ru = format!("для {} такой части решения нет: {}", without.to_ru(), spec.doc.ru);
            let label = Text::new(
                format!("this policy is for {}", spec.slots.to_en()),
                format!("такая политика бывает для {}", spec.slots.to_ru()),
            );
            self.report(problem(&codes::POLICY_MISUSE, &ctx, written.events.span, Text::new(en, ru), label));
            return None;
        }
        let needs = self.facts_needed(hook, events.slots, written.needs, &ctx);
        let function = written.by.map_or_else(|| spec.function.into(), |name| name.text.clone());
        let function_span = written.by.map_or(written.hook.span(), |name| name.span);
        let twice = before.iter().find(|other| {
            other.hook == hook
                && other.function == function
                && !other.events.slots.and(events.slots).is_empty()
                && !apart(&other.events, &events)
        });
        if let Some(first) = twice {
            let found = problem(
                &codes::POLICY_MISUSE,
                &ctx,
                span,
                Text::new(
                    format!("`{function}` would run twice for the same events"),
                    format!("`{function}` выполнялась бы для одних и тех же событий дважды"),
                ),
                Text::new("the second time", "второй раз — здесь"),
            );
            self.report(found.label(Label::new(
                ctx.file,
                first.span,
                Text::new("the first time", "первый раз — здесь"),
            )));
            return None;
        }
        let line = self.line(placed.file, written.word.span);
        Some(PolicyDecl { hook, events, function, function_span, span, line, needs: needs?.into() })
    }

    fn hook(&mut self, written: &ast::Hook, ctx: &Ctx) -> Option<Hook> {
        let name = match written {
            ast::Hook::Fields { target: ast::FieldsTarget::Client, .. } => return Some(Hook::ClientFields),
            ast::Hook::Fields { target: ast::FieldsTarget::Order, .. } => return Some(Hook::OrderFields),
            ast::Hook::Named(name) => name,
        };
        if let Some(hook) = Hook::find(&name.text) {
            let spec = hook.spec();
            let (right, native) = match ctx.lang {
                Lang::En => (spec.name, spec.name == name.text),
                Lang::Ru => (spec.ru, spec.name != name.text),
            };
            if !native {
                let spelling = if ctx.lang == Lang::En { Spelling::Russian } else { Spelling::English };
                self.foreign_spelling(ctx, name.span, right, Some(spelling));
            }
            return Some(hook);
        }
        let names: Vec<&str> = HOOKS.iter().map(|spec| ctx.lang.pick(spec.name, spec.ru)).collect();
        let found = problem(
            &codes::POLICY_MISUSE,
            ctx,
            name.span,
            Text::new(
                format!("there is no policy of `{}`", name.text),
                format!("политики `{}` нет", name.text),
            ),
            Text::new("not a part of a decision", "такой части решения нет"),
        )
        .note(Text::new(
            format!("policies are of {}", HOOKS.each_ref().map(|spec| spec.name).join(", ")),
            format!("бывают политики: {}", HOOKS.each_ref().map(|spec| spec.ru).join(", ")),
        ));
        let mut candidates = Candidates::default();
        candidates.add_all(names);
        for spec in &HOOKS {
            let shown = ctx.lang.pick(spec.name, spec.ru);
            spec.ru_forms.iter().for_each(|form| candidates.add(form, shown, Spelling::RussianForm));
        }
        self.report_near(found, &name.text, name.span, candidates, ctx);
        None
    }

    /// The facts that a policy needs. None when something was reported.
    fn facts_needed(
        &mut self,
        hook: Hook,
        slots: Slots,
        written: &[ast::Need],
        ctx: &Ctx,
    ) -> Option<Vec<Need>> {
        let mut needs: Vec<Need> = Vec::new();
        let mut wrong = false;
        for need in written {
            match self.fact_needed(hook, slots, need, ctx) {
                Some(need) => match needs.iter_mut().find(|known| known.fact == need.fact) {
                    Some(known) => known.count = known.count.max(need.count),
                    None => needs.push(need),
                },
                None => wrong = true,
            }
        }
        needs.sort_unstable();
        (!wrong).then_some(needs)
    }

    fn fact_needed(&mut self, hook: Hook, slots: Slots, need: &ast::Need, ctx: &Ctx) -> Option<Need> {
        let name = need.fact.dotted();
        let Some(fact) = Fact::find(&name) else {
            self.no_fact(&name, need.fact.span, ctx);
            return None;
        };
        let spec = fact.spec();
        let right = ctx.lang.pick(spec.name, spec.ru);
        if name != right {
            let spelling = if ctx.lang == Lang::En { Spelling::Russian } else { Spelling::English };
            self.foreign_spelling(ctx, need.fact.span, right, Some(spelling));
        }
        if hook == Hook::Forward && !spec.while_waiting {
            let known = FACTS.iter().filter(|spec| spec.while_waiting);
            let known: Vec<&str> = known.map(|spec| ctx.lang.pick(spec.name, spec.ru)).collect();
            self.report(problem(
                &codes::UNKNOWN_FACT,
                ctx,
                need.span,
                Text::new(
                    format!("a call that waits to be put through cannot wait for `{right}` too"),
                    format!("звонок, который ждёт соединения, не может ждать ещё и `{right}`"),
                ),
                Text::new(
                    format!("what is remembered of the client can be had: {}", known.join(", ")),
                    format!("доступно то, что уже известно о клиенте: {}", known.join(", ")),
                ),
            ));
            return None;
        }
        let without = slots.without(spec.slots);
        if !without.is_empty() {
            self.report(problem(
                &codes::UNKNOWN_FACT,
                ctx,
                need.span,
                Text::new(
                    format!("`{right}` cannot be had for {}", without.to_en()),
                    format!("`{right}` нельзя узнать для {}", without.to_ru()),
                ),
                Text::new(
                    format!("a fact of {}", spec.slots.to_en()),
                    format!("этот факт бывает для {}", spec.slots.to_ru()),
                ),
            ));
            return None;
        }
        let count = match (&need.count, spec.counts) {
            (None, counts) => counts.map_or(1, |(usual, _)| usual),
            (Some(count), None) => {
                self.report(problem(
                    &codes::UNKNOWN_FACT,
                    ctx,
                    count.span,
                    Text::new(
                        format!("`{right}` is no list, so there is no number of it"),
                        format!("`{right}` — не список, числа у него не бывает"),
                    ),
                    Text::new("take it out", "уберите"),
                ));
                return None;
            }
            (Some(count), Some((_, most))) => match count.text.parse::<u16>() {
                Ok(asked) if (1..=most).contains(&asked) => asked,
                _ => {
                    self.report(problem(
                        &codes::LIMIT_TOO_HIGH,
                        ctx,
                        count.span,
                        Text::new(
                            format!("`{right}` cannot have {} entries", count.text),
                            format!("`{right}` не может содержать записей: {}", count.text),
                        ),
                        Text::new(format!("from 1 to {most}"), format!("от 1 до {most}")),
                    ));
                    return None;
                }
            },
        };
        Some(Need { fact, count })
    }

    fn no_fact(&mut self, name: &str, span: Span, ctx: &Ctx) {
        let names = FACTS.iter().map(|spec| ctx.lang.pick(spec.name, spec.ru));
        let found = problem(
            &codes::UNKNOWN_FACT,
            ctx,
            span,
            Text::new(format!("there is no fact `{name}`"), format!("факта `{name}` нет")),
            Text::new("nobody could be asked for it", "его не у кого узнать"),
        )
        .note(Text::new(
            format!("the facts are {}", FACTS.each_ref().map(|spec| spec.name).join(", ")),
            format!("факты: {}", FACTS.each_ref().map(|spec| spec.ru).join(", ")),
        ));
        let mut candidates = Candidates::default();
        candidates.add_all(names);
        for spec in &FACTS {
            let shown = ctx.lang.pick(spec.name, spec.ru);
            candidates.add(spec.name, shown, Spelling::English);
            candidates.add(spec.script_name(), shown, Spelling::English);
        }
        self.report_near(found, name, span, candidates, ctx);
    }

    fn report_near(&mut self, found: Diagnostic, name: &str, span: Span, candidates: Candidates, ctx: &Ctx) {
        let found = match self.search(name, |_| candidates) {
            Some(meant) => offer(found, ctx, span, &meant),
            None => found,
        };
        self.report(found);
    }
}

/// Whether no event can be of both: one counts the missed only, the other the answered only.
fn apart(a: &TaskEvents, b: &TaskEvents) -> bool {
    let both = a.slots.and(b.slots);
    both.iter().all(|slot| {
        (a.unreached.has(slot) && b.reached.has(slot) && !a.reached.has(slot) && !b.unreached.has(slot))
            || (a.reached.has(slot)
                && b.unreached.has(slot)
                && !a.unreached.has(slot)
                && !b.reached.has(slot))
    })
}
