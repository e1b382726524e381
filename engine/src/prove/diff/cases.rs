//! Values as cases: in which areas they are what.

use std::collections::HashMap;
use std::rc::Rc;

use switchboard_grammar::diagnostic::Text;

use super::super::area::Area;
use super::super::limits::{ProofLimits, Undecided};
use super::super::scope::Meaning;
use super::super::space::Builder;
use super::super::walk::Walker;
use super::super::{rows, words};
use super::side::Side;
use crate::decide::Entity;
use crate::program::{Check, Cond, Expr, Place, Table, Test};
use crate::schema::FieldKey;
use crate::value::Value;
use switchboard_grammar::lang::Lang;

/// The most cases of one value.
const MAX_CASES: usize = 100_000;

/// One case; of several the first that an event is in counts.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) areas: Rc<[Area]>,
    pub(super) outcome: Outcome,
}

/// What is so in a case.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    /// Equal keys are equal outcomes, on both sides.
    pub(super) key: String,
    pub(super) words: Text,
    pub(super) place: Option<Place>,
    /// Fields on which the outcome itself depends.
    pub(super) fields: Vec<FieldKey>,
    /// The value, where it is always the same.
    pub(super) constant: Option<Value>,
    /// What is created.
    pub(super) entities: Vec<Entity>,
    pub(super) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Missing,
    Present,
    /// Nobody has looked into it.
    Unknown,
}

impl Outcome {
    /// No value.
    pub(super) fn missing(place: Option<Place>) -> Outcome {
        let words = Text::new("nothing", "ничего");
        Outcome { kind: Kind::Missing, ..Outcome::word("missing", words, place) }
    }

    /// Something that is known by its words.
    pub(super) fn word(key: &str, words: Text, place: Option<Place>) -> Outcome {
        let (fields, entities) = (Vec::new(), Vec::new());
        Outcome { key: key.to_owned(), words, place, fields, constant: None, entities, kind: Kind::Present }
    }

    /// Whether there is no value.
    pub(super) fn is_missing(&self) -> bool {
        self.kind == Kind::Missing
    }

    /// Whether nobody has looked into it.
    pub(super) fn is_unknown(&self) -> bool {
        self.kind == Kind::Unknown
    }
}

/// Everything, in one case.
pub(super) fn always(outcome: Outcome) -> Case {
    Case { areas: [Area::everything()].into(), outcome }
}

/// The most cases that go into the name of one.
const MAX_NAMED: usize = 64;

/// A name for what several cases say together: both sides speak of the same classes, so equal names are equal values.
fn key_of(cases: &[Case]) -> Result<String, Undecided> {
    if let [only] = cases {
        return Ok(only.outcome.key.clone());
    }
    if cases.len() > MAX_NAMED {
        return Err(Undecided);
    }
    Ok(cases.iter().map(|case| format!("{:?}: {}\u{1}", case.areas, case.outcome.key)).collect())
}

fn fields_in(cases: &[Case]) -> impl Iterator<Item = FieldKey> {
    cases.iter().flat_map(|case| &case.outcome.fields).cloned()
}

/// What some cases say where something that nobody has looked into lets them, and else nothing.
pub(super) fn hinging(on: &Outcome, how: &str, then: &[Case]) -> Result<Outcome, Undecided> {
    let key = format!("({} {how} {})", on.key, key_of(then)?);
    let fields = on.fields.iter().cloned().chain(fields_in(then)).collect();
    Ok(Outcome { key, fields, kind: Kind::Unknown, constant: None, ..on.clone() })
}

/// Works cases out for one side.
pub(super) struct Caser<'c, 's, 'm, 'p> {
    pub(super) side: &'c Side<'p>,
    pub(super) builder: &'c mut Builder<'s, 'm>,
    pub(super) limits: &'c ProofLimits,
    tables: HashMap<u32, Rc<Vec<Option<Vec<Area>>>>>,
}

impl<'c, 's, 'm, 'p> Caser<'c, 's, 'm, 'p> {
    /// For a side.
    pub(super) fn new(
        side: &'c Side<'p>,
        builder: &'c mut Builder<'s, 'm>,
        limits: &'c ProofLimits,
    ) -> Caser<'c, 's, 'm, 'p> {
        Caser { side, builder, limits, tables: HashMap::new() }
    }

    /// The areas in which a condition holds.
    pub(super) fn holds(&mut self, condition: &Cond) -> Result<Rc<[Area]>, Undecided> {
        let node = Walker::new(&self.side.scope, self.builder).cond(condition)?;
        Ok(self.builder.diagrams.areas(node, self.limits.pieces * 8)?.into())
    }

