//! Tables of rules that the form has: entities, stores, responsible people.

use std::collections::BTreeMap;

use switchboard_grammar::ast::{Cell, CellKind, CellTest, Head, HitPolicy, Operation, Row, Table, Value};

use super::parts::{Parts, ResponsibleTable};
use super::place::At;
use super::values::{of_parameter, parameter, text};
use crate::form::condition::Parameter;
use crate::form::kind::Kind;
use crate::form::model::{Created, Entities, Entity, ResponsibleFilter};

/// The tables that the server reads.
const KNOWN: [&str; 4] = ["entities", "store", "forward", "click_to_call"];

/// What an input cell asks for: anything, or one of some values.
type Asked = Option<Vec<String>>;

impl<'s> Parts<'s> {
    /// Takes a table that says who is responsible: any name, one result `employee`, inputs that filters have.
    pub(super) fn responsible_table(&mut self, table: &'s Table, at: At<'s>) {
        let (Some(name), Some(head)) = (&table.name, &table.head) else { return };
        if KNOWN.contains(&name.text.as_str()) {
            return;
        }
        let head = &head.item;
        let is_employee = matches!(head.results.as_slice(), [result] if result.text == "employee");
        for kind in self.kinds(table.events.as_ref(), at) {
            self.part_mut(kind).is_used = true;
            let columns = columns(kind, head);
            let fits = is_employee && kind != Kind::Outgoing && table.hit != HitPolicy::All;
            let Some(columns) = columns.filter(|_| fits && self.part(kind).responsible.is_none()) else {
                self.obstacle(
                    at,
                    "the form has one table of its own for incoming calls, requests and chats each: filters of \
                     responsible people, with the result `employee`",
                    "своя таблица в форме одна для входящих звонков, заявок и чатов: фильтры ответственных, \
                     со столбцом результата `сотрудник`",
                );
                continue;
            };
            let mut found =
                ResponsibleTable { name: name.text.to_string(), filters: Vec::new(), gives_default: false };
            for (number, row) in table.rows.iter().enumerate() {
                self.responsible_row(kind, &columns, &row.item, at.line(number), &mut found);
            }
            self.part_mut(kind).responsible = Some(found);
        }
    }

    fn responsible_row(
        &mut self,
        kind: Kind,
        columns: &[Parameter],
        row: &Row,
        at: At<'s>,
        found: &mut ResponsibleTable,
    ) {
        let result = result(row, 0);
        if row.otherwise.is_some() {
            let default = self.part(kind).settings.default_responsible.clone();
            let names_default =
                result.and_then(Value::path).is_some_and(|path| path.single() == Some("default_responsible"));
            match result.and_then(text) {
                _ if names_default => found.gives_default = true,
                None if result.is_none() => {}
                Some(email) if default.is_none() || default.as_ref() == Some(&email) => {
                    self.part_mut(kind).settings.default_responsible = Some(email);
                    found.gives_default = true;
                }
                _ => self.obstacle(
                    at,
                    "for all others the form has the default responsible",
                    "для всех остальных в форме есть ответственный по умолчанию",
                ),
            }
            return;
        }
        let mut when = BTreeMap::new();
        for (column, cell) in columns.iter().zip(&row.inputs) {
            match asked(*column, cell) {
                Some(Some(values)) => {
                    when.insert(*column, values);
                }
                Some(None) => {}
                None => self.cell(at),
            }
        }
        match result.and_then(text) {
            Some(employee) if employee.contains('@') && !when.is_empty() => {
                found.filters.push(ResponsibleFilter { when, employee });
            }
            _ => self.obstacle(
                at,
                "a filter of the form asks for something and gives one employee by e-mail",
                "фильтр формы о чём-то спрашивает и даёт одного сотрудника по почте",
            ),
        }
    }

    /// Takes any other table.
    pub(super) fn table(&mut self, table: &'s Table, at: At<'s>) {
        let (Some(name), Some(head)) = (&table.name, &table.head) else { return };
        match name.text.as_str() {
            "entities" => self.entities(table, &head.item, at),
            "store" => self.stores(table, &head.item, at),
            "forward" | "click_to_call" => self.obstacle(
                at,
                format!("the form has no table `{}`", name.text),
                format!("в форме нет таблицы `{}`", name.text),
            ),
            _ => {}
        }
    }

    fn entities(&mut self, table: &'s Table, head: &'s Head, at: At<'s>) {
        let asks_contact = matches!(head.inputs.as_slice(), [column] if column.value.path().is_some_and(|path| path.dotted() == "contact"));
        let is_known =
            head.results.iter().all(|result| matches!(result.text.as_str(), "create" | "responsible"));
        let place = |name: &str| head.results.iter().position(|result| result.text == name);
        let (create, responsible) = (place("create"), place("responsible"));
        for kind in self.kinds(table.events.as_ref(), at) {
            self.part_mut(kind).is_used = true;
            if !asks_contact || !is_known || table.hit == HitPolicy::All {
                self.obstacle(
                    at,
                    "the form asks for first and repeated contacts only: a table with the column `contact`",
                    "форма различает только первые и повторные обращения: таблица со столбцом `обращение`",
                );
                continue;
            }
            let mut rows = ["first", "repeat"].map(|contact| {
                let found = table.rows.iter().enumerate().find(|(_, row)| is_about(&row.item, contact));
                let Some((number, row)) = found else { return Created::default() };
                let values = create.and_then(|column| row.item.results.get(column));
                let values = values.map(|cell| cell.values.as_slice()).unwrap_or_default();
                let create = self.created(values, at.line(number));
                let value = responsible.and_then(|column| result(&row.item, column));
                if create.is_empty() && value.is_none() {
                    return Created::default();
                }
                Created { create, responsible: self.people(kind, value, at.line(number), false) }
            });
            for (number, row) in table.rows.iter().enumerate() {
                let plain = row.item.otherwise.is_some()
                    || row.item.inputs.iter().all(|cell| contact(cell).is_some());
                if !plain {
                    self.cell(at.line(number));
                }
            }
            let [first, repeat] = &mut rows;
            let entities = Entities { first: std::mem::take(first), repeat: std::mem::take(repeat) };
            self.part_mut(kind).entities = Some(entities);
        }
    }

