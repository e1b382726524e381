//! The parts of a decision, each as cases of one side.
//!
//! Follows the evaluator step by step: what stands in for what, what is only written while something is created, what
//! a chat has to have. Property tests and the examples that are tried on both bundles hold the two together.

use std::rc::Rc;

use smol_str::SmolStr;
use switchboard_grammar::diagnostic::Text;

use super::super::area::Area;
use super::super::limits::Undecided;
use super::super::scope::Meaning;
use super::cases::{Case, Caser, Outcome, always, hinging};
use crate::catalog::{enums, schema};
use crate::decide::Entity;
use crate::program::{Check, Cond, Expr, FieldRule, Guard, Place, RefId, Slot, Test};
use crate::schema::FieldKey;
use crate::value::Value;

impl Caser<'_, '_, '_, '_> {
    /// Whether the event is let through.
    pub(super) fn accepted(&mut self) -> Result<Vec<Case>, Undecided> {
        let mut cases = Vec::new();
        if let Some(pass) = self.side.plan.known.pass_without_contacts
            && self.side.slot == Slot::Chat
        {
            match self.side.scope.meaning(pass) {
                Meaning::Value(Value::Bool(true)) => {}
                Meaning::Value(_) => {
                    let Some(without) = without_contacts() else { return Err(Undecided) };
                    let words = Text::new(
                        "rejected: no phone and no e-mail",
                        "отклоняется: нет ни телефона, ни почты",
                    );
                    let outcome = Outcome::word("rejected", words, None);
                    cases.push(Case { areas: self.holds(&without)?, outcome });
                }
                _ => return Err(Undecided),
            }
        }
        let side = self.side;
        let filter = side.plan.filter.and_then(|filter| side.program.filters.get(filter as usize));
        for line in filter.iter().flat_map(|filter| &filter.lines) {
            let place = filter.map(|filter| Place { section: filter.section, line: line.line });
            let outcome = verdict(line.accept, place);
            match &line.guard {
                Guard::Else => {
                    cases.push(always(outcome));
                    return Ok(cases);
                }
                Guard::When(condition, _) => cases.push(Case { areas: self.holds(condition)?, outcome }),
            }
        }
        cases.push(always(verdict(true, None)));
        Ok(cases)
    }

    /// A table's column or a setting, where there is one.
    pub(super) fn named(&mut self, reference: Option<RefId>) -> Result<Vec<Case>, Undecided> {
        match reference {
            Some(reference) => self.value(&Expr::Named(reference), None),
            None => Ok(vec![always(Outcome::missing(None))]),
        }
    }

    /// What is created.
    pub(super) fn create(&mut self) -> Result<Vec<Case>, Undecided> {
        let mut cases = Vec::new();
        if let Some(early) = self.too_early()? {
            cases.push(Case { areas: early, outcome: created(&Value::Missing, None) });
        }
        for mut case in self.named(self.side.plan.create)? {
            if let Some(value) = &case.outcome.constant {
                case.outcome = created(value, case.outcome.place);
            }
            cases.push(case);
        }
        Ok(cases)
    }

    /// Where a chat has not come to the stage at which things are created.
    fn too_early(&mut self) -> Result<Option<Rc<[Area]>>, Undecided> {
        let Some(create_at) = self.side.plan.known.create_at.filter(|_| self.side.slot == Slot::Chat) else {
            return Ok(None);
        };
        let wanted = match self.side.scope.meaning(create_at) {
            Meaning::Value(Value::Enum(wanted)) => *wanted,
            Meaning::Value(_) => return Ok(None),
            _ => return Err(Undecided),
        };
        let Some(stage) = schema().field_id("stage") else { return Ok(None) };
        let below = enums::CHAT_STAGE.values().filter(|stage| stage.index() < wanted.index());
        let is = |stage| Check::Test(Test::Is(Expr::Const(Value::Enum(stage))));
        let early = Cond::Ask {
            left: Expr::Field(FieldKey::plain(stage)),
            check: Check::Any(below.map(is).collect()),
        };
        let early = match (wanted.en() == "contact_left").then(without_contacts).flatten() {
            Some(without) => Cond::All([early, without].into()),
            None => early,
        };
        self.holds(&early).map(Some)
    }

    /// Whose the created things are.
    pub(super) fn responsible(&mut self, create: &[Case]) -> Result<Vec<Case>, Undecided> {
        let named = self.named(self.side.plan.responsible)?;
        let default = self.side.plan.known.default_responsible;
        if default.is_none() {
            return Ok(named);
        }
        let default = self.named(default)?;
        let mut rest = Vec::new();
        for case in create {
            if case.outcome.is_unknown() {
                let outcome = hinging(&case.outcome, "creates, so", &default)?;
                rest.push(Case { areas: Rc::clone(&case.areas), outcome });
            } else if case.outcome.is_missing() {
                rest.push(Case {
                    areas: Rc::clone(&case.areas),
                    outcome: Outcome::missing(case.outcome.place),
                });
            } else {
                self.within(&case.areas, &default, &mut rest)?;
            }
        }
        self.or_else(named, &rest)
    }

    /// The store.
    pub(super) fn store(&mut self) -> Result<Vec<Case>, Undecided> {
        let named = self.named(self.side.plan.store)?;
        let default = self.named(self.side.plan.known.default_store)?;
        self.or_else(named, &default)
    }

