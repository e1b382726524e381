//! Parameters in the style of PHP.
//!
//! Takes name and value pairs (`filter[ids][]=1`, `filter[customFields][nps][min]=5`); gives a tree. A name without
//! brackets is a text, brackets make maps, empty brackets take the next number. Where a name is both, the later wins.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Deepest nesting of brackets; deeper names keep the rest as part of the last key.
const MAX_DEPTH: usize = 16;
/// Most pairs that are read from one query or form; the rest is dropped, as PHP does with `max_input_vars`.
const MAX_PAIRS: usize = 5_000;

/// A text or a map of parameters. A list is a map with the keys `0`, `1`, …
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Param {
    Text(String),
    Map(IndexMap<String, Param>),
}

impl Param {
    /// Decodes `application/x-www-form-urlencoded` text; `+` is a space.
    pub(crate) fn decode(text: &[u8]) -> Self {
        Self::collect(form_urlencoded::parse(text).into_owned())
    }

    /// Builds the tree from decoded pairs.
    pub(crate) fn collect(pairs: impl Iterator<Item = (String, String)>) -> Self {
        let mut root = IndexMap::new();
        for (name, value) in pairs.take(MAX_PAIRS) {
            let (first, rest) = split(&name);
            insert(&mut root, first, &rest, value);
        }
        Self::Map(root)
    }

    /// The member called `name`, when this is a map.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Text(_) => None,
            Self::Map(map) => map.get(name),
        }
    }

    /// The text, when this is one.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Map(_) => None,
        }
    }

    /// The members, when this is a map.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&str, &Self)> {
        let map = match self {
            Self::Text(_) => None,
            Self::Map(map) => Some(map),
        };
        map.into_iter().flatten().map(|(name, value)| (name.as_str(), value))
    }

    /// The tree as JSON. Texts that are JSON objects or lists are decoded, for the log and for people.
    pub(crate) fn to_json(&self) -> Value {
        match self {
            Self::Text(text) => match text.as_bytes().first() {
                Some(b'{' | b'[') => {
                    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.clone()))
                }
                _ => Value::String(text.clone()),
            },
            Self::Map(map) => {
                let is_list = !map.is_empty() && map.keys().enumerate().all(|(n, key)| *key == n.to_string());
                if is_list {
                    Value::Array(map.values().map(Self::to_json).collect())
                } else {
                    Value::Object(
                        map.iter()
                            .map(|(name, value)| (name.clone(), value.to_json()))
                            .collect::<Map<_, _>>(),
                    )
                }
            }
        }
    }
}

/// `filter[ids][]` as `filter` and [`ids`, ``].
fn split(name: &str) -> (&str, Vec<&str>) {
    let Some((first, mut rest)) = name.split_once('[') else { return (name, Vec::new()) };
    let mut keys = Vec::new();
    while keys.len() < MAX_DEPTH {
        let Some((key, behind)) = rest.split_once(']') else {
            // An unclosed bracket: PHP takes the whole as one name; the tree keeps it as a key, so that it shows up as unknown.
            keys.push(rest);
            break;
        };
        keys.push(key);
        match behind.strip_prefix('[') {
            Some(next) => rest = next,
            None => break,
        }
    }
    (first, keys)
}

fn insert(map: &mut IndexMap<String, Param>, key: &str, rest: &[&str], value: String) {
    let key = if key.is_empty() { next_number(map) } else { key.to_owned() };
    let Some((next, rest)) = rest.split_first() else {
        map.insert(key, Param::Text(value));
        return;
    };
    let slot = map.entry(key).or_insert_with(|| Param::Map(IndexMap::new()));
    if let Param::Text(_) = slot {
        *slot = Param::Map(IndexMap::new());
    }
    if let Param::Map(inner) = slot {
        insert(inner, next, rest, value);
    }
}

fn next_number(map: &IndexMap<String, Param>) -> String {
    map.keys()
        .filter_map(|key| key.parse::<u64>().ok())
        .max()
        .map_or(0, |last| last.saturating_add(1))
        .to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn brackets_make_trees() {
        let tree = Param::decode(
            "filter[ids][]=1&filter[ids][]=2&filter[customFields][nps][min]=5&limit=100&a[0]=x&a[1]=y"
                .as_bytes(),
        );
        let wanted = json!({"filter": {"ids": ["1", "2"], "customFields": {"nps": {"min": "5"}}}, "limit": "100", "a": ["x", "y"]});
        assert_eq!(tree.to_json(), wanted);
    }

    #[test]
    fn the_later_wins_and_plus_is_a_space() {
        assert_eq!(
            Param::decode(b"a=1&a=2&b=1&b[c]=2&d[c]=1&d=2").to_json(),
            json!({"a": "2", "b": {"c": "2"}, "d": "2"})
        );
        assert_eq!(Param::decode(b"phone=+7%2B9").to_json(), json!({"phone": " 7+9"}));
        assert_eq!(Param::decode(b"a[b=1").to_json(), json!({"a": {"b": "1"}}));
    }

    #[test]
    fn nesting_and_number_of_pairs_are_bounded() {
        let deep = format!("a{}=1", "[b]".repeat(10_000));
        let mut depth = 0;
        let mut at = &Param::decode(deep.as_bytes());
        while let Some((_, inner)) = at.members().next() {
            depth += 1;
            at = inner;
        }
        assert_eq!(depth, MAX_DEPTH + 1);
        let many = "a[]=1&".repeat(MAX_PAIRS + 10);
        assert_eq!(Param::decode(many.as_bytes()).get("a").unwrap().members().count(), MAX_PAIRS);
    }

    proptest! {
        #[test]
        fn anything_can_be_decoded(text in prop::collection::vec(any::<u8>(), 0..300)) {
            let tree = Param::decode(&text);
            prop_assert!(tree.to_json().is_object() || tree.to_json().is_array());
        }

        #[test]
        fn texts_come_through(value in "\\PC{0,40}", key in "[a-zA-Z]{1,8}") {
            let text: String = form_urlencoded::Serializer::new(String::new()).append_pair(&format!("f[{key}][]"), &value).finish();
            let tree = Param::decode(text.as_bytes());
            let found = tree.get("f").and_then(|f| f.get(&key)).and_then(|list| list.get("0")).and_then(Param::text);
            prop_assert_eq!(found, Some(value.as_str()));
        }
    }
}
