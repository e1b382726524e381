//! What may stand in the file of a test, and where in it the cursor is.
//!
//! Names and values are those of the schema, the facts and the expectations of the engine; a name is offered, explained and
//! completed from the same entry. Works on texts that are being typed, which are seldom JSON.

use std::collections::HashSet;

use switchboard_engine::catalog::{FACTS, RecordSpec, Shape, schema};
use switchboard_engine::fixture::{EXPECTED, EXPECTED_OF, EXPECTED_OF_DEAL};
use switchboard_engine::json::{Form, Node, places};
use switchboard_engine::schema::{Docs, EventKind, Field, FieldSpec, Origin};
use switchboard_engine::ty::{ReferenceKind, Scalar, Type};
use switchboard_grammar::span::Span;

/// Where the cursor is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    /// The names on the way: of a name those above it, of a value its own too. Entries of lists are `[0]`.
    pub(crate) path: Vec<String>,
    /// Whether a name stands or would stand here; otherwise a value.
    pub(crate) is_name: bool,
    /// What stands here already, with its quotes; empty where nothing does.
    pub(crate) span: Span,
    /// Whether the name has a value behind it.
    pub(crate) has_value: bool,
}

/// A name that may stand somewhere.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) name: String,
    /// What it is called in Russian; empty where it has no other name.
    pub(crate) ru: &'static str,
    pub(crate) doc: Option<Docs>,
    pub(crate) holds: Holds,
    /// A value as files write it, in JSON; empty when there is none.
    pub(crate) example: &'static str,
}

/// What stands behind a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    Object,
    /// A value of a type.
    Value(Type),
    /// A list of a few words.
    Words(&'static [&'static str]),
    /// One of a few words.
    OneOf(&'static [&'static str]),
}

/// What a test may say, with what each name means.
const TOP: [(&str, Holds, Docs); 5] = [
    (
        "about",
        Holds::Value(TEXT),
        Docs {
            en: "what the test shows, in a sentence", ru: "что показывает тест, одним предложением"
        },
    ),
    ("event", Holds::Object, Docs { en: "the event; it has to be there", ru: "событие; оно обязательно" }),
    (
        "facts",
        Holds::Object,
        Docs {
            en: "what is known beside the event", ru: "что известно помимо события"
        },
    ),
    (
        "now",
        Holds::Value(MOMENT),
        Docs {
            en: "the present moment for the rules", ru: "текущий момент для правил"
        },
    ),
    (
        "expect",
        Holds::Object,
        Docs {
            en: "what has to come of it, whatever was accepted",
            ru: "что должно получиться, что бы ни было принято",
        },
    ),
];
const TEXT: Type = Type::of(Scalar::Text);
const MOMENT: Type = Type::of(Scalar::Moment);
const KINDS: &[&str] = &["call", "chat", "request", "order"];
const KIND: Docs = Docs { en: "the kind of event", ru: "вид события" };

/// Where an offset of a text is.
pub(crate) fn spot(text: &str, offset: u32) -> Spot {
    let mut path = Vec::new();
    let root = places(text);
    within(text, &root, offset, &mut path)
}

/// The names that may stand in the object that a path leads to.
pub(crate) fn entries(text: &str, path: &[String]) -> Vec<Entry> {
    let root = places(text);
    let is_bare = root.find("kind").is_some() && root.find("event").is_none();
    let kind_at = if is_bare { "kind" } else { "event.kind" };
    let kind = root.find(kind_at).map(|member| member.value.span.text(text).trim_matches('"'));
    let kind = kind.and_then(|kind| EventKind::ALL.into_iter().find(|known| known.as_str() == kind));
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path.as_slice() {
        [] if is_bare => of_event(kind, ""),
        [] => TOP.iter().map(|(name, holds, doc)| entry(name, *holds, Some(*doc))).collect(),
        ["event"] => of_event(kind, ""),
        ["event", inner @ ..] => of_event(kind, &format!("{}.", inner.join("."))),
        ["facts", inner @ ..] => of_facts(inner),
        ["expect"] => EXPECTED.iter().map(|name| entry(name, expected(name), None)).collect(),
        ["expect", "fields"] => EXPECTED_OF.iter().map(|name| entry(name, Holds::Object, None)).collect(),
        ["expect", "deal"] => EXPECTED_OF_DEAL.iter().map(|name| entry(name, of_deal(name), None)).collect(),
        inner if is_bare => of_event(kind, &format!("{}.", inner.join("."))),
        _ => Vec::new(),
    }
}

