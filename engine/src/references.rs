//! What there is in the account, to check references against.
//!
//! Filled by the caller from UIS and RetailCRM, or from the JSON of an earlier reading. A kind that was not read is not
//! checked: nothing is known of it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};
use switchboard_grammar::diagnostic::Text;

use crate::json::json_error;
use crate::text::fold;
use crate::ty::ReferenceKind;

/// The version of the file that an inventory is kept in.
const VERSION: u64 = 1;

/// Names of employees, stores, sites… by kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct References {
    names: BTreeMap<ReferenceKind, Names>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Names {
    written: Vec<String>,
    folded: BTreeSet<String>,
}

/// What an account held at some moment, to be kept in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inventory {
    /// The account.
    pub account: String,
    /// When it was listed.
    pub taken_at: Timestamp,
    /// The names.
    pub references: References,
}

/// JSON that is no inventory.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[error("{}", self.text().en)]
pub enum ReferencesError {
    /// It is no JSON at all.
    NoJson {
        /// What the parser said.
        reason: Text,
    },
    /// A member is missing or has another type.
    Member {
        /// Which one.
        member: &'static str,
    },
    /// It is of a version that this program does not read.
    Version {
        /// Which one.
        version: u64,
    },
    /// A kind that there is not.
    UnknownKind {
        /// What was written.
        kind: String,
    },
    /// The names of a kind are no list of texts.
    NoNames {
        /// The kind.
        kind: String,
    },
}

impl ReferencesError {
    /// What is wrong, for people.
    pub fn text(&self) -> Text {
        match self {
            ReferencesError::NoJson { reason } => {
                Text::new(format!("this is no JSON: {}", reason.en), format!("это не JSON: {}", reason.ru))
            }
            ReferencesError::Member { member } => Text::new(
                format!("`{member}` is missing or is not what it should be"),
                format!("`{member}` нет, или это не то, что должно быть"),
            ),
            ReferencesError::Version { version } => Text::new(
                format!("it is of version {version}, and this program reads version {VERSION}"),
                format!("версия файла {version}, а эта программа читает версию {VERSION}"),
            ),
            ReferencesError::UnknownKind { kind } => Text::new(
                format!("there is no kind of reference `{kind}`"),
                format!("вида ссылок `{kind}` нет"),
            ),
            ReferencesError::NoNames { kind } => {
                Text::new(format!("`{kind}` is no list of texts"), format!("`{kind}` – не список текстов"))
            }
        }
    }
}

impl Inventory {
    /// As JSON: `version`, `account`, `taken_at` (RFC 3339), `names` (of each kind that was read, by its English name, a
    /// list of texts).
    pub fn to_json(&self) -> Json {
        json!({
            "version": VERSION,
            "account": self.account,
            "taken_at": self.taken_at.to_string(),
            "names": self.references.to_json(),
        })
    }

    /// Reads what [`Inventory::to_json`] wrote.
    ///
    /// # Errors
    ///
    /// [`ReferencesError`] for the first thing that is wrong.
    pub fn from_json(text: &str) -> Result<Inventory, ReferencesError> {
        let json: Json = serde_json::from_str(text)
            .map_err(|error| ReferencesError::NoJson { reason: json_error(&error) })?;
        let version = json.get("version").and_then(Json::as_u64);
        let version = version.ok_or(ReferencesError::Member { member: "version" })?;
        if version != VERSION {
            return Err(ReferencesError::Version { version });
        }
        let text = |member: &'static str| {
            json.get(member).and_then(Json::as_str).ok_or(ReferencesError::Member { member })
        };
        let taken_at = text("taken_at")?.parse().ok();
        Ok(Inventory {
            account: text("account")?.to_owned(),
            taken_at: taken_at.ok_or(ReferencesError::Member { member: "taken_at" })?,
            references: References::from_json(json.get("names").unwrap_or(&Json::Null))?,
        })
    }
}

impl References {
    /// Nothing known of any kind.
    pub fn new() -> References {
        References::default()
    }

    /// Sets all names of a kind; from now on others of this kind are reported.
    pub fn set(&mut self, kind: ReferenceKind, names: impl IntoIterator<Item = String>) {
        let written: Vec<String> = names.into_iter().collect();
        let folded = written.iter().map(|name| fold(name).into_owned()).collect();
        self.names.insert(kind, Names { written, folded });
    }

