//! One kind of event: the parts of its decisions in order, each compared.

use std::collections::BTreeSet;
use std::sync::Arc;

use smol_str::SmolStr;
use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::lang::Lang;

use super::super::area::Area;
use super::super::limits::{Meter, ProofLimits, Undecided};
use super::super::space::{Builder, Space};
use super::cases::{Case, Caser};
use super::inside::Inside;
use super::regions::differing;
use super::report::{self, Change, Comparison, Example, Open};
use super::side::Side;
use super::tasks::{Property, pairs};
use super::verify::{self, Part};
use super::words;
use crate::bundle::Bundle;
use crate::decide::Entity;
use crate::program::{Program, Slot, TaskRule};

/// Settings that parts of the decision tell of.
const TOLD: [&str; 5] =
    ["default_responsible", "default_store", "forward_to_manager", "create_at", "pass_without_contacts"];

/// A comparison of one kind of event, as far as it has come.
pub(super) struct Work<'w, 's, 'm> {
    pub(super) bundles: (&'w Arc<Bundle>, &'w Arc<Bundle>),
    pub(super) sides: (&'w Side<'w>, &'w Side<'w>),
    pub(super) space: &'s Space,
    pub(super) builder: Builder<'s, 'm>,
    pub(super) limits: &'w ProofLimits,
    pub(super) meter: &'m Meter,
    pub(super) found: Comparison,
    /// Whether pairs that an equal area settles are left out.
    pub(super) settled: bool,
    /// Parts that are proved equal; those that are there at the beginning are not looked at again.
    pub(super) equal: Vec<Part>,
    /// Where examples are looked for first.
    pub(super) preferred: Vec<Area>,
}

/// The cases of both sides.
type Both = (Vec<Case>, Vec<Case>);