/// The entry of the name that a path ends with; of an entry of a list that of the list.
pub(crate) fn entry_at(text: &str, path: &[String]) -> Option<Entry> {
    let path = match path.split_last()? {
        (last, above) if last.starts_with('[') => above,
        _ => path,
    };
    let (name, above) = path.split_last()?;
    entries(text, above).into_iter().find(|entry| entry.name == *name)
}

fn within(text: &str, node: &Node, offset: u32, path: &mut Vec<String>) -> Spot {
    let is_object = node.form == Form::Object;
    for (at, member) in node.members.iter().enumerate() {
        let value = &member.value;
        if is_object && member.key.touches(offset) {
            let has_value = value.form != Form::Missing;
            return Spot { path: std::mem::take(path), is_name: true, span: member.key, has_value };
        }
        // Up to the next name everything behind the colon is the place of the value.
        let next = node.members.get(at + 1);
        let end = next.map_or(node.span.end, |next| next.key.start);
        // An object that is not closed yet goes on behind its end.
        let goes_on = next.is_none() && !is_closed(text, node);
        let is_before_end = offset < end || offset == end && goes_on;
        let is_missing = value.form == Form::Missing && is_object && member.key.end < offset && is_before_end;
        if value.span.touches(offset) && value.form != Form::Missing || is_missing {
            path.push(member.name.clone());
            let is_inside = value.span.start < offset && offset < value.span.end
                || offset == value.span.end && !is_closed(text, value);
            if matches!(value.form, Form::Object | Form::List) && is_inside {
                return within(text, value, offset, path);
            }
            let span = if is_missing { Span::at(offset) } else { value.span };
            return Spot { path: std::mem::take(path), is_name: false, span, has_value: !is_missing };
        }
    }
    if node.form == Form::List {
        path.push(format!("[{}]", node.members.len()));
    }
    Spot {
        path: std::mem::take(path),
        is_name: node.form != Form::List,
        span: Span::at(offset),
        has_value: false,
    }
}

/// Whether the last bracket of an object or list is there.
fn is_closed(text: &str, node: &Node) -> bool {
    node.span.text(text).ends_with(['}', ']'])
}

/// The names that stand in the object that a path leads to.
pub(crate) fn present(text: &str, path: &[String]) -> HashSet<String> {
    let mut node = places(text);
    for name in path {
        let Some(member) = node.members.into_iter().find(|member| member.name == *name) else {
            return HashSet::new();
        };
        node = member.value;
    }
    node.members.into_iter().map(|member| member.name).collect()
}

/// Fields of an event behind a beginning of their dotted names.
fn of_event(kind: Option<EventKind>, prefix: &str) -> Vec<Entry> {
    let mut found = Vec::new();
    if prefix.is_empty() {
        found.push(entry("kind", Holds::OneOf(KINDS), Some(KIND)));
    }
    // While the kind has not been written, what any event may have.
    let kinds = kind.map_or_else(|| EventKind::ALL.to_vec(), |kind| vec![kind]);
    let fields = kinds.into_iter().flat_map(|kind| schema().fields(kind));
    found.extend(
        fields.filter(|field| field.spec.origin == Origin::Event).filter_map(|field| of_field(field, prefix)),
    );
    unique(found)
}

fn of_facts(path: &[&str]) -> Vec<Entry> {
    match path {
        [side @ ("crm" | "uis")] => {
            let facts = FACTS.iter().filter(|spec| spec.side() == *side);
            facts
                .map(|spec| {
                    let holds = match spec.shape {
                        Shape::Many(_) => Holds::Value(Type::list_of(Scalar::Any)),
                        Shape::One(_) | Shape::Codes => Holds::Object,
                    };
                    entry(spec.script_name(), holds, Some(spec.doc))
                })
                .collect()
        }
        [side @ ("crm" | "uis"), name, rest @ ..] => {
            let spec = FACTS.iter().find(|spec| spec.side() == *side && spec.script_name() == *name);
            match (spec.map(|spec| spec.shape), rest) {
                (Some(Shape::One(record)), []) | (Some(Shape::Many(record)), [_]) => of_record(record),
                _ => Vec::new(),
            }
        }
        _ => {
            let prefix = if path.is_empty() { String::new() } else { format!("{}.", path.join(".")) };
            let fields = EventKind::ALL.into_iter().flat_map(|kind| schema().fields(kind));
            let facts = fields.filter(|field| field.spec.origin == Origin::Facts);
            let mut found: Vec<Entry> = facts.filter_map(|field| of_field(field, &prefix)).collect();
            if path.is_empty() {
                let sides: HashSet<&str> = FACTS.iter().map(|spec| spec.side()).collect();
                let mut sides: Vec<&str> = sides.into_iter().collect();
                sides.sort_unstable();
                found.extend(sides.into_iter().map(|side| entry(side, Holds::Object, None)));
            }
            unique(found)
        }
    }
}

