//! Lists that scripts ask: their names and columns held against what the rules declare, and the tables made for lookups.
//!
//! One table is made of a file, with the columns that any script looks into, and shared by all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use smol_str::SmolStr;
use switchboard_grammar::ast::{ListFile, SectionKind};
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Diagnostic, Label, Severity, Text};
use switchboard_grammar::source::FileId;
use switchboard_grammar::span::Span;

use super::checker::{Checker, problem, problem_in};
use super::ctx::Ctx;
use super::unknown::{Candidates, offer};
use crate::lists::{ListTable, headings};
use crate::program::Slots;
use crate::script::{ListUse, Lists, Script};
use crate::text::fold;

/// What scripts ask of lists, by the place of the list.
#[derive(Default)]
pub(crate) struct Asked {
    /// The lists of each script, in the order of the scripts.
    scripts: Vec<BTreeSet<usize>>,
    /// The columns that are looked into.
    columns: BTreeMap<usize, BTreeSet<String>>,
}

impl Checker<'_> {
    /// Checks what a script asks of lists.
    pub(crate) fn lists_asked(&mut self, script: &Script, file: FileId, text: &str, asked: &mut Asked) {
        let (uses, misuses) = script.list_uses(text);
        for misuse in misuses {
            let label = Label::bare(file, misuse.span);
            self.report(Diagnostic::new(&codes::SCRIPT_ERROR, misuse.text, label));
        }
        let mut lists = BTreeSet::new();
        for found in uses {
            let Some(at) = self.list_asked(&found, file) else { continue };
            lists.insert(at);
            if let Some((column, span)) = &found.column
                && self.column_asked(at, column, *span, file)
            {
                asked.columns.entry(at).or_default().insert(fold(column).into_owned());
            }
        }
        asked.scripts.push(lists);
    }

    /// The list that a script names. None after a report.
    fn list_asked(&mut self, found: &ListUse, file: FileId) -> Option<usize> {
        let (name, span) = &found.list;
        if let Some(at) = self.scope.list(name) {
            self.scope.lists.get_mut(at).into_iter().for_each(|list| list.used = true);
            return Some(at);
        }
        let known: Vec<SmolStr> = self.scope.lists.iter().map(|list| list.name.clone()).collect();
        let message = Text::new(format!("there is no list `{name}`"), format!("списка `{name}` нет"));
        let ctx = self.in_script(file);
        let names = known.iter().map(SmolStr::as_str);
        self.unknown_other(&codes::UNKNOWN_LIST, message, name, *span, names, &ctx);
        None
    }

    /// Whether something can be looked up in a column of a list. Tells when not.
    fn column_asked(&mut self, at: usize, column: &str, span: Span, file: FileId) -> bool {
        let Some(list) = self.scope.lists.get(at) else { return false };
        // What is wrong with the list itself was told.
        if list.values.is_none() {
            return false;
        }
        let name = list.name.clone();
        let Some((section, list_file)) = self.list_file_of(at) else {
            let (en, ru) =
                ("is written in the rules and has no columns", "записан в правилах, столбцов у него нет");
            self.no_table(
                at,
                &name,
                (en, ru),
                ("put it into a CSV file", "перенесите его в файл CSV"),
                span,
                file,
            );
            return false;
        };
        if list_file.column.is_none() {
            let (en, ru) = (
                "does not say in which column to look for the value",
                "не указан столбец, в котором искать значение",
            );
            let first = self.headings_of(list_file).into_iter().next().unwrap_or_else(|| "phone".to_owned());
            let help = (
                format!("write here: `column \"{first}\"`"),
                format!("допишите здесь: `колонка \"{first}\"`"),
            );
            self.no_table(at, &name, (en, ru), (&help.0, &help.1), span, file);
            return false;
        }
        let known = self.headings_of(list_file);
        if known.iter().any(|heading| fold(heading) == fold(column)) {
            return true;
        }
        let ctx = self.in_script(file);
        let found = problem(
            &codes::UNKNOWN_SCRIPT_FIELD,
            &ctx,
            span,
            Text::new(
                format!("the list `{name}` has no column `{column}`"),
                format!("в списке `{name}` нет столбца `{column}`"),
            ),
            Text::new("not in the first line of its file", "в первой строке файла его нет"),
        )
        .note(Text::new(format!("the columns are {}", shown(&known)), format!("столбцы: {}", shown(&known))));
        let mut candidates = Candidates::default();
        candidates.add_all(known.iter().map(String::as_str));
        let found = match self.search(column, |_| candidates) {
            Some(meant) => offer(found, &ctx, span, &meant),
            None => found,
        };
        let there = self.sections.get(section).map(|placed| (placed.file, placed.section.head));
        let found = there.into_iter().fold(found, |found, (file, head)| {
            found.label(Label::new(file, head, Text::new("the list", "список")))
        });
        self.report(found);
        false
    }

    fn no_table(
        &mut self,
        at: usize,
        name: &str,
        (en, ru): (&str, &str),
        help: (&str, &str),
        span: Span,
        file: FileId,
    ) {
        let ctx = self.in_script(file);
        let found = problem(
            &codes::LIST_FILE,
            &ctx,
            span,
            Text::new(
                format!("nothing can be looked up in the list `{name}`: it {en}"),
                format!("в списке `{name}` ничего не найти: {ru}"),
            ),
            Text::new("looked up here", "ищется здесь"),
        );
        let section = self.scope.lists.get(at).map(|list| list.section);
        let there = section.and_then(|section| self.sections.get(section));
        let found = match there {
            Some(placed) => {
                found.label(Label::new(placed.file, placed.section.head, Text::new(help.0, help.1)))
            }
            None => found,
        };
        self.report(found);
    }

    /// The file of a list and its section.
    fn list_file_of(&self, at: usize) -> Option<(usize, &ListFile)> {
        let section = self.scope.lists.get(at)?.section;
        match &self.sections.get(section)?.section.kind {
            SectionKind::List(list) => Some((section, list.file.as_ref()?)),
            _ => None,
        }
    }

    fn headings_of(&self, file: &ListFile) -> Vec<String> {
        let bytes = file.path.plain().and_then(|path| self.assets.get(path));
        bytes.and_then(|bytes| headings(bytes).ok()).unwrap_or_default()
    }

    fn in_script(&self, file: FileId) -> Ctx {
        let lang = self.sections.first().map(|placed| placed.lang).unwrap_or_default();
        Ctx::new(file, lang, Slots::NONE)
    }

    /// Gives the scripts the lists that they name.
    pub(crate) fn give_lists(&mut self, scripts: &mut [Script], asked: Asked) {
        let mut tables: BTreeMap<usize, Arc<ListTable>> = BTreeMap::new();
        for (at, columns) in &asked.columns {
            let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
            if let Some(table) = self.table_of(*at, &columns) {
                tables.insert(*at, Arc::new(table));
            }
        }
        for (script, own) in scripts.iter_mut().zip(&asked.scripts) {
            let mut lists = Lists::default();
            for at in own {
                let Some(list) = self.scope.lists.get(*at) else { continue };
                let Some(values) = &list.values else { continue };
                lists.add(list.name.clone(), Arc::clone(values), tables.get(at).cloned());
            }
            script.lists = Arc::new(lists);
        }
    }

    /// The table of a list with some of its columns. None after a report.
    fn table_of(&mut self, at: usize, columns: &[&str]) -> Option<ListTable> {
        let (section, file) = self.list_file_of(at)?;
        let key = file.column.as_ref()?.1.plain()?;
        let made = ListTable::from_csv(self.assets.get(file.path.plain()?)?, key, columns);
        let placed = self.sections.get(section)?;
        let (file, head, name) = (placed.file, placed.section.head, self.scope.lists.get(at)?.name.clone());
        match made {
            Ok(table) => {
                if let Some(repeated) = table.repeated() {
                    let (key, line) = (&repeated.key, repeated.line);
                    let found = problem_in(
                        &codes::LIST_FILE,
                        file,
                        head,
                        Text::new(
                            format!("rows of `{name}` say different things of one value"),
                            format!("строки списка `{name}` говорят об одном значении разное"),
                        ),
                        Text::new(
                            format!("`{key}` is there again on line {line} of the file"),
                            format!("`{key}` встречается снова в строке {line} файла"),
                        ),
                    );
                    self.report(
                        found
                            .severity(Severity::Warning)
                            .note(Text::new("the first row counts", "действует первая строка")),
                    );
                }
                Some(table)
            }
            Err(error) => {
                let message = Text::new(
                    format!("nothing can be looked up in the list `{name}`: {error}"),
                    format!("в списке `{name}` ничего не найти: {}", error.ru()),
                );
                let label = Text::new("the list comes from here", "список берётся отсюда");
                self.report(problem_in(&codes::LIST_FILE, file, head, message, label));
                None
            }
        }
    }
}

/// Columns for a message.
fn shown(columns: &[String]) -> String {
    let names: Vec<String> = columns.iter().take(MAX_SHOWN).map(|name| format!("`{name}`")).collect();
    let more = if columns.len() > MAX_SHOWN { ", …" } else { "" };
    format!("{}{more}", names.join(", "))
}

const MAX_SHOWN: usize = 12;
