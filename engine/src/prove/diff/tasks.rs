//! Tasks and deals of a decision, as cases.

use smol_str::SmolStr;
use switchboard_grammar::diagnostic::Text;

use super::super::limits::Undecided;
use super::super::{outcome, words};
use super::cases::{Case, Caser, Outcome, always};
use super::side::Side;
use crate::moment::Seconds;
use crate::program::{Cond, Due, Expr, Note, Part, Place, TaskRule, Template, Title, Transfer};
use crate::schema::FieldKey;
use crate::value::Value;
use switchboard_grammar::lang::Lang;

/// A property of a task besides whether it is set and whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Property {
    Title,
    Note,
    Due,
    Cancel,
    Name,
}

impl Property {
    pub(super) const ALL: [Property; 5] =
        [Property::Title, Property::Note, Property::Due, Property::Cancel, Property::Name];
}

/// The tasks of both sides in pairs: by name, and what is left by header, in order.
pub(super) fn pairs<'p>(old: &Side<'p>, new: &Side<'p>) -> Vec<(Option<&'p TaskRule>, Option<&'p TaskRule>)> {
    let tasks = |side: &Side<'p>| -> Vec<&'p TaskRule> {
        side.plan.tasks.iter().filter_map(|task| side.program.tasks.get(*task as usize)).collect()
    };
    let header = |task: &TaskRule| task.name.split(" when ").next().map(SmolStr::from);
    let (old, mut new) = (tasks(old), tasks(new));
    let mut found: Vec<(Option<&TaskRule>, Option<&TaskRule>)> = Vec::new();
    for alike in [|a: &TaskRule, b: &TaskRule| a.name == b.name, |_: &TaskRule, _: &TaskRule| true] {
        for task in &old {
            if found.iter().any(|(known, _)| known.is_some_and(|known| std::ptr::eq(known, *task))) {
                continue;
            }
            let fits = |other: &&TaskRule| alike(task, other) && header(task) == header(other);
            if let Some(place) = new.iter().position(fits) {
                found.push((Some(*task), Some(new.remove(place))));
            }
        }
    }
    for task in old {
        if !found.iter().any(|(known, _)| known.is_some_and(|known| std::ptr::eq(known, task))) {
            found.push((Some(task), None));
        }
    }
    found.extend(new.into_iter().map(|task| (None, Some(task))));
    found
}

impl Caser<'_, '_, '_, '_> {
    /// Whether a task is set.
    pub(super) fn task_set(&mut self, task: Option<&TaskRule>) -> Result<Vec<Case>, Undecided> {
        let no = Outcome::word("not set", Text::new("not set", "не ставится"), None);
        let Some(task) = task else { return Ok(vec![always(no)]) };
        let conditions = outcome::asked(task, self.side.slot).into_iter();
        let conditions: Vec<Cond> =
            conditions.chain(task.when.as_ref().map(|(condition, _)| condition.clone())).collect();
        let yes = Outcome::word("set", Text::new("set", "ставится"), self.section(task.section));
        self.yes_no(Some(&Cond::All(conditions.into())), yes, no)
    }

    /// Whose a task is.
    pub(super) fn task_assign(&mut self, task: &TaskRule) -> Result<Vec<Case>, Undecided> {
        let place = self.section(task.section);
        self.value(&task.assign, place)
    }

    /// Another property of a task; compared as it is written.
    pub(super) fn task_property(&self, task: &TaskRule, property: Property) -> Vec<Case> {
        let mut fields = Vec::new();
        let (key, words) = match property {
            Property::Title => self.title(&task.title, &mut fields),
            Property::Note => self.note(task.note.as_ref(), &mut fields),
            Property::Due => self.due(task.due.as_ref(), &mut fields),
            Property::Cancel => match task.cancel_when_reached {
                true => {
                    ("cancel".to_owned(), Text::new("cancelled when reached", "снимается, когда дозвонились"))
                }
                false => ("keep".to_owned(), Text::new("stays when reached", "остаётся, когда дозвонились")),
            },
            Property::Name => {
                (task.name.to_string(), Text::new(format!("`{}`", task.name), format!("`{}`", task.name)))
            }
        };
        let place = self.section(task.section);
        vec![always(Outcome { fields, ..Outcome::word(&key, words, place) })]
    }

    /// The line of a section's header.
    pub(super) fn section(&self, section: u32) -> Option<Place> {
        let line = self.side.program.sections.get(section as usize)?.line;
        Some(Place { section, line })
    }

    fn title(&self, title: &Title, fields: &mut Vec<FieldKey>) -> (String, Text) {
        let template = match title {
            Title::Written(template) => Some(template),
            Title::BuiltIn(of) => {
                of.iter().find(|(slot, _)| *slot == self.side.slot).map(|(_, template)| template)
            }
        };
        template.map_or_else(
            || ("none".to_owned(), Text::new("none", "нет")),
            |template| self.template(template, fields),
        )
    }

    fn template(&self, template: &Template, fields: &mut Vec<FieldKey>) -> (String, Text) {
        let whole = Expr::Template(Box::new(template.clone()));
        whole.fields(fields);
        let parts = template.parts.iter().map(|part| match part {
            Part::Text(text) => text.as_str(),
            Part::Hole { .. } => "{{…}}",
        });
        let words = format!("\"{}\"", parts.collect::<String>());
        (self.side.scope.key(&whole), Text::new(words.clone(), words))
    }

