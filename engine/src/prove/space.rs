//! The space of all events, as far as some rules can tell events apart.
//!
//! [`Questions`] collects what the rules ask, of each field or other value; [`Space`] makes the classes. A field has
//! one variable for its classes and one more for each question that classes cannot answer; between the two stand
//! *impossible* areas, such as "missing, and yet in working hours".

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use smol_str::SmolStr;

use super::area::{Area, Var};
use super::ask::{self, ask};
use super::classes::{Classes, Domain, classes};
use super::diagram::{Diagrams, Node};
use super::limits::{Meter, ProofLimits, Undecided};
use super::scope::Scope;
use super::set::Set;
use super::walk::Logic;
use crate::calendar::Calendar;
use crate::program::{Check, Expr, ScheduleId, Slot, Test};
use crate::schema::{Direction, FieldKey};
use crate::ty::{Scalar, Type};
use crate::value::{Value, from_json};

/// What is asked of which values.
#[derive(Default)]
pub(crate) struct Questions {
    subjects: IndexMap<String, Asked>,
    /// Schedules by their names; tests are about these, since two sides of a comparison number theirs each for itself.
    schedules: IndexMap<String, Calendar>,
}

struct Asked {
    field: Option<FieldKey>,
    feeds: Vec<FieldKey>,
    domain: Domain,
    tests: Vec<Test>,
    /// Names of tests that are there already, where equal ones are likely.
    known: HashSet<String>,
}

/// A value that rules ask about.
pub(crate) struct Subject {
    /// The field; None for a value that is not looked into: what a script gives, a long table, a template.
    pub(crate) field: Option<FieldKey>,
    /// Fields that such a value is made of, as far as they stand in it.
    pub(crate) feeds: Vec<FieldKey>,
    pub(crate) list: bool,
    /// The variable of its classes.
    pub(crate) var: Var,
    /// A value of each class.
    pub(crate) values: Vec<Value>,
    /// Whether a class has more values.
    pub(crate) open: Vec<bool>,
    /// Questions with a variable of their own.
    pub(crate) loose: Vec<Loose>,
    /// More values to choose from.
    pub(crate) pool: Vec<Value>,
    /// All that is asked.
    pub(crate) tests: Vec<Test>,
    /// Classes of texts, folded, for looking up.
    texts: HashMap<SmolStr, Vec<u32>>,
    by_text_alone: bool,
}

/// A question that is taken as a yes/no of its own.
pub(crate) struct Loose {
    key: String,
    pub(crate) test: Test,
    /// Its variable: class 0 is no, class 1 is yes.
    pub(crate) var: Var,
}

/// All events, by class.
pub(crate) struct Space {
    subjects: IndexMap<String, Subject>,
    /// How many classes each variable has.
    sizes: Vec<u32>,
    /// Which subject a variable belongs to.
    owners: Vec<usize>,
    /// What no event is.
    impossible: Vec<Area>,
    /// The schedules that tests of this space are about, by their names.
    schedules: IndexMap<String, Calendar>,
}

/// Schedules of one field that are looked at in pairs.
const MAX_SCHEDULES: usize = 8;

/// The class "no" of a loose question, and the class "yes".
pub(crate) const NO: u32 = 0;
pub(crate) const YES: u32 = 1;

impl Logic for Questions {
    fn ask(&mut self, scope: &Scope<'_>, value: &Expr, check: &Check) -> Result<Node, Undecided> {
        let key = scope.key(value);
        let asked = self.subjects.entry(key).or_insert_with(|| Asked::new(scope, value));
        let mut tests = Vec::new();
        ask::tests(check, &mut tests);
        for test in tests {
            // Long columns name each value once; others come again and again.
            let may_repeat = asked.tests.len() < 64 || !matches!(test, Test::Is(Expr::Const(_)));
            if may_repeat && !asked.known.insert(scope.test_key(test)) {
                continue;
            }
            asked.tests.push(match test {
                Test::InSchedule(id) => {
                    let Some(schedule) = scope.program.schedules.get(id.0 as usize) else { continue };
                    let entry = self.schedules.entry(scope.schedule(*id));
                    let number = u32::try_from(entry.index()).unwrap_or(u32::MAX);
                    entry.or_insert_with(|| schedule.clone());
                    Test::InSchedule(ScheduleId(number))
                }
                other => other.clone(),
            });
        }
        Ok(Diagrams::YES)
    }

