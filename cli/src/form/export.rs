//! From rules to the form, where every line has a place in it.
//!
//! Rules are read in English, whatever language they are in: each file is translated first, which changes neither its
//! sections nor its lines, and what is found is told of the line as it was written. Settings come first and tables of
//! responsible employees second, since the rest refers to them; at last the halves of telephony are put together.
//! Nothing is left out silently: what the form cannot say is an [`Obstacle`]. Comments are no rules and stay behind.

mod assemble;
mod parts;
mod place;
mod sections;
mod tables;
mod values;

use switchboard_grammar::ast::SectionKind;
use switchboard_grammar::diagnostic::Text;

use self::parts::Parts;
use self::place::{At, Source};
use super::model::Settings;

/// A line that the form has no place for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Obstacle {
    /// Its file, as the caller named it.
    pub(crate) file: String,
    /// Its line, from 1.
    pub(crate) line: u32,
    /// Where in the line, in characters from 1.
    pub(crate) column: u32,
    /// Why, in English.
    pub(crate) en: String,
    /// Why, in Russian.
    pub(crate) ru: String,
}

impl Obstacle {
    fn new(at: At<'_>, text: Text) -> Self {
        let (line, column) = at.position();
        Self { file: at.source.name.clone(), line, column, en: text.en, ru: text.ru }
    }
}

/// The form that these files of rules are: names and texts, of a bundle that loads without errors.
///
/// # Errors
/// Every line that the form cannot say, in the order of the files.
pub(crate) fn export(files: &[(String, String)]) -> Result<Settings, Vec<Obstacle>> {
    let sources: Vec<Source> = files.iter().map(|(name, text)| Source::new(name, text)).collect();
    let sections: Vec<At<'_>> = sources.iter().flat_map(Source::sections).collect();
    let mut parts = Parts::default();
    for at in &sections {
        if let SectionKind::Settings(settings) = at.kind() {
            parts.settings(settings, *at);
        }
    }
    for at in &sections {
        if let SectionKind::Table(table) = at.kind() {
            parts.responsible_table(table, *at);
        }
    }
    for at in &sections {
        match at.kind() {
            SectionKind::Filter(filter) => parts.filter(filter, *at),
            SectionKind::Table(table) => parts.table(table, *at),
            SectionKind::Task(task) => parts.task(task, *at),
            SectionKind::Fields(fields) => parts.fields(fields, *at),
            SectionKind::Transfer(transfer) => parts.transfer(transfer, *at),
            SectionKind::Settings(_) | SectionKind::Include(_) => {}
            SectionKind::List(_) => parts.obstacle(*at, "the form has no lists", "в форме нет списков"),
            SectionKind::Script(_) => parts.obstacle(*at, "the form has no scripts", "в форме нет скриптов"),
            SectionKind::Schedule(_) => {
                parts.obstacle(*at, "the form has no schedules", "в форме нет расписаний");
            }
            SectionKind::Unknown => parts.obstacle(*at, "cannot be read", "не читается"),
        }
    }
    let settings = parts.assemble();
    let mut obstacles = parts.obstacles;
    obstacles.sort();
    obstacles.dedup();
    if obstacles.is_empty() { Ok(settings) } else { Err(obstacles) }
}
