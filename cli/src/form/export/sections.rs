//! Filters, settings, tasks, fields and the transfer of orders.

use switchboard_engine::catalog::schema;
use switchboard_grammar::ast::{
    Due, DueKind, FieldsSection, FieldsTarget, Filter, Guard, LiteralKind, Outcome, Path, Settings, Task,
    TaskLine, Transfer, TransferLine, Value, ValueKind, Verdict,
};
use switchboard_grammar::lang::Lang;

use super::parts::{Parts, Passed, kinds_of};
use super::place::At;
use super::values::{condition, of_parameter, text, yes_no};
use crate::form::condition::{Condition, Parameter};
use crate::form::kind::Kind;
use crate::form::model::{self, Deals, Field, Funnel, MAX_HOURS};
use crate::form::value;

const HOUR: u64 = 3_600;

impl<'s> Parts<'s> {
    pub(super) fn filter(&mut self, filter: &'s Filter, at: At<'s>) {
        for kind in self.kinds(filter.events.as_ref(), at) {
            let mut terms = Vec::new();
            let mut otherwise = Verdict::Accept;
            let mut is_whole = true;
            for (number, line) in filter.lines.iter().enumerate() {
                let term = match (&line.item.guard, line.item.verdict) {
                    (Guard::Else(_), verdict) => {
                        otherwise = verdict;
                        continue;
                    }
                    (Guard::When(_, asked), Verdict::Accept) => condition(kind, asked, 0),
                    (Guard::When(..), Verdict::Reject) => None,
                };
                match term {
                    Some(term) => terms.push(term),
                    None => {
                        is_whole = false;
                        self.asks_more(kind, at.line(number));
                    }
                }
            }
            let passed = match (Condition::any(terms), otherwise) {
                (None, Verdict::Accept) => Passed::Everything,
                (None, Verdict::Reject) => Passed::Nothing,
                (Some(condition), Verdict::Reject) => Passed::When(condition),
                (Some(_), Verdict::Accept) => {
                    if is_whole {
                        self.obstacle(
                            at,
                            "this filter names what it lets in, and lets in everything else, too",
                            "этот фильтр называет, что пропустить, и пропускает всё остальное",
                        );
                    }
                    Passed::Everything
                }
            };
            if is_whole {
                self.part_mut(kind).filter = Some((passed, at));
            }
        }
    }

    /// Says what filters of the form can ask.
    fn asks_more(&mut self, kind: Kind, at: At<'s>) {
        let names = |lang: Lang| {
            let names: Vec<String> = kind
                .parameters()
                .iter()
                .filter_map(|parameter| schema().find_field(kind.schema(), parameter.field()))
                .map(|found| lang.pick(found.field.name_with(None), found.field.ru_with(None)))
                .collect();
            names.join(", ")
        };
        self.obstacle(
            at,
            format!(
                "filters of the form let in what they name, by {}, with `is`, `and`, `or`",
                names(Lang::En)
            ),
            format!("фильтры формы пропускают названное, по {}, словами `это`, `и`, `или`", names(Lang::Ru)),
        );
    }

    pub(super) fn settings(&mut self, settings: &'s Settings, at: At<'s>) {
        for kind in self.kinds(settings.events.as_ref(), at) {
            self.part_mut(kind).is_used = true;
            for (number, line) in settings.lines.iter().enumerate() {
                let at = at.line(number);
                if !self.setting(kind, line.item.name.text.as_str(), &line.item.value, at) {
                    self.obstacle(
                        at,
                        "the form has no such setting, or no such value of it",
                        "такой настройки или такого её значения в форме нет",
                    );
                }
            }
        }
    }

    /// Takes a setting; whether the form has it.
    fn setting(&mut self, kind: Kind, name: &str, value: &Value, at: At<'s>) -> bool {
        let chosen = &mut self.part_mut(kind).settings;
        let answer = yes_no(value);
        match name {
            "default_responsible" => {
                chosen.default_responsible = text(value).filter(|email| email.contains('@'));
                chosen.default_responsible.is_some()
            }
            "default_store" => {
                chosen.default_store = text(value).map(|store| (store, at));
                chosen.default_store.is_some()
            }
            "click_to_call_number" => {
                chosen.click_to_call_number =
                    of_parameter(Parameter::VirtualNumber, value).map(|number| (number, at));
                chosen.click_to_call_number.is_some()
            }
            "always_show_number" => {
                chosen.always_show_number = (answer == Some(true)).then_some(at);
                answer.is_some()
            }
            "forward_to_manager" => {
                chosen.forward_to_manager = (answer == Some(true)).then_some(at);
                answer.is_some()
            }
            "pass_without_contacts" => {
                chosen.without_contacts = answer == Some(true);
                answer.is_some()
            }
            "create_at" => {
                chosen.create_at = value.path().map(Path::dotted);
                chosen.create_at.is_some()
            }
            _ => false,
        }
    }

    pub(super) fn task(&mut self, task: &'s Task, at: At<'s>) {
        self.kinds(task.events.as_ref(), at);
        let targets = task.events.as_ref().map(|events| events.targets.as_slice()).unwrap_or_default();
        for target in targets {
            let fitting: &[Kind] = match target.outcome {
                Some((Outcome::Missed, _)) => &[Kind::Incoming, Kind::Chats],
                Some((Outcome::Failed, _)) => &[Kind::Outgoing],
                Some((Outcome::Answered, _)) | None => &[],
            };
            let mut kinds = kinds_of(target.kind).iter().filter(|kind| fitting.contains(kind)).peekable();
            if kinds.peek().is_none() || task.when.is_some() {
                self.obstacle(
                    at,
                    "the form sets tasks for missed incoming calls, failed outgoing calls and missed chats, all of them",
                    "форма ставит задачи по всем пропущенным входящим, неудачным исходящим и пропущенным чатам",
                );
                continue;
            }
            for kind in kinds {
                self.task_of(*kind, task, at);
            }
        }
    }

