//! The pieces that several parts of the form have: entities, people, tasks, stores, fields, conditions.

use std::collections::BTreeMap;

use switchboard_engine::catalog::schema;
use switchboard_engine::phone::Phone;

use crate::form::condition::{Condition, Parameter};
use crate::form::json::Node;
use crate::form::kind::{Kind, Person};
use crate::form::model::{
    Created, Entities, Entity, Field, Fields, MAX_DEPTH, MAX_HOURS, Responsible, ResponsibleFilter, Task,
};
use crate::form::reader::{Members, Place, Reader};
use crate::form::value;

impl Reader {
    pub(super) fn entities(&mut self, part: &Members<'_>, kind: Kind) -> Entities {
        Entities { first: self.created(part, "first", kind), repeat: self.created(part, "repeat", kind) }
    }

    pub(super) fn created(&mut self, part: &Members<'_>, name: &str, kind: Kind) -> Created {
        let Some(place) = self.required(part, name) else { return Created::default() };
        let row = self.members(&place, Some(&["create", "responsible"]));
        let mut create = Vec::new();
        if let Some(place) = self.required(&row, "create") {
            for place in self.list(&place) {
                let words = [("client", Entity::Client), ("order", Entity::Order)];
                let Some(entity) = self.word(&place, &words) else { continue };
                if create.contains(&entity) {
                    self.problem(&place.path, "stands here twice", "указано дважды");
                } else {
                    create.push(entity);
                }
            }
        }
        create.sort_unstable();
        Created { create, responsible: self.people(row.get("responsible"), kind) }
    }

    /// A list of those who may be responsible; nothing can follow an employee, who is always there.
    pub(super) fn people(&mut self, place: Option<Place<'_>>, kind: Kind) -> Vec<Person> {
        let mut people: Vec<Person> = Vec::new();
        for place in place.map(|place| self.list(&place)).unwrap_or_default() {
            let Some(text) = self.text(&place) else { continue };
            let known = kind.people().iter().find(|person| person.word() == Some(text.as_str()));
            let person = match known {
                Some(person) => person.clone(),
                None if is_email(&text) => Person::Employee(text),
                None => {
                    let words: Vec<&str> = kind.people().iter().filter_map(Person::word).collect();
                    let words = words.join(", ");
                    self.problem(
                        &place.path,
                        format!("neither an e-mail nor one of: {words}"),
                        format!("это не почта сотрудника и не одно из: {words}"),
                    );
                    continue;
                }
            };
            if people.contains(&person) {
                self.problem(&place.path, "stands here twice", "указано дважды");
            } else if matches!(people.last(), Some(Person::Employee(_))) {
                self.problem(
                    &place.path,
                    "never comes to this: an employee by e-mail is always there; put the employee last",
                    "до этого не дойдёт: сотрудник по почте есть всегда; поставьте его последним",
                );
            } else {
                people.push(person);
            }
        }
        people
    }

    pub(super) fn task(
        &mut self,
        part: &Members<'_>,
        name: &str,
        kind: Kind,
        responsible: &Responsible,
    ) -> Option<Task> {
        let place = part.get(name)?;
        let task = self.members(&place, Some(&["title", "assignee", "hours"]));
        let assignee = self.people(task.get("assignee"), kind);
        if !matches!(assignee.last(), Some(Person::Employee(_))) && responsible.default.is_none() {
            self.problem(
                &place.path,
                "might be nobody's: end `assignee` with an e-mail, or name a default responsible",
                "задача может остаться ничьей: закончите `assignee` почтой или укажите ответственного по умолчанию",
            );
        }
        let title = task.get("title").and_then(|place| {
            let text = self.template(&place)?;
            match value::normal_title(&text, kind) {
                Ok(title) => Some(title),
                Err(wrong) => {
                    self.problem(&place.path, wrong.en, wrong.ru);
                    None
                }
            }
        });
        let hours = self.required(&task, "hours").map_or(1, |place| self.count(&place, MAX_HOURS));
        Some(Task { title, assignee, hours })
    }

