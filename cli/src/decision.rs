//! A decision in words: what is done, then why, with the line or row that says so; for keeping, without places that move.

use std::io::{self, Write};

use switchboard_engine::decide::{Deal, Decision, Entity, FieldWrite, Funnel, Task, TraceStep};
use switchboard_engine::moment::Moment;
use switchboard_grammar::lang::Lang;
use unicode_width::UnicodeWidthStr as _;

use crate::style;

/// Writes a decision; with `near`, also the rows and lines that nearly counted.
///
/// # Errors
/// When the output cannot be written.
pub(crate) fn write(out: &mut impl Write, decision: &Decision, lang: Lang, near: bool) -> io::Result<()> {
    write_parts(out, decision, lang)?;
    for step in decision.trace.render(lang) {
        write_step(out, &step, lang, near)?;
    }
    Ok(())
}

/// A decision in words that stay the same while rules are moved about: sections and conditions instead of files, lines and
/// numbers of rows. Without colour.
pub(crate) fn lasting(decision: &Decision, lang: Lang) -> String {
    let mut out = Vec::new();
    // Writing into memory cannot fail.
    let _ = write_parts(&mut out, decision, lang);
    for step in decision.trace.render_lasting(lang) {
        let section = if step.section.is_empty() { String::new() } else { format!("{}: ", step.section) };
        let _ = writeln!(out, "  {section}{}{}", outcome_word(step.outcome, lang), step.why);
    }
    let text = String::from_utf8_lossy(&out);
    anstream::adapter::strip_str(&text).to_string()
}

/// What is done, and the word above the reasons.
fn write_parts(out: &mut impl Write, decision: &Decision, lang: Lang) -> io::Result<()> {
    if decision.accepted {
        let (good, word) = (style::GOOD, lang.pick("accepted", "принято"));
        writeln!(out, "{good}{word}{good:#}")?;
    } else {
        let (bad, word) = (style::BAD, lang.pick("rejected", "отклонено"));
        writeln!(out, "{bad}{word}{bad:#}")?;
    }
    let facts = facts(decision, lang);
    let width = facts.iter().map(|(name, _)| name.width()).max().unwrap_or_default();
    for (name, value) in facts {
        let pad = " ".repeat(width.saturating_sub(name.width()));
        writeln!(out, "  {name}{pad}  {value}")?;
    }
    let (bold, why) = (style::NAME, lang.pick("why", "почему"));
    writeln!(out, "\n{bold}{why}{bold:#}")
}

/// One step of the trace: `main.rules:17 table entities for calls, row 1: contact is first`.
pub(crate) fn step_line(step: &TraceStep, lang: Lang) -> String {
    let place = style::PLACE;
    let mut line = String::new();
    if !step.file.is_empty() {
        line.push_str(&format!("{place}{}:{}{place:#} {}", step.file, step.line, step.section));
        if let Some(row) = step.row {
            let is_filter = matches!(step.outcome, "accept" | "reject");
            let word =
                if is_filter { lang.pick("line", "строка") } else { lang.pick("row", "строка") };
            line.push_str(&format!(", {word} {row}"));
        }
        line.push_str(": ");
    }
    line.push_str(outcome_word(step.outcome, lang));
    line.push_str(&step.why);
    line
}

fn outcome_word(outcome: &str, lang: Lang) -> &'static str {
    match (outcome, lang) {
        ("accept", Lang::En) => "accept – ",
        ("accept", Lang::Ru) => "принять – ",
        ("reject", Lang::En) => "reject – ",
        ("reject", Lang::Ru) => "отклонить – ",
        ("task", Lang::En) => "set – ",
        ("task", Lang::Ru) => "поставить – ",
        ("skip", Lang::En) => "no – ",
        ("skip", Lang::Ru) => "нет – ",
        _ => "",
    }
}

fn write_step(out: &mut impl Write, step: &TraceStep, lang: Lang, near: bool) -> io::Result<()> {
    writeln!(out, "  {}", step_line(step, lang))?;
    if near {
        let quiet = style::QUIET;
        for near in &step.near {
            writeln!(out, "      {quiet}{}{quiet:#}", near.why)?;
        }
    }
    Ok(())
}

