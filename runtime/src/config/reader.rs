//! Reading one table of the file: typed values, bounds, and what was never asked for.
//!
//! A [`Reader`] remembers which keys were asked for, so a key that nobody asked for is unknown by definition and
//! can be compared with those that were. Problems go into one list; reading goes on with a default.

use std::collections::BTreeSet;
use std::ops::Range;

use switchboard_grammar::diagnostic::Text;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config::error::Problem;
use crate::config::value::Value;

/// How alike an unknown and a known name must be for the known one to be suggested.
const SUGGEST_FROM: f64 = 0.7;

/// The text and the problems found in it so far.
pub(crate) struct Problems<'t> {
    text: &'t str,
    found: Vec<(usize, Problem)>,
    /// Every key that was asked for, so that a test can hold it against the reference.
    #[cfg(test)]
    pub(crate) asked: BTreeSet<String>,
}

/// One table of the file.
pub(crate) struct Reader<'r, 'i> {
    table: Option<&'r DeTable<'i>>,
    path: String,
    span: Range<usize>,
    asked: BTreeSet<&'static str>,
    problems: &'r mut Problems<'i>,
}

impl<'t> Problems<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self {
            text,
            found: Vec::new(),
            #[cfg(test)]
            asked: BTreeSet::new(),
        }
    }

    /// Notes a problem at a place in the text.
    pub(crate) fn add(&mut self, key: impl Into<String>, span: &Range<usize>, message: Text) {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        self.found.push((span.start, Problem { key: key.into(), line, column, message }));
    }

    /// The problems in the order of the file.
    pub(crate) fn into_list(mut self) -> Vec<Problem> {
        self.found.sort_by_key(|(place, _)| *place);
        self.found.into_iter().map(|(_, problem)| problem).collect()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }
}

impl<'r, 'i> Reader<'r, 'i> {
    pub(crate) fn new(
        table: Option<&'r DeTable<'i>>,
        path: impl Into<String>,
        span: Range<usize>,
        problems: &'r mut Problems<'i>,
    ) -> Self {
        Self { table, path: path.into(), span, asked: BTreeSet::new(), problems }
    }

    /// The full name of a key of this table.
    pub(crate) fn full(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// The raw value of a key.
    pub(crate) fn get(&mut self, key: &'static str) -> Option<&'r Spanned<DeValue<'i>>> {
        self.asked.insert(key);
        #[cfg(test)]
        {
            let full = self.full(key);
            self.problems.asked.insert(full);
        }
        self.table?.get(key)
    }

    /// Notes a problem with a value of this table.
    pub(crate) fn wrong(
        &mut self,
        key: &str,
        span: &Range<usize>,
        en: impl Into<String>,
        ru: impl Into<String>,
    ) {
        let full = self.full(key);
        self.problems.add(full, span, Text::new(en, ru));
    }

    /// Notes that a key which has no default is not there.
    pub(crate) fn missing(&mut self, key: &'static str) {
        let span = self.span.clone();
        self.wrong(key, &span, "this setting is required and not there", "обязательная настройка не указана");
    }

    /// A number, a size or a time inside its range.
    pub(crate) fn bounded<V: Value>(&mut self, key: &'static str, default: V, least: V, most: V) -> V {
        let Some(value) = self.get(key) else { return default };
        let (en, ru) = V::EXPECTED;
        match V::read(value.get_ref()) {
            Some(read) if read >= least && read <= most => read,
            Some(_) => {
                self.wrong(
                    key,
                    &value.span(),
                    format!("must lie between {} and {}", least.show(), most.show()),
                    format!("должно быть от {} до {}", least.show(), most.show()),
                );
                default
            }
            None => {
                self.wrong(key, &value.span(), format!("expected {en}"), format!("ожидается {ru}"));
                default
            }
        }
    }

    /// A text, or a problem when there is something else.
    pub(crate) fn text(&mut self, key: &'static str) -> Option<(&'r str, Range<usize>)> {
        let value = self.get(key)?;
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.wrong(key, &value.span(), "expected a text in quotes", "ожидается текст в кавычках");
        }
        text.map(|text| (text, value.span()))
    }

    /// A text that must be there.
    pub(crate) fn required_text(&mut self, key: &'static str) -> Option<(&'r str, Range<usize>)> {
        if self.get(key).is_none() {
            self.missing(key);
        }
        self.text(key)
    }

