//! The document: which chapters there are, and what number each section has.

use switchboard_grammar::ast::{EventKind, File, Section, SectionKind};
use switchboard_grammar::lang::Lang;

use super::events::{kinds, title};
use super::names::Declared;
use super::phrases::{and, listed};
use super::values::Teller;
use super::{lines, tables, tasks};

/// A file of a bundle.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tree<'a> {
    /// Its name inside the bundle.
    pub(crate) name: &'a str,
    /// What it says.
    pub(crate) file: &'a File,
}

/// A bundle told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Document {
    pub(crate) lang: Lang,
    pub(crate) title: String,
    pub(crate) intro: Vec<String>,
    pub(crate) chapters: Vec<Chapter>,
}

/// Everything about one kind of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chapter {
    pub(crate) title: String,
    pub(crate) articles: Vec<Article>,
}

/// One section, numbered from 1 through all chapters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Article {
    pub(crate) number: usize,
    /// What its author says of it.
    pub(crate) doc: Option<String>,
    pub(crate) told: Told,
}

/// What a section says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) title: String,
    /// Sentences in front of the items.
    pub(crate) intro: Vec<String>,
    /// A sentence for each line or row, in their order.
    pub(crate) items: Vec<String>,
}

impl Told {
    /// Nothing but a title.
    pub(super) fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }
}

/// Where a section goes: the kinds of events of its chapter; none for the last chapter.
type Group = Vec<EventKind>;

/// Tells a bundle.
pub(crate) fn prose(trees: &[Tree<'_>], lang: Lang) -> Document {
    let numbered = numbered(trees);
    let mut declared = Declared::default();
    for (at, tree) in trees.iter().enumerate() {
        let number = |section| {
            let found = numbered.iter().position(|(_, file, index, _)| (*file, *index) == (at, section));
            found.map_or(0, |found| found + 1)
        };
        declared.add(tree.file, number);
    }
    let mut chapters: Vec<Chapter> = Vec::new();
    let mut open: Option<&Group> = None;
    for (at, (group, _, _, section)) in numbered.iter().enumerate() {
        if open != Some(group) {
            chapters.push(Chapter { title: chapter_title(group, lang), articles: Vec::new() });
            open = Some(group);
        }
        let article = Article { number: at + 1, doc: section.doc(), told: told(section, &declared, lang) };
        if let Some(chapter) = chapters.last_mut() {
            chapter.articles.push(article);
        }
    }
    Document {
        lang,
        title: lang.pick("What the rules do", "Что делают правила").to_owned(),
        intro: intro(trees, lang),
        chapters,
    }
}

/// The sections in the order of the document: by chapter, inside of it as they stand. With each its group, file, and
/// place in the file.
pub(super) fn numbered<'a>(trees: &[Tree<'a>]) -> Vec<(Group, usize, usize, &'a Section)> {
    let mut all: Vec<(Group, usize, usize, &Section)> = Vec::new();
    for (file, tree) in trees.iter().enumerate() {
        for (at, section) in tree.file.sections.iter().enumerate() {
            if let Some(group) = group(&section.kind) {
                all.push((group, file, at, section));
            }
        }
    }
    // Sections without events come last; `sort` keeps the order of equal ones.
    all.sort_by(|left, right| (left.0.is_empty(), &left.0).cmp(&(right.0.is_empty(), &right.0)));
    all
}

/// `None` for what is told in the introduction.
fn group(kind: &SectionKind) -> Option<Group> {
    Some(match kind {
        SectionKind::Include(_) => return None,
        SectionKind::Filter(filter) => kinds(filter.events.as_ref()),
        SectionKind::Settings(settings) => kinds(settings.events.as_ref()),
        SectionKind::Table(table) => kinds(table.events.as_ref()),
        SectionKind::Task(task) => kinds(task.events.as_ref()),
        SectionKind::Fields(fields) => kinds(fields.events.as_ref()),
        SectionKind::Transfer(_) => vec![EventKind::Orders],
        SectionKind::List(_) | SectionKind::Script(_) | SectionKind::Schedule(_) | SectionKind::Unknown => {
            Vec::new()
        }
    })
}

fn chapter_title(group: &Group, lang: Lang) -> String {
    if group.is_empty() {
        return lang.pick("Lists, schedules and scripts", "Списки, расписания и скрипты").to_owned();
    }
    title(group, lang)
}

fn told(section: &Section, declared: &Declared<'_>, lang: Lang) -> Told {
    let about = |events| Teller::new(lang, declared, events);
    let general = Teller::new(lang, declared, None);
    match &section.kind {
        SectionKind::Filter(filter) => lines::filter(&about(filter.events.as_ref()), filter),
        SectionKind::Settings(settings) => lines::settings(&about(settings.events.as_ref()), settings),
        SectionKind::Table(table) => tables::table(&about(table.events.as_ref()), table),
        SectionKind::Task(task) => tasks::task(&about(task.events.as_ref()), task),
        SectionKind::Fields(fields) => lines::fields(&about(fields.events.as_ref()), fields),
        SectionKind::Transfer(transfer) => lines::transfer(&general, transfer),
        SectionKind::List(list) => lines::list(&general, list),
        SectionKind::Script(script) => lines::script(&general, script),
        SectionKind::Schedule(schedule) => lines::schedule(&general, schedule),
        SectionKind::Include(_) | SectionKind::Unknown => {
            Told::new(lang.pick("A section that cannot be read", "Раздел, который не удалось прочитать"))
        }
    }
}

/// Which files these are, and which one includes which.
fn intro(trees: &[Tree<'_>], lang: Lang) -> Vec<String> {
    let names: Vec<String> = trees.iter().map(|tree| tree.name.to_owned()).collect();
    let mut said = vec![match names.as_slice() {
        [only] => lang.pick(format!("The rules stand in {only}."), format!("Правила записаны в {only}.")),
        _ => {
            let names = listed(&names, and(lang));
            lang.pick(format!("The rules stand in {names}."), format!("Правила записаны в файлах {names}."))
        }
    }];
    for tree in trees {
        let included: Vec<String> = tree
            .file
            .sections
            .iter()
            .filter_map(|section| match &section.kind {
                SectionKind::Include(include) => include.path.plain().map(str::to_owned),
                _ => None,
            })
            .collect();
        if !included.is_empty() {
            let (name, included) = (tree.name, listed(&included, and(lang)));
            said.push(
                lang.pick(format!("{name} includes {included}."), format!("{name} включает {included}.")),
            );
        }
    }
    said
}
