//! The trace in words.
//!
//! What a rule says is quoted as it stands in the file, whatever the reader's language: that is what he will look
//! for there. Only the words around it are in his language.

use switchboard_grammar::lang::Lang;

use super::trace::{Change, Near, Step, TraceNear, TraceStep, What};
use crate::program::{Check, Guard, Place, Program, Spans, Table, Test};
use crate::value::Value;

impl Step {
    /// The step for a reader.
    pub(super) fn words(&self, program: &Program, lang: Lang) -> TraceStep {
        let (outcome, why) = self.what_happened(program, lang);
        let section = self.place.and_then(|place| program.sections.get(place.section as usize));
        let file = section.and_then(|section| program.sources.get(section.file));
        TraceStep {
            section: self.place.map_or_else(String::new, |place| head(program, place.section)),
            file: file.map_or_else(String::new, |file| file.name().to_owned()),
            doc: section.and_then(|section| section.doc.clone()),
            line: self.place.map_or(0, |place| place.line),
            row: self.row(),
            outcome,
            why,
            near: self.near.iter().filter_map(|near| self.near_words(*near, program, lang)).collect(),
        }
    }

    /// The step for a reader who must not see where rows stand.
    pub(super) fn lasting_words(&self, program: &Program, lang: Lang) -> TraceStep {
        let mut words = self.words(program, lang);
        let text = |row: &u32| self.row_text(*row, program, lang);
        match &self.what {
            What::Rows(rows) => words.why = rows.iter().map(text).collect::<Vec<_>>().join("; "),
            What::Conflict { row, other } => {
                let (row, other) = (text(row), text(other));
                words.why = lang.pick(
                    format!("two rows match, but only one may: {row}; {other}; the first is taken"),
                    format!("подходят две строки, а должна только одна: {row}; {other}; взята первая"),
                );
            }
            _ => {}
        }
        words
    }

    fn row(&self) -> Option<u32> {
        match &self.what {
            What::Row(row) | What::Conflict { row, .. } | What::FilterLine { row, .. } => Some(row + 1),
            What::Rows(rows) => rows.first().map(|row| row + 1),
            _ => None,
        }
    }