fn of_record(record: &'static RecordSpec) -> Vec<Entry> {
    record.fields.iter().map(|spec| of_spec(spec.name, spec)).collect()
}

fn of_field(field: &Field, prefix: &str) -> Option<Entry> {
    // Of an open field (`client.custom.X`) the codes are anybody's.
    let name = field.name().strip_prefix(prefix).filter(|_| !field.is_open())?;
    Some(of_spec(name, field.spec))
}

fn of_spec(name: &str, spec: &'static FieldSpec) -> Entry {
    Entry {
        name: name.to_owned(),
        ru: spec.ru,
        doc: Some(spec.doc),
        holds: Holds::Value(spec.ty),
        example: spec.example,
    }
}

fn entry(name: &str, holds: Holds, doc: Option<Docs>) -> Entry {
    let example = if holds == Holds::Value(MOMENT) { "\"2026-03-02T12:00:00+03:00\"" } else { "" };
    Entry { name: name.to_owned(), ru: "", doc, holds, example }
}

fn expected(name: &str) -> Holds {
    let reference = |kind| Holds::Value(Type::of(Scalar::Reference(kind)));
    match name {
        "accepted" => Holds::Value(Type::of(Scalar::YesNo)),
        "create" => Holds::Words(&EXPECTED_OF),
        "tasks" => Holds::Value(Type::list_of(Scalar::Text)),
        "responsible" | "forward_to" => reference(ReferenceKind::Employee),
        "store" => reference(ReferenceKind::Store),
        "fields" | "deal" => Holds::Object,
        _ => Holds::Value(TEXT),
    }
}

fn of_deal(name: &str) -> Holds {
    match name {
        "amount" => Holds::Value(Type::of(Scalar::Number)),
        "outcome" => Holds::OneOf(&["open", "won", "lost"]),
        "pass" => Holds::Object,
        _ => Holds::Value(TEXT),
    }
}

/// The first of each name: kinds of events share most of their fields.
fn unique(entries: Vec<Entry>) -> Vec<Entry> {
    let mut seen = HashSet::new();
    entries.into_iter().filter(|entry| seen.insert(entry.name.clone())).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(marked: &str, path: &[&str], is_name: bool, stands: &str) {
        let offset = marked.find('|').unwrap();
        let text = marked.replacen('|', "", 1);
        let spot = spot(&text, u32::try_from(offset).unwrap());
        assert_eq!(
            (spot.path, spot.is_name, spot.span.text(&text)),
            (path.iter().map(|name| (*name).to_owned()).collect(), is_name, stands)
        );
    }

    #[test]
    fn the_cursor_is_at_a_name_or_at_its_value() {
        check("|", &[], true, "");
        check("{|}", &[], true, "");
        check("{\"ev|\"}", &[], true, "\"ev\"");
        check("{\"event\": |}", &["event"], false, "");
        check("{\"event\": {|}, \"now\": 1}", &["event"], true, "");
        check("{\"event\": {\"kind\": \"ca|\"}}", &["event", "kind"], false, "\"ca\"");
        check("{\"event\": {\"kind\": \"call\"}|}", &["event"], false, "{\"kind\": \"call\"}");
        check("{\"event\": {\"kind\": \"call\",\n  |", &["event"], true, "");
        check("{\"expect\": {\"create\": [\"client\", |]}}", &["expect", "create", "[1]"], false, "");
    }

    proptest! {
        #[test]
        fn no_place_of_any_text_makes_it_stumble(text in "[\\{\\}\\[\\],:\"a\\\\ \né]{0,30}", at in 0usize..40) {
            let at = u32::try_from(text.floor_char_boundary(at.min(text.len()))).unwrap();
            let spot = spot(&text, at);
            prop_assert!(text.get(spot.span.range()).is_some());
            let _ = (entries(&text, &spot.path), entry_at(&text, &spot.path), present(&text, &spot.path));
        }
    }
}
