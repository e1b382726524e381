//! From the form to rules: one file, formatted, in either language.
//!
//! Rules are put together in English, as a person would write them, and then formatted and translated by the same
//! code as any other file. Names that the form has none for (tables of responsible employees) are in the language
//! asked for.

use std::fmt::Write as _;

use switchboard_grammar::lang::Lang;

use super::condition::{Condition, Parameter};
use super::kind::{Kind, Person};
use super::model::{
    Created, Deals, Entities, Entity, Fields, Funnel, Responsible, ResponsibleFilter, Settings, Task,
    Telephony, Written,
};
use super::value::{quoted, title_literal};
use crate::translate::translate;

/// The rules of a form, formatted; the text of `main.rules`.
///
/// The engine takes it, unless a value of the form is one that no rule may hold, such as a password.
pub(crate) fn write(settings: &Settings, lang: Lang) -> String {
    let mut writer = Writer { out: String::from("rules 1\n"), lang };
    writer.settings(settings);
    let parsed = switchboard_grammar::parse(&writer.out);
    // What does not parse is shown as it is, so that somebody can find out why.
    translate(&parsed, &writer.out, lang).unwrap_or(writer.out)
}

/// The name of the table of responsible employees.
pub(super) fn responsible_table(kind: Kind, lang: Lang) -> &'static str {
    match kind {
        Kind::Incoming | Kind::Outgoing => lang.pick("incoming_responsible", "ответственный_по_входящим"),
        Kind::Requests => lang.pick("request_responsible", "ответственный_по_заявкам"),
        Kind::Chats => lang.pick("chat_responsible", "ответственный_по_чатам"),
    }
}

struct Writer {
    out: String,
    lang: Lang,
}

impl Writer {
    fn settings(&mut self, settings: &Settings) {
        match &settings.telephony {
            Some(telephony) => self.telephony(telephony),
            // The history of calls is kept of all calls that a filter lets in.
            None => {
                self.head("filter for calls");
                self.line("else reject");
            }
        }
        if let Some(requests) = &settings.requests {
            self.written(requests, Kind::Requests);
        }
        if let Some(chats) = &settings.chats {
            self.written(chats, Kind::Chats);
        }
        if let Some(deals) = &settings.deals {
            self.deals(deals);
        }
    }

    fn telephony(&mut self, telephony: &Telephony) {
        let incoming = &telephony.responsible.incoming;
        let outgoing = &telephony.responsible.outgoing;
        if let Some(filter) = &telephony.filter {
            match (&filter.incoming, &filter.outgoing) {
                (None, None) => self.filter("calls", None),
                (incoming, outgoing) => {
                    incoming.iter().for_each(|condition| self.filter("incoming calls", Some(condition)));
                    outgoing.iter().for_each(|condition| self.filter("outgoing calls", Some(condition)));
                }
            }
        }
        self.call_settings(telephony);
        let numbers = telephony.stores.by_virtual_number.iter();
        let numbers: Vec<_> = numbers.map(|(number, store)| (number.clone(), store)).collect();
        self.stores("calls", Parameter::VirtualNumber, telephony.stores.default.is_some(), &numbers);
        self.responsible(Kind::Incoming, incoming);
        self.entities(Kind::Incoming, &telephony.incoming.entities, incoming);
        self.entities(Kind::Outgoing, &telephony.outgoing, outgoing);
        if let Some(task) = &telephony.tasks.missed_incoming {
            self.task(Kind::Incoming, task, incoming);
        }
        if let Some(task) = &telephony.tasks.failed_outgoing {
            self.task(Kind::Outgoing, task, outgoing);
        }
        self.fields("calls", &telephony.fields);
    }

    /// One section for both directions, unless they differ.
    fn call_settings(&mut self, telephony: &Telephony) {
        let mut common = Vec::new();
        if let Some(click) = &telephony.click_to_call {
            common.push(format!("click_to_call_number: {}", click.number));
            if click.always_show {
                common.push("always_show_number: yes".to_owned());
            }
        }
        common
            .extend(telephony.stores.default.iter().map(|store| format!("default_store: {}", quoted(store))));
        let default = |responsible: &Responsible| {
            responsible
                .default
                .iter()
                .map(|email| format!("default_responsible: {}", quoted(email)))
                .collect()
        };
        let mut incoming: Vec<String> = default(&telephony.responsible.incoming);
        let outgoing: Vec<String> = default(&telephony.responsible.outgoing);
        if telephony.incoming.forward_to_manager {
            incoming.push("forward_to_manager: yes".to_owned());
        }
        if telephony.responsible.incoming.default == telephony.responsible.outgoing.default {
            self.section("settings for calls", common.iter().chain(&incoming));
        } else {
            self.section("settings for incoming calls", common.iter().chain(&incoming));
            self.section("settings for outgoing calls", common.iter().chain(&outgoing));
        }
    }

