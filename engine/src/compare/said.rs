//! What a decision says, without how it came about: the form in which decisions are compared.
//!
//! Made of a [`Decision`], or of the JSON that was kept of one. Records that were written before tasks had their names in
//! them are read too; their tasks are recognised by what they say.

use serde_json::Value as Json;
use smol_str::SmolStr;

use crate::decide::{Decision, Entity, FieldWrite, Funnel};
use crate::decimal;
use crate::moment::Moment;
use crate::value::{Value, to_json};

/// What a decision says.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    pub(super) accepted: bool,
    pub(super) park: bool,
    pub(super) client: bool,
    pub(super) order: bool,
    pub(super) attach_to: Option<SmolStr>,
    pub(super) responsible: Option<SmolStr>,
    pub(super) store: Option<SmolStr>,
    pub(super) tasks: Vec<SaidTask>,
    pub(super) client_fields: Vec<(SmolStr, String)>,
    pub(super) order_fields: Vec<(SmolStr, String)>,
    pub(super) forward_to: Option<SmolStr>,
    pub(super) deal: Option<SaidDeal>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct SaidTask {
    /// Missing in old records, as is the next.
    pub(super) name: Option<SmolStr>,
    pub(super) cancel: Option<bool>,
    pub(super) title: String,
    pub(super) note: Option<String>,
    pub(super) assign: Option<SmolStr>,
    pub(super) due: Option<Moment>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct SaidDeal {
    pub(super) funnel: SmolStr,
    pub(super) store: Option<SmolStr>,
    pub(super) amount: Option<String>,
    pub(super) outcome: SmolStr,
    pub(super) pass: Vec<(SmolStr, String)>,
}

/// Why JSON is no decision.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no decision: `{path}` is missing or of another kind")]
pub struct SaidError {
    /// What is wrong.
    pub path: String,
}

impl Said {
    /// What a decision says.
    pub fn of(decision: &Decision) -> Said {
        let tasks = decision.tasks.iter().map(|task| SaidTask {
            name: Some(task.name.clone()),
            cancel: Some(task.cancel_when_reached),
            title: task.title.clone(),
            note: task.note.clone(),
            assign: task.assign.clone(),
            due: task.due,
        });
        let deal = decision.deal.as_ref().map(|deal| {
            let (funnel, store) = match &deal.funnel {
                Funnel::Default => ("default", None),
                Funnel::Store(store) => ("per_store", store.clone()),
            };
            let pass = deal.pass.iter().map(|(code, value)| (code.clone(), shown(&of_value(value))));
            SaidDeal {
                funnel: funnel.into(),
                store,
                amount: deal.amount.as_ref().map(|amount| shown(&decimal::to_json(amount))),
                outcome: deal.outcome.as_str().into(),
                pass: pass.collect(),
            }
        });
        Said {
            accepted: decision.accepted,
            park: decision.park,
            client: decision.creates(Entity::Client),
            order: decision.creates(Entity::Order),
            attach_to: decision.attach_to.clone(),
            responsible: decision.responsible.clone(),
            store: decision.store.clone(),
            tasks: tasks.collect(),
            client_fields: fields(&decision.fields.client),
            order_fields: fields(&decision.fields.order),
            forward_to: decision.forward_to.clone(),
            deal,
        }
    }

    /// Reads what was kept of a decision: [`Decision::to_json_as`] of any form, or [`Decision::to_json`].
    ///
    /// # Errors
    ///
    /// When it is something else.
    pub fn from_json(json: &Json) -> Result<Said, SaidError> {
        let wrong = |path: &str| SaidError { path: path.to_owned() };
        let accepted = json.get("accepted").and_then(Json::as_bool).ok_or_else(|| wrong("accepted"))?;
        let create = json.get("create").and_then(Json::as_array).ok_or_else(|| wrong("create"))?;
        let creates = |entity: Entity| create.iter().any(|name| name == entity.as_str());
        let tasks = json.get("tasks").and_then(Json::as_array).ok_or_else(|| wrong("tasks"))?;
        let deal = json.get("deal").filter(|deal| !deal.is_null()).map(read_deal);
        Ok(Said {
            accepted,
            park: json.get("park").and_then(Json::as_bool).unwrap_or_default(),
            client: creates(Entity::Client),
            order: creates(Entity::Order),
            attach_to: text(json.get("attach_to")),
            responsible: text(json.get("responsible")),
            store: text(json.get("store")),
            tasks: tasks.iter().map(read_task).collect::<Option<_>>().ok_or_else(|| wrong("tasks"))?,
            client_fields: read_codes(json.pointer("/fields/client")),
            order_fields: read_codes(json.pointer("/fields/order")),
            forward_to: text(json.get("forward_to")),
            deal: deal.map(|deal| deal.ok_or_else(|| wrong("deal"))).transpose()?,
        })
    }

    /// A decision that does nothing.
    pub const fn nothing() -> Said {
        Said {
            accepted: false,
            park: false,
            client: false,
            order: false,
            attach_to: None,
            responsible: None,
            store: None,
            tasks: Vec::new(),
            client_fields: Vec::new(),
            order_fields: Vec::new(),
            forward_to: None,
            deal: None,
        }
    }

    /// What counts of a decision about something that goes on: no task is set before the end.
    #[must_use]
    pub fn begun(self) -> Said {
        Said { tasks: Vec::new(), ..self }
    }

    /// This decision with the fields of a later one, of which nothing else counts: a recording is there.
    #[must_use]
    pub fn with_fields_of(mut self, later: Said) -> Said {
        if self.accepted && !self.park {
            lay(&mut self.client_fields, later.client_fields);
            lay(&mut self.order_fields, later.order_fields);
        }
        self
    }

    /// This decision about something that went on, and the one at its end: what was created stays so, and whose it was.
    #[must_use]
    pub fn ended_by(mut self, end: Said) -> Said {
        lay(&mut self.client_fields, end.client_fields);
        lay(&mut self.order_fields, end.order_fields);
        Said {
            accepted: self.accepted || end.accepted,
            park: self.park || end.park,
            client: self.client || end.client,
            order: self.order || end.order,
            attach_to: self.attach_to.or(end.attach_to),
            responsible: self.responsible.or(end.responsible),
            store: self.store.or(end.store),
            tasks: end.tasks,
            client_fields: self.client_fields,
            order_fields: self.order_fields,
            forward_to: self.forward_to.or(end.forward_to),
            deal: self.deal.or(end.deal),
        }
    }

    /// Whether the filter lets the event through.
    pub fn is_accepted(&self) -> bool {
        self.accepted
    }
}

/// Lays later fields on earlier ones.
fn lay(fields: &mut Vec<(SmolStr, String)>, later: Vec<(SmolStr, String)>) {
    for (code, value) in later {
        match fields.iter_mut().find(|(known, _)| *known == code) {
            Some(known) => known.1 = value,
            None => fields.push((code, value)),
        }
    }
}

fn fields(fields: &[FieldWrite]) -> Vec<(SmolStr, String)> {
    let there = fields.iter().filter(|field| !field.value.is_missing());
    there.map(|field| (field.code.clone(), shown(&of_value(&field.value)))).collect()
}

fn of_value(value: &Value) -> Json {
    to_json(value, matches!(value, Value::List(_)))
}

/// A value as one text.
fn shown(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Array(values) => values.iter().map(shown).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn text(json: Option<&Json>) -> Option<SmolStr> {
    json.and_then(Json::as_str).map(SmolStr::from)
}

fn read_codes(json: Option<&Json>) -> Vec<(SmolStr, String)> {
    let object = json.and_then(Json::as_object).into_iter().flatten();
    object.map(|(code, value)| (SmolStr::from(code), shown(value))).collect()
}

fn read_task(json: &Json) -> Option<SaidTask> {
    let name = text(json.get("name"));
    let cancel = json.get("cancel_when_reached").and_then(Json::as_bool).unwrap_or_default();
    let due = json.get("due").and_then(Json::as_str).map(str::parse::<Moment>);
    Some(SaidTask {
        cancel: name.is_some().then_some(cancel),
        name,
        title: json.get("title")?.as_str()?.to_owned(),
        note: json.get("note").and_then(Json::as_str).map(str::to_owned),
        assign: text(json.get("assign")),
        due: due.transpose().ok()?,
    })
}

fn read_deal(json: &Json) -> Option<SaidDeal> {
    Some(SaidDeal {
        funnel: text(json.get("funnel"))?,
        store: text(json.get("store")),
        amount: json.get("amount").filter(|amount| !amount.is_null()).map(shown),
        outcome: text(json.get("outcome"))?,
        pass: read_codes(json.get("pass")),
    })
}
