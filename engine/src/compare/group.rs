//! What changes are counted by.
//!
//! A group names the part and, where a part has few values, both of them: "responsible: anna → ivan". Of texts only that
//! they differ. So there are few groups however many events are compared, and none holds a client's name or number that
//! the rules do not hold themselves. A group has a text form that is stored, and is read back from it.

use serde_json::{Value as Json, json};
use smol_str::SmolStr;

use super::change::Part;
use super::kind::Kind;

/// What changes are counted by.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Group {
    /// What differs.
    pub part: Part,
    /// What it was.
    pub old: Told,
    /// What it is.
    pub new: Told,
}

/// A side of a group.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Told {
    /// There is nothing, or the answer is no.
    Nothing,
    /// There is something, or the answer is yes.
    Something,
    /// This is there; of a moment, `later` or `sooner`. At most [`Told::MAX_CHARS`] long.
    Text(SmolStr),
}

impl Told {
    /// How much of a value is kept in a group.
    pub const MAX_CHARS: usize = 120;

    /// A value, cut.
    pub fn text(value: &str) -> Told {
        Told::Text(cut(value))
    }

    fn to_json(&self) -> Json {
        match self {
            Told::Nothing => Json::Null,
            Told::Something => Json::Bool(true),
            Told::Text(text) => Json::from(text.as_str()),
        }
    }

    fn of_json(json: &Json) -> Option<Told> {
        match json {
            Json::Null => Some(Told::Nothing),
            Json::Bool(true) => Some(Told::Something),
            Json::String(text) => Some(Told::Text(text.into())),
            _ => None,
        }
    }
}

impl Group {
    /// The group as JSON: `part`, `name` for tasks and fields, `old` and `new`, each null (nothing), true (something) or a
    /// text.
    pub fn to_json(&self) -> Json {
        let mut json = json!({ "part": self.part.kind.key() });
        if let Some(object) = json.as_object_mut() {
            if let Some(name) = &self.part.name {
                object.insert("name".to_owned(), Json::from(cut(name).as_str()));
            }
            object.insert("old".to_owned(), self.old.to_json());
            object.insert("new".to_owned(), self.new.to_json());
        }
        json
    }

    /// The text under which the group is kept: equal groups have equal texts, between runs too.
    pub fn key(&self) -> String {
        self.to_json().to_string()
    }

    /// The group of a text that [`Group::key`] made; None for anything else.
    pub fn of_key(key: &str) -> Option<Group> {
        let json: Json = serde_json::from_str(key).ok()?;
        let kind = Kind::of_key(json.get("part")?.as_str()?)?;
        let name = json.get("name").and_then(Json::as_str).map(SmolStr::from);
        (kind.is_named() == name.is_some()).then_some(())?;
        let [old, new] = ["old", "new"].map(|side| json.get(side).and_then(Told::of_json));
        Some(Group { part: Part { kind, name }, old: old?, new: new? })
    }
}

fn cut(value: &str) -> SmolStr {
    match value.char_indices().nth(Told::MAX_CHARS) {
        None => value.into(),
        Some(_) => {
            let kept = value.chars().take(Told::MAX_CHARS.saturating_sub(1));
            kept.chain(std::iter::once('…')).collect()
        }
    }
}