    fn and(&mut self, _: Node, _: Node) -> Result<Node, Undecided> {
        Ok(Diagrams::YES)
    }

    fn or(&mut self, _: Node, _: Node) -> Result<Node, Undecided> {
        Ok(Diagrams::YES)
    }

    fn not(&mut self, _: Node) -> Result<Node, Undecided> {
        Ok(Diagrams::YES)
    }
}

impl Asked {
    fn new(scope: &Scope<'_>, value: &Expr) -> Asked {
        let unknown = Type { scalar: Scalar::Any, list: false, optional: true };
        let mut asked = Asked {
            field: None,
            feeds: Vec::new(),
            domain: Domain { ty: unknown, example: Value::Missing },
            tests: Vec::new(),
            known: HashSet::new(),
        };
        if !matches!(value, Expr::Field(_)) {
            value.fields(&mut asked.feeds);
        }
        if let Expr::Field(key) = value {
            asked.field = Some(key.clone());
            if let Some(field) = scope.field(key) {
                let example = serde_json::from_str(field.spec.example).ok();
                let example = example.and_then(|json| from_json(&json, field.ty()).ok()).unwrap_or_default();
                let ty = Type { optional: scope.may_be_missing(key), ..field.ty() };
                asked.domain = Domain { ty, example };
            }
        }
        asked
    }
}

impl Space {
    /// The space in which some questions can be answered.
    pub(crate) fn new(
        scope: &Scope<'_>,
        questions: Questions,
        limits: &ProofLimits,
    ) -> Result<Space, Undecided> {
        let mut space = Space {
            subjects: IndexMap::new(),
            sizes: Vec::new(),
            owners: Vec::new(),
            impossible: Vec::new(),
            schedules: questions.schedules,
        };
        for (key, asked) in questions.subjects {
            let tests: Vec<&Test> = asked.tests.iter().collect();
            let found = classes(&asked.domain, &tests, limits)?;
            space.add(scope, key, asked, found);
        }
        Ok(space)
    }

    fn add(&mut self, scope: &Scope<'_>, key: String, asked: Asked, found: Classes) {
        let owner = self.subjects.len();
        let size = u32::try_from(found.values.len()).unwrap_or(u32::MAX);
        let var = self.variable(owner, size);
        let mut subject = Subject {
            field: asked.field,
            feeds: asked.feeds,
            list: asked.domain.ty.list,
            var,
            values: found.values,
            open: found.open,
            loose: Vec::new(),
            pool: found.pool,
            tests: asked.tests,
            texts: HashMap::new(),
            by_text_alone: matches!(asked.domain.ty.scalar, Scalar::Text | Scalar::Reference(_))
                && !asked.domain.ty.list,
        };
        for (value, class) in subject.values.iter().zip(0u32..) {
            if let Value::Text(text) = value {
                subject.texts.entry(text.folded().into()).or_default().push(class);
            }
        }
        for test in found.loose {
            let key = match &test {
                Test::InSchedule(id) => self.schedules.get_index(id.0 as usize).map(|(name, _)| name.clone()),
                _ => None,
            };
            let key = key.unwrap_or_else(|| scope.test_key(&test));
            if subject.loose.iter().any(|known| known.key == key) {
                continue;
            }
            let own = self.variable(owner, 2);
            let known = |wanted: bool| -> Set {
                let closed =
                    subject.values.iter().zip(&subject.open).zip(0u32..).filter(|((_, open), _)| !**open);
                closed
                    .filter(|((value, _), _)| ask(&test, value) == Some(wanted))
                    .map(|(_, class)| class)
                    .collect()
            };
            for (answer, other) in [(true, NO), (false, YES)] {
                let area =
                    Area::of(var, known(answer)).and_then(|area| area.and(&Area::of(own, Set::One(other))?));
                self.impossible.extend(area);
            }
            subject.loose.push(Loose { key, test, var: own });
        }
        self.only_hours_of(&mut subject);
        self.only_directions_of(scope, &subject);
        self.subjects.insert(key, subject);
    }