    /// A text that is read by a function which may refuse it with words in both languages.
    pub(crate) fn parsed<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&str) -> Result<T, (String, String)>,
    ) -> Option<T> {
        let (text, span) = self.text(key)?;
        match read(text) {
            Ok(value) => Some(value),
            Err((en, ru)) => {
                self.wrong(key, &span, en, ru);
                None
            }
        }
    }

    /// A yes or a no.
    pub(crate) fn flag(&mut self, key: &'static str, default: bool) -> bool {
        let Some(value) = self.get(key) else { return default };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong(key, &value.span(), "expected `true` or `false`", "ожидается `true` или `false`");
            default
        })
    }

    /// A list of texts, each read by a function; one that is refused is left out and reported.
    pub(crate) fn list<T>(
        &mut self,
        key: &'static str,
        read: impl Fn(&str) -> Result<T, (String, String)>,
    ) -> Option<Vec<T>> {
        let value = self.get(key)?;
        let Some(items) = value.get_ref().as_array() else {
            self.wrong(key, &value.span(), "expected a list of texts", "ожидается список текстов");
            return None;
        };
        let mut list = Vec::new();
        for item in items.iter() {
            let refusal = match item.get_ref().as_str().map(&read) {
                Some(Ok(read)) => {
                    list.push(read);
                    continue;
                }
                Some(Err(refusal)) => refusal,
                None => ("expected a text in quotes".to_owned(), "ожидается текст в кавычках".to_owned()),
            };
            self.wrong(key, &item.span(), refusal.0, refusal.1);
        }
        Some(list)
    }

    /// A table inside this one; absent and wrong ones read as empty, with their defaults.
    pub(crate) fn section<T>(&mut self, key: &'static str, read: impl FnOnce(&mut Reader<'_, 'i>) -> T) -> T {
        let value = self.get(key);
        let table = value.and_then(|value| value.get_ref().as_table());
        if let (Some(value), None) = (value, table) {
            self.wrong(key, &value.span(), "expected a section", "ожидается раздел");
        }
        let span = value.map_or(self.span.clone(), Spanned::span);
        let mut inner = Reader::new(table, self.full(key), span, self.problems);
        let result = read(&mut inner);
        inner.finish();
        result
    }

    /// The tables of a list of tables, in order.
    pub(crate) fn tables<T>(
        &mut self,
        key: &'static str,
        mut read: impl FnMut(&mut Reader<'_, 'i>) -> T,
    ) -> Vec<T> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let items = value.get_ref().as_array();
        if items.is_none() {
            let (en, ru) = (format!("write `[[{key}]]`"), format!("пишется `[[{key}]]`"));
            self.wrong(key, &value.span(), en, ru);
        }
        let mut list = Vec::new();
        for (index, item) in items.into_iter().flat_map(|items| items.iter()).enumerate() {
            let Some(table) = item.get_ref().as_table() else {
                self.wrong(key, &item.span(), "expected a section", "ожидается раздел");
                continue;
            };
            let path = format!("{}[{}]", self.full(key), index + 1);
            let mut inner = Reader::new(Some(table), path, item.span(), self.problems);
            list.push(read(&mut inner));
            inner.finish();
        }
        list
    }

    /// Reports the keys that nobody asked for, with the nearest that was.
    pub(crate) fn finish(self) {
        for key in self.table.into_iter().flat_map(DeTable::keys) {
            let name: &str = key.get_ref();
            if self.asked.contains(name) {
                continue;
            }
            let nearest = self
                .asked
                .iter()
                .map(|known| (strsim::jaro_winkler(name, known), known))
                .filter(|(likeness, _)| *likeness >= SUGGEST_FROM)
                .max_by(|(left, _), (right, _)| left.total_cmp(right));
            let (mut en, mut ru) = ("unknown setting".to_owned(), "неизвестная настройка".to_owned());
            if let Some((_, known)) = nearest {
                en.push_str(&format!("; did you mean `{known}`?"));
                ru.push_str(&format!("; может быть, `{known}`?"));
            }
            let full = self.full(name);
            self.problems.add(full, &key.span(), Text::new(en, ru));
        }
    }

    /// The place of this table, for problems that concern it as a whole.
    pub(crate) fn span(&self) -> Range<usize> {
        self.span.clone()
    }
}