    fn what_happened(&self, program: &Program, lang: Lang) -> (&'static str, String) {
        let say = |en: &str, ru: &str| lang.pick(en, ru).to_owned();
        match &self.what {
            What::NoFilter => {
                ("accept", say("no filter is written for these events", "фильтра для таких событий нет"))
            }
            What::EmptyFilter => ("accept", say("the filter has no lines", "в фильтре нет ни одной строки")),
            What::FilterLine { row, accept } => (verdict(*accept), self.guard_text(*row, program)),
            What::FilterElse { accept } => {
                (verdict(*accept), say("no line above held", "ни одна строка выше не подошла"))
            }
            What::FilterOpen => {
                ("accept", say("no line of the filter held", "ни одна строка фильтра не подошла"))
            }
            What::NoContacts => (
                "reject",
                say(
                    "the chat has neither phone nor e-mail, and such chats are not passed on",
                    "в чате нет ни телефона, ни почты, а такие чаты не передаются",
                ),
            ),
            What::TooEarly => (
                "wait",
                say(
                    "the chat has not come to the stage at which things are created",
                    "чат ещё не дошёл до этапа, на котором создаются клиент и заказ",
                ),
            ),
            What::Row(row) => ("row", self.row_text(*row, program, lang)),
            What::Rows(rows) => {
                let numbers: Vec<String> = rows.iter().map(|row| (row + 1).to_string()).collect();
                let numbers = numbers.join(", ");
                (
                    "rows",
                    lang.pick(format!("these rows match: {numbers}"), format!("подходят строки: {numbers}")),
                )
            }
            What::Conflict { row, other } => {
                let (row, other) = (row + 1, other + 1);
                (
                    "conflict",
                    lang.pick(
                        format!("rows {row} and {other} both match, but only one may; row {row} is taken"),
                        format!("подходят строки {row} и {other}, а должна только одна; взята строка {row}"),
                    ),
                )
            }
            What::ElseRow => ("else", say("no row above matches", "ни одна строка выше не подходит")),
            What::NoRow => (
                "nothing",
                say("no row matches, so there is no value", "ни одна строка не подходит, значения нет"),
            ),
            What::DefaultResponsible => (
                "default",
                say(
                    "nobody else is responsible: the setting `default_responsible`",
                    "больше никто не отвечает: настройка `ответственный_по_умолчанию`",
                ),
            ),
            What::DefaultStore => (
                "default",
                say(
                    "no table names a store: the setting `default_store`",
                    "таблица магазина не дала: настройка `магазин_по_умолчанию`",
                ),
            ),
            What::Forwarded => {
                ("forward", say("the client has a manager of his own", "у клиента есть свой менеджер"))
            }
            What::Task { title_cut: false } => ("task", self.condition_text(program, lang)),
            What::Task { title_cut: true } => {
                let why = self.condition_text(program, lang);
                (
                    "task",
                    format!(
                        "{why}; {}",
                        say("its title was too long and is cut", "заголовок слишком длинный и обрезан")
                    ),
                )
            }
            What::TaskOtherOutcome { unreached: false } => {
                ("skip", say("somebody was reached", "разговор состоялся"))
            }
            What::TaskOtherOutcome { unreached: true } => {
                ("skip", say("nobody was reached", "разговора не было"))
            }
            What::TaskNot => ("skip", say("its condition does not hold", "её условие не выполнено")),
            What::Field { entity, code, always } => {
                let entity = entity_words(*entity, lang);
                let when = match always {
                    true => say("always", "всегда"),
                    false => say("while it is being created", "только при создании"),
                };
                ("write", format!("{entity}.{code}: {when}"))
            }
            What::FieldNotCreated { entity, code } => {
                let why = match entity {
                    super::Entity::Client => say("no client is being created", "клиент не создаётся"),
                    super::Entity::Order => say("no order is being created", "заказ не создаётся"),
                };
                ("skip", format!("{}.{code}: {why}", entity_words(*entity, lang)))
            }
            What::FieldMissing { entity, code } => {
                let entity = entity_words(*entity, lang);
                ("skip", format!("{entity}.{code}: {}", say("there is nothing to write", "писать нечего")))
            }
            What::Deal => ("deal", say("the order is passed on", "заказ передаётся")),
            What::NoDeal => (
                "skip",
                say("the order is not one of those that are passed on", "такие заказы не передаются"),
            ),
            What::ScriptFailed { error, park } => {
                let then = match park {
                    true => say("the event waits for a person", "событие отложено до решения человека"),
                    false => say("the tables decide without it", "решают таблицы без неё"),
                };
                ("script_failed", format!("{}; {then}", error.text().get(lang)))
            }
            What::Policy { function, changes } if changes.is_empty() => (
                "policy",
                lang.pick(
                    format!("the policy `{function}` changed nothing"),
                    format!("политика `{function}` ничего не изменила"),
                ),
            ),
            What::Policy { function, changes } => {
                let changes: Vec<String> = changes.iter().map(|change| change.words(lang)).collect();
                let changes = changes.join("; ");
                (
                    "policy",
                    lang.pick(
                        format!("the policy `{function}` changed {changes}"),
                        format!("политика `{function}` изменила: {changes}"),
                    ),
                )
            }
            What::Logged { line } => ("log", line.clone()),
            What::NoteFailed { error } => ("note_failed", error.message.get(lang).to_owned()),
        }
    }

    /// The condition of a filter line as written.
    fn guard_text(&self, row: u32, program: &Program) -> String {
        let Some(place) = self.place else { return String::new() };
        let filter = program.filters.iter().find(|filter| filter.section == place.section);
        let line = filter.and_then(|filter| filter.lines.get(row as usize));
        match line.map(|line| &line.guard) {
            Some(Guard::When(_, spans)) => plain(program.text(place.section, spans.whole)),
            _ => String::new(),
        }
    }

    /// The cells of a row that ask something.
    fn row_text(&self, row: u32, program: &Program, lang: Lang) -> String {
        let Some((table, place)) = self.table(program) else { return String::new() };
        let asked = (0u32..).zip(&table.inputs).filter(|(_, input)| input.check_of(row).is_some());
        let cells: Vec<String> =
            asked.map(|(column, _)| cell_text(program, table, place.section, row, column, lang)).collect();
        if cells.is_empty() {
            return lang.pick("it asks nothing", "она подходит всегда").to_owned();
        }
        cells.join(", ")
    }

    /// The condition of a task as written.
    fn condition_text(&self, program: &Program, lang: Lang) -> String {
        let spans = self.own_condition(program);
        match (spans, self.place) {
            (Some(spans), Some(place)) => plain(program.text(place.section, spans.whole)),
            _ => lang.pick("the event is of this kind", "событие того самого вида").to_owned(),
        }
    }

