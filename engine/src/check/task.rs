//! Tasks: for which events, with which title, whose, when due.

use std::collections::HashMap;

use smol_str::{SmolStr, format_smolstr};
use switchboard_grammar::ast::{self, TaskLine, ValueKind};
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Label, Severity, Text};
use switchboard_grammar::lang::Lang;
use switchboard_grammar::span::Span;

use super::canonical;
use super::checker::{Checker, problem};
use super::condition::present_in;
use super::ctx::Ctx;
use super::events::TaskEvents;
use super::value::Typed;
use crate::program::{Expr, Note, Part, TaskRule, Template, Title};
use crate::ty::{ReferenceKind, Scalar, Type};
use crate::value::Value;

const EMPLOYEE: Type = Type::of(Scalar::Reference(ReferenceKind::Employee)).optional();

impl Checker<'_> {
    /// Checks a task. None when something in it was reported.
    pub(crate) fn task(
        &mut self,
        section: usize,
        task: &ast::Task,
        names: &mut HashMap<String, u32>,
    ) -> Option<(TaskEvents, TaskRule)> {
        let placed = *self.sections.get(section)?;
        let events = self.task_events(placed.file, task.events.as_ref());
        let mut ctx = Ctx::new(placed.file, placed.lang, events.slots);
        let when = match &task.when {
            None => Some(None),
            Some((_, condition)) => self.whole_condition(condition, &ctx).map(Some),
        };
        if let Some(Some((condition, _))) = &when {
            ctx.present = present_in(condition);
        }
        self.lines_once(task, &ctx);
        let mut title = None;
        let mut assign = None;
        let mut due = Some(None);
        let mut note = Some(None);
        let mut cancel_when_reached = false;
        let mut wrong = false;
        for line in &task.lines {
            match &line.item {
                TaskLine::Title(_, value) => {
                    title = self.title(value, events, &ctx);
                    wrong |= title.is_none();
                }
                TaskLine::Assign(_, value) => {
                    assign = self.assignee(value, &ctx);
                    wrong |= assign.is_none();
                }
                TaskLine::Due(_, written) => due = self.due(written, &ctx).map(Some),
                TaskLine::Note(_, written) => note = self.note(written, &ctx).map(Some),
                TaskLine::Cancel(_) => cancel_when_reached = true,
            }
        }
        if assign.is_none() && !wrong && !placed.section.broken {
            self.nobody(placed.section.head, &ctx);
        }
        if wrong {
            return None;
        }
        let title = match title {
            Some(title) => title,
            None => self.built_in_title(events, &ctx),
        };
        let name = Self::task_name(task, events, names);
        let rule = TaskRule {
            section: u32::try_from(section).unwrap_or(u32::MAX),
            name,
            unreached: events.unreached,
            reached: events.reached,
            when: when?,
            title,
            assign: assign.unwrap_or(Expr::Const(Value::Missing)),
            due: due?,
            note: note?,
            cancel_when_reached,
        };
        Some((events, rule))
    }

    /// Each line of a task may stand once.
    fn lines_once(&mut self, task: &ast::Task, ctx: &Ctx) {
        let mut seen: HashMap<_, Span> = HashMap::new();
        for line in &task.lines {
            let word = match &line.item {
                TaskLine::Title(word, _)
                | TaskLine::Assign(word, _)
                | TaskLine::Due(word, _)
                | TaskLine::Note(word, _)
                | TaskLine::Cancel(word) => *word,
            };
            match seen.get(&word.keyword) {
                None => {
                    seen.insert(word.keyword, word.span);
                }
                Some(first) => self.second_line(word.span, *first, ctx),
            }
        }
    }

    /// Reports a line that stands twice in a section.
    pub(crate) fn second_line(&mut self, span: Span, first: Span, ctx: &Ctx) {
        let written = self.text(ctx.file, span);
        self.report(
            problem(
                &codes::DUPLICATE_NAME,
                ctx,
                span,
                Text::new(format!("`{written}` is given twice"), format!("`{written}` указано дважды")),
                Text::new("the second one", "второй раз — здесь"),
            )
            .label(Label::new(ctx.file, first, Text::new("the first one", "первый раз — здесь"))),
        );
    }

    fn title(&mut self, value: &ast::Value, events: TaskEvents, ctx: &Ctx) -> Option<Title> {
        if let ValueKind::Default(_) = value.kind {
            return Some(self.built_in_title(events, ctx));
        }
        let typed = self.printed(value, ctx)?;
        if typed.ty.optional {
            self.may_be_empty(typed.span, ctx);
            return None;
        }
        self.title_length(&typed, ctx);
        Some(Title::Written(as_template(typed, ctx.lang)))
    }

    fn assignee(&mut self, value: &ast::Value, ctx: &Ctx) -> Option<Expr> {
        let typed = self.value_of(value, EMPLOYEE, ctx)?;
        if typed.ty.optional {
            let written = self.text(ctx.file, typed.span);
            self.report(
                problem(
                    &codes::TASK_WITHOUT_ASSIGNEE,
                    ctx,
                    typed.span,
                    Text::new(
                        format!("nobody gets this task when there is no `{written}`"),
                        format!("эту задачу никто не получит, если `{written}` пусто"),
                    ),
                    Text::new("may be missing", "может быть пусто"),
                )
                .severity(Severity::Warning)
                .note(Text::new(
                    "name somebody for that case: `… else \"anna@romashka.ru\"`",
                    "назовите кого-нибудь на этот случай: `… иначе \"anna@romashka.ru\"`",
                )),
            );
        }
        Some(typed.expr)
    }

    /// RetailCRM refuses a task without a performer.
    fn nobody(&mut self, head: Span, ctx: &Ctx) {
        self.report(
            problem(
                &codes::TASK_WITHOUT_ASSIGNEE,
                ctx,
                head,
                Text::new("this task has no assignee", "у этой задачи нет ответственного"),
                Text::new("no line `assign:` below", "под заголовком нет строки `ответственный:`"),
            )
            .note(Text::new(
                "RetailCRM refuses tasks that nobody is to do",
                "RetailCRM не принимает задачи без исполнителя",
            )),
        );
    }

    /// The name of a task: its header in English, numbered when several are alike. What was done is recognised by it, so it
    /// follows from what is written and not from the language or the layout in which it is.
    fn task_name(task: &ast::Task, events: TaskEvents, names: &mut HashMap<String, u32>) -> SmolStr {
        let outcome = if !events.unreached.is_empty() {
            if events.unreached.and(crate::program::Slots::CALLS)
                == crate::program::Slots::one(crate::program::Slot::OutgoingCall)
            {
                "failed "
            } else {
                "missed "
            }
        } else if !events.reached.is_empty() {
            "answered "
        } else {
            ""
        };
        let mut name = format!("{outcome}{}", events.slots.to_en());
        if let Some((_, condition)) = &task.when {
            name = format!("{name} when {}", canonical::condition(condition));
        }
        let count = names.entry(name.clone()).or_default();
        *count += 1;
        if *count == 1 { name.into() } else { format_smolstr!("{name} #{count}") }
    }

    /// A long text: written here, or a file of the bundle.
    fn note(&mut self, note: &ast::Note, ctx: &Ctx) -> Option<Note> {
        match note {
            ast::Note::Value(value) => {
                self.printed(value, ctx).map(|typed| Note::Written(as_template(typed, ctx.lang)))
            }
            ast::Note::Template(_, path) => self.note_file(path, ctx).map(Note::File),
        }
    }
}

/// A value as a text for people in the language of its file.
fn as_template(typed: Typed, lang: Lang) -> Template {
    let part = match typed.expr {
        Expr::Template(template) => return *template,
        Expr::Const(Value::Text(text)) => Part::Text(text.as_str().to_owned()),
        value => Part::Hole { value, ty: typed.ty, filters: Box::new([]) },
    };
    Template { parts: Box::new([part]), lang }
}