    /// Whom a call is put through to.
    pub(super) fn forward(&mut self) -> Result<Vec<Case>, Undecided> {
        let side = self.side;
        let Some(columns) = &side.plan.forward else {
            let manager = schema().field_id("client.manager").map(|id| Expr::Field(FieldKey::plain(id)));
            let Some(setting) = side.plan.known.forward_to_manager else { return self.named(None) };
            return match (side.scope.meaning(setting), manager) {
                (Meaning::Value(Value::Bool(true)), Some(manager)) => self.value(&manager, None),
                (Meaning::Value(_), _) => self.named(None),
                _ => Err(Undecided),
            };
        };
        let number = self.tagged(columns.to_number, "number", "the number", "на номер")?;
        let code = self.tagged(columns.return_code, "code", "nobody, branch", "никому, ветка")?;
        let rest = self.or_else(number, &code)?;
        let employee = self.named(columns.employee)?;
        self.or_else(employee, &rest)
    }

    /// A column with a word before what it gives, so that an employee and a number are never alike.
    fn tagged(
        &mut self,
        column: Option<RefId>,
        tag: &str,
        en: &str,
        ru: &str,
    ) -> Result<Vec<Case>, Undecided> {
        let mut cases = self.named(column)?;
        for case in cases.iter_mut().filter(|case| !case.outcome.is_missing()) {
            let outcome = &mut case.outcome;
            outcome.key = format!("{tag} {}", outcome.key);
            outcome.words =
                Text::new(format!("{en} {}", outcome.words.en), format!("{ru} {}", outcome.words.ru));
        }
        Ok(cases)
    }

    /// What is written to a field of the CRM, and whether to an existing client or order, too.
    pub(super) fn field(
        &mut self,
        create: &[Case],
        entity: Entity,
        code: &SmolStr,
    ) -> Result<Vec<Case>, Undecided> {
        let side = self.side;
        let rules = side.plan.fields.iter().filter_map(|rule| side.program.fields.get(*rule as usize));
        let rules: Vec<&FieldRule> =
            rules.filter(|rule| rule.entity == entity && rule.code == *code).collect();
        let mut cases = vec![always(Outcome::missing(None))];
        // Of two lines for one field the later wins, unless it has nothing.
        for rule in rules {
            let place = Some(Place { section: rule.section, line: rule.line });
            let mut values = self.value(&rule.value, place)?;
            for case in values.iter_mut().filter(|case| !case.outcome.is_missing()) {
                let outcome = &mut case.outcome;
                if rule.always {
                    outcome.key.push_str(" always");
                    outcome.words = Text::new(
                        format!("{}, always", outcome.words.en),
                        format!("{}, всегда", outcome.words.ru),
                    );
                }
            }
            if rule.always {
                cases = self.or_else(values, &cases)?;
                continue;
            }
            let mut written = Vec::new();
            for case in create {
                if case.outcome.is_unknown() {
                    let outcome = hinging(&case.outcome, entity.as_str(), &values)?;
                    written.push(Case { areas: Rc::clone(&case.areas), outcome });
                } else if case.outcome.entities.contains(&entity) {
                    self.within(&case.areas, &values, &mut written)?;
                } else {
                    written.push(Case { areas: Rc::clone(&case.areas), outcome: Outcome::missing(place) });
                }
            }
            cases = self.or_else(written, &cases)?;
        }
        Ok(cases)
    }

    /// Whether a condition holds, in words.
    pub(super) fn yes_no(
        &mut self,
        condition: Option<&Cond>,
        yes: Outcome,
        no: Outcome,
    ) -> Result<Vec<Case>, Undecided> {
        match condition {
            None => Ok(vec![always(yes)]),
            Some(condition) => Ok(vec![Case { areas: self.holds(condition)?, outcome: yes }, always(no)]),
        }
    }
}

fn verdict(accept: bool, place: Option<Place>) -> Outcome {
    match accept {
        true => Outcome::word("accepted", Text::new("accepted", "принимается"), place),
        false => Outcome::word("rejected", Text::new("rejected", "отклоняется"), place),
    }
}

/// What a result of `create` makes.
fn created(value: &Value, place: Option<Place>) -> Outcome {
    let has = |entity: &Entity| {
        value
            .elements()
            .iter()
            .any(|value| matches!(value, Value::Enum(value) if value.en() == entity.as_str()))
    };
    let entities: Vec<Entity> = Entity::ALL.into_iter().filter(has).collect();
    if entities.is_empty() {
        return Outcome::missing(place);
    }
    let names = |name: fn(&Entity) -> &'static str| entities.iter().map(name).collect::<Vec<_>>().join(", ");
    let en = names(|entity| entity.as_str());
    let ru = names(|entity| match entity {
        Entity::Client => "клиент",
        Entity::Order => "заказ",
    });
    Outcome { entities, ..Outcome::word(&format!("create {en}"), Text::new(en.clone(), ru), place) }
}

/// A chat that left neither phone nor e-mail.
pub(in super::super) fn without_contacts() -> Option<Cond> {
    let missing = |name| {
        let field = Expr::Field(FieldKey::plain(schema().field_id(name)?));
        Some(Cond::Ask { left: field, check: Check::Not(Box::new(Check::Test(Test::Present))) })
    };
    Some(Cond::All([missing("phone")?, missing("email")?].into()))
}