    fn task_of(&mut self, kind: Kind, task: &'s Task, at: At<'s>) {
        let mut found = model::Task { title: None, assignee: Vec::new(), hours: 0 };
        for (number, line) in task.lines.iter().enumerate() {
            let at = at.line(number);
            match &line.item {
                TaskLine::Title(_, value) => match title(kind, value, at) {
                    Some(title) => found.title = title,
                    None => self.obstacle(
                        at,
                        "a title of the form is the built-in one, or one text with fields",
                        "заголовок в форме – встроенный или один текст с полями",
                    ),
                },
                TaskLine::Assign(_, value) => found.assignee = self.people(kind, Some(value), at, true),
                TaskLine::Due(_, due) => match hours(due) {
                    Some(hours) => found.hours = hours,
                    None => self.obstacle(
                        at,
                        format!("the form counts whole hours after the end, 1 to {MAX_HOURS}"),
                        format!("форма отсчитывает целые часы после завершения, от 1 до {MAX_HOURS}"),
                    ),
                },
                TaskLine::Note(..) => {
                    self.obstacle(at, "tasks of the form have no note", "у задач формы нет описания");
                }
                TaskLine::Cancel(_) => {
                    self.obstacle(at, "tasks of the form are not taken back", "задачи формы не отменяются");
                }
            }
        }
        let part = self.part_mut(kind);
        part.is_used = true;
        if part.task.is_some() {
            self.obstacle(at, "the form has one task of a kind", "в форме одна задача каждого вида");
        } else {
            part.task = Some(found);
        }
    }

    pub(super) fn fields(&mut self, fields: &'s FieldsSection, at: At<'s>) {
        for kind in self.kinds(fields.events.as_ref(), at) {
            self.part_mut(kind).is_used = true;
            for (number, line) in fields.lines.iter().enumerate() {
                let at = at.line(number);
                let from = line.item.value.path().map(Path::dotted);
                let from = from.filter(|name| schema().find_field(kind.schema(), name).is_some());
                let code = line.item.code.text.to_string();
                let part = self.part_mut(kind);
                let list = match fields.target {
                    Some((FieldsTarget::Order, _)) => &mut part.order_fields,
                    _ => &mut part.client_fields,
                };
                if list.iter().any(|(field, _)| field.field == code) {
                    self.obstacle(at, "the form writes a field once", "форма пишет поле один раз");
                } else if let Some(from) = from {
                    list.push((Field { field: code, from, always: line.item.always.is_some() }, at));
                } else {
                    self.obstacle(
                        at,
                        "the form writes a single field of the communication, without `else` and functions",
                        "форма пишет одно поле обращения, без `иначе` и функций",
                    );
                }
            }
        }
    }

    pub(super) fn transfer(&mut self, transfer: &'s Transfer, at: At<'s>) {
        let mut deals = Deals { fields: Vec::new(), funnel: Funnel::Single, with_delivery: true };
        for (number, line) in transfer.lines.iter().enumerate() {
            let word = |value: &Value| value.path().map(Path::dotted).unwrap_or_default();
            match &line.item {
                TransferLine::Funnel(_, value) => {
                    let is_single = matches!(value.kind, ValueKind::Default(_)) || word(value) == "single";
                    deals.funnel = if is_single { Funnel::Single } else { Funnel::PerStore };
                }
                TransferLine::Amount(_, value) => {
                    deals.with_delivery = word(value) != "total_without_delivery";
                }
                TransferLine::Pass(_, values) => {
                    for value in values {
                        let code = word(value);
                        if !deals.fields.contains(&code) {
                            deals.fields.push(code);
                        }
                    }
                }
                TransferLine::OnlyWhen(..) | TransferLine::Won(..) | TransferLine::Lost(..) => self.obstacle(
                    at.line(number),
                    "the form passes all orders, and does not say which are won or lost",
                    "форма передаёт все заказы и не говорит, какие из них успешны или проиграны",
                ),
            }
        }
        self.deals = Some(deals);
    }
}

/// The template of a title, `Some(None)` for the built-in one; `None` when the form cannot say it.
fn title(kind: Kind, value: &Value, at: At<'_>) -> Option<Option<String>> {
    match &value.kind {
        ValueKind::Default(_) => Some(None),
        ValueKind::Literal(literal) => match &literal.kind {
            LiteralKind::Text(text) => {
                let title = value::title_of(text, &at.source.english)?;
                // A hole may name what only this bundle has, such as a table.
                let is_taken = value::normal_title(&title, kind).is_ok_and(|normal| normal == title);
                (is_taken && title.trim() == title && !title.is_empty()).then_some(Some(title))
            }
            _ => None,
        },
        _ => None,
    }
}

/// Whole hours after the end.
fn hours(due: &Due) -> Option<u32> {
    let DueKind::After { amount, base, by: None, .. } = &due.kind else { return None };
    if amount.working.is_some() || base.path()?.dotted() != "finished" {
        return None;
    }
    let mut seconds = 0_u64;
    for part in &amount.duration.parts {
        let count: u64 = part.amount.parse().ok()?;
        seconds = seconds.checked_add(count.checked_mul(u64::from(part.unit.seconds()))?)?;
    }
    let hours = u32::try_from(seconds / HOUR).ok()?;
    (seconds.is_multiple_of(HOUR) && (1..=MAX_HOURS).contains(&hours)).then_some(hours)
}
