//! The order of a decision: filter, entities, responsible and store, tasks, fields, forwarding, deal; of each part the
//! tables first, then its policies.

use std::sync::Arc;

use smol_str::SmolStr;

use super::decision::{Decision, Entity, FieldWrite, Fields};
use super::eval::Eval;
use super::known::KNOWN;
use super::trace::{Near, Step, Trace, What};
use crate::event::Event;
use crate::facts::Facts;
use crate::limits::MAX_NEAR_MISSES;
use crate::moment::{Moment, Seconds};
use crate::program::{Cond, Filter, Guard, Place, Program, Slot};
use crate::script::{Spent, Steps, Watch};
use crate::value::{Value, is_smuggled};

/// Decides about an event.
pub(crate) fn decide(program: &Arc<Program>, event: &Event, facts: &Facts, now: Moment) -> Decision {
    decided(program, &Eval::new(program, event, facts, now))
}

/// The same, with notes of what scripts do.
pub(crate) fn decide_in_steps(
    program: &Arc<Program>,
    event: &Event,
    facts: &Facts,
    now: Moment,
) -> (Decision, Steps) {
    let watch = Arc::new(Watch::default());
    let eval = Eval::new(program, event, facts, now);
    eval.spent.get_or_init(|| Arc::new(Spent::watched(Arc::clone(&watch))));
    (decided(program, &eval), watch.take())
}

/// The decision about the event of an evaluation that has only begun.
pub(super) fn decided(program: &Arc<Program>, eval: &Eval<'_>) -> Decision {
    let mut decision = Decision::nothing(false, Trace { program: Arc::clone(program), steps: Vec::new() });
    decision.accepted = eval.accepts();
    if decision.accepted {
        let create = eval.create();
        let responsible = eval.responsible(!create.is_empty());
        let created = eval.created(create, responsible);
        decision.create = created.create;
        decision.responsible = created.responsible;
        decision.attach_to = created.attach_to;
        decision.store = eval.store_by_policy(eval.store());
        decision.tasks = eval.tasks();
        decision.fields = eval.fields_by_policy(eval.fields(&decision.create), &decision.create);
        decision.forward_to = eval.forward().into_target();
        decision.deal = eval.deal();
    }
    decision.park = eval.parks();
    decision.trace.steps = eval.take_steps();
    decision
}

/// Whether a chat has come to the stage at which things are created.
pub(crate) fn reaches_stage(program: &Program, event: &Event, now: Moment) -> bool {
    let facts = Facts::none();
    Eval::new(program, event, &facts, now).reached_stage()
}