    /// Takes over every kind that another reading knows; kinds that it does not know stay as they are.
    pub fn update(&mut self, newer: References) {
        self.names.extend(newer.names);
    }

    /// Whether the account has it, compared as texts are; None when nothing is known of this kind.
    pub fn has(&self, kind: ReferenceKind, name: &str) -> Option<bool> {
        Some(self.names.get(&kind)?.folded.contains(fold(name).as_ref()))
    }

    fn to_json(&self) -> Json {
        let kinds =
            self.names.iter().map(|(kind, names)| (kind.en().to_owned(), names.written.clone().into()));
        Json::Object(kinds.collect::<Map<_, _>>())
    }

    fn from_json(json: &Json) -> Result<References, ReferencesError> {
        let mut references = References::new();
        for (name, names) in json.as_object().ok_or(ReferencesError::Member { member: "names" })? {
            let kind = ReferenceKind::ALL.into_iter().find(|kind| kind.en() == name);
            let kind = kind.ok_or_else(|| ReferencesError::UnknownKind { kind: name.clone() })?;
            let listed = names.as_array().and_then(|names| {
                names.iter().map(|name| name.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
            });
            references.set(kind, listed.ok_or_else(|| ReferencesError::NoNames { kind: name.clone() })?);
        }
        Ok(references)
    }

    /// Whether nothing is known of any kind.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The names of a kind.
    pub fn names(&self, kind: ReferenceKind) -> impl Iterator<Item = &str> {
        self.names.get(&kind).into_iter().flat_map(|names| names.written.iter().map(String::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_that_was_not_read_is_unknown() {
        let mut references = References::new();
        references.set(ReferenceKind::Employee, ["Anna@romashka.ru".to_owned()]);
        assert_eq!(references.has(ReferenceKind::Employee, "anna@romashka.ru"), Some(true));
        assert_eq!(references.has(ReferenceKind::Employee, "olga@romashka.ru"), Some(false));
        assert_eq!(references.has(ReferenceKind::Store, "msk"), None);
    }

    #[test]
    fn a_newer_reading_replaces_what_it_knows_and_nothing_else() {
        let mut references = References::new();
        references.set(ReferenceKind::Tag, ["Целевой".to_owned()]);
        references.set(ReferenceKind::Store, ["msk".to_owned()]);
        let mut newer = References::new();
        newer.set(ReferenceKind::Store, ["spb".to_owned()]);
        references.update(newer);
        assert_eq!(references.has(ReferenceKind::Tag, "целевой"), Some(true));
        assert_eq!(references.has(ReferenceKind::Store, "msk"), Some(false));
        assert_eq!(references.has(ReferenceKind::Store, "spb"), Some(true));
    }

    #[test]
    fn an_inventory_is_read_as_it_was_written() {
        let mut references = References::new();
        references.set(ReferenceKind::Tag, ["Целевой".to_owned()]);
        references.set(ReferenceKind::Store, []);
        let taken_at = "2026-03-02T09:00:00Z".parse().unwrap();
        let inventory = Inventory { account: "romashka".to_owned(), taken_at, references };
        let text = r#"{"version":1,"account":"romashka","taken_at":"2026-03-02T09:00:00Z","names":{"store":[],"tag":["Целевой"]}}"#;
        assert_eq!(inventory.to_json(), serde_json::from_str::<Json>(text).unwrap());
        assert_eq!(Inventory::from_json(text), Ok(inventory));
        for (from, to, said) in [
            (r#""version":1"#, r#""version":2"#, "it is of version 2, and this program reads version 1"),
            (r#""version":1"#, r#""v":1"#, "`version` is missing or is not what it should be"),
            ("2026-03-02T", "yesterday", "`taken_at` is missing or is not what it should be"),
            (r#"{"store":[],"#, r#"{"stores":[],"#, "there is no kind of reference `stores`"),
            (r#"["Целевой"]"#, "[1]", "`tag` is no list of texts"),
            (r#"{"store":[],"tag":["Целевой"]}"#, "[]", "`names` is missing or is not what it should be"),
        ] {
            let wrong = Inventory::from_json(&text.replace(from, to)).unwrap_err();
            assert_eq!(wrong.to_string(), said);
        }
        assert!(Inventory::from_json("").unwrap_err().to_string().starts_with("this is no JSON"));
    }
}