    /// What schedules never say of one moment, any two together; a moment of each thing that they do say is kept for
    /// examples.
    fn only_hours_of(&mut self, subject: &mut Subject) {
        let asked = subject.loose.iter().filter_map(|loose| match &loose.test {
            Test::InSchedule(id) => Some((loose.var, self.schedules.get_index(id.0 as usize)?.1)),
            _ => None,
        });
        let asked: Vec<(Var, &Calendar)> = asked.take(MAX_SCHEDULES).collect();
        let there = subject.values.iter().zip(0u32..).filter(|(value, _)| !value.is_missing());
        let there: Set = there.map(|(_, class)| class).collect();
        let mut pairs: Vec<Vec<(Var, &Calendar)>> = Vec::new();
        for (at, one) in asked.iter().enumerate() {
            pairs.extend(asked.iter().skip(at + 1).map(|other| vec![*one, *other]));
        }
        if pairs.is_empty() {
            pairs.extend(asked.first().map(|one| vec![*one]));
        }
        for pair in pairs {
            let schedules: Vec<&Calendar> = pair.iter().map(|(_, schedule)| *schedule).collect();
            let Some(answers) = Calendar::together(&schedules) else { continue };
            for bits in 0..1u32 << pair.len() {
                let wanted: Vec<bool> = (0..pair.len()).map(|at| bits & (1 << at) != 0).collect();
                match answers.get(&wanted) {
                    Some(moment) => subject.pool.extend(moment.map(Value::Moment)),
                    None => {
                        let mut area = Area::of(subject.var, there.clone());
                        for ((var, _), yes) in pair.iter().zip(&wanted) {
                            let answer = Area::of(*var, Set::One(if *yes { YES } else { NO }));
                            area = area.zip(answer).and_then(|(area, answer)| area.and(&answer));
                        }
                        self.impossible.extend(area);
                    }
                }
            }
        }
    }

    /// Which way a call went is settled by its slot.
    fn only_directions_of(&mut self, scope: &Scope<'_>, subject: &Subject) {
        let settled = [(Slot::IncomingCall, Direction::Incoming), (Slot::OutgoingCall, Direction::Outgoing)];
        let known = subject.field.as_ref().and_then(|key| scope.field(key));
        if known.is_none_or(|field| field.name() != "direction") {
            return;
        }
        for (slot, direction) in settled {
            let is = |value: &Value| matches!(value, Value::Enum(value) if value.en() == direction.as_str());
            let classes: Set =
                subject.values.iter().zip(0u32..).filter(|(value, _)| is(value)).map(|(_, at)| at).collect();
            if !scope.slots.has(slot) {
                self.impossible.extend(Area::of(subject.var, classes));
            }
        }
    }

    fn variable(&mut self, owner: usize, size: u32) -> Var {
        self.sizes.push(size);
        self.owners.push(owner);
        u32::try_from(self.sizes.len() - 1).unwrap_or(u32::MAX)
    }

    /// How many classes each variable has.
    pub(crate) fn sizes(&self) -> &[u32] {
        &self.sizes
    }

    /// What no event is.
    pub(crate) fn impossible(&self) -> &[Area] {
        &self.impossible
    }

    /// The subjects in order.
    pub(crate) fn subjects(&self) -> impl Iterator<Item = &Subject> {
        self.subjects.values()
    }

    /// The schedule that a test of this space is about.
    pub(crate) fn schedule(&self, id: ScheduleId) -> Option<&Calendar> {
        self.schedules.get_index(id.0 as usize).map(|(_, schedule)| schedule)
    }

    /// The subject that a variable belongs to.
    pub(crate) fn owner(&self, var: Var) -> Option<&Subject> {
        let (_, subject) = self.subjects.get_index(*self.owners.get(var as usize)?)?;
        Some(subject)
    }

    /// The subject of a field.
    pub(crate) fn of_field(&self, scope: &Scope<'_>, key: &FieldKey) -> Option<&Subject> {
        self.subjects.get(&scope.key(&Expr::Field(key.clone())))
    }
}

impl Loose {
    /// Whether it is this test, which was collected with it.
    pub(crate) fn is(&self, test: &Test) -> bool {
        // Both are copies of one; what they compare with is printed alike.
        std::mem::discriminant(&self.test) == std::mem::discriminant(test)
            && !matches!(test, Test::InSet(_))
            && format!("{:?}", self.test) == format!("{test:?}")
    }
}