    pub(super) fn stores(
        &mut self,
        place: &Place<'_>,
        by: &str,
        parameter: Parameter,
    ) -> (Option<String>, BTreeMap<String, String>) {
        let stores = self.members(place, Some(&["default", by]));
        let default = stores.get("default").and_then(|place| self.text(&place));
        let mut rows = BTreeMap::new();
        if let Some(place) = stores.get(by) {
            for (key, place) in self.members(&place, None).all() {
                let key =
                    self.clean(&place.path, key).and_then(|key| self.normal(&place.path, parameter, &key));
                let (Some(key), Some(store)) = (key, self.text(&place)) else { continue };
                if rows.insert(key, store).is_some() {
                    self.problem(&place.path, "stands here twice", "указано дважды");
                }
            }
        }
        (default, rows)
    }

    pub(super) fn responsible(&mut self, place: Option<Place<'_>>, kind: Kind) -> Responsible {
        let Some(place) = place else { return Responsible::default() };
        let allowed: &[&str] = if kind == Kind::Outgoing { &["default"] } else { &["default", "filters"] };
        let part = self.members(&place, Some(allowed));
        let mut filters = Vec::new();
        for place in part.get("filters").map(|place| self.list(&place)).unwrap_or_default() {
            let row = self.members(&place, Some(&["when", "employee"]));
            let when = self.required(&row, "when").map(|place| self.when(&place, kind)).unwrap_or_default();
            let employee = self.required(&row, "employee").and_then(|place| self.email(&place));
            filters.push(ResponsibleFilter { when, employee: employee.unwrap_or_default() });
        }
        Responsible { filters, default: part.get("default").and_then(|place| self.email(&place)) }
    }

    pub(super) fn when(&mut self, place: &Place<'_>, kind: Kind) -> BTreeMap<Parameter, Vec<String>> {
        let names: Vec<&str> = kind.parameters().iter().map(|parameter| parameter.name()).collect();
        let when = self.members(place, Some(&names));
        let mut found = BTreeMap::new();
        for parameter in kind.parameters() {
            let Some(place) = when.get(parameter.name()) else { continue };
            let mut values: Vec<String> = Vec::new();
            for place in self.list(&place) {
                let text = self.text(&place);
                let Some(value) = text.and_then(|text| self.normal(&place.path, *parameter, &text)) else {
                    continue;
                };
                if values.contains(&value) {
                    self.problem(&place.path, "stands here twice", "указано дважды");
                } else {
                    values.push(value);
                }
            }
            if *place.node == Node::List(Vec::new()) {
                self.problem(&place.path, "no value is named", "не указано ни одного значения");
            }
            found.insert(*parameter, values);
        }
        if *place.node == Node::Object(Vec::new()) {
            self.problem(
                &place.path,
                "asks for nothing; the employee for all others is `default`",
                "не спрашивает ни о чём; сотрудник для всех остальных указывается в `default`",
            );
        }
        found
    }

    pub(super) fn fields(&mut self, place: Option<Place<'_>>, kind: Kind) -> Fields {
        let Some(place) = place else { return Fields::default() };
        let part = self.members(&place, Some(&["client", "order"]));
        Fields {
            client: self.fields_of(part.get("client"), kind),
            order: self.fields_of(part.get("order"), kind),
        }
    }

    pub(super) fn fields_of(&mut self, place: Option<Place<'_>>, kind: Kind) -> Vec<Field> {
        let mut fields: Vec<Field> = Vec::new();
        for place in place.map(|place| self.list(&place)).unwrap_or_default() {
            let row = self.members(&place, Some(&["field", "from", "always"]));
            let code = self.required(&row, "field").and_then(|place| {
                let code = self.code(&place)?;
                if fields.iter().any(|field| field.field == code) {
                    self.problem(&place.path, "stands here twice", "указано дважды");
                }
                Some(code)
            });
            let from = self.required(&row, "from").and_then(|place| self.from(&place, kind));
            let always = row.get("always").is_some_and(|place| self.yes_no(&place));
            fields.push(Field { field: code.unwrap_or_default(), from: from.unwrap_or_default(), always });
        }
        fields
    }

