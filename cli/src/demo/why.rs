//! A few calls of each kind, what was created of them, and which row of the rules says so.
//!
//! The server keeps every decision with the event and the facts that it was made of; they are decided again here, which
//! gives the same decision with its reasons in the reader's language.

use std::io::{self, Write};

use jiff::civil::DateTime;
use switchboard_emulator::Direction;
use switchboard_engine::bundle::Bundle;
use switchboard_engine::decide::Decision;
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use switchboard_engine::moment::Moment;
use switchboard_grammar::lang::Lang;
use switchboard_runtime::store::record::NewDecision;

use super::clerk::Fate;
use super::day::Call;
use super::expect::Expected;
use super::written::{Kind as WrittenKind, Written};
use crate::decision::step_line;
use crate::style;

/// Calls shown of each kind.
const SHOWN: usize = 2;

/// A kind of call: its name, and whether a call is one.
struct Kind {
    name: (&'static str, &'static str),
    holds: fn(&Call, &Expected) -> bool,
}

const KINDS: [Kind; 7] = [
    Kind {
        name: ("Turned away by the filter", "Не пропустил фильтр"),
        holds: |call, expected| expected.rejected.contains(&call.session),
    },
    Kind {
        name: ("A stranger's call: client and order", "Звонок незнакомого: клиент и заказ"),
        holds: |call, expected| {
            expected.orders.contains_key(&call.session) && call.story.starts_with("first")
        },
    },
    Kind {
        name: (
            "A stranger's missed call: client and task",
            "Пропущенный звонок незнакомого: клиент и задача",
        ),
        holds: |call, expected| is_missed(call, expected) && call.story.starts_with("first"),
    },
    Kind {
        name: ("A client calls again: an order", "Клиент звонит снова: заказ"),
        holds: |call, expected| {
            expected.orders.contains_key(&call.session) && !call.story.starts_with("first")
        },
    },
    Kind {
        name: (
            "A client's missed call: a task for his manager",
            "Пропущенный звонок клиента: задача его менеджеру",
        ),
        holds: |call, expected| is_missed(call, expected) && !call.story.starts_with("first"),
    },
    Kind {
        name: ("A call to a stranger that failed: a task", "Не дозвонились незнакомому: задача"),
        holds: |call, expected| {
            call.direction == Direction::Out && expected.tasks.contains_key(&call.session)
        },
    },
    Kind {
        name: ("Nothing to create, only the history", "Создавать нечего, только история"),
        holds: |call, expected| {
            let made =
                expected.orders.contains_key(&call.session) || expected.tasks.contains_key(&call.session);
            expected.calls.contains_key(&call.session) && !made && call.story.starts_with("calls again")
        },
    },
];

fn is_missed(call: &Call, expected: &Expected) -> bool {
    call.direction == Direction::In && expected.tasks.contains_key(&call.session)
}

/// The calls to show, by kind.
pub(crate) fn cases<'d>(
    day: &'d [Call],
    expected: &Expected,
    lang: Lang,
) -> Vec<(&'static str, Vec<&'d Call>)> {
    let of =
        |kind: &Kind| day.iter().filter(|call| (kind.holds)(call, expected)).take(SHOWN).collect::<Vec<_>>();
    let all = KINDS.iter().map(|kind| (lang.pick(kind.name.0, kind.name.1), of(kind)));
    all.filter(|(_, calls)| !calls.is_empty()).collect()
}

/// The decision that was stored, made again.
pub(crate) fn again(bundle: &Bundle, made: &NewDecision) -> Option<Decision> {
    let event = Event::from_json(&made.event.read().ok()?).ok()?;
    let facts = Facts::from_json(&made.facts.read().ok()?).ok()?;
    let now = Moment::new(made.now, jiff::tz::Offset::UTC);
    Some(bundle.decide(&event, &facts, now))
}

/// Writes one call: when, who, what came of it, and why.
///
/// # Errors
/// When the output cannot be written.
pub(crate) fn write_call(
    out: &mut impl Write,
    call: &Call,
    decision: &Decision,
    lang: Lang,
) -> io::Result<()> {
    let hidden = lang.pick("hidden number", "номер скрыт");
    let phone = call.phone.as_deref().map_or_else(|| hidden.to_owned(), |phone| format!("+{phone}"));
    let about: Vec<&str> =
        [&call.scenario, &call.site, &call.campaign].into_iter().flatten().map(String::as_str).collect();
    let quiet = style::QUIET;
    writeln!(out, "  {}  {phone}  {quiet}{}{quiet:#}", call.started().strftime("%R"), about.join(", "))?;
    let mut lines = outcome(decision, lang);
    if decision.accepted {
        lines.push(lang.pick("call in the history", "звонок в истории").to_owned());
    }
    write_outcome(out, &lines, decision, lang)
}

fn write_outcome(out: &mut impl Write, lines: &[String], decision: &Decision, lang: Lang) -> io::Result<()> {
    let arrow = style::GOOD;
    for line in lines {
        writeln!(out, "    {arrow}→{arrow:#} {line}")?;
    }
    for step in decision.trace.render(lang) {
        if matches!(step.outcome, "reject" | "row" | "rows" | "else" | "default" | "task") {
            writeln!(out, "      {}", step_line(&step, lang))?;
        }
    }
    Ok(())
}