impl Subject {
    /// The classes that pass a question; None when some part of it is loose.
    fn set(&self, scope: &Scope<'_>, check: &Check) -> Option<Set> {
        let size = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        Some(match check {
            Check::Test(test) => return self.passing(scope, test),
            Check::Not(inner) => self.set(scope, inner)?.complement(size),
            Check::All(parts) => {
                let mut all = Set::full(size);
                for part in parts {
                    all = all.and(&self.set(scope, part)?);
                }
                all
            }
            Check::Any(parts) => {
                let mut any = Set::empty();
                for part in parts {
                    any = any.or(&self.set(scope, part)?);
                }
                any
            }
        })
    }

    /// The classes that pass a test; None when it is loose.
    pub(crate) fn passing(&self, scope: &Scope<'_>, test: &Test) -> Option<Set> {
        if let (true, Test::Is(Expr::Const(Value::Text(text)))) = (self.by_text_alone, test) {
            let classes = self.texts.get(text.folded());
            return Some(classes.into_iter().flatten().copied().collect());
        }
        if self.loose_test(scope, test).is_some() {
            return None;
        }
        let holding = self.values.iter().zip(0u32..).filter(|(value, _)| ask(test, value) == Some(true));
        Some(holding.map(|(_, class)| class).collect())
    }

    fn loose_test(&self, scope: &Scope<'_>, test: &Test) -> Option<&Loose> {
        if self.loose.is_empty() {
            return None;
        }
        let key = scope.test_key(test);
        self.loose.iter().find(|loose| loose.key == key)
    }
}

/// Builds diagrams over a space.
pub(crate) struct Builder<'s, 'm> {
    pub(crate) space: &'s Space,
    pub(crate) diagrams: Diagrams<'m>,
}

impl<'s, 'm> Builder<'s, 'm> {
    /// A builder with nothing built.
    pub(crate) fn new(space: &'s Space, meter: &'m Meter) -> Builder<'s, 'm> {
        Builder { space, diagrams: Diagrams::new(meter) }
    }

    /// Whether an event can be so at all.
    pub(crate) fn possible(&mut self) -> Result<Node, Undecided> {
        let mut impossible = Diagrams::NO;
        for area in self.space.impossible() {
            let area = self.diagrams.area(area, self.space.sizes())?;
            impossible = self.diagrams.or(impossible, area)?;
        }
        self.diagrams.not(impossible)
    }

    fn question(&mut self, scope: &Scope<'_>, subject: &Subject, check: &Check) -> Result<Node, Undecided> {
        if let Some(set) = subject.set(scope, check) {
            let size = self.space.sizes().get(subject.var as usize).copied().unwrap_or(0);
            return Ok(self.diagrams.literal(subject.var, &set, size));
        }
        match check {
            Check::Test(test) => match subject.loose_test(scope, test) {
                Some(loose) => Ok(self.diagrams.literal(loose.var, &Set::One(YES), 2)),
                None => Err(Undecided),
            },
            Check::Not(inner) => {
                let inner = self.question(scope, subject, inner)?;
                self.diagrams.not(inner)
            }
            Check::All(parts) => {
                let mut all = Diagrams::YES;
                for part in parts {
                    let part = self.question(scope, subject, part)?;
                    all = self.diagrams.and(all, part)?;
                }
                Ok(all)
            }
            Check::Any(parts) => {
                let mut any = Diagrams::NO;
                for part in parts {
                    let part = self.question(scope, subject, part)?;
                    any = self.diagrams.or(any, part)?;
                }
                Ok(any)
            }
        }
    }
}

impl Logic for Builder<'_, '_> {
    fn ask(&mut self, scope: &Scope<'_>, value: &Expr, check: &Check) -> Result<Node, Undecided> {
        let space = self.space;
        // What was not asked when the space was made has no classes to answer it.
        let subject = space.subjects.get(&scope.key(value)).ok_or(Undecided)?;
        self.question(scope, subject, check)
    }

    fn and(&mut self, a: Node, b: Node) -> Result<Node, Undecided> {
        self.diagrams.and(a, b)
    }

    fn or(&mut self, a: Node, b: Node) -> Result<Node, Undecided> {
        self.diagrams.or(a, b)
    }

    fn not(&mut self, node: Node) -> Result<Node, Undecided> {
        self.diagrams.not(node)
    }
}
