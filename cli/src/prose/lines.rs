//! Sections of lines: filters, settings, fields, transfer of orders, lists, scripts, schedules.

use switchboard_engine::catalog::{Fact, Hook};
use switchboard_grammar::ast::{
    self, Day, Days, FailureMode, FieldsSection, FieldsTarget, Filter, Guard, Hours, List, Schedule,
    ScheduleLine, Script, ScriptLine, Settings, Transfer, TransferLine, TypeKind, TypeRef, Value, Verdict,
};
use switchboard_grammar::lang::Lang;

use super::conditions::condition;
use super::document::Told;
use super::events::plurals;
use super::literals::{clock, date};
use super::names::{set_of, setting};
use super::phrases::{and, capital, listed, sentence, spaced};
use super::values::Teller;

/// A filter.
pub(super) fn filter(teller: &Teller<'_>, filter: &Filter) -> Told {
    let lang = teller.lang;
    let events = plurals(filter.events.as_ref(), lang);
    let title =
        lang.pick(format!("Which {events} reach RetailCRM"), format!("Какие {events} попадают в RetailCRM"));
    let one = lang.pick(teller.noun.en, teller.noun.ru);
    let several = filter.lines.len() > 1;
    let items: Vec<String> = filter
        .lines
        .iter()
        .map(|line| {
            let passes = line.item.verdict == Verdict::Accept;
            sentence(&match &line.item.guard {
                Guard::When(_, when) => {
                    let when = condition(teller, when).text;
                    let verb = match (lang, passes) {
                        (Lang::En, true) => "passes",
                        (Lang::En, false) => "does not pass",
                        (Lang::Ru, true) => "попадает",
                        (Lang::Ru, false) => "не попадает",
                    };
                    lang.pick(format!("{one} {verb} if {when}"), format!("{one} {verb}, если {when}"))
                }
                Guard::Else(_) => match (several, passes) {
                    (true, true) => lang.pick("all others pass", "все остальные попадают").to_owned(),
                    (true, false) => lang.pick("no others pass", "остальные не попадают").to_owned(),
                    (false, true) => lang.pick("all of them pass", "попадают все").to_owned(),
                    (false, false) => lang.pick("none of them passes", "не попадает ни один").to_owned(),
                },
            })
        })
        .collect();
    let intro = match items.len() {
        0 => Some(lang.pick("All of them pass.", "Попадают все.")),
        1 => None,
        _ => Some(lang.pick(
            "The lines are gone through from top to bottom; the first that fits decides.",
            "Строки просматриваются сверху вниз, решает первая подходящая.",
        )),
    };
    Told { intro: intro.into_iter().map(str::to_owned).collect(), items, ..Told::new(title) }
}

/// Settings.
pub(super) fn settings(teller: &Teller<'_>, settings: &Settings) -> Told {
    let lang = teller.lang;
    let title = lang.pick("Settings", "Настройки");
    let items = settings
        .lines
        .iter()
        .map(|line| {
            let name = &line.item.name.text;
            let known = setting(name, lang);
            let set = set_of(known.as_ref().map(|setting| setting.ty));
            let value = teller.value_of(&line.item.value, set);
            let label = match known {
                Some(setting) => capital(&requoted(teller, setting.doc)),
                None => {
                    let shown = teller.quoted(&spaced(name));
                    lang.pick(format!("The setting {shown}"), format!("Настройка {shown}"))
                }
            };
            sentence(&format!("{label}: {value}"))
        })
        .collect();
    Told { items, ..Told::new(title) }
}

/// A text with its names in the quotes of the language instead of backticks.
fn requoted(teller: &Teller<'_>, text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts.map(|(at, part)| if at % 2 == 1 { teller.quoted(&spaced(part)) } else { part.to_owned() }).collect()
}