    /// The cases of a value.
    pub(super) fn value(&mut self, value: &Expr, place: Option<Place>) -> Result<Vec<Case>, Undecided> {
        match value {
            Expr::Const(Value::Missing) => Ok(vec![always(Outcome::missing(place))]),
            Expr::Const(constant) => Ok(vec![always(self.constant(constant, place))]),
            Expr::Field(key) => {
                let present =
                    Walker::new(&self.side.scope, self.builder).ask(value, &Check::Test(Test::Present))?;
                let areas = self.builder.diagrams.areas(present, self.limits.pieces)?;
                let kind = self.side.slot.kind();
                let words =
                    Text::new(words::field_name(kind, key, Lang::En), words::field_name(kind, key, Lang::Ru));
                let outcome = Outcome::word(&self.side.scope.key(value), words, place);
                let outcome = Outcome { fields: vec![key.clone()], ..outcome };
                let missing = always(Outcome::missing(place));
                Ok(vec![Case { areas: areas.into(), outcome }, missing])
            }
            Expr::Named(reference) => match self.side.scope.meaning(*reference) {
                Meaning::Value(constant) => self.value(&Expr::Const(constant.clone()), place),
                Meaning::Setting(setting) => self.value(setting, place),
                Meaning::Table { .. } => match self.side.opened(*reference) {
                    Some((table, column)) => self.table(table, column),
                    None => Ok(vec![always(self.unknown(value, place))]),
                },
                Meaning::Unknown => Ok(vec![always(Outcome::missing(place))]),
            },
            Expr::Else(options) => {
                let mut cases = vec![always(Outcome::missing(place))];
                for option in options.iter().rev() {
                    let first = self.value(option, place)?;
                    cases = self.or_else(first, &cases)?;
                }
                Ok(cases)
            }
            Expr::Local(_) | Expr::Call(_) | Expr::Template(_) | Expr::List(_) => {
                Ok(vec![always(self.unknown(value, place))])
            }
        }
    }

    /// One value where it is there, else another.
    pub(super) fn or_else(&mut self, first: Vec<Case>, rest: &[Case]) -> Result<Vec<Case>, Undecided> {
        let mut cases = Vec::new();
        for case in first {
            match case.outcome.kind {
                Kind::Present => cases.push(case),
                Kind::Missing => self.within(&case.areas, rest, &mut cases)?,
                Kind::Unknown => {
                    let mut outcome = case.outcome;
                    outcome.key = format!("({} else {})", outcome.key, key_of(rest)?);
                    outcome.fields.extend(fields_in(rest));
                    cases.push(Case { areas: case.areas, outcome });
                }
            }
        }
        Ok(cases)
    }

    /// Cases inside some areas.
    pub(super) fn within(
        &self,
        areas: &[Area],
        inside: &[Case],
        cases: &mut Vec<Case>,
    ) -> Result<(), Undecided> {
        for case in inside {
            self.builder.diagrams.meter().spend(areas.len() * case.areas.len())?;
            let both: Vec<Area> =
                areas.iter().flat_map(|area| case.areas.iter().filter_map(|other| area.and(other))).collect();
            if both.is_empty() {
                continue;
            }
            cases.push(Case { areas: both.into(), outcome: case.outcome.clone() });
            if cases.len() > MAX_CASES {
                return Err(Undecided);
            }
        }
        Ok(())
    }

    fn table(&mut self, table: &'p Table, column: usize) -> Result<Vec<Case>, Undecided> {
        let rows = match self.tables.get(&table.section) {
            Some(rows) => Rc::clone(rows),
            None => {
                let rows = Rc::new(rows::areas(&self.side.scope, table, self.builder, self.limits));
                self.tables.insert(table.section, Rc::clone(&rows));
                rows
            }
        };
        let mut cases = Vec::new();
        for (row, areas) in table.rows.iter().zip(rows.iter()) {
            let Some(areas) = areas else { return Err(Undecided) };
            let place = Some(Place { section: table.section, line: row.line });
            let inside = match row.results.get(column) {
                Some(result) => self.value(result, place)?,
                None => vec![always(Outcome::missing(place))],
            };
            self.within(areas, &inside, &mut cases)?;
        }
        let otherwise = match table.otherwise.as_ref() {
            Some(row) => {
                let place = Some(Place { section: table.section, line: row.line });
                match row.results.get(column) {
                    Some(result) => self.value(result, place)?,
                    None => vec![always(Outcome::missing(place))],
                }
            }
            None => vec![always(Outcome::missing(None))],
        };
        cases.extend(otherwise);
        Ok(cases)
    }

    fn constant(&self, constant: &Value, place: Option<Place>) -> Outcome {
        let words = Text::new(words::shown(constant, Lang::En), words::shown(constant, Lang::Ru));
        let key = self.side.scope.key(&Expr::Const(constant.clone()));
        Outcome { constant: Some(constant.clone()), ..Outcome::word(&key, words, place) }
    }

    /// A value that is not looked into.
    fn unknown(&self, value: &Expr, place: Option<Place>) -> Outcome {
        let mut fields = Vec::new();
        value.fields(&mut fields);
        let words = match value {
            Expr::Named(reference) => match self.side.scope.meaning(*reference) {
                Meaning::Table { table, .. } => {
                    let section =
                        self.side.program.tables.get(table as usize).map_or(u32::MAX, |table| table.section);
                    let head = self.side.head(section);
                    Text::new(format!("as `{head}` says"), format!("как скажет `{head}`"))
                }
                _ => Text::new("as a setting says", "как скажет настройка"),
            },
            Expr::Call(_) => Text::new("what a script gives", "ответ скрипта"),
            Expr::Template(_) => Text::new("a text with values put in", "текст с подстановками"),
            _ => Text::new("several values", "несколько значений"),
        };
        Outcome { fields, kind: Kind::Unknown, ..Outcome::word(&self.side.scope.key(value), words, place) }
    }
}