    fn created(&mut self, values: &[Value], at: At<'s>) -> Vec<Entity> {
        let mut create = Vec::new();
        for value in values {
            match value.path().map(switchboard_grammar::ast::Path::dotted).as_deref() {
                Some("client") => create.push(Entity::Client),
                Some("order") => create.push(Entity::Order),
                Some("nothing") => {}
                _ => self.obstacle(
                    at,
                    "the form chooses between nothing, client and order",
                    "в форме выбирают между ничем, клиентом и заказом",
                ),
            }
        }
        create.sort_unstable();
        create.dedup();
        create
    }

    fn stores(&mut self, table: &'s Table, head: &'s Head, at: At<'s>) {
        for kind in self.kinds(table.events.as_ref(), at) {
            self.part_mut(kind).is_used = true;
            let by = match kind {
                Kind::Incoming | Kind::Outgoing => Parameter::VirtualNumber,
                Kind::Requests | Kind::Chats => Parameter::Site,
            };
            let fits = columns(kind, head).is_some_and(|columns| columns == [by])
                && matches!(head.results.as_slice(), [result] if result.text == "store")
                && table.hit != HitPolicy::All;
            if !fits {
                self.obstacle(
                    at,
                    "the form gives stores by virtual number for calls, and by site for chats and requests",
                    "форма выбирает магазин звонка по виртуальному номеру, а чата и заявки – по сайту",
                );
                continue;
            }
            let mut rows = BTreeMap::new();
            for (number, row) in table.rows.iter().enumerate() {
                self.store_row(kind, by, &row.item, at.line(number), &mut rows);
            }
            self.part_mut(kind).stores = Some((rows, at));
        }
    }

    fn store_row(
        &mut self,
        kind: Kind,
        by: Parameter,
        row: &Row,
        at: At<'s>,
        rows: &mut BTreeMap<String, String>,
    ) {
        let result = result(row, 0);
        let store = result.and_then(text);
        if row.otherwise.is_some() {
            let names_default =
                result.and_then(Value::path).is_some_and(|path| path.single() == Some("default_store"));
            match store {
                // What the table gives to all others goes before the setting, which then is never asked.
                Some(store) => self.part_mut(kind).settings.default_store = Some((store, at)),
                None if names_default || result.is_none() => {}
                None => self.store(at),
            }
            return;
        }
        let Some(values) = row.inputs.first().and_then(|cell| asked(by, cell)) else {
            self.cell(at);
            return;
        };
        match (store, values) {
            (Some(store), Some(values)) => {
                // Of two rows for one number the first counts.
                for value in values {
                    rows.entry(value).or_insert_with(|| store.clone());
                }
            }
            _ => self.store(at),
        }
    }

    fn store(&mut self, at: At<'s>) {
        self.obstacle(
            at,
            "the form gives one store by its code for a number or a site",
            "форма даёт номеру или сайту один магазин по его коду",
        );
    }

    fn cell(&mut self, at: At<'s>) {
        self.obstacle(
            at,
            "the cells of the form hold plain values, without comparisons and `not`",
            "в ячейках формы стоят только значения, без сравнений и `не`",
        );
    }
}

/// The parameters that the inputs of a table are; `None` when one of them is none.
fn columns(kind: Kind, head: &Head) -> Option<Vec<Parameter>> {
    head.inputs.iter().map(|column| parameter(kind, &column.value)).collect()
}

/// The one value of a result cell.
fn result(row: &Row, column: usize) -> Option<&Value> {
    row.results.get(column)?.values.first()
}

/// What a cell asks of a parameter; `None` when the form cannot.
fn asked(parameter: Parameter, cell: &Cell) -> Option<Asked> {
    let CellKind::Tests { not: None, alternatives } = &cell.kind else {
        return matches!(cell.kind, CellKind::Any).then_some(None);
    };
    let values = alternatives.iter().map(|alternative| match alternative.tests.as_slice() {
        [test] => cell_value(parameter, test),
        _ => None,
    });
    values.collect::<Option<Vec<String>>>().map(Some)
}

fn cell_value(parameter: Parameter, test: &CellTest) -> Option<String> {
    let contains = test.operator.is_some_and(|operator| operator.operation == Operation::Contains);
    let fits = if parameter == Parameter::Tag { contains } else { test.operator.is_none() };
    let [item] = test.operand.items() else { return None };
    if !fits || item.exactly.is_some() {
        return None;
    }
    of_parameter(parameter, &item.value)
}

/// The contacts that a cell is for; `None` when the form cannot say.
fn contact(cell: &Cell) -> Option<Vec<String>> {
    let CellKind::Tests { not: None, alternatives } = &cell.kind else {
        let both = || vec!["first".to_owned(), "repeat".to_owned()];
        return matches!(cell.kind, CellKind::Any).then(both);
    };
    let words = alternatives.iter().map(|alternative| match alternative.tests.as_slice() {
        [test] => test.plain().and_then(|item| Some(item.value.path()?.dotted())),
        _ => None,
    });
    words.collect()
}

/// Whether a row is for a contact.
fn is_about(row: &Row, wanted: &str) -> bool {
    row.otherwise.is_some()
        || row
            .inputs
            .iter()
            .all(|cell| contact(cell).is_some_and(|words| words.iter().any(|word| word == wanted)))
}