/// Fields of the CRM.
pub(super) fn fields(teller: &Teller<'_>, fields: &FieldsSection) -> Told {
    let lang = teller.lang;
    let is_order = matches!(fields.target, Some((FieldsTarget::Order, _)));
    let title = match (lang, is_order) {
        (Lang::En, true) => "What is written into fields of the order",
        (Lang::En, false) => "What is written into fields of the client",
        (Lang::Ru, true) => "Что записывается в поля заказа",
        (Lang::Ru, false) => "Что записывается в поля клиента",
    };
    let items = fields
        .lines
        .iter()
        .map(|line| {
            let value = teller.of_nouns().value(&line.item.value);
            let when = match (lang, line.item.always.is_some(), is_order) {
                (Lang::En, true, _) => "each time",
                (Lang::En, false, true) => "only when the order is created",
                (Lang::En, false, false) => "only when the client is created",
                (Lang::Ru, true, _) => "каждый раз",
                (Lang::Ru, false, true) => "только при создании заказа",
                (Lang::Ru, false, false) => "только при создании клиента",
            };
            let code = &line.item.code.text;
            sentence(&lang.pick(
                format!("the field {code}: {value}; {when}"),
                format!("в поле {code} – {value}; {when}"),
            ))
        })
        .collect();
    Told { items, ..Told::new(title) }
}

/// Orders that become deals.
pub(super) fn transfer(teller: &Teller<'_>, transfer: &Transfer) -> Told {
    let lang = teller.lang;
    let title = lang.pick("Which orders become deals in UIS", "Какие заказы становятся сделками в UIS");
    let items = transfer
        .lines
        .iter()
        .map(|line| {
            sentence(&match &line.item {
                TransferLine::OnlyWhen(_, when) => {
                    let when = condition(teller, when).text;
                    lang.pick(
                        format!("an order becomes a deal only if {when}"),
                        format!("заказ становится сделкой, только если {when}"),
                    )
                }
                TransferLine::Funnel(_, value) => {
                    let which = chosen(teller, value);
                    lang.pick(format!("funnel: {which}"), format!("воронка: {which}"))
                }
                TransferLine::Amount(_, value) => {
                    let which = chosen(teller, value);
                    lang.pick(format!("amount of the deal: {which}"), format!("сумма сделки: {which}"))
                }
                TransferLine::Pass(_, values) => {
                    let names: Vec<String> = values.iter().map(|value| own(teller, value)).collect();
                    let verb = if names.len() == 1 { "передаётся" } else { "передаются" };
                    let names = listed(&names, and(lang));
                    lang.pick(format!("passed on with it: {names}"), format!("вместе с ней {verb}: {names}"))
                }
                TransferLine::Won(_, when) => {
                    let when = condition(teller, when).text;
                    lang.pick(format!("the deal is won if {when}"), format!("сделка выиграна, если {when}"))
                }
                TransferLine::Lost(_, when) => {
                    let when = condition(teller, when).text;
                    lang.pick(format!("the deal is lost if {when}"), format!("сделка проиграна, если {when}"))
                }
            })
        })
        .collect();
    Told { items, ..Told::new(title) }
}

/// A word of `funnel:` or `amount:`.
fn chosen(teller: &Teller<'_>, value: &Value) -> String {
    let lang = teller.lang;
    let name = value.path().map(switchboard_grammar::ast::Path::dotted).unwrap_or_default();
    match name.as_str() {
        "per_store" | "по_магазинам" => {
            lang.pick("one for each store", "своя у каждого магазина").to_owned()
        }
        "single" | "одна" => lang.pick("one for all stores", "одна на все магазины").to_owned(),
        "total_with_delivery" | "с_доставкой" => {
            lang.pick("the order's total with delivery", "сумма заказа с доставкой").to_owned()
        }
        "total_without_delivery" | "без_доставки" => {
            lang.pick("the order's total without delivery", "сумма заказа без доставки").to_owned()
        }
        _ => teller.value(value),
    }
}

/// A name that only the CRM knows.
fn own(teller: &Teller<'_>, value: &Value) -> String {
    value.path().map_or_else(|| teller.value(value), switchboard_grammar::ast::Path::dotted)
}