    fn written(&mut self, written: &Written, kind: Kind) {
        if let Some(filter) = &written.filter {
            self.filter(kind.events(), filter.0.as_ref());
        }
        let mut lines = Vec::new();
        if let Some(chat) = &written.chat {
            lines.push(format!("create_at: {}", chat.create_at));
            if chat.without_contacts {
                lines.push("pass_without_contacts: yes".to_owned());
            }
        }
        let responsible = &written.responsible;
        lines.extend(
            responsible.default.iter().map(|email| format!("default_responsible: {}", quoted(email))),
        );
        lines.extend(written.stores.default.iter().map(|store| format!("default_store: {}", quoted(store))));
        self.section(&format!("settings for {}", kind.events()), lines.iter());
        let sites: Vec<_> =
            written.stores.by_site.iter().map(|(site, store)| (quoted(site), store)).collect();
        self.stores(kind.events(), Parameter::Site, written.stores.default.is_some(), &sites);
        self.responsible(kind, responsible);
        self.entities(kind, &written.entities, responsible);
        if let Some(task) = written.chat.as_ref().and_then(|chat| chat.missed_task.as_ref()) {
            self.task(kind, task, responsible);
        }
        self.fields(kind.events(), &written.fields);
    }

    fn deals(&mut self, deals: &Deals) {
        self.head("transfer orders");
        self.line(match deals.funnel {
            Funnel::Single => "funnel: single",
            Funnel::PerStore => "funnel: per_store",
        });
        self.line(if deals.with_delivery {
            "amount: total_with_delivery"
        } else {
            "amount: total_without_delivery"
        });
        if !deals.fields.is_empty() {
            self.line(&format!("pass: {}", deals.fields.join(", ")));
        }
    }

    /// Conditions of which one must hold stand in a line each.
    fn filter(&mut self, events: &str, condition: Option<&Condition>) {
        self.head(&format!("filter for {events}"));
        let Some(condition) = condition else {
            self.line("else accept");
            return;
        };
        let lines = match condition {
            Condition::Any(terms) => terms.as_slice(),
            other => std::slice::from_ref(other),
        };
        for line in lines {
            self.line(&format!("accept when {}", condition_text(line)));
        }
        self.line("else reject");
    }

    fn stores(&mut self, events: &str, by: Parameter, has_default: bool, rows: &[(String, &String)]) {
        if rows.is_empty() {
            return;
        }
        self.head(&format!("table store for {events}"));
        self.line(&format!("| {} || store |", by.field()));
        self.line("|---||---|");
        for (key, store) in rows {
            self.line(&format!("| {key} || {} |", quoted(store)));
        }
        self.line(if has_default { "| else || default_store |" } else { "| else || - |" });
    }

    fn responsible(&mut self, kind: Kind, responsible: &Responsible) {
        if responsible.filters.is_empty() {
            return;
        }
        let is_asked = |parameter: &&Parameter| {
            responsible.filters.iter().any(|filter| filter.when.contains_key(*parameter))
        };
        let columns: Vec<Parameter> = kind.parameters().iter().filter(is_asked).copied().collect();
        self.head(&format!("table {} for {}", responsible_table(kind, self.lang), kind.events()));
        let names: Vec<&str> = columns.iter().map(|column| column.field()).collect();
        self.line(&format!("| {} || employee |", names.join(" | ")));
        self.line(&format!("|{}||---|", vec!["---"; columns.len()].join("|")));
        for ResponsibleFilter { when, employee } in &responsible.filters {
            let cells: Vec<String> = columns
                .iter()
                .map(|column| match when.get(column) {
                    Some(values) => {
                        let values: Vec<String> = values.iter().map(|value| cell(*column, value)).collect();
                        values.join(", ")
                    }
                    None => "-".to_owned(),
                })
                .collect();
            self.line(&format!("| {} || {} |", cells.join(" | "), quoted(employee)));
        }
        let otherwise = if responsible.default.is_some() { "default_responsible" } else { "-" };
        self.line(&format!("| else || {otherwise} |"));
    }

