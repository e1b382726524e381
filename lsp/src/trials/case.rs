//! What came of one test, and what is to be said of it in its file.

use std::collections::BTreeSet;

use lsp_types::{DiagnosticSeverity, Range};
use similar::{ChangeTag, TextDiff};
use switchboard_engine::bundle::Bundle as Rules;
use switchboard_engine::cover::PointId;
use switchboard_engine::fixture::{Fault, Fixture, Trial, try_out};
use switchboard_engine::json::{Node, places};
use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::lang::Lang;
use switchboard_grammar::span::Span;

use crate::lines::{Encoding, Lines};

/// The most lines of a difference that a remark shows; a run shows all.
const MAX_SHOWN: usize = 12;

/// A test.
#[derive(Debug)]
pub(crate) struct Case {
    /// What came of it.
    pub(crate) came: Came,
    /// What is to be said at places of its file.
    pub(crate) remarks: Vec<Remark>,
}

/// What came of a test.
#[derive(Debug)]
pub(crate) enum Came {
    /// It cannot be run, and why.
    Broken(Vec<Fault>),
    /// There are no rules that could decide.
    Undecided,
    /// It was tried.
    Tried(Box<Tried>),
}

/// A test that was tried.
#[derive(Debug)]
pub(crate) struct Tried {
    pub(crate) fixture: Fixture,
    pub(crate) trial: Trial,
}

/// How a test stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// As accepted, every expectation met.
    Passes,
    /// With an expectation that is not met.
    Unmet,
    /// Decided otherwise than accepted.
    Changed,
    /// Nobody has accepted a decision.
    New,
    /// It cannot be run.
    Broken,
    /// There are no rules that could decide.
    Undecided,
}

/// Something to be said at a place of a test's file.
#[derive(Debug)]
pub(crate) struct Remark {
    pub(crate) range: Range,
    pub(crate) severity: DiagnosticSeverity,
    /// A name that stays the same.
    pub(crate) code: &'static str,
    pub(crate) text: Text,
    /// What was probably meant, as it would stand there.
    pub(crate) meant: Option<String>,
}

impl State {
    /// The state in words, as `rules test` has them.
    pub(crate) const fn words(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Passes, Lang::En) => "passes",
            (Self::Passes, Lang::Ru) => "проходит",
            (Self::Unmet, Lang::En) => "not as expected",
            (Self::Unmet, Lang::Ru) => "не так, как ожидается",
            (Self::Changed, Lang::En) => "the decision changed",
            (Self::Changed, Lang::Ru) => "решение изменилось",
            (Self::New, Lang::En) => "no snapshot yet",
            (Self::New, Lang::Ru) => "снимка ещё нет",
            (Self::Broken, Lang::En) => "cannot be run",
            (Self::Broken, Lang::Ru) => "не выполнить",
            (Self::Undecided, Lang::En) => "these rules have errors and decide nothing",
            (Self::Undecided, Lang::Ru) => "в правилах есть ошибки, они ничего не решают",
        }
    }
}

impl Case {
    /// Reads a test and tries it out.
    pub(super) fn of(
        name: &str,
        bytes: &[u8],
        rules: Option<&Rules>,
        lang: Lang,
        accepted: Option<&str>,
        encoding: Encoding,
    ) -> Self {
        let came = came_of(name, bytes, rules, lang, accepted);
        let text = String::from_utf8_lossy(bytes);
        let mut case = Self { came, remarks: Vec::new() };
        case.remark(&text, &Lines::new(&text, encoding));
        case
    }

    /// How it stands; an expectation that is not met goes before the snapshot.
    pub(crate) fn state(&self) -> State {
        match &self.came {
            Came::Broken(_) => State::Broken,
            Came::Undecided => State::Undecided,
            Came::Tried(tried) if !tried.trial.unmet.is_empty() => State::Unmet,
            Came::Tried(tried) if tried.trial.is_as_accepted() => State::Passes,
            Came::Tried(tried) if tried.trial.accepted.is_some() => State::Changed,
            Came::Tried(_) => State::New,
        }
    }