/// A list.
pub(super) fn list(teller: &Teller<'_>, list: &List) -> Told {
    let lang = teller.lang;
    let name = list.name.as_ref().map(|name| spaced(&name.text)).unwrap_or_default();
    let shown = teller.quoted(&name);
    let title = lang.pick(format!("The list {shown}"), format!("Список {shown}"));
    let mut intro = Vec::new();
    if let Some(file) = &list.file {
        let path = file.path.plain().unwrap_or_default();
        let column =
            file.column.as_ref().map(|(_, column)| teller.quoted(column.plain().unwrap_or_default()));
        let column =
            column.map(|column| lang.pick(format!(", column {column}"), format!(", столбец {column}")));
        let column = column.unwrap_or_default();
        intro.push(sentence(&lang.pick(
            format!("its values stand in the file {path}{column}"),
            format!("значения – в файле {path}{column}"),
        )));
    }
    let words =
        |values: &[Value]| values.iter().map(|value| teller.value(value)).collect::<Vec<_>>().join(", ");
    if !list.inline.is_empty() {
        let values = words(&list.inline);
        intro.push(sentence(&lang.pick(format!("its values: {values}"), format!("значения: {values}"))));
    }
    let items = list.lines.iter().map(|line| sentence(&words(&line.item))).collect();
    Told { intro, items, ..Told::new(title) }
}

/// What a script offers.
pub(super) fn script(teller: &Teller<'_>, script: &Script) -> Told {
    let lang = teller.lang;
    let path = script.path.as_ref().and_then(|path| path.plain()).unwrap_or_default();
    let title = lang.pick(format!("The script {path}"), format!("Скрипт {path}"));
    let items = script.lines.iter().map(|line| sentence(&declaration(&line.item, lang))).collect();
    Told { items, ..Told::new(title) }
}

fn declaration(line: &ScriptLine, lang: Lang) -> String {
    match line {
        ScriptLine::Function { name, parameters, gives, .. } => {
            let taken: Vec<String> = parameters
                .iter()
                .map(|parameter| format!("{} ({})", parameter.name.text, type_words(&parameter.ty, lang)))
                .collect();
            let (name, gives) = (&name.text, type_words(gives, lang));
            if taken.is_empty() {
                return lang.pick(
                    format!("the function {name} gives: {gives}"),
                    format!("функция {name} возвращает: {gives}"),
                );
            }
            let taken = listed(&taken, and(lang));
            lang.pick(
                format!("the function {name} takes {taken} and gives: {gives}"),
                format!("функция {name} получает {taken} и возвращает: {gives}"),
            )
        }
        ScriptLine::Policy { hook, events, needs, .. } => {
            let (hook, events) = (hook_words(hook, lang), plurals(Some(events), lang));
            let needs: Vec<String> = needs.iter().map(|need| need_words(need, lang)).collect();
            let facts = match needs.is_empty() {
                true => String::new(),
                false => {
                    let needs = listed(&needs, and(lang));
                    lang.pick(format!("; it needs {needs}"), format!("; нужны данные: {needs}"))
                }
            };
            lang.pick(
                format!("a policy has the last word on {hook} ({events}){facts}"),
                format!("последнее слово за политикой: {hook} ({events}){facts}"),
            )
        }
        ScriptLine::OnFailure { mode, .. } => match mode {
            FailureMode::UseTables => {
                lang.pick("if the script fails, the tables decide", "если скрипт не сработал, решают таблицы")
            }
            FailureMode::Park => lang.pick(
                "if the script fails, the event waits for a person",
                "если скрипт не сработал, событие ждёт решения человека",
            ),
        }
        .to_owned(),
    }
}

/// What a policy decides.
fn hook_words(written: &ast::Hook, lang: Lang) -> String {
    let hook = match written {
        ast::Hook::Fields { target: FieldsTarget::Client, .. } => Some(Hook::ClientFields),
        ast::Hook::Fields { target: FieldsTarget::Order, .. } => Some(Hook::OrderFields),
        ast::Hook::Named(name) => Hook::find(&name.text),
    };
    match (hook, written) {
        (Some(hook), _) => lang.pick(hook.spec().doc.en, hook.spec().doc.ru).to_owned(),
        (None, ast::Hook::Named(name)) => spaced(&name.text),
        (None, ast::Hook::Fields { .. }) => String::new(),
    }
}

