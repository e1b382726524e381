//! What was found, and what to do about it.

use serde_json::{Value, json};
use switchboard_grammar::diagnostic::Text;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It is as it should be.
    Fine,
    /// The account works, but somebody should look.
    Warning,
    /// Something that the program is for does not work.
    Error,
}

/// One thing about an account.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// How bad it is.
    pub level: Level,
    /// A stable name.
    pub code: &'static str,
    /// What is the case.
    pub what: Text,
    /// What to do about it, in one sentence.
    pub todo: Option<Text>,
}

/// Everything that was found about one account.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The account.
    pub account: String,
    /// What was found, in the order in which it was asked.
    pub findings: Vec<Finding>,
}

impl Level {
    /// Its name for programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl Report {
    pub(super) fn new(account: &str) -> Self {
        Self { account: account.to_owned(), findings: Vec::new() }
    }

    /// Adds something that is as it should be.
    pub(super) fn fine(&mut self, code: &'static str, en: impl Into<String>, ru: impl Into<String>) {
        let what = Text::new(en.into(), ru.into());
        self.findings.push(Finding { level: Level::Fine, code, what, todo: None });
    }

    /// Adds something to be done.
    pub(super) fn add(&mut self, level: Level, code: &'static str, what: Text, todo: (&str, &str)) {
        self.findings.push(Finding { level, code, what, todo: Some(Text::new(todo.0, todo.1)) });
    }

    /// The worst of it.
    pub fn level(&self) -> Level {
        self.findings.iter().map(|finding| finding.level).max().unwrap_or(Level::Fine)
    }

    /// For programs: `account`, `level`, `findings` (`level`, `code`, `what` and `todo` in both languages).
    pub fn to_json(&self) -> Value {
        let text = |text: &Text| json!({ "en": text.en, "ru": text.ru });
        let finding = |finding: &Finding| {
            json!({
                "level": finding.level.as_str(),
                "code": finding.code,
                "what": text(&finding.what),
                "todo": finding.todo.as_ref().map(text),
            })
        };
        json!({
            "account": self.account,
            "level": self.level().as_str(),
            "findings": self.findings.iter().map(finding).collect::<Vec<_>>(),
        })
    }
}
