//! `never-created-entity`: fields that are written while something is being created, where nothing of the kind ever is.
//!
//! Told where a table `entities` is written for the events and names only other things in its rows. Without the table
//! the rules may be half of a bundle, and a result that is worked out may be anything.

use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Diagnostic, Text};

use switchboard_grammar::ast::SectionKind;

use super::{Proof, label};
use crate::catalog::Hook;
use crate::decide::Entity;
use crate::program::{Expr, FieldRule, Slot, Target};
use crate::value::Value;

/// Finds them, one of each section.
pub(super) fn find(proof: &Proof<'_, '_>) {
    let program = proof.program;
    let mut told: Vec<u32> = Vec::new();
    for (rule, at) in program.fields.iter().zip(0u32..) {
        if rule.always || told.contains(&rule.section) {
            continue;
        }
        let mut slots =
            Slot::ALL.into_iter().filter(|slot| program.plan(*slot).fields.contains(&at)).peekable();
        if slots.peek().is_none() || !slots.all(|slot| never(proof, slot, rule.entity)) {
            continue;
        }
        told.push(rule.section);
        report(proof, rule);
    }
}

/// Whether a slot's table `entities` creates other things only.
fn never(proof: &Proof<'_, '_>, slot: Slot, entity: Entity) -> bool {
    let program = proof.program;
    let plan = program.plan(slot);
    // What a policy makes of the table's word is not known.
    let policies = plan.policies.iter().filter_map(|at| program.policies.get(*at as usize));
    if policies.into_iter().any(|policy| policy.hook == Hook::Entities) {
        return false;
    }
    let target = plan.create.and_then(|reference| plan.named.get(reference.0 as usize));
    let Some(Some(Target::Table { local, column })) = target else { return false };
    let table = plan.tables.get(local.0 as usize).and_then(|table| program.tables.get(*table as usize));
    let Some(table) = table else { return false };
    let whole = proof.placed(table.section).is_some_and(|placed| !placed.section.broken);
    if !whole || (table.rows.is_empty() && table.otherwise.is_none()) {
        return false;
    }
    let results = table.rows.iter().chain(&table.otherwise).map(|row| row.results.get(*column as usize));
    results.into_iter().all(|result| {
        let Some(Expr::Const(value)) = result else { return false };
        value.elements().iter().all(|value| match value {
            Value::Enum(value) => value.en() != entity.as_str(),
            _ => false,
        })
    })
}

fn report(proof: &Proof<'_, '_>, rule: &FieldRule) {
    let Some(placed) = proof.placed(rule.section) else { return };
    let SectionKind::Fields(_) = &placed.section.kind else { return };
    let (en, ru) = match rule.entity {
        Entity::Client => ("client", "клиента"),
        Entity::Order => ("order", "заказа"),
    };
    let found = Diagnostic::new(
        &codes::NEVER_CREATED_ENTITY,
        Text::new(
            format!("no rule creates the {en} whose fields these are"),
            format!("ни одно правило не создаёт {ru}, чьи это поля"),
        ),
        label(
            placed,
            placed.section.head,
            "lines without `always` are never written",
            "строки без `всегда` никогда не запишутся",
        ),
    )
    .note(Text::new(
        "have the table `entities` create it, or add `always` to the lines",
        "пусть его создаёт таблица `сущности`, или добавьте к строкам `всегда`",
    ));
    proof.report(found);
}