    fn entities(&mut self, kind: Kind, entities: &Entities, responsible: &Responsible) {
        let rows = [("first", &entities.first), ("repeat", &entities.repeat)];
        let people: Vec<Option<String>> = rows
            .iter()
            .map(|(_, row)| {
                let idle = row.create.is_empty() && row.responsible.is_empty();
                if idle { None } else { self.people(kind, &row.responsible, responsible) }
            })
            .collect();
        let has_people = people.iter().any(Option::is_some);
        self.head(&format!("table entities for {}", kind.events()));
        self.line(if has_people { "| contact || create | responsible |" } else { "| contact || create |" });
        self.line(if has_people { "|---||---|---|" } else { "|---||---|" });
        for ((contact, row), people) in rows.iter().zip(&people) {
            let mut line = format!("| {contact} || {} |", created_text(row));
            if has_people {
                let _ = write!(line, " {} |", people.as_deref().unwrap_or("-"));
            }
            self.line(&line);
        }
    }

    /// Who is responsible: the people named, then the table of filters or the default. `None` when there is nobody.
    fn people(&self, kind: Kind, people: &[Person], responsible: &Responsible) -> Option<String> {
        let mut names: Vec<String> = people
            .iter()
            .map(|person| match person {
                Person::Employee(email) => quoted(email),
                other => other.word().unwrap_or_default().to_owned(),
            })
            .collect();
        if !matches!(people.last(), Some(Person::Employee(_))) {
            if !responsible.filters.is_empty() {
                names.push(responsible_table(kind, self.lang).to_owned());
            } else if responsible.default.is_some() {
                names.push("default_responsible".to_owned());
            }
        }
        (!names.is_empty()).then(|| names.join(" else "))
    }

    fn task(&mut self, kind: Kind, task: &Task, responsible: &Responsible) {
        let outcome = if kind == Kind::Outgoing { "failed" } else { "missed" };
        self.head(&format!("task for {outcome} {}", kind.events()));
        let title = task.title.as_deref().and_then(title_literal);
        self.line(&format!("title: {}", title.as_deref().unwrap_or("default")));
        let assign = self.people(kind, &task.assignee, responsible).unwrap_or_default();
        self.line(&format!("assign: {assign}"));
        let unit = if task.hours == 1 { "hour" } else { "hours" };
        self.line(&format!("due: {} {unit} after finished", task.hours));
    }

    fn fields(&mut self, events: &str, fields: &Fields) {
        for (of, fields) in [("client", &fields.client), ("order", &fields.order)] {
            let lines: Vec<String> = fields
                .iter()
                .map(|field| {
                    let always = if field.always { ", always" } else { "" };
                    format!("{} from {}{always}", field.field, field.from)
                })
                .collect();
            self.section(&format!("fields of {of} for {events}"), lines.iter());
        }
    }

    /// A section, unless it would be empty.
    fn section<'l>(&mut self, head: &str, lines: impl Iterator<Item = &'l String>) {
        let mut lines = lines.peekable();
        if lines.peek().is_some() {
            self.head(head);
            lines.for_each(|line| self.line(line));
        }
    }

    fn head(&mut self, head: &str) {
        let _ = writeln!(self.out, "\n{head}");
    }

    fn line(&mut self, line: &str) {
        let _ = writeln!(self.out, "  {line}");
    }
}

/// A condition; groups inside groups stand in brackets.
fn condition_text(condition: &Condition) -> String {
    let inner = |terms: &[Condition], word: &str| {
        let terms: Vec<String> = terms
            .iter()
            .map(|term| match term {
                Condition::Is { .. } => condition_text(term),
                group => format!("({})", condition_text(group)),
            })
            .collect();
        terms.join(word)
    };
    match condition {
        Condition::All(terms) => inner(terms, " and "),
        Condition::Any(terms) => inner(terms, " or "),
        Condition::Is { field: Parameter::Tag, is } => format!("tags contains {}", quoted(is)),
        Condition::Is { field, is } => format!("{} is {}", field.field(), literal(*field, is)),
    }
}

fn cell(column: Parameter, value: &str) -> String {
    let contains = if column == Parameter::Tag { "contains " } else { "" };
    format!("{contains}{}", literal(column, value))
}

/// A value as rules have it: a number bare, a word of a set bare, everything else in quotes.
fn literal(parameter: Parameter, value: &str) -> String {
    if parameter == Parameter::VirtualNumber || parameter.is_word(value) {
        value.to_owned()
    } else {
        quoted(value)
    }
}

fn created_text(row: &Created) -> &'static str {
    match row.create.as_slice() {
        [] => "nothing",
        [Entity::Client] => "client",
        [Entity::Order] => "order",
        _ => "client, order",
    }
}
