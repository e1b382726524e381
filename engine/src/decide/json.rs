//! Decisions as JSON: the stable shape that programs read.
//!
//! Keys and their order are fixed; what is missing is `null`, `[]` or left out as the shape says. Moments are RFC
//! 3339, phones E.164, numbers JSON numbers, enums English names. Equal decisions are equal bytes.

use serde_json::{Map, Value as Json, json};
use smol_str::SmolStr;
use switchboard_grammar::lang::Lang;

use super::decision::{Deal, Decision, FieldWrite, Funnel, Task};
use super::form::Form;
use super::trace::{TraceNear, TraceStep};
use crate::decimal;
use crate::value::{Value, to_json};

impl Decision {
    /// The decision; `lang` is the language of the words in the trace.
    ///
    /// Keys: `accepted`, `create`, `responsible`, `store`, `tasks` (`title`, `note`, `assign`, `due`), `fields`
    /// (`client`, `order`), `forward_to`, `deal`, `trace`; `attach_to` only when a policy says so.
    pub fn to_json(&self, lang: Lang) -> Json {
        let words = self.trace.render(lang);
        self.with_trace(task, words.iter().map(in_one).collect())
    }

    /// The decision as it is kept, in a form: the shape of [`Decision::to_json`] with the words of the trace in both
    /// languages, for readers of either (each `why` is an object with the keys `en` and `ru`). Since [`Form::Second`] with
    /// what tells two decisions apart that say the same: tasks have their `name` too, `cancel_when_reached` and `park` stand
    /// there when they are so. Since [`Form::Third`] with the number of the form, in front.
    pub fn to_json_as(&self, form: Form) -> Json {
        let steps = self.trace.render(Lang::En).into_iter().zip(self.trace.render(Lang::Ru));
        let task = if form >= Form::Second { kept_task } else { task };
        let mut told = self.with_trace(task, steps.map(|(en, ru)| in_both(&en, &ru)).collect());
        if let Some(object) = told.as_object_mut() {
            if self.park && form >= Form::Second {
                object.insert("park".to_owned(), Json::Bool(true));
            }
            if form >= Form::Third {
                object.shift_insert(0, Form::KEY.to_owned(), Json::from(form.number()));
            }
        }
        told
    }

    fn with_trace(&self, task: fn(&Task) -> Json, trace: Vec<Json>) -> Json {
        let create: Vec<&str> = self.create.iter().map(|entity| entity.as_str()).collect();
        let mut told = json!({
            "accepted": self.accepted,
            "create": create,
            "responsible": text(self.responsible.as_ref()),
            "store": text(self.store.as_ref()),
            "tasks": self.tasks.iter().map(task).collect::<Vec<_>>(),
            "fields": { "client": fields(&self.fields.client), "order": fields(&self.fields.order) },
            "forward_to": text(self.forward_to.as_ref()),
            "deal": self.deal.as_ref().map_or(Json::Null, deal),
            "trace": trace,
        });
        if let (Some(number), Some(object)) = (&self.attach_to, told.as_object_mut()) {
            object.insert("attach_to".to_owned(), Json::from(number.as_str()));
        }
        told
    }
}

fn text(value: Option<&SmolStr>) -> Json {
    value.map_or(Json::Null, |value| Json::from(value.as_str()))
}

fn task(task: &Task) -> Json {
    json!({
        "title": task.title,
        "note": task.note,
        "assign": text(task.assign.as_ref()),
        "due": task.due.map(|due| due.to_string()),
    })
}

/// A task as it is kept since the second form.
fn kept_task(of: &Task) -> Json {
    let mut told = task(of);
    if let Some(object) = told.as_object_mut() {
        object.insert("name".to_owned(), Json::from(of.name.as_str()));
        if of.cancel_when_reached {
            object.insert("cancel_when_reached".to_owned(), Json::Bool(true));
        }
    }
    told
}

fn fields(fields: &[FieldWrite]) -> Json {
    let there = fields.iter().filter(|field| !field.value.is_missing());
    object(there.map(|field| (&field.code, &field.value)))
}

fn deal(deal: &Deal) -> Json {
    let (funnel, store) = match &deal.funnel {
        Funnel::Default => ("default", None),
        Funnel::Store(store) => ("per_store", store.as_ref()),
    };
    json!({
        "funnel": funnel,
        "store": text(store),
        "amount": deal.amount.as_ref().map_or(Json::Null, decimal::to_json),
        "outcome": deal.outcome.as_str(),
        "pass": object(deal.pass.iter().map(|(code, value)| (code, value))),
    })
}

fn object<'v>(values: impl Iterator<Item = (&'v SmolStr, &'v Value)>) -> Json {
    let values = values.map(|(code, value)| {
        let list = matches!(value, Value::List(_));
        (code.to_string(), to_json(value, list))
    });
    Json::Object(values.collect::<Map<_, _>>())
}

fn in_one(words: &TraceStep) -> Json {
    let nearest = words.near.iter().map(|of| near(of, of.why.as_str().into()));
    step(words, words.why.as_str().into(), nearest.collect())
}

/// One step from the same step in two languages.
fn in_both(en: &TraceStep, ru: &TraceStep) -> Json {
    let both = |en: &str, ru: &str| json!({ "en": en, "ru": ru });
    let nearest = en.near.iter().zip(&ru.near).map(|(en, ru)| near(en, both(&en.why, &ru.why)));
    step(en, both(&en.why, &ru.why), nearest.collect())
}

fn step(step: &TraceStep, why: Json, near: Vec<Json>) -> Json {
    json!({
        "section": step.section,
        "file": step.file,
        "line": step.line,
        "row": step.row,
        "outcome": step.outcome,
        "why": why,
        "near": near,
    })
}

fn near(near: &TraceNear, why: Json) -> Json {
    json!({ "row": near.row, "line": near.line, "why": why })
}
