//! Tasks for one event: which are set, with which words, when due.

use super::decision::Task;
use super::eval::Eval;
use super::run::text;
use super::trace::{Near, Step, What};
use crate::moment::Moment;
use crate::program::{Due, Note, Place, ScheduleId, TaskRule, Title};
use crate::value::Value;

impl Eval<'_> {
    /// The tasks to set, in the order of the files.
    pub(super) fn tasks(&self) -> Vec<Task> {
        let rules = self.plan.tasks.iter().filter_map(|task| self.program.tasks.get(*task as usize));
        rules
            .filter(|rule| self.applies(rule))
            .filter_map(|rule| self.task_by_policy(self.task(rule)))
            .collect()
    }

    /// Whether a task is to be set; tells why not.
    pub(super) fn applies(&self, rule: &TaskRule) -> bool {
        let place = Place { section: rule.section, line: self.section_line(rule.section) };
        if !self.fits(rule) {
            let unreached = self.is_unreached();
            self.tell(Step::new(place, What::TaskOtherOutcome { unreached }));
            return false;
        }
        let Some((condition, _)) = &rule.when else { return true };
        let (holds, missed) = self.near_condition(condition);
        if !holds {
            let near = missed.map(|part| Near::Condition { part }).into_iter().collect();
            self.tell(Step { place: Some(place), what: What::TaskNot, near });
        }
        holds
    }

    /// Whether the event reached somebody or nobody, as a task wants it.
    pub(super) fn fits(&self, rule: &TaskRule) -> bool {
        match (rule.unreached.has(self.slot), rule.reached.has(self.slot)) {
            (true, false) => self.is_unreached(),
            (false, true) => !self.is_unreached(),
            (true, true) | (false, false) => true,
        }
    }

    /// A task filled in.
    pub(super) fn task(&self, rule: &TaskRule) -> Task {
        let (title, title_cut) = cut(self.title(&rule.title), Task::MAX_TITLE_CHARS);
        let place = Place { section: rule.section, line: self.section_line(rule.section) };
        self.tell(Step::new(place, What::Task { title_cut }));
        Task {
            name: rule.name.clone(),
            title,
            note: rule.note.as_ref().and_then(|note| self.note(note, place)),
            assign: text(&self.value(&rule.assign)),
            due: rule.due.as_ref().and_then(|due| self.due(due)),
            cancel_when_reached: rule.cancel_when_reached,
            title_cut,
        }
    }

    /// A title is one line: breaks and runs of blanks become one blank.
    fn title(&self, title: &Title) -> String {
        let written = match title {
            Title::Written(template) => self.template(template),
            Title::BuiltIn(of) => {
                let template = of.iter().find(|(slot, _)| *slot == self.slot).map(|(_, template)| template);
                template.map(|template| self.template(template)).unwrap_or_default()
            }
        };
        one_line(&written)
    }

    fn note(&self, note: &Note, place: Place) -> Option<String> {
        let written = match note {
            Note::Written(template) => self.template(template),
            Note::File(file) => {
                match self.program.notes.render(*file, |expr| self.value(expr).into_owned()) {
                    Ok(written) => written,
                    Err(error) => {
                        self.tell(Step::new(place, What::NoteFailed { error: Box::new(error) }));
                        return None;
                    }
                }
            }
        };
        let trimmed = written.trim();
        (!trimmed.is_empty()).then(|| trimmed.to_owned())
    }

    /// When a task is due; None when what it is counted from is missing.
    fn due(&self, due: &Due) -> Option<Moment> {
        let moment = |expr| match *self.value(expr) {
            Value::Moment(moment) => Some(moment),
            _ => None,
        };
        let schedule = |schedule: &ScheduleId| self.program.schedules.get(schedule.0 as usize);
        match due {
            Due::At(at) => moment(at),
            Due::After { base, by } => moment(base)?.plus(*by),
            Due::AfterWorking { base, by, schedule: of } => schedule(of)?.add_working(&moment(base)?, *by),
            Due::AfterDays { base, days, schedule: of } => {
                schedule(of)?.add_working_days(&moment(base)?, *days)
            }
        }
    }
}

fn one_line(written: &str) -> String {
    let words: Vec<&str> = written.split_whitespace().collect();
    words.join(" ")
}

/// A title as it is kept: one line of the allowed length, and whether something was cut off.
pub(super) fn one_line_title(written: &str) -> (String, bool) {
    cut(one_line(written), Task::MAX_TITLE_CHARS)
}

/// A text of at most so many characters, and whether something was cut off.
fn cut(text: String, most: usize) -> (String, bool) {
    match text.char_indices().nth(most) {
        None => (text, false),
        Some(_) => {
            let mut kept: String = text.chars().take(most.saturating_sub(1)).collect();
            kept.truncate(kept.trim_end().len());
            kept.push('…');
            (kept, true)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn what_fits_stays_and_what_does_not_says_so() {
        assert_eq!(cut("абв".to_owned(), 3), ("абв".to_owned(), false));
        assert_eq!(cut("аб вг".to_owned(), 4), ("аб…".to_owned(), true));
        assert_eq!(cut(String::new(), 3), (String::new(), false));
    }
}