    /// The condition of the section that the step is about.
    fn own_condition<'p>(&self, program: &'p Program) -> Option<&'p Spans> {
        let place = self.place?;
        let task = program.tasks.iter().find(|task| task.section == place.section);
        let transfer = program.transfer.as_ref().filter(|transfer| transfer.section == place.section);
        let of_task = task.and_then(|task| task.when.as_ref()).map(|(_, spans)| spans);
        of_task.or_else(|| transfer?.only_when.as_ref().map(|(_, _, spans)| spans))
    }

    fn table<'p>(&self, program: &'p Program) -> Option<(&'p Table, Place)> {
        let place = self.place?;
        program.tables.iter().find(|table| table.section == place.section).map(|table| (table, place))
    }

    fn near_words(&self, near: Near, program: &Program, lang: Lang) -> Option<TraceNear> {
        let place = self.place?;
        match near {
            Near::Cell { row, column } => {
                let (table, place) = self.table(program)?;
                let cell = cell_text(program, table, place.section, row, column, lang);
                let number = row + 1;
                let why = match (lang, is_value(table, row, column)) {
                    (Lang::En, true) => {
                        let (name, value) = cell_parts(program, table, place.section, row, column);
                        format!("row {number} would match if {name} were {value}")
                    }
                    (Lang::En, false) => format!("row {number} would match if this held: {cell}"),
                    (Lang::Ru, _) => format!("строка {number} подошла бы, если бы было так: {cell}"),
                };
                Some(TraceNear { row: Some(number), line: table.rows.get(row as usize)?.line, why })
            }
            Near::Part { row, part } => {
                let filter = program.filters.iter().find(|filter| filter.section == place.section)?;
                let line = filter.lines.get(row as usize)?;
                let Guard::When(_, spans) = &line.guard else { return None };
                let text = plain(program.text(place.section, *spans.parts.get(part as usize)?));
                let number = row + 1;
                let why = match (lang, line.accept) {
                    (Lang::En, true) => format!("line {number} would accept it if this held: {text}"),
                    (Lang::En, false) => format!("line {number} would reject it if this held: {text}"),
                    (Lang::Ru, true) => format!("строка {number} приняла бы его, если бы было так: {text}"),
                    (Lang::Ru, false) => {
                        format!("строка {number} отклонила бы его, если бы было так: {text}")
                    }
                };
                Some(TraceNear { row: Some(number), line: line.line, why })
            }
            Near::Condition { part } => {
                let spans = self.own_condition(program)?;
                let text = plain(program.text(place.section, *spans.parts.get(part as usize)?));
                let why = lang.pick(
                    format!("it would apply if this held: {text}"),
                    format!("подошло бы, если бы было так: {text}"),
                );
                Some(TraceNear { row: None, line: place.line, why })
            }
        }
    }
}

impl Change {
    /// `responsible: anna@romashka.ru → olga@romashka.ru`.
    fn words(&self, lang: Lang) -> String {
        let side = |value: &Value| {
            if value.is_missing() {
                return "—".to_owned();
            }
            let words = plain(&value.render(lang));
            match words.char_indices().nth(MAX_SHOWN_CHARS) {
                Some((end, _)) => format!("{}…", words.get(..end).unwrap_or_default()),
                None => words,
            }
        };
        format!("{}: {} → {}", lang.pick(&self.en, &self.ru), side(&self.old), side(&self.new))
    }
}

/// Characters of a value that a policy changed, in the trace.
const MAX_SHOWN_CHARS: usize = 120;

const fn verdict(accept: bool) -> &'static str {
    if accept { "accept" } else { "reject" }
}

fn entity_words(entity: super::Entity, lang: Lang) -> &'static str {
    match entity {
        super::Entity::Client => lang.pick("client", "клиент"),
        super::Entity::Order => lang.pick("order", "заказ"),
    }
}

/// A section's header as written.
fn head(program: &Program, section: u32) -> String {
    let head = program.sections.get(section as usize).map(|info| program.text(section, info.head));
    plain(head.unwrap_or_default())
}

/// A piece of a file on one line.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A column's name and a cell, as written.
fn cell_parts(program: &Program, table: &Table, section: u32, row: u32, column: u32) -> (String, String) {
    let name = table.inputs.get(column as usize).map(|input| program.text(section, input.span));
    let cell = table.rows.get(row as usize).and_then(|row| row.cells.get(column as usize));
    let cell = cell.map(|cell| program.text(section, *cell));
    (plain(name.unwrap_or_default()), plain(cell.unwrap_or_default()))
}

/// A column's name and a cell as one condition: `contact is first`, `talk_time >= 30 s`.
fn cell_text(program: &Program, table: &Table, section: u32, row: u32, column: u32, lang: Lang) -> String {
    let (name, cell) = cell_parts(program, table, section, row, column);
    if is_value(table, row, column) {
        format!("{name} {} {cell}", lang.pick("is", "это"))
    } else {
        format!("{name} {cell}")
    }
}

/// Whether a cell only names a value, or several.
fn is_value(table: &Table, row: u32, column: u32) -> bool {
    fn names_values(check: &Check) -> bool {
        match check {
            Check::Test(test) => matches!(test, Test::Is(_) | Test::Exactly(_)),
            Check::Any(parts) => parts.iter().all(names_values),
            Check::Not(_) | Check::All(_) => false,
        }
    }
    let input = table.inputs.get(column as usize);
    input.and_then(|input| input.check_of(row)).is_some_and(names_values)
}
