//! A decision in words, as plain text: what is done, by name, and why.
//!
//! What `rules eval`, the snapshots of tests and editors show is made of these words, so that all of them say the same.

use std::fmt::Write as _;

use switchboard_grammar::lang::Lang;
use unicode_width::UnicodeWidthStr as _;

use super::{Deal, Decision, Entity, FieldWrite, Funnel, Task, TraceStep};
use crate::moment::Moment;

impl Decision {
    /// Whether the event was let through, in one word.
    pub fn verdict(&self, lang: Lang) -> &'static str {
        match self.accepted {
            true => lang.pick("accepted", "принято"),
            false => lang.pick("rejected", "отклонено"),
        }
    }

    /// What is done: names and values, in order; every value on one line.
    pub fn told(&self, lang: Lang) -> Vec<(&'static str, String)> {
        let mut facts = Vec::new();
        let mut say = |en: &'static str, ru: &'static str, value: String| {
            facts.push((lang.pick(en, ru), printable(&value)));
        };
        if self.park {
            say("wait", "ждать", lang.pick("for a person", "решения человека").to_owned());
        }
        if !self.accepted {
            return facts;
        }
        let created: Vec<&str> = self.create.iter().map(|entity| entity_name(*entity, lang)).collect();
        let nothing = lang.pick("nothing", "ничего");
        say("create", "создать", if created.is_empty() { nothing.to_owned() } else { created.join(", ") });
        if let Some(responsible) = &self.responsible {
            say("responsible", "ответственный", responsible.to_string());
        }
        if let Some(store) = &self.store {
            say("store", "магазин", store.to_string());
        }
        if let Some(number) = &self.attach_to {
            say("attach to order", "отнести к заказу", number.to_string());
        }
        for task in &self.tasks {
            say("task", "задача", task.told(lang));
            if let Some(note) = &task.note {
                say("note", "заметка", note.replace('\n', " ⏎ "));
            }
        }
        let written = |field: &&FieldWrite| !field.value.is_missing();
        for field in self.fields.client.iter().filter(written) {
            say("field of the client", "поле клиента", field_line(field, lang));
        }
        for field in self.fields.order.iter().filter(written) {
            say("field of the order", "поле заказа", field_line(field, lang));
        }
        if let Some(manager) = &self.forward_to {
            say("forward to", "перевести на", manager.to_string());
        }
        if let Some(deal) = &self.deal {
            say("deal", "сделка", deal_line(deal, lang));
            for (code, value) in deal.pass.iter().filter(|(_, value)| !value.is_missing()) {
                say("field of the deal", "поле сделки", format!("{code} = {}", value.render(lang)));
            }
        }
        facts
    }

    /// The decision in words that stay the same while rules are moved about: sections and conditions instead of files,
    /// lines and numbers of rows.
    pub fn lasting(&self, lang: Lang) -> String {
        let mut out = self.in_words(lang);
        for step in self.trace.render_lasting(lang) {
            let section = if step.section.is_empty() { String::new() } else { format!("{}: ", step.section) };
            let _ = writeln!(out, "  {section}{}{}", step.outcome_words(lang), printable(&step.why));
        }
        out
    }

    /// Verdict and what is done, with the word above the reasons; columns are aligned.
    fn in_words(&self, lang: Lang) -> String {
        let mut out = format!("{}\n", self.verdict(lang));
        let told = self.told(lang);
        let width = told.iter().map(|(name, _)| name.width()).max().unwrap_or_default();
        for (name, value) in told {
            let pad = " ".repeat(width.saturating_sub(name.width()));
            let _ = writeln!(out, "  {name}{pad}  {value}");
        }
        let _ = writeln!(out, "\n{}", lang.pick("why", "почему"));
        out
    }
}

impl Task {
    /// The task in one line: title, whose, until when.
    pub fn told(&self, lang: Lang) -> String {
        let nobody = lang.pick("nobody", "никто");
        let whose = self.assign.as_deref().unwrap_or(nobody);
        let due = self.due.as_ref().map(Moment::to_minute).unwrap_or_default();
        let until = match (due.is_empty(), lang) {
            (true, _) => String::new(),
            (false, Lang::En) => format!(", until {due}"),
            (false, Lang::Ru) => format!(", до {due}"),
        };
        let until_reached = match self.cancel_when_reached {
            true => lang.pick(", or until the client is reached", ", или пока не дозвонились"),
            false => "",
        };
        match lang {
            Lang::En => format!("“{}” for {whose}{until}{until_reached}", self.title),
            Lang::Ru => format!("«{}», {whose}{until}{until_reached}", self.title),
        }
    }
}

impl TraceStep {
    /// The step in one line: `main.rules:17 table entities for calls, row 1: contact is first`.
    pub fn told(&self, lang: Lang) -> String {
        let place = if self.file.is_empty() {
            String::new()
        } else {
            format!("{}:{} {}: ", self.file, self.line, self.section_told(lang))
        };
        format!("{place}{}{}", self.outcome_words(lang), self.why)
    }

    /// Its section and row: `table entities for calls, row 1`.
    pub fn section_told(&self, lang: Lang) -> String {
        let Some(row) = self.row else { return self.section.clone() };
        let is_filter = matches!(self.outcome, "accept" | "reject");
        let word =
            if is_filter { lang.pick("line", "строка") } else { lang.pick("row", "строка") };
        format!("{}, {word} {row}", self.section)
    }

    /// What became of the step, as the words in front of the reason; empty where the reason says it all.
    pub fn outcome_words(&self, lang: Lang) -> &'static str {
        match (self.outcome, lang) {
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

/// A text without what could move a terminal's cursor or paint its screen: names and texts come from whoever calls.
fn printable(text: &str) -> String {
    text.chars().filter(|ch| !ch.is_control()).collect()
}