/// The chats and requests to show: those from which something follows that no call shows.
pub(crate) fn written_cases<'d>(
    written: &'d [Written],
    expected: &Expected,
    lang: Lang,
) -> Vec<(&'static str, &'d Written)> {
    let first = |holds: &dyn Fn(&Written) -> bool| written.iter().find(|one| holds(one));
    let is_new = |one: &Written| one.story.starts_with("first");
    let lost = |one: &Written| one.lost && expected.tasks.contains_key(&one.communication());
    [
        (
            ("A chat: client, order, conversation", "Чат: клиент, заказ, переписка"),
            first(&|one| one.kind == WrittenKind::Chat && is_new(one) && !one.lost),
        ),
        (("A chat that nobody answered: a task", "Чат, на который не ответили: задача"), first(&lost)),
        (
            ("A request from the site: client and order", "Заявка с сайта: клиент и заказ"),
            first(&|one| one.kind == WrittenKind::Request && is_new(one)),
        ),
    ]
    .into_iter()
    .filter_map(|(name, one)| Some((lang.pick(name.0, name.1), one?)))
    .collect()
}

/// Writes one chat or request of a demo that began then: when, where, who, what came of it, what became of the order, and why.
///
/// # Errors
/// When the output cannot be written.
pub(crate) fn write_written(
    out: &mut impl Write,
    (one, began): (&Written, DateTime),
    decision: &Decision,
    expected: &Expected,
    lang: Lang,
) -> io::Result<()> {
    let nobody = lang.pick("no contacts", "без контактов");
    let contact = match (&one.phone, &one.email) {
        (Some(phone), _) => format!("+{phone}"),
        (None, email) => email.clone().unwrap_or_else(|| nobody.to_owned()),
    };
    let about: Vec<&str> = [Some(&one.channel), one.site.as_ref(), one.campaign.as_ref()]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let quiet = style::QUIET;
    writeln!(
        out,
        "  {}  {contact}  {quiet}{}{quiet:#}",
        one.began(began).strftime("%d.%m %R"),
        about.join(", ")
    )?;
    let mut lines = outcome(decision, lang);
    if one.kind == WrittenKind::Chat && decision.accepted {
        lines.push(
            lang.pick("the conversation in the client's card", "переписка в карточке клиента").to_owned(),
        );
    }
    if let Some(deal) = expected.deals.get(&one.communication()) {
        let (deal_word, stage) = match deal.fate {
            Fate::Won => lang.pick(("deal in UIS", "won"), ("сделка в UIS", "успешно")),
            Fate::OnTheWay => lang.pick(("deal in UIS", "delivery"), ("сделка в UIS", "доставка")),
            Fate::Lost => lang.pick(("deal in UIS", "lost"), ("сделка в UIS", "не состоялась")),
        };
        lines.push(format!("{deal_word}: {stage}, {} ₽", deal.sum));
    }
    write_outcome(out, &lines, decision, lang)
}

/// What came of it, one thing a line.
fn outcome(decision: &Decision, lang: Lang) -> Vec<String> {
    if !decision.accepted {
        return vec![lang.pick("nothing", "ничего").to_owned()];
    }
    let mut lines = Vec::new();
    if !decision.create.is_empty() {
        let created: Vec<&str> = decision
            .create
            .iter()
            .map(|entity| match entity.as_str() {
                "client" => lang.pick("client", "клиент"),
                _ => lang.pick("order", "заказ"),
            })
            .collect();
        let whose = decision.responsible.as_deref().unwrap_or("–");
        lines.push(format!("{}, {whose}", created.join(", ")));
    }
    for task in &decision.tasks {
        let due = task.due.as_ref().map(Moment::to_minute).unwrap_or_default();
        let whose = task.assign.as_deref().unwrap_or("–");
        let (task_word, until) = lang.pick(("task", "until"), ("задача", "до"));
        lines.push(format!("{task_word} {}, {whose}, {until} {due}", quoted(&task.title, lang)));
    }
    lines
}

fn quoted(text: &str, lang: Lang) -> String {
    lang.pick(format!("“{text}”"), format!("«{text}»"))
}

#[cfg(test)]
mod tests {
    use super::super::day::day;
    use super::super::expect::expect;
    use super::super::written::written;
    use super::*;

    #[test]
    fn every_kind_happens_in_the_day() {
        let day = day().unwrap();
        let written = written().unwrap();
        let expected = expect(&day, &written, day[0].started());
        assert_eq!(written_cases(&written, &expected, Lang::En).len(), 3);
        let cases = cases(&day, &expected, Lang::En);
        assert_eq!(cases.len(), KINDS.len(), "{:?}", cases.iter().map(|(name, _)| name).collect::<Vec<_>>());
        assert!(cases.iter().all(|(_, calls)| calls.len() == SHOWN));
    }
}
