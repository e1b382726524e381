//! Where in a text of JSON each name and value stands.
//!
//! Takes a text, gives a tree of places; whether the text is JSON at all is not asked. What is being typed seldom is, and an
//! editor wants to know all the same where the cursor is: a name without its value, a text without its end and a list that is
//! never closed have places, too. A text ends with its line, so that a quote that is missing does not swallow the rest.

use std::collections::BTreeSet;

use switchboard_grammar::span::Span;

/// How deep the tree goes; what lies deeper has no places. As deep as `serde_json` reads.
const MAX_DEPTH: usize = 128;

/// A value and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// All of it, brackets and quotes too; empty where a value is missing.
    pub span: Span,
    /// What it is.
    pub form: Form,
    /// What is in it, in order: the members of an object, the entries of a list.
    pub members: Vec<Member>,
}

/// What a value is, as far as its first letter tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `{…}`
    Object,
    /// `[…]`
    List,
    /// `"…"`
    Text,
    /// A number, `true`, `false`, `null`, or a word that means nothing.
    Word,
    /// Nothing: a name whose value has not been written.
    Missing,
}

/// A member of an object, or an entry of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The name; of entries the number in brackets: `[0]`.
    pub name: String,
    /// The name with its quotes; of an entry that of its value.
    pub key: Span,
    /// The value.
    pub value: Node,
}

/// Reads the places of a text.
pub fn places(text: &str) -> Node {
    let mut reader = Reader { text, at: 0 };
    reader.value(0)
}

impl Node {
    /// The member that a dotted path means, as errors about events write it: `event.utm.source`, `facts.crm.orders[0].number`.
    /// A name may have dots of its own.
    pub fn find(&self, path: &str) -> Option<&Member> {
        self.members.iter().find_map(|member| match rest_of(path, &member.name)? {
            "" => Some(member),
            rest => member.value.find(rest),
        })
    }

    /// The member that a path means, or else the innermost one on the way to it.
    pub fn nearest(&self, path: &str) -> Option<&Member> {
        let inner = |member: &'_ Member| rest_of(path, &member.name).is_some();
        let member = self.members.iter().find(|member| inner(member))?;
        let rest = rest_of(path, &member.name).unwrap_or_default();
        Some(member.value.nearest(rest).unwrap_or(member))
    }

    /// The first member of an object whose name stands in that object before it.
    pub fn told_twice(&self) -> Option<&Member> {
        let mut known = BTreeSet::new();
        self.members.iter().find_map(|member| match known.insert(member.name.as_str()) {
            false => Some(member),
            true => member.value.told_twice(),
        })
    }
}

/// What of a path is left behind a name; None when it does not begin with it.
fn rest_of<'p>(path: &'p str, name: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(name)?;
    match rest.strip_prefix('.') {
        Some(rest) => Some(rest),
        None => (rest.is_empty() || rest.starts_with('[')).then_some(rest),
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Goes over everything that `passes` holds for.
    fn pass(&mut self, passes: impl Fn(char) -> bool) {
        let rest = self.rest();
        let length = rest.find(|ch| !passes(ch)).unwrap_or(rest.len());
        self.at += length;
    }

    fn value(&mut self, depth: usize) -> Node {
        self.pass(is_blank);
        let start = self.at;
        let (form, members) = match self.peek() {
            Some('{') => (Form::Object, self.inside('}', depth)),
            Some('[') => (Form::List, self.inside(']', depth)),
            Some('"') => {
                self.quoted();
                (Form::Text, Vec::new())
            }
            Some(ch) if !is_sign(ch) => {
                self.pass(|ch| !is_blank(ch) && !is_sign(ch) && ch != '"');
                (Form::Word, Vec::new())
            }
            _ => (Form::Missing, Vec::new()),
        };
        Node { span: Span::of(start..self.at), form, members }
    }

    /// The members between brackets; the reader stands at the first bracket and is left behind the last.
    fn inside(&mut self, end: char, depth: usize) -> Vec<Member> {
        self.at += 1;
        let mut members = Vec::new();
        loop {
            self.pass(|ch| is_blank(ch) || ch == ',');
            let Some(ch) = self.peek() else { return members };
            if ch == end {
                self.at += 1;
                return members;
            }
            // A bracket that closes something else ends this, too: what is open above may be meant.
            if matches!(ch, '}' | ']') {
                return members;
            }
            let before = self.at;
            if depth < MAX_DEPTH {
                members.extend(if end == '}' {
                    self.member(depth)
                } else {
                    let value = self.value(depth + 1);
                    let name = format!("[{}]", members.len());
                    Some(Member { name, key: value.span, value })
                });
            }
            if self.at == before {
                // No name and no value can begin here.
                self.at += ch.len_utf8();
            }
        }
    }

    /// A member of an object; None when no name stands here.
    fn member(&mut self, depth: usize) -> Option<Member> {
        if self.peek() != Some('"') {
            return None;
        }
        let start = self.at;
        self.quoted();
        let key = Span::of(start..self.at);
        self.pass(is_blank);
        let value = if self.peek() == Some(':') {
            self.at += 1;
            self.value(depth + 1)
        } else {
            Node { span: Span::at(key.end), form: Form::Missing, members: Vec::new() }
        };
        let written = key.text(self.text);
        let name = serde_json::from_str(written).unwrap_or_else(|_| written.trim_matches('"').to_owned());
        Some(Member { name, key, value })
    }

    /// Goes over a text in quotes, at most to the end of its line.
    fn quoted(&mut self) {
        let rest = self.rest();
        let mut escaped = false;
        for (at, ch) in rest.char_indices().skip(1) {
            match ch {
                '\n' | '\r' => {
                    self.at += at;
                    return;
                }
                '"' if !escaped => {
                    self.at += at + 1;
                    return;
                }
                _ => escaped = ch == '\\' && !escaped,
            }
        }
        self.at += rest.len();
    }
}

