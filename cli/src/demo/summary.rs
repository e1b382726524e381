//! What is said after the day.

use std::io::{self, Write};
use std::time::Duration;

use serde_json::{Value, json};
use switchboard_grammar::lang::Lang;

use super::compare::Comparison;
use super::expect::Expected;
use super::play::Told;
use super::written::Kind;
use crate::style;

/// Differences that are written out; the rest are counted.
const SHOWN_DIFFERENCES: usize = 20;

/// The figures of the day.
#[derive(Debug)]
pub(crate) struct Summary<'a> {
    /// What should be there.
    pub(crate) expected: &'a Expected,
    /// What was told.
    pub(crate) told: Told,
    /// What is there; differences only where they were looked for.
    pub(crate) comparison: &'a Comparison,
    /// Whether the rules are those that the expectation is about.
    pub(crate) checked: bool,
    /// Requests to the CRM in this run.
    pub(crate) requests: usize,
    /// How long it took.
    pub(crate) took: Duration,
}

impl Summary<'_> {
    /// Whether everything is as it should be, as far as that can be told.
    pub(crate) fn is_as_expected(&self) -> bool {
        self.told.refused == 0 && (!self.checked || self.comparison.is_as_expected())
    }

    /// The figures for machines; their names are promised in `docs/cli.md`.
    pub(crate) fn json(&self, lang: Lang) -> Value {
        let differences: Vec<String> = if self.checked {
            self.comparison.differences().map(|text| text.get(lang).to_owned()).collect()
        } else {
            Vec::new()
        };
        json!({
            "calls": self.expected.calls.len() + self.expected.rejected.len(),
            "accepted": self.expected.calls.len(),
            "rejected": self.expected.rejected.len(),
            "clients": self.comparison.clients,
            "orders": self.comparison.orders,
            "tasks": self.comparison.tasks,
            "uploads": self.comparison.uploads,
            "chats": self.written(Kind::Chat),
            "requests": self.written(Kind::Request),
            "deals": self.comparison.deals,
            "notifications": self.told.notifications,
            "crm_requests": self.requests,
            "duplicates": self.comparison.too_many.len(),
            "lost": self.comparison.lost.len(),
            "seconds": (self.took.as_secs_f64() * 10.0).round() / 10.0,
            "checked": self.checked,
            "as_expected": self.is_as_expected(),
            "differences": differences,
        })
    }

    /// The figures for people.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub(crate) fn write(&self, out: &mut impl Write, lang: Lang) -> io::Result<()> {
        let calls = self.expected.calls.len() + self.expected.rejected.len();
        let bold = style::NAME;
        let title = lang.pick("The day in figures", "День в цифрах");
        writeln!(out, "{bold}{title}{bold:#}")?;
        let mut row =
            |en: &str, ru: &str, value: String| writeln!(out, "  {value:>6}  {}", lang.pick(en, ru));
        row("calls", "звонков", calls.to_string())?;
        row(
            "of them rejected by the filter",
            "из них не пропустил фильтр",
            self.expected.rejected.len().to_string(),
        )?;
        row("chats", "чатов", self.written(Kind::Chat).to_string())?;
        row("requests from forms", "заявок с форм", self.written(Kind::Request).to_string())?;
        row("notifications from UIS", "уведомлений от UIS", self.told.notifications.to_string())?;
        row("requests to RetailCRM", "запросов к RetailCRM", self.requests.to_string())?;
        row("clients", "клиентов", self.comparison.clients.to_string())?;
        row("orders", "заказов", self.comparison.orders.to_string())?;
        row("tasks", "задач", self.comparison.tasks.to_string())?;
        row("calls in the history", "звонков в истории", self.comparison.uploads.to_string())?;
        row("deals in UIS", "сделок в UIS", self.comparison.deals.to_string())?;
        row("seconds", "секунд", format!("{:.0}", self.took.as_secs_f64()))?;
        writeln!(out)?;
        self.verdict(out, lang)
    }

    fn written(&self, kind: Kind) -> usize {
        self.expected.written.values().filter(|one| **one == kind).count()
    }

    fn verdict(&self, out: &mut impl Write, lang: Lang) -> io::Result<()> {
        let (good, bad) = (style::GOOD, style::BAD);
        if !self.checked {
            let text = lang.pick(
                "The rules were edited, so it was not checked what should have been created.",
                "Правила изменены, поэтому не проверялось, что должно было получиться.",
            );
            return writeln!(out, "{text}");
        }
        if self.is_as_expected() {
            let text = lang.pick(
                "Every call, client, order, task, note and deal is there exactly once, and nothing else.",
                "Каждый звонок, клиент, заказ, задача, заметка и сделка есть ровно один раз, и ничего лишнего.",
            );
            return writeln!(out, "{good}{text}{good:#}");
        }
        let (lost, more) = (self.comparison.lost.len(), self.comparison.too_many.len());
        let refused = self.told.refused;
        let text = match lang {
            Lang::En => format!(
                "Not as it should be: {lost} missing, {more} too many, {refused} notifications refused."
            ),
            Lang::Ru => format!(
                "Не так, как должно быть: не хватает {lost}, лишних {more}, не принято уведомлений {refused}."
            ),
        };
        writeln!(out, "{bad}{text}{bad:#}")?;
        for difference in self.comparison.differences().take(SHOWN_DIFFERENCES) {
            writeln!(out, "  {}", difference.get(lang))?;
        }
        let hidden = (lost + more).saturating_sub(SHOWN_DIFFERENCES);
        if hidden > 0 {
            writeln!(out, "  {} {hidden}", lang.pick("and more:", "и ещё:"))?;
        }
        Ok(())
    }
}