impl Eval<'_> {
    /// Whether the filter lets the event through.
    pub(super) fn accepts(&self) -> bool {
        let filter = self.plan.filter.and_then(|filter| self.program.filters.get(filter as usize));
        let accepted = match filter {
            Some(filter) => self.filter(filter),
            None => {
                self.tell(Step::built_in(What::NoFilter));
                true
            }
        };
        if !accepted || self.has_contacts() {
            return accepted;
        }
        // Chats only: nobody knows whom to call back, and each would become a client of its own.
        let pass = self.plan.known.pass_without_contacts;
        let kept_out = pass.is_some() && !matches!(self.maybe_named(pass), Value::Bool(true));
        if kept_out {
            self.tell(Step::built_in(What::NoContacts));
        }
        !kept_out
    }

    fn filter(&self, filter: &Filter) -> bool {
        let mut near = Vec::new();
        for (row, line) in (0u32..).zip(&filter.lines) {
            let place = Place { section: filter.section, line: line.line };
            let what = match &line.guard {
                Guard::Else => What::FilterElse { accept: line.accept },
                Guard::When(condition, _) => {
                    let (holds, missed) = self.near_condition(condition);
                    if !holds {
                        near.extend(missed.map(|part| Near::Part { row, part }));
                        continue;
                    }
                    What::FilterLine { row, accept: line.accept }
                }
            };
            near.truncate(MAX_NEAR_MISSES);
            self.tell(Step { place: Some(place), what, near });
            return line.accept;
        }
        let place = Place { section: filter.section, line: self.section_line(filter.section) };
        let what = if filter.lines.is_empty() { What::EmptyFilter } else { What::FilterOpen };
        self.tell(Step::new(place, what));
        true
    }

    /// Whether a condition holds; when one part of an `and` alone keeps it from holding, which.
    pub(super) fn near_condition(&self, condition: &Cond) -> (bool, Option<u32>) {
        let mut missed = None;
        for (part, conjunct) in (0u32..).zip(condition.conjuncts()) {
            if self.holds(conjunct) {
                continue;
            }
            if missed.is_some() {
                return (false, None);
            }
            missed = Some(part);
        }
        (missed.is_none(), missed)
    }

    fn has_contacts(&self) -> bool {
        [KNOWN.phone, KNOWN.email].iter().any(|field| !self.known(*field).is_missing())
    }

    /// What the event creates, the client before the order.
    fn create(&self) -> Vec<Entity> {
        let wanted = self.maybe_named(self.plan.create);
        let created: Vec<Entity> = Entity::ALL
            .into_iter()
            .filter(|entity| {
                wanted
                    .elements()
                    .iter()
                    .any(|value| matches!(value, Value::Enum(value) if value.en() == entity.as_str()))
            })
            .collect();
        if !created.is_empty() && !self.reached_stage() {
            self.tell(Step::built_in(What::TooEarly));
            return Vec::new();
        }
        created
    }

    /// Whether a chat has come to the stage at which things are created; always, for everything else.
    pub(super) fn reached_stage(&self) -> bool {
        let Value::Enum(wanted) = self.maybe_named(self.plan.known.create_at) else { return true };
        // An event that does not tell its stage is a whole chat.
        let Value::Enum(stage) = self.known(KNOWN.stage) else { return true };
        // A contact may be left before an employee answers: what counts is that there is one.
        stage.index() >= wanted.index() || (wanted.en() == "contact_left" && self.has_contacts())
    }

    fn responsible(&self, something_created: bool) -> Option<SmolStr> {
        let named = text(self.maybe_named(self.plan.responsible));
        if named.is_some() || !something_created {
            return named;
        }
        self.default_responsible()
    }

    /// Whom the setting names.
    pub(super) fn default_responsible(&self) -> Option<SmolStr> {
        let default = text(self.maybe_named(self.plan.known.default_responsible));
        if default.is_some() {
            self.tell(Step::built_in(What::DefaultResponsible));
        }
        default
    }

    pub(super) fn store(&self) -> Option<SmolStr> {
        let named = text(self.maybe_named(self.plan.store));
        if named.is_some() {
            return named;
        }
        let default = text(self.maybe_named(self.plan.known.default_store));
        if default.is_some() {
            self.tell(Step::built_in(What::DefaultStore));
        }
        default
    }

    /// The fields to write. Those that are not `always` written are only written while their entity is created.
    fn fields(&self, created: &[Entity]) -> Fields {
        let mut fields = Fields::default();
        for rule in self.plan.fields.iter().filter_map(|rule| self.program.fields.get(*rule as usize)) {
            let place = Place { section: rule.section, line: rule.line };
            let (entity, code, always) = (rule.entity, rule.code.clone(), rule.always);
            if !always && !created.contains(&entity) {
                self.tell(Step::new(place, What::FieldNotCreated { entity, code }));
                continue;
            }
            let value = without_smuggled(self.value(&rule.value).into_owned());
            self.tell(Step::new(
                place,
                if value.is_missing() {
                    What::FieldMissing { entity, code: code.clone() }
                } else {
                    What::Field { entity, code: code.clone(), always }
                },
            ));
            let written = FieldWrite { code, value, always };
            let of = match entity {
                Entity::Client => &mut fields.client,
                Entity::Order => &mut fields.order,
            };
            match of.iter_mut().find(|field| field.code == written.code) {
                // Of two lines for one field the later wins, as the checker has told, unless it has nothing.
                Some(first) if !written.value.is_missing() => *first = written,
                Some(_) => {}
                None => of.push(written),
            }
        }
        fields
    }

    /// Whether the event reached nobody: missed, or called without a talk.
    pub(super) fn is_unreached(&self) -> bool {
        let missed = matches!(self.known(KNOWN.missed), Value::Bool(true));
        if self.slot != Slot::OutgoingCall {
            return missed;
        }
        missed || !matches!(self.known(KNOWN.talk_time), Value::Duration(Seconds(seconds)) if *seconds > 0)
    }
}

/// A value as a plain text, when it is there; of a list, which `all matches` gives, the first.
pub(super) fn text(value: &Value) -> Option<SmolStr> {
    match value.elements().first()? {
        Value::Text(text) => Some(text.as_str().trim().into()),
        _ => None,
    }
}

/// A value without what a visitor could smuggle into the CRM; line breaks and tabs stay.
pub(super) fn without_smuggled(value: Value) -> Value {
    let fine = |c: &char| matches!(c, '\n' | '\t') || !is_smuggled(*c);
    match value {
        Value::Text(text) if !text.as_str().chars().all(|c| fine(&c)) => {
            Value::text(text.as_str().chars().filter(fine).collect::<String>())
        }
        Value::List(values) => Value::list(values.iter().cloned().map(without_smuggled)),
        other => other,
    }
}