    fn note(&self, note: Option<&Note>, fields: &mut Vec<FieldKey>) -> (String, Text) {
        match note {
            None => ("none".to_owned(), Text::new("none", "нет")),
            Some(Note::Written(template)) => self.template(template, fields),
            Some(Note::File(number)) => {
                let program = self.side.program;
                let mut key = format!("file {}", program.notes.digest(*number).unwrap_or_default());
                for value in program.notes.values(*number) {
                    value.fields(fields);
                    key.push('\u{1}');
                    key.push_str(&self.side.scope.key(value));
                }
                (key, Text::new("a text from a file", "текст из файла"))
            }
        }
    }

    fn due(&self, due: Option<&Due>, fields: &mut Vec<FieldKey>) -> (String, Text) {
        let scope = &self.side.scope;
        let (base, how) = match due {
            None => return ("none".to_owned(), Text::new("none", "нет")),
            Some(Due::At(base)) => (base, "at".to_owned()),
            Some(Due::After { base, by }) => (base, format!("after {}", by.0)),
            Some(Due::AfterWorking { base, by, schedule }) => {
                (base, format!("after working {} {}", by.0, scope.schedule(*schedule)))
            }
            Some(Due::AfterDays { base, days, schedule }) => {
                (base, format!("after days {days} {}", scope.schedule(*schedule)))
            }
        };
        base.fields(fields);
        let kind = self.side.slot.kind();
        let base_words = |lang| match base {
            Expr::Field(key) => words::field_name(kind, key, lang),
            _ => lang.pick("a value that is worked out", "вычисляемое значение").to_owned(),
        };
        let length = |seconds: &Seconds, lang| words::shown(&Value::Duration(*seconds), lang);
        let say = |lang: Lang| {
            let base = base_words(lang);
            match due {
                None | Some(Due::At(_)) => base,
                Some(Due::After { by, .. }) => {
                    let by = length(by, lang);
                    lang.pick(format!("{by} after {base}"), format!("{by} после: {base}"))
                }
                Some(Due::AfterWorking { by, .. }) => {
                    let by = length(by, lang);
                    lang.pick(
                        format!("{by} of working time after {base}"),
                        format!("{by} рабочего времени после: {base}"),
                    )
                }
                Some(Due::AfterDays { days, .. }) => lang.pick(
                    format!("{days} working days after {base}"),
                    format!("рабочих дней: {days}, после: {base}"),
                ),
            }
        };
        (format!("{how} of {}", scope.key(base)), Text::new(say(Lang::En), say(Lang::Ru)))
    }

    /// Whether an order is passed on.
    pub(super) fn deal_passed(&mut self, transfer: Option<&Transfer>) -> Result<Vec<Case>, Undecided> {
        let no = Outcome::word("not passed on", Text::new("not passed on", "не передаётся"), None);
        let Some(transfer) = transfer else { return Ok(vec![always(no)]) };
        let place =
            transfer.only_when.as_ref().map(|(line, _, _)| Place { section: transfer.section, line: *line });
        let place = place.or_else(|| self.section(transfer.section));
        let yes = Outcome::word("passed on", Text::new("passed on", "передаётся"), place);
        self.yes_no(transfer.only_when.as_ref().map(|(_, condition, _)| condition), yes, no)
    }

    /// How a deal ends.
    pub(super) fn deal_outcome(&mut self, transfer: &Transfer) -> Result<Vec<Case>, Undecided> {
        let mut cases = Vec::new();
        for (condition, key, ru) in
            [(&transfer.won, "won", "выиграна"), (&transfer.lost, "lost", "проиграна")]
        {
            if let Some((line, condition, _)) = condition {
                let place = Some(Place { section: transfer.section, line: *line });
                let areas = self.holds(condition)?;
                cases.push(Case { areas, outcome: Outcome::word(key, Text::new(key, ru), place) });
            }
        }
        cases.push(always(Outcome::word("open", Text::new("open", "открыта"), None)));
        Ok(cases)
    }

    /// Which funnel and which sum.
    pub(super) fn deal_form(&self, transfer: &Transfer) -> Vec<Case> {
        let (funnel, amount) = (transfer.per_store, transfer.with_delivery);
        let words = Text::new(
            format!(
                "{}, {}",
                if funnel { "a funnel per store" } else { "one funnel" },
                if amount { "total with delivery" } else { "total without delivery" }
            ),
            format!(
                "{}, {}",
                if funnel { "воронка на магазин" } else { "одна воронка" },
                if amount {
                    "сумма с доставкой"
                } else {
                    "сумма без доставки"
                }
            ),
        );
        let place = self.section(transfer.section);
        let fields = ["order.store", "order.total", "order.total_with_delivery"].into_iter();
        let fields =
            fields.filter_map(|name| crate::catalog::schema().field_id(name)).map(FieldKey::plain).collect();
        vec![always(Outcome { fields, ..Outcome::word(&format!("{funnel} {amount}"), words, place) })]
    }

    /// What is passed on under a code.
    pub(super) fn deal_pass(&mut self, transfer: &Transfer, code: &str) -> Result<Vec<Case>, Undecided> {
        let place = self.section(transfer.section);
        match transfer.pass.iter().find(|(known, _)| known == code) {
            Some((_, value)) => self.value(value, place),
            None => Ok(vec![always(Outcome::missing(place))]),
        }
    }
}
