//! Policies: what scripts make of the parts that the tables decided.
//!
//! The tables decide, their decision is a proposal, the policies of its hook change it one after the other in the order of
//! the files, and what comes out counts. A policy that fails changes nothing; the trace names every change, old and new.

use std::sync::Arc;

use smol_str::SmolStr;

use super::decision::{Deal, Entity, FieldWrite, Fields, Outcome, Task};
use super::eval::Eval;
use super::forward::Forward;
use super::known::KNOWN;
use super::run::{text, without_smuggled};
use super::trace::{Change, Step, What};
use crate::catalog::{Hook, enums};
use crate::program::PolicyRule;
use crate::script::{Proposal, Seen};
use crate::value::Value;

/// What the policies of `entities` and `responsible` have to do with.
pub(super) struct Created {
    pub(super) create: Vec<Entity>,
    pub(super) responsible: Option<SmolStr>,
    /// The order that the communication goes to.
    pub(super) attach_to: Option<SmolStr>,
}

impl Eval<'_> {
    /// Whether a policy of the hook is written for such events.
    pub(super) fn has_policy(&self, hook: Hook) -> bool {
        self.rules(hook).next().is_some()
    }

    pub(super) fn rules(&self, hook: Hook) -> impl Iterator<Item = &PolicyRule> {
        let all = self.plan.policies.iter().filter_map(|at| self.program.policies.get(*at as usize));
        all.filter(move |rule| rule.hook == hook)
    }

    /// What the policies of its hook make of a proposal.
    fn propose(&self, proposal: Proposal) -> Arc<Proposal> {
        let mut proposal = Arc::new(proposal);
        let unreached = self.is_unreached();
        for rule in self.rules(proposal.hook) {
            let fits = match (rule.unreached.has(self.slot), rule.reached.has(self.slot)) {
                (true, false) => unreached,
                (false, true) => !unreached,
                (true, true) | (false, false) => true,
            };
            if !fits {
                continue;
            }
            let seen = self.seen();
            let (given, log) = self.program.functions.propose(
                self.spent.get_or_init(Arc::default),
                rule,
                seen,
                Arc::clone(&proposal),
            );
            for line in log {
                self.tell(Step::new(rule.place, What::Logged { line }));
            }
            match given {
                Ok(given) => {
                    let changes = changes(&proposal, &given);
                    let function = rule.function.clone();
                    self.tell(Step::new(rule.place, What::Policy { function, changes }));
                    proposal = given;
                }
                Err(error) => {
                    self.fail(rule.place, error, rule.park);
                }
            }
        }
        proposal
    }

    /// The event as scripts see it, made once.
    fn seen(&self) -> &Arc<Seen> {
        self.seen.get_or_init(|| {
            Arc::new(Seen { event: self.event.clone(), facts: self.facts.clone(), now: self.now })
        })
    }

    fn manager(&self) -> Value {
        self.known(KNOWN.manager).clone()
    }

    /// What is created and whose it is, after the tables and after the policies.
    pub(super) fn created(&self, create: Vec<Entity>, responsible: Option<SmolStr>) -> Created {
        let mut created = Created { create, responsible, attach_to: None };
        if self.has_policy(Hook::Entities) && self.reached_stage() {
            let creates = |entity| Value::Bool(created.create.contains(&entity));
            let values = vec![
                creates(Entity::Client),
                creates(Entity::Order),
                Value::Missing,
                optional(created.responsible.as_ref()),
            ];
            let given = self.propose(Proposal::new(Hook::Entities, values, self.manager()));
            let says = |name| *given.value(name) == Value::Bool(true);
            created.create.clear();
            if says("creates_client") {
                created.create.push(Entity::Client);
            }
            if says("creates_order") {
                created.create.push(Entity::Order);
            }
            created.attach_to = text(given.value("attached_to"));
            created.responsible = text(given.value("responsible"));
            if created.responsible.is_none() && !created.create.is_empty() {
                created.responsible = self.default_responsible();
            }
        }
        if self.has_policy(Hook::Responsible) {
            let values = vec![optional(created.responsible.as_ref())];
            let given = self.propose(Proposal::new(Hook::Responsible, values, self.manager()));
            created.responsible = text(given.value("responsible"));
        }
        created
    }

    /// The store after the policies.
    pub(super) fn store_by_policy(&self, store: Option<SmolStr>) -> Option<SmolStr> {
        if !self.has_policy(Hook::Store) {
            return store;
        }
        let values = vec![optional(store.as_ref())];
        let given = self.propose(Proposal::new(Hook::Store, values, Value::Missing));
        text(given.value("store"))
    }

    /// A task after the policies; None when one of them lets it fall away.
    pub(super) fn task_by_policy(&self, task: Task) -> Option<Task> {
        if !self.has_policy(Hook::Task) {
            return Some(task);
        }
        let values = vec![
            Value::text(task.name.clone()),
            Value::text(task.title.as_str()),
            task.note.as_deref().map_or(Value::Missing, Value::text),
            optional(task.assign.as_ref()),
            task.due.map_or(Value::Missing, Value::Moment),
            Value::Bool(false),
        ];
        let before = Proposal::new(Hook::Task, values, self.manager());
        let given = self.propose(before.clone());
        if *given.value("skipped") == Value::Bool(true) {
            return None;
        }
        if *given == before {
            return Some(task);
        }
        let written = |name| match without_smuggled(given.value(name).clone()) {
            Value::Text(text) => Some(text.as_str().to_owned()),
            _ => None,
        };
        let changed = |name| given.value(name) != before.value(name);
        let mut task = task;
        if changed("title")
            && let Some(title) = written("title")
        {
            (task.title, task.title_cut) = super::task::one_line_title(&title);
        }
        if changed("note") {
            task.note = written("note").map(|note| note.trim().to_owned());
        }
        task.assign = text(given.value("assign"));
        task.due = match given.value("due") {
            Value::Moment(moment) => Some(*moment),
            _ => None,
        };
        Some(task)
    }

    /// The fields to write after the policies. Those that are not always written are only written while their client or
    /// order is being created, whoever says so.
    pub(super) fn fields_by_policy(&self, mut fields: Fields, created: &[Entity]) -> Fields {
        for (hook, entity) in [(Hook::ClientFields, Entity::Client), (Hook::OrderFields, Entity::Order)] {
            if !self.has_policy(hook) {
                continue;
            }
            let of = match entity {
                Entity::Client => &mut fields.client,
                Entity::Order => &mut fields.order,
            };
            let mut proposal = Proposal::new(hook, Vec::new(), Value::Missing);
            proposal.codes = std::mem::take(of);
            let given = self.propose(proposal);
            let is_created = created.contains(&entity);
            for field in Arc::unwrap_or_clone(given).codes {
                if field.always || is_created {
                    of.push(FieldWrite { value: without_smuggled(field.value), ..field });
                } else {
                    self.tell(Step::built_in(What::FieldNotCreated { entity, code: field.code }));
                }
            }
        }
        fields
    }

    /// A deal after the policies, and whether one of them lets it fall away.
    pub(super) fn deal_by_policy(&self, mut deal: Deal) -> (Deal, bool) {
        if !self.has_policy(Hook::Deal) {
            return (deal, false);
        }
        let stage = enums::OUTCOME.by_en(deal.outcome.as_str()).map_or(Value::Missing, Value::Enum);
        let values = vec![deal.amount.map_or(Value::Missing, Value::Number), stage, Value::Bool(false)];
        let mut proposal = Proposal::new(Hook::Deal, values, Value::Missing);
        let passed = std::mem::take(&mut deal.pass).into_iter();
        proposal.codes = passed.map(|(code, value)| FieldWrite { code, value, always: true }).collect();
        let given = self.propose(proposal);
        deal.amount = match given.value("amount") {
            Value::Number(amount) => Some(*amount),
            _ => None,
        };
        if let Value::Enum(stage) = given.value("stage") {
            let known = [Outcome::Open, Outcome::Won, Outcome::Lost];
            deal.outcome =
                known.into_iter().find(|known| known.as_str() == stage.en()).unwrap_or(deal.outcome);
        }
        let skipped = *given.value("skipped") == Value::Bool(true);
        let there = Arc::unwrap_or_clone(given).codes.into_iter().filter(|field| !field.value.is_missing());
        deal.pass = there.map(|field| (field.code, without_smuggled(field.value))).collect();
        (deal, skipped)
    }

    /// Whom a call is put through to after the policies.
    pub(super) fn forward_by_policy(&self, to: Forward) -> Forward {
        if !self.has_policy(Hook::Forward) {
            return to;
        }
        let (employee, number, branch) = match &to {
            Forward::Nobody => (Value::Missing, Value::Missing, Value::Missing),
            Forward::Employee(email) => (Value::text(email.clone()), Value::Missing, Value::Missing),
            Forward::Number(number) => (Value::Missing, Value::text(number.clone()), Value::Missing),
            Forward::Code(code) => (Value::Missing, Value::Missing, Value::Number((*code).into())),
        };
        let values = vec![employee, number, branch];
        let given = self.propose(Proposal::new(Hook::Forward, values, self.manager()));
        Forward::of(given.value("employee"), given.value("number"), given.value("branch"))
    }
}