impl Work<'_, '_, '_> {
    /// Compares all parts.
    pub(super) fn all(&mut self) -> Result<(), Undecided> {
        let slot = self.sides.0.slot;
        if slot == Slot::IncomingCall {
            self.part(
                Part::Forward,
                Text::new("whom the call is put through to", "на кого переводится звонок"),
                &[],
                |caser, _| caser.forward(),
            );
        }
        let accepted = self.cases(|caser, _| caser.accepted())?;
        self.compare(&Part::Accepted, &Text::new("the filter", "фильтр"), &accepted, &[]);
        // Of an event that one of them turns away nothing else is to be said.
        let rejected =
            [self.otherwise(&accepted.0, "accepted")?, self.otherwise(&accepted.1, "accepted")?].concat();
        let create = self.cases(|caser, _| caser.create())?;
        self.compare(&Part::Create, &Text::new("what is created", "что создаётся"), &create, &rejected);
        let side = |caser: &mut Caser<'_, '_, '_, '_>, first: bool| {
            let create = if first { &create.0 } else { &create.1 };
            caser.responsible(create)
        };
        self.part(Part::Responsible, Text::new("the responsible", "ответственный"), &rejected, side);
        self.part(Part::Store, Text::new("the store", "магазин"), &rejected, |caser, _| caser.store());
        for (before, after) in pairs(self.sides.0, self.sides.1) {
            self.task(before, after, &rejected);
        }
        for (entity, code) in self.codes() {
            let name = format!("{}.{code}", entity.as_str());
            let ru = match entity {
                Entity::Client => format!("клиент.{code}"),
                Entity::Order => format!("заказ.{code}"),
            };
            let name = Text::new(format!("the field {name}"), format!("поле {ru}"));
            let part = Part::Field(entity, code.clone());
            self.part(part, name, &rejected, |caser, first| {
                caser.field(if first { &create.0 } else { &create.1 }, entity, &code)
            });
        }
        if slot == Slot::Order {
            self.deal(&rejected);
        }
        self.settings();
        Ok(())
    }

    fn task(&mut self, before: Option<&TaskRule>, after: Option<&TaskRule>, rejected: &[Area]) {
        let name = |task: Option<&TaskRule>| task.map(|task| task.name.clone());
        let (old, new) = (self.sides.0.program, self.sides.1.program);
        let shown = after.map(|task| header(new, task)).or(before.map(|task| header(old, task)));
        let Some(shown) = shown else { return };
        let title = |what: &str, ru: &str| {
            Text::new(format!("{what} the task `{shown}`"), format!("{ru} задача `{shown}`"))
        };
        let part = Part::TaskSet(name(before), name(after));
        let set = self.cases(|caser, first| caser.task_set(if first { before } else { after }));
        let Ok(set) = set else {
            self.open(Some(title("whether it is set:", "ставится ли")), too_long());
            return;
        };
        self.compare(&part, &title("whether it is set:", "ставится ли"), &set, rejected);
        let (Some(before), Some(after)) = (before, after) else { return };
        let Ok(outside) =
            self.otherwise(&set.0, "set").and_then(|one| Ok([one, self.otherwise(&set.1, "set")?].concat()))
        else {
            self.open(Some(title("the rest of", "остальное:")), too_long());
            return;
        };
        let outside = [rejected, &outside].concat();
        let names = (before.name.clone(), after.name.clone());
        let assign = Part::TaskAssign(names.0.clone(), names.1.clone());
        self.part(assign, title("whose it is:", "чья"), &outside, |caser, first| {
            caser.task_assign(if first { before } else { after })
        });
        for property in Property::ALL {
            let (en, ru) = match property {
                Property::Title => ("the title of", "заголовок:"),
                Property::Note => ("the note of", "комментарий:"),
                Property::Due => ("when it is due:", "срок:"),
                Property::Cancel => ("whether it is cancelled:", "снимается ли"),
                Property::Name => ("the name of", "имя:"),
            };
            let part = Part::Task(names.0.clone(), names.1.clone(), property);
            self.part(part, title(en, ru), &outside, |caser, first| {
                Ok(caser.task_property(if first { before } else { after }, property))
            });
        }
    }

    fn deal(&mut self, rejected: &[Area]) {
        let transfers = (self.sides.0.program.transfer.as_ref(), self.sides.1.program.transfer.as_ref());
        let of = |first: bool| if first { transfers.0 } else { transfers.1 };
        let Ok(passed) = self.cases(|caser, first| caser.deal_passed(of(first))) else {
            self.open(Some(Text::new("the deal", "сделка")), too_long());
            return;
        };
        self.compare(
            &Part::DealPassed,
            &Text::new("whether the order is passed on", "передаётся ли заказ"),
            &passed,
            rejected,
        );
        let (Some(before), Some(after)) = transfers else { return };
        let of = |first: bool| if first { before } else { after };
        // Of an order that is a deal already the rest is asked whatever the filter and `only when` say of it now. An
        // example that is passed on shows in a decision, too.
        self.preferred = passed
            .1
            .iter()
            .filter(|case| case.outcome.key == "passed on")
            .flat_map(|case| case.areas.iter().cloned())
            .collect();
        self.part(
            Part::DealOutcome,
            Text::new("how the deal ends", "чем кончилась сделка"),
            &[],
            |caser, first| caser.deal_outcome(of(first)),
        );
        self.part(
            Part::DealForm,
            Text::new("funnel and sum of the deal", "воронка и сумма сделки"),
            &[],
            |caser, first| Ok(caser.deal_form(of(first))),
        );
        let codes: BTreeSet<SmolStr> =
            before.pass.iter().chain(&after.pass).map(|(code, _)| code.clone()).collect();
        for code in codes {
            let name = Text::new(format!("`{code}` of the deal"), format!("`{code}` сделки"));
            self.part(Part::DealPass(code.clone()), name, &[], |caser, first| {
                caser.deal_pass(of(first), &code)
            });
        }
    }

    /// Settings of the server, which are no part of a decision.
    fn settings(&mut self) {
        let (old, new) = self.sides;
        for (name, before) in old.plan.schema_settings.iter().filter(|(name, _)| !TOLD.contains(name)) {
            let Some((_, after)) = new.plan.schema_settings.iter().find(|(known, _)| known == name) else {
                continue;
            };
            let values =
                (old.program.constant_setting(old.slot, name), new.program.constant_setting(new.slot, name));
            if old.scope.symbol(*before) == new.scope.symbol(*after) {
                continue;
            }
            let shown = |value, lang| super::super::words::shown(value, lang);
            let outcome = |value| Text::new(shown(value, Lang::En), shown(value, Lang::Ru));
            if values.0.is_missing() && values.1.is_missing() {
                let part = Text::new(format!("the setting `{name}`"), format!("настройка `{name}`"));
                self.open(
                    Some(part),
                    Text::new("its value depends on the event", "её значение зависит от события"),
                );
                continue;
            }
            self.found.changes.push(Change {
                slot: old.slot,
                part: Text::new(format!("the setting `{name}`"), format!("настройка `{name}`")),
                region: Text::new("always", "всегда"),
                old: report::Side { outcome: outcome(&values.0), place: None },
                new: report::Side { outcome: outcome(&values.1), place: None },
                example: None,
                inside: None,
            });
        }
    }

    /// The fields of the CRM that either side writes.
    fn codes(&self) -> BTreeSet<(Entity, SmolStr)> {
        let mut codes = BTreeSet::new();
        for side in [self.sides.0, self.sides.1] {
            let rules = side.plan.fields.iter().filter_map(|rule| side.program.fields.get(*rule as usize));
            codes.extend(rules.map(|rule| (rule.entity, rule.code.clone())));
        }
        codes
    }

    /// The cases of both sides; `make` is told whether it is the first.
    fn cases(
        &mut self,
        mut make: impl FnMut(&mut Caser<'_, '_, '_, '_>, bool) -> Result<Vec<Case>, Undecided>,
    ) -> Result<Both, Undecided> {
        let old = make(&mut Caser::new(self.sides.0, &mut self.builder, self.limits), true)?;
        let new = make(&mut Caser::new(self.sides.1, &mut self.builder, self.limits), false)?;
        Ok((old, new))
    }

    /// Where the outcome is another than `key`.
    fn otherwise(&mut self, cases: &[Case], key: &str) -> Result<Vec<Area>, Undecided> {
        let sizes = self.space.sizes();
        let mut node = super::super::diagram::Diagrams::NO;
        for case in cases.iter().rev() {
            let mut here = super::super::diagram::Diagrams::NO;
            for area in case.areas.iter() {
                let area = self.builder.diagrams.area(area, sizes)?;
                here = self.builder.diagrams.or(here, area)?;
            }
            node = if case.outcome.key == key {
                let not = self.builder.diagrams.not(here)?;
                self.builder.diagrams.and(node, not)?
            } else {
                self.builder.diagrams.or(node, here)?
            };
        }
        self.builder.diagrams.areas(node, self.limits.pieces * 8)
    }

    fn part(
        &mut self,
        part: Part,
        name: Text,
        outside: &[Area],
        make: impl FnMut(&mut Caser<'_, '_, '_, '_>, bool) -> Result<Vec<Case>, Undecided>,
    ) {
        if self.equal.contains(&part) {
            return;
        }
        match self.cases(make) {
            Ok(cases) => self.compare(&part, &name, &cases, outside),
            Err(Undecided) => self.open(Some(name), too_long()),
        }
    }

    fn open(&mut self, part: Option<Text>, why: Text) {
        self.found.undecided.push(Open { slot: self.sides.0.slot, part, why });
    }

    fn compare(&mut self, part: &Part, name: &Text, cases: &Both, outside: &[Area]) {
        if self.equal.contains(part) {
            return;
        }
        let outside: Vec<&Area> = outside.iter().chain(self.space.impossible()).collect();
        let how = (self.limits.regions, self.settled);
        let regions = differing(&cases.0, &cases.1, &outside, self.space.sizes(), how, self.meter);
        let Ok((regions, more)) = regions else {
            self.open(Some(name.clone()), too_long());
            return;
        };
        self.found.more |= more;
        if regions.is_empty() && !more {
            self.equal.push(part.clone());
        }
        let (old, new) = self.sides;
        for region in regions {
            let bundles = (&**self.bundles.0, &**self.bundles.1);
            let words = words::area(&old.scope, self.space, &region.shown, old.slot.kind());
            let Some(event) = verify::event(part, &region, self.sides, bundles, self.space, &self.preferred)
            else {
                let why = Text::new(
                    format!(
                        "no event was found that shows a change where {}: {} or {}",
                        words.en, region.old.words.en, region.new.words.en
                    ),
                    format!(
                        "не найдено события, которое показало бы разницу ({}): {} или {}",
                        words.ru, region.old.words.ru, region.new.words.ru
                    ),
                );
                self.open(Some(name.clone()), why);
                continue;
            };
            self.found.changes.push(Change {
                slot: old.slot,
                part: name.clone(),
                region: words,
                old: report::Side { outcome: region.old.words.clone(), place: old.place(region.old.place) },
                new: report::Side { outcome: region.new.words.clone(), place: new.place(region.new.place) },
                example: Some(Example {
                    words: Text::new(event.words(Lang::En), event.words(Lang::Ru)),
                    event: event.event,
                    facts: event.facts,
                }),
                inside: Some(Inside::new(part, &region.shown, self.space)),
            });
        }
    }
}

/// A task's header as its file has it, without the word that says that it is one.
fn header(program: &Program, task: &TaskRule) -> String {
    let head = program.sections.get(task.section as usize).map(|section| section.head);
    let words = head.map_or("", |head| program.text(task.section, head)).split_whitespace().skip(1);
    words.collect::<Vec<_>>().join(" ")
}

/// What is said where the budget was not enough.
pub(super) fn too_long() -> Text {
    Text::new("too much to look through", "слишком большой перебор")
}
