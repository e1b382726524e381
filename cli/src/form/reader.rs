//! Reading JSON by its shape, with every mistake noted under its path and none stopping the rest.

use switchboard_engine::value::Value;
use switchboard_grammar::diagnostic::Text;

use super::json::Node;
use super::model::{MAX_CHARS, MAX_ENTRIES};

/// A mistake in a file of settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Where: `telephony.tasks.missed_incoming.hours`; empty for the file as a whole.
    pub(crate) path: String,
    /// What is wrong.
    pub(crate) text: Text,
}

/// A value and its path.
#[derive(Debug, Clone)]
pub(super) struct Place<'n> {
    pub(super) node: &'n Node,
    pub(super) path: String,
}

/// The members of an object.
#[derive(Debug)]
pub(super) struct Members<'n> {
    path: String,
    members: &'n [(String, Node)],
    /// Whether it was an object; a member that is absent from none is not missed.
    pub(super) is_object: bool,
}

/// The mistakes so far.
#[derive(Debug, Default)]
pub(super) struct Reader {
    pub(super) problems: Vec<Problem>,
}

impl<'n> Members<'n> {
    /// A member that is there and not `null`.
    pub(super) fn get(&self, name: &str) -> Option<Place<'n>> {
        let (_, node) = self.members.iter().find(|(key, _)| key == name)?;
        (*node != Node::Null).then(|| Place { node, path: joined(&self.path, name) })
    }

    /// All members that are not `null`, with their names.
    pub(super) fn all(&self) -> impl Iterator<Item = (&'n str, Place<'n>)> + '_ {
        let there = self.members.iter().filter(|(_, node)| *node != Node::Null);
        there.map(|(key, node)| (key.as_str(), Place { node, path: joined(&self.path, key) }))
    }
}

impl Reader {
    /// Notes a mistake.
    pub(super) fn problem(&mut self, path: &str, en: impl Into<String>, ru: impl Into<String>) {
        self.problems.push(Problem { path: path.to_owned(), text: Text::new(en, ru) });
    }

    /// An object with no other members than these; `None` when any name is allowed.
    pub(super) fn members<'n>(&mut self, place: &Place<'n>, allowed: Option<&[&str]>) -> Members<'n> {
        let Node::Object(members) = place.node else {
            self.problem(&place.path, "an object `{ … }` is needed here", "здесь нужен объект `{ … }`");
            return Members { path: place.path.clone(), members: &[], is_object: false };
        };
        self.bounded(&place.path, members.len());
        for (at, (name, _)) in members.iter().enumerate() {
            let path = joined(&place.path, name);
            if members.iter().take(at).any(|(earlier, _)| earlier == name) {
                self.problem(&path, "stands here twice", "указано дважды");
            }
            if let Some(allowed) = allowed
                && !allowed.contains(&name.as_str())
            {
                let known = allowed.join(", ");
                self.problem(
                    &path,
                    format!("there is no such setting; here there are: {known}"),
                    format!("такой настройки нет; здесь бывают: {known}"),
                );
            }
        }
        Members { path: place.path.clone(), members, is_object: true }
    }

    /// A member that must be there.
    pub(super) fn required<'n>(&mut self, members: &Members<'n>, name: &str) -> Option<Place<'n>> {
        let found = members.get(name);
        if found.is_none() && members.is_object {
            self.problem(&joined(&members.path, name), "is missing", "не указано");
        }
        found
    }

    /// The elements of a list.
    pub(super) fn list<'n>(&mut self, place: &Place<'n>) -> Vec<Place<'n>> {
        let Node::List(elements) = place.node else {
            self.problem(&place.path, "a list `[ … ]` is needed here", "здесь нужен список `[ … ]`");
            return Vec::new();
        };
        self.bounded(&place.path, elements.len());
        let numbered = elements.iter().enumerate();
        numbered.map(|(at, node)| Place { node, path: format!("{}[{at}]", place.path) }).collect()
    }

    /// A text, without the blanks around it.
    pub(super) fn text(&mut self, place: &Place<'_>) -> Option<String> {
        let Node::Text(text) = place.node else {
            self.problem(&place.path, "a text in quotes is needed here", "здесь нужен текст в кавычках");
            return None;
        };
        self.clean(&place.path, text)
    }

    /// A text that may be nothing but a hole, as a title may.
    pub(super) fn template(&mut self, place: &Place<'_>) -> Option<String> {
        let Node::Text(text) = place.node else { return self.text(place) };
        self.bare(&place.path, text)
    }

    /// A text, or a name of a member, without the blanks around it.
    pub(super) fn clean(&mut self, path: &str, text: &str) -> Option<String> {
        let text = self.bare(path, text)?;
        if Value::text(text.as_str()).is_missing() {
            self.problem(
                path,
                "the text is a placeholder that UIS did not fill in; rules take it for no value",
                "текст – незаполненная подстановка UIS; для правил это пустое значение",
            );
            return None;
        }
        Some(text)
    }

    fn bare(&mut self, path: &str, text: &str) -> Option<String> {
        let text = text.trim();
        if text.is_empty() {
            self.problem(path, "the text is empty", "текст пуст");
            return None;
        }
        if text.chars().count() > MAX_CHARS {
            self.problem(
                path,
                format!("the text is longer than {MAX_CHARS} characters"),
                format!("текст длиннее {MAX_CHARS} символов"),
            );
            return None;
        }
        if let Some(bad) = text.chars().find(|c| c.is_control() || is_invisible(*c)) {
            let code = u32::from(bad);
            self.problem(
                path,
                format!("the text holds a control character, U+{code:04X}"),
                format!("в тексте управляющий символ U+{code:04X}"),
            );
            return None;
        }
        Some(text.to_owned())
    }

    /// `true` or `false`.
    pub(super) fn yes_no(&mut self, place: &Place<'_>) -> bool {
        let Node::YesNo(value) = place.node else {
            self.problem(&place.path, "`true` or `false` is needed here", "здесь нужно `true` или `false`");
            return false;
        };
        *value
    }

    /// A whole number from 1 to `most`.
    pub(super) fn count(&mut self, place: &Place<'_>, most: u32) -> u32 {
        let number = match place.node {
            Node::Whole(number) => u32::try_from(*number).ok(),
            _ => None,
        };
        let number = number.filter(|number| (1..=most).contains(number));
        if number.is_none() {
            self.problem(
                &place.path,
                format!("a whole number from 1 to {most} is needed here"),
                format!("здесь нужно целое число от 1 до {most}"),
            );
        }
        number.unwrap_or(1)
    }

    /// One of some words.
    pub(super) fn word<T: Copy>(&mut self, place: &Place<'_>, words: &[(&str, T)]) -> Option<T> {
        let found = match place.node {
            Node::Text(text) => words.iter().find(|(word, _)| word == text).map(|(_, value)| *value),
            _ => None,
        };
        if found.is_none() {
            let known: Vec<String> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
            let known = known.join(", ");
            self.problem(
                &place.path,
                format!("one of these is needed here: {known}"),
                format!("здесь нужно одно из: {known}"),
            );
        }
        found
    }

    fn bounded(&mut self, path: &str, count: usize) {
        if count > MAX_ENTRIES {
            self.problem(
                path,
                format!("{count} entries; at most {MAX_ENTRIES} are taken"),
                format!("записей {count}; принимается не больше {MAX_ENTRIES}"),
            );
        }
    }
}

/// Characters that reorder or join what is seen; rules refuse them as well.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// A path with one more name.
fn joined(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}