fn optional(text: Option<&SmolStr>) -> Value {
    text.map_or(Value::Missing, |text| Value::text(text.clone()))
}

/// What differs between two proposals of one hook.
fn changes(before: &Arc<Proposal>, after: &Arc<Proposal>) -> Vec<Change> {
    if Arc::ptr_eq(before, after) {
        return Vec::new();
    }
    let properties = before.hook.spec().properties.iter().zip(before.values.iter().zip(&after.values));
    let values = properties.filter(|(_, (old, new))| old != new).map(|(property, (old, new))| Change {
        en: SmolStr::new_static(property.name),
        ru: SmolStr::new_static(property.ru),
        old: old.clone(),
        new: new.clone(),
    });
    let mut all: Vec<Change> = values.collect();
    let value = |of: &[FieldWrite], code: &SmolStr| {
        of.iter().find(|field| field.code == *code).map_or(Value::Missing, |field| field.value.clone())
    };
    let gone = before.codes.iter().filter(|old| !after.codes.iter().any(|new| new.code == old.code));
    for field in after.codes.iter().chain(gone) {
        let (old, new) = (value(&before.codes, &field.code), value(&after.codes, &field.code));
        if old != new {
            all.push(Change { en: field.code.clone(), ru: field.code.clone(), old, new });
        }
    }
    all
}
