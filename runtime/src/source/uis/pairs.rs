//! Names and values of a delivery, whatever it was wrapped in.
//!
//! Only names that mean something are kept, so what a sender adds costs nothing; a name that comes twice must
//! say the same.

use std::collections::BTreeMap;

use crate::source::uis::json;
use crate::source::uis::node::Node;
use crate::source::uis::notification::FIELDS;
use crate::source::uis::reason::Reason;

/// Names of our own that a template may add: the event, and a secret.
pub(super) const EVENT: &str = "event";
pub(super) const KEY: &str = "key";

/// How deep objects inside objects are looked into; the vendor's ready templates use one level.
const MAX_NESTING: usize = 4;

/// Names and values.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    values: BTreeMap<&'static str, Node>,
}

impl Pairs {
    /// The value of a name.
    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        self.values.get(name)
    }

    /// Whether nothing was found that means anything.
    pub(super) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Takes what an object says; objects in it are looked into.
    pub(super) fn add_object(&mut self, entries: Vec<(String, Node)>) -> Result<(), Reason> {
        self.add_nested(entries, 0)
    }

    /// Takes one pair of a form.
    pub(super) fn add_text(&mut self, name: &str, text: String) -> Result<(), Reason> {
        let name = name.trim();
        let name = name.strip_suffix("[]").unwrap_or(name);
        if known(name).is_none()
            && let Some(Node::Object(entries)) = json::inside(&text)
        {
            return self.add_nested(entries, 1);
        }
        self.add(name, Node::Text(text), true)
    }

    /// Takes one value under a name; a nested object says nothing here.
    pub(super) fn add_value(&mut self, name: &str, node: Node) -> Result<(), Reason> {
        self.add(name, node, false)
    }

    fn add_nested(&mut self, entries: Vec<(String, Node)>, depth: usize) -> Result<(), Reason> {
        for (name, node) in entries {
            match node {
                Node::Object(inner) if depth < MAX_NESTING => self.add_nested(inner, depth + 1)?,
                Node::Object(_) => {}
                other => self.add(name.trim(), other, false)?,
            }
        }
        Ok(())
    }

    fn add(&mut self, name: &str, node: Node, is_form: bool) -> Result<(), Reason> {
        let Some((name, is_list)) = known(name) else { return Ok(()) };
        if node.is_absent() {
            return Ok(());
        }
        let Some(there) = self.values.get_mut(name) else {
            self.values.insert(name, node);
            return Ok(());
        };
        if same(there, &node) {
            return Ok(());
        }
        // In a form a list is a name that comes again and again.
        if is_form && is_list {
            match there {
                Node::List(items) => items.push(node),
                single => *single = Node::List(vec![std::mem::replace(single, Node::Null), node]),
            }
            return Ok(());
        }
        Err(Reason::Conflict { name })
    }
}

/// A name that means something, and whether it holds a list.
fn known(name: &str) -> Option<(&'static str, bool)> {
    match name {
        EVENT => return Some((EVENT, false)),
        KEY => return Some((KEY, false)),
        _ => {}
    }
    let place = FIELDS.binary_search_by(|row| row.name.cmp(name)).ok()?;
    FIELDS.get(place).map(|row| (row.name, row.is_list))
}

/// Whether two values say the same, one perhaps as a number and the other as a text.
fn same(left: &Node, right: &Node) -> bool {
    let text = |node: &Node| match node {
        Node::Text(text) => Some(text.trim().to_owned()),
        Node::Whole(number) => Some(number.to_string()),
        Node::Flag(flag) => Some(flag.to_string()),
        _ => None,
    };
    left == right || text(left).is_some_and(|left| Some(left) == text(right))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(text: &str) -> Result<Pairs, Reason> {
        let Node::Object(entries) = json::parse(text).unwrap() else { panic!("no object") };
        let mut pairs = Pairs::default();
        pairs.add_object(entries)?;
        Ok(pairs)
    }

    #[test]
    fn names_are_found_at_every_level() {
        let pairs = object(r#"{"call_session_id":1,"a":{"contact_phone_number":"7","b":{"employee_id":2}}}"#)
            .unwrap();
        assert_eq!(pairs.get("call_session_id"), Some(&Node::Whole(1)));
        assert_eq!(pairs.get("contact_phone_number"), Some(&Node::Text("7".into())));
        assert_eq!(pairs.get("employee_id"), Some(&Node::Whole(2)));
        let deep = object(r#"{"a":{"a":{"a":{"a":{"a":{"employee_id":2}}}}}}"#).unwrap();
        assert!(deep.is_empty());
    }

    #[test]
    fn a_name_that_comes_twice_must_say_the_same() {
        assert!(object(r#"{"employee_id":2,"employee_id":"2","x":{"employee_id":null}}"#).is_ok());
        assert_eq!(
            object(r#"{"employee_id":2,"x":{"employee_id":3}}"#).unwrap_err(),
            Reason::Conflict { name: "employee_id" }
        );
    }

    #[test]
    fn in_a_form_lists_are_names_that_come_again() {
        let mut pairs = Pairs::default();
        for id in ["1", "2", "3"] {
            pairs.add_text("employee_ids[]", id.to_owned()).unwrap();
        }
        let ids = Node::List(["1", "2", "3"].map(|id| Node::Text(id.to_owned())).into());
        assert_eq!(pairs.get("employee_ids"), Some(&ids));
        pairs.add_text("contact_info", r#"{"contact_full_name":"Анна"}"#.to_owned()).unwrap();
        assert_eq!(pairs.get("contact_full_name"), Some(&Node::Text("Анна".into())));
    }
}
