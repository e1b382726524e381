//! Changes and groups in words.

use switchboard_grammar::lang::Lang;

use super::change::{Change, Part};
use super::group::{Group, Told};
use super::kind::{Domain, Kind};

impl Part {
    /// What people call it: `title of the task ...`. `heads` gives a task's header as its file has it, by its name.
    pub fn words(&self, lang: Lang, heads: &dyn Fn(&str) -> Option<String>) -> String {
        let (en, ru) = self.kind.spec().words;
        let words = lang.pick(en, ru);
        let Some(name) = &self.name else { return words.to_owned() };
        let head = self.kind.key().starts_with("task").then(|| heads(name)).flatten();
        words.replace("{}", head.as_deref().unwrap_or(name))
    }
}

impl Group {
    /// The group for a reader: `responsible: anna@x.ru → ivan@x.ru`; `heads` is as in [`Part::words`].
    pub fn words(&self, lang: Lang, heads: &dyn Fn(&str) -> Option<String>) -> String {
        let part = self.part.words(lang, heads);
        let pick = |(en, ru): (&'static str, &'static str)| lang.pick(en, ru);
        let side = |told: &Told| match (self.part.kind.spec().domain, told) {
            (_, Told::Text(text)) => named(self.part.kind, text, lang),
            (Domain::YesNo { yes, .. }, Told::Something) => pick(yes).to_owned(),
            (Domain::YesNo { no, .. }, Told::Nothing) => pick(no).to_owned(),
            (Domain::Few { none }, Told::Nothing) => pick(none).to_owned(),
            (_, Told::Nothing) => lang.pick("nothing", "ничего").to_owned(),
            (_, Told::Something) => lang.pick("something", "что-то").to_owned(),
        };
        let whole = match (self.part.kind.spec().domain, &self.old, &self.new) {
            (Domain::Any | Domain::Moment, Told::Something, Told::Something) => {
                Some(lang.pick("another", "другое значение"))
            }
            (Domain::Any | Domain::Moment, Told::Nothing, Told::Something) => {
                Some(lang.pick("appears", "появляется"))
            }
            (Domain::Any | Domain::Moment, Told::Something, Told::Nothing) => {
                Some(lang.pick("goes", "пропадает"))
            }
            (Domain::Moment, _, Told::Text(text)) => Some(match text.as_str() {
                "later" => lang.pick("later", "позже"),
                _ => lang.pick("sooner", "раньше"),
            }),
            _ => None,
        };
        match whole {
            Some(whole) => format!("{part}: {whole}"),
            None => format!("{part}: {} → {}", side(&self.old), side(&self.new)),
        }
    }
}

impl Change {
    /// What it was, for a reader.
    pub fn old_words(&self, lang: Lang) -> String {
        self.side(self.old.as_deref(), lang)
    }

    /// What it is, for a reader.
    pub fn new_words(&self, lang: Lang) -> String {
        self.side(self.new.as_deref(), lang)
    }

    fn side(&self, side: Option<&str>, lang: Lang) -> String {
        let kind = self.part.kind;
        let (en, ru) = match (kind.spec().domain, side) {
            // A task is told by its title.
            (Domain::YesNo { .. }, Some(title)) if kind == Kind::Task => return title.to_owned(),
            (Domain::YesNo { yes, .. }, Some(_)) => yes,
            (Domain::YesNo { no, .. }, None) => no,
            (_, Some(text)) => return named(kind, text, lang),
            (Domain::Few { none }, None) => none,
            (Domain::Any | Domain::Moment, None) => ("nothing", "ничего"),
        };
        lang.pick(en, ru).to_owned()
    }
}

/// A value for a reader: those that are names of ours have words.
fn named(kind: Kind, text: &str, lang: Lang) -> String {
    let words = match (kind, text) {
        (Kind::DealOutcome, "open") => lang.pick("open", "открыта"),
        (Kind::DealOutcome, "won") => lang.pick("won", "успех"),
        (Kind::DealOutcome, "lost") => lang.pick("lost", "провал"),
        (Kind::DealFunnel, "default") => lang.pick("one for all", "общая"),
        (Kind::DealFunnel, "per_store") => lang.pick("one for each store", "своя у магазина"),
        (Kind::ForwardTo, code) if code.starts_with('#') => {
            let code = code.trim_start_matches('#');
            return lang.pick(format!("branch {code} of the scenario"), format!("ветка {code} сценария"));
        }
        (Kind::ClientField | Kind::OrderField | Kind::DealField, "true") => lang.pick("yes", "да"),
        (Kind::ClientField | Kind::OrderField | Kind::DealField, "false") => lang.pick("no", "нет"),
        _ => text,
    };
    words.to_owned()
}