    /// A field of communications, by any of its names.
    pub(super) fn from(&mut self, place: &Place<'_>, kind: Kind) -> Option<String> {
        let text = self.text(place)?;
        let Some(found) = schema().find_field(kind.schema(), &text) else {
            let kinds = kind.schema().plural_en();
            self.problem(
                &place.path,
                format!("`{text}` is no field; `rules fields {kinds}` lists them"),
                format!("`{text}` – не поле; их перечислит `rules fields {kinds}`"),
            );
            return None;
        };
        let name = found.field.name_with(found.key);
        // Of an open field any key is found; only one that can be written is of use.
        let events = if kind.schema() == Kind::Incoming.schema() { "calls" } else { kind.events() };
        match value::accepted(&format!("fields of client for {events}\n  x from {name}\n")) {
            Ok(_) => Some(name),
            Err(wrong) => {
                self.problem(&place.path, wrong.en, wrong.ru);
                None
            }
        }
    }

    /// The code of a field in RetailCRM.
    pub(super) fn code(&mut self, place: &Place<'_>) -> Option<String> {
        let code = self.text(place)?;
        let fine = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        if code.chars().all(fine) && !code.starts_with('-') {
            return Some(code);
        }
        self.problem(
            &place.path,
            "the code of a field holds letters, digits, `_` and `-`",
            "код поля состоит из букв, цифр, `_` и `-`",
        );
        None
    }

    pub(super) fn email(&mut self, place: &Place<'_>) -> Option<String> {
        let text = self.text(place)?;
        if is_email(&text) {
            return Some(text);
        }
        self.problem(&place.path, "an employee is named by e-mail", "сотрудник указывается по почте");
        None
    }

    pub(super) fn phone(&mut self, place: &Place<'_>) -> Option<String> {
        let text = self.text(place)?;
        if let Ok(phone) = Phone::parse(&text) {
            return Some(phone.to_string());
        }
        self.problem(&place.path, "this is no phone number", "это не номер телефона");
        None
    }

    pub(super) fn normal(&mut self, path: &str, parameter: Parameter, value: &str) -> Option<String> {
        let normal = parameter.normal(value);
        if normal.is_none() {
            self.problem(path, "this is no phone number", "это не номер телефона");
        }
        normal
    }

    pub(super) fn condition(&mut self, place: &Place<'_>, kind: Kind, depth: usize) -> Option<Condition> {
        if depth >= MAX_DEPTH {
            self.problem(
                &place.path,
                format!("conditions are nested deeper than {MAX_DEPTH}"),
                format!("условия вложены глубже {MAX_DEPTH}"),
            );
            return None;
        }
        let members = self.members(place, Some(&["all", "any", "field", "is"]));
        if !members.is_object {
            return None;
        }
        let (all, any) = (members.get("all"), members.get("any"));
        if members.all().count() == 1
            && let Some(group) = all.as_ref().or(any.as_ref())
        {
            let terms = self.list(group);
            if terms.is_empty() {
                self.problem(&group.path, "the group is empty", "группа пуста");
            }
            let terms = terms.iter().filter_map(|term| self.condition(term, kind, depth + 1)).collect();
            return if all.is_some() { Condition::all(terms) } else { Condition::any(terms) };
        }
        let (Some(field), Some(is)) = (members.get("field"), members.get("is")) else {
            self.problem(
                &place.path,
                "a condition is {\"field\": …, \"is\": …}, {\"all\": […]} or {\"any\": […]}",
                "условие – это {\"field\": …, \"is\": …}, {\"all\": […]} или {\"any\": […]}",
            );
            return None;
        };
        if all.is_some() || any.is_some() {
            self.problem(
                &place.path,
                "a condition is either a group or a test",
                "условие – либо группа, либо проверка",
            );
        }
        let names: Vec<(&str, Parameter)> =
            kind.parameters().iter().map(|parameter| (parameter.name(), *parameter)).collect();
        let field = self.word(&field, &names);
        let text = self.text(&is);
        let (field, text) = (field?, text?);
        Some(Condition::Is { field, is: self.normal(&is.path, field, &text)? })
    }
}

fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
        && !text.contains(char::is_whitespace)
}