    /// What of the rules it reached; None when it was not tried.
    pub(crate) const fn reached(&self) -> Option<&BTreeSet<PointId>> {
        match &self.came {
            Came::Tried(tried) => Some(&tried.trial.watched.reached),
            _ => None,
        }
    }

    /// What it shows, in a sentence.
    pub(crate) fn about(&self) -> Option<&str> {
        match &self.came {
            Came::Tried(tried) => tried.fixture.about.as_deref(),
            _ => None,
        }
    }

    fn remark(&mut self, text: &str, lines: &Lines) {
        let mut say = |span: Span, severity, code, said: Text| {
            let range = lines.range(text, span);
            self.remarks.push(Remark { range, severity, code, text: said, meant: None });
        };
        match &self.came {
            Came::Broken(faults) => {
                self.remarks.extend(faults.iter().map(|fault| Remark {
                    range: lines.range(text, fault.span),
                    severity: DiagnosticSeverity::ERROR,
                    code: "test-fault",
                    text: fault.text.clone(),
                    meant: fault.meant.clone(),
                }));
            }
            Came::Undecided => {}
            Came::Tried(tried) => {
                let (places, trial) = (places(text), &tried.trial);
                for unmet in &trial.unmet {
                    let at = places.find(&unmet.path).map(|member| member.value.span);
                    let at = at.or_else(|| places.nearest(&unmet.path).map(|member| member.key));
                    let at = at.unwrap_or_else(|| head(&places));
                    say(at, DiagnosticSeverity::ERROR, "test-unmet", unmet.text.clone());
                }
                match &trial.accepted {
                    None => say(
                        head(&places),
                        DiagnosticSeverity::INFORMATION,
                        "test-new",
                        Text::new(
                            "no snapshot yet: nobody has accepted what is decided",
                            "снимка ещё нет: решение никто не принимал",
                        ),
                    ),
                    Some(accepted) if *accepted != trial.now => {
                        let lines = difference(accepted, &trial.now, MAX_SHOWN);
                        let told = Text::new(
                            format!("the decision changed\n{lines}"),
                            format!("решение изменилось\n{lines}"),
                        );
                        say(head(&places), DiagnosticSeverity::WARNING, "test-changed", told);
                    }
                    Some(_) => {}
                }
            }
        }
    }
}

fn came_of(name: &str, bytes: &[u8], rules: Option<&Rules>, lang: Lang, accepted: Option<&str>) -> Came {
    let fixture = match Fixture::read(bytes) {
        Ok(fixture) => fixture,
        Err(faults) => return Came::Broken(faults),
    };
    let Some(rules) = rules else { return Came::Undecided };
    match try_out(name, &fixture, rules, lang, accepted) {
        Ok(trial) => Came::Tried(Box::new(Tried { fixture, trial })),
        Err(text) => {
            let span = head(&places(&String::from_utf8_lossy(bytes)));
            Came::Broken(vec![Fault { span, text, meant: None }])
        }
    }
}

/// Where is said what is about the test as a whole: the name of its event, or else its first letter.
fn head(places: &Node) -> Span {
    let event = places.find("event").map(|member| member.key);
    event.unwrap_or(Span::new(places.span.start, places.span.start.saturating_add(1)))
}

/// The lines that are gone and those that came, at most so many.
pub(crate) fn difference(before: &str, now: &str, most: usize) -> String {
    let diff = TextDiff::from_lines(before, now);
    let changed = diff.iter_all_changes().filter_map(|change| match change.tag() {
        ChangeTag::Equal => None,
        ChangeTag::Delete => Some(format!("- {}", change.value().trim_end())),
        ChangeTag::Insert => Some(format!("+ {}", change.value().trim_end())),
    });
    let changed: Vec<String> = changed.collect();
    let mut shown: Vec<&str> = changed.iter().take(most).map(String::as_str).collect();
    if changed.len() > most {
        shown.push("…");
    }
    shown.join("\n")
}