/// What is done, by name.
fn facts(decision: &Decision, lang: Lang) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    let mut say = |en: &str, ru: &str, value: String| facts.push((lang.pick(en, ru).to_owned(), value));
    if decision.park {
        say("wait", "ждать", lang.pick("for a person", "решения человека").to_owned());
    }
    if !decision.accepted {
        return facts;
    }
    let created: Vec<&str> = decision.create.iter().map(|entity| entity_name(*entity, lang)).collect();
    let nothing = lang.pick("nothing", "ничего");
    say("create", "создать", if created.is_empty() { nothing.to_owned() } else { created.join(", ") });
    if let Some(responsible) = &decision.responsible {
        say("responsible", "ответственный", responsible.to_string());
    }
    if let Some(store) = &decision.store {
        say("store", "магазин", store.to_string());
    }
    if let Some(number) = &decision.attach_to {
        say("attach to order", "отнести к заказу", number.to_string());
    }
    for task in &decision.tasks {
        say("task", "задача", task_line(task, lang));
        if let Some(note) = &task.note {
            say("note", "заметка", note.replace('\n', " ⏎ "));
        }
    }
    let written = |field: &&FieldWrite| !field.value.is_missing();
    for field in decision.fields.client.iter().filter(written) {
        say("field of the client", "поле клиента", field_line(field, lang));
    }
    for field in decision.fields.order.iter().filter(written) {
        say("field of the order", "поле заказа", field_line(field, lang));
    }
    if let Some(manager) = &decision.forward_to {
        say("forward to", "перевести на", manager.to_string());
    }
    if let Some(deal) = &decision.deal {
        say("deal", "сделка", deal_line(deal, lang));
        for (code, value) in deal.pass.iter().filter(|(_, value)| !value.is_missing()) {
            say("field of the deal", "поле сделки", format!("{code} = {}", value.render(lang)));
        }
    }
    facts
}

/// A task in one line: title, whose, until when.
pub(crate) fn task_line(task: &Task, lang: Lang) -> String {
    let nobody = lang.pick("nobody", "никто");
    let whose = task.assign.as_deref().unwrap_or(nobody);
    let due = task.due.as_ref().map(moment).unwrap_or_default();
    let until = match (due.is_empty(), lang) {
        (true, _) => String::new(),
        (false, Lang::En) => format!(", until {due}"),
        (false, Lang::Ru) => format!(", до {due}"),
    };
    let until_reached = match task.cancel_when_reached {
        true => lang.pick(", or until the client is reached", ", или пока не дозвонились"),
        false => "",
    };
    match lang {
        Lang::En => format!("“{}” for {whose}{until}{until_reached}", task.title),
        Lang::Ru => format!("«{}», {whose}{until}{until_reached}", task.title),
    }
}

/// A moment to the minute, on its own clock.
pub(crate) fn moment(moment: &Moment) -> String {
    moment.civil().strftime("%Y-%m-%d %H:%M").to_string()
}

/// A deal in one line: sum, how it stands, which funnel.
fn deal_line(deal: &Deal, lang: Lang) -> String {
    let amount = deal.amount.as_ref().map(ToString::to_string).unwrap_or_default();
    let funnel = match &deal.funnel {
        Funnel::Default => String::new(),
        Funnel::Store(Some(store)) => lang.pick(format!(", store {store}"), format!(", магазин {store}")),
        Funnel::Store(None) => lang.pick(", no store", ", без магазина").to_owned(),
    };
    format!("{amount} {}{funnel}", deal.outcome.as_str()).trim().to_owned()
}

fn field_line(field: &FieldWrite, lang: Lang) -> String {
    let always = if field.always { lang.pick(" (always)", " (всегда)") } else { "" };
    format!("{} = {}{always}", field.code, field.value.render(lang))
}

fn entity_name(entity: Entity, lang: Lang) -> &'static str {
    match entity {
        Entity::Client => lang.pick("client", "клиент"),
        Entity::Order => lang.pick("order", "заказ"),
    }
}