const fn is_blank(ch: char) -> bool {
    matches!(ch, ' ' | '\t' | '\n' | '\r' | '\u{feff}')
}

const fn is_sign(ch: char) -> bool {
    matches!(ch, '{' | '}' | '[' | ']' | ',' | ':')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    #[track_caller]
    fn check(text: &str, path: &str, key: &str, value: &str) {
        let tree = places(text);
        let found = tree.find(path).unwrap_or_else(|| panic!("{path}: {tree:?}"));
        assert_eq!((found.key.text(text), found.value.span.text(text)), (key, value));
    }

    #[test]
    fn a_path_leads_to_its_name_and_value() {
        let text = r#"{"event": {"utm.source": "а", "utm": {"me\u0064ium": 1}}, "facts": {"crm": [{"n": [1, "x"]}]}}"#;
        check(text, "event.utm.source", r#""utm.source""#, r#""а""#);
        check(text, "event.utm.medium", r#""me\u0064ium""#, "1");
        check(text, "facts.crm[0].n[1]", r#""x""#, r#""x""#);
        let tree = places(text);
        assert_eq!(tree.find("event.utm.term"), None);
        assert_eq!(tree.nearest("event.utm.term").map(|near| near.name.as_str()), Some("utm"));
        assert_eq!(tree.nearest("now"), None);
    }

    #[test]
    fn what_is_being_typed_has_places() {
        check("{\"event\": {\"kind\": \"ca\n  \"phone\"", "event.kind", "\"kind\"", "\"ca");
        check("{\"event\": {\"kind\": \"ca\n  \"phone\"", "event.phone", "\"phone\"", "");
        check("{\"event\": {\"kind\": , \"missed\": tr", "event.missed", "\"missed\"", "tr");
        check("{\"event\": {\"kind\": ]}, \"now\": 1}", "event.kind", "\"kind\"", "");
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            ".{0,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[^.\\[]{1,5}", inner, 0..4)
                    .prop_map(|members| members.into_iter().collect::<Value>()),
            ]
        })
    }

    /// Holds every place against what `serde_json` read.
    fn same(text: &str, node: &Node, json: &Value) {
        let read: Value = serde_json::from_str(node.span.text(text)).unwrap();
        assert_eq!(&read, json);
        match json {
            Value::Object(object) => {
                assert_eq!(node.members.len(), object.len());
                for member in &node.members {
                    same(text, &member.value, &object[&member.name]);
                }
            }
            Value::Array(items) => {
                assert_eq!(node.members.len(), items.len());
                node.members.iter().zip(items).for_each(|(member, item)| same(text, &member.value, item));
            }
            _ => assert!(node.members.is_empty()),
        }
    }

    proptest! {
        #[test]
        fn places_of_json_are_those_of_its_values(json in json(), pretty in any::<bool>()) {
            let text = if pretty { serde_json::to_string_pretty(&json) } else { serde_json::to_string(&json) };
            let text = text.unwrap();
            same(&text, &places(&text), &json);
        }

        #[test]
        fn any_text_has_places_within_it(text in "[\\{\\}\\[\\],:\"a\\\\ \\né]{0,40}") {
            fn within(text: &str, node: &Node) {
                assert!(text.get(node.span.range()).is_some());
                for member in &node.members {
                    assert!(text.get(member.key.range()).is_some());
                    within(text, &member.value);
                }
            }
            within(&text, &places(&text));
        }
    }
}