/// A fact that a policy looks at.
fn need_words(need: &ast::Need, lang: Lang) -> String {
    let name = need.fact.dotted();
    match Fact::find(&name) {
        Some(fact) => lang.pick(fact.spec().doc.en, fact.spec().doc.ru).to_owned(),
        None => name,
    }
}

fn type_words(ty: &TypeRef, lang: Lang) -> String {
    let name = match &ty.kind {
        TypeKind::Text(_) => lang.pick("text", "текст"),
        TypeKind::Number(_) => lang.pick("number", "число"),
        TypeKind::YesNo(_) => lang.pick("yes or no", "да или нет"),
        TypeKind::Phone(_) => lang.pick("phone", "телефон"),
        TypeKind::Duration(_) => lang.pick("duration", "длительность"),
        TypeKind::Moment(_) => lang.pick("moment", "момент"),
        TypeKind::Date(_) => lang.pick("date", "дата"),
        TypeKind::Time(_) => lang.pick("time", "время"),
        TypeKind::Named(name) => name.text.as_str(),
    };
    let whole = match ty.list {
        Some(_) => lang.pick(format!("list: {name}"), format!("список: {name}")),
        None => name.to_owned(),
    };
    if ty.optional {
        lang.pick(format!("{whole}, if any"), format!("{whole}, может отсутствовать"))
    } else {
        whole
    }
}

/// Working hours.
pub(super) fn schedule(teller: &Teller<'_>, schedule: &Schedule) -> Told {
    let lang = teller.lang;
    let name = schedule.name.as_ref().map(|name| spaced(&name.text)).unwrap_or_default();
    let shown = teller.quoted(&name);
    let title = lang.pick(format!("The schedule {shown}"), format!("Расписание {shown}"));
    let zone = schedule.zone.as_ref().and_then(|(_, zone)| zone.plain()).unwrap_or_default();
    let intro = vec![
        sentence(&lang.pick(format!("time zone: {zone}"), format!("часовой пояс: {zone}"))),
        lang.pick(
            "A date outweighs a day of the week, a later line an earlier one.",
            "Дата важнее дня недели, строка ниже важнее строки выше.",
        )
        .to_owned(),
    ];
    let items = schedule.lines.iter().map(|line| sentence(&hours(&line.item, lang))).collect();
    Told { intro, items, ..Told::new(title) }
}

fn hours(line: &ScheduleLine, lang: Lang) -> String {
    let days: Vec<String> = line.days.iter().map(|days| days_words(days, lang)).collect();
    let days = days.join(", ");
    match &line.hours {
        Hours::Closed(_) => lang.pick(format!("{days}: closed"), format!("{days}: закрыто")),
        Hours::Open(intervals) => {
            let all: Vec<String> = intervals
                .iter()
                .map(|interval| {
                    let (from, to) = (clock(&interval.from), clock(&interval.to));
                    lang.pick(format!("from {from} to {to}"), format!("с {from} до {to}"))
                })
                .collect();
            format!("{days}: {}", listed(&all, and(lang)))
        }
    }
}

fn days_words(days: &Days, lang: Lang) -> String {
    let from = day(&days.from, lang);
    match &days.to {
        Some(to) => format!("{from} – {}", day(to, lang)),
        None => from,
    }
}

fn day(day: &Day, lang: Lang) -> String {
    const EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    const RU: [&str; 7] = ["понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"];
    match day {
        Day::Week(number, _) => {
            let at = usize::from(*number).saturating_sub(1);
            lang.pick(EN, RU).get(at).copied().unwrap_or_default().to_owned()
        }
        Day::Date(shown) => date(shown, lang),
    }
}
