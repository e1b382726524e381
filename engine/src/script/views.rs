//! What a policy sees: `event`, `facts` and the records in them, read only and strict.
//!
//! Properties are those of the catalogue in English; any other name is refused with what was probably meant. Nothing is
//! copied for a script before it asks: views share what they show.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use rhai::{Array, Dynamic, EvalAltResult, FuncRegistration, ImmutableString, Module};
use smol_str::SmolStr;
use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::lang::Lang;

use super::convert::to_dynamic;
use super::policy;
use super::refusal::{refuse, unknown};
use crate::catalog::{FACTS, Fact, Shape, schema};
use crate::event::Event;
use crate::facts::{Codes, Facts, Known, Record};
use crate::moment::{Date, Moment, Time};
use crate::program::Need;
use crate::schema::{EventKind, FieldKey, Spelling};
use crate::value::Value;

type Outcome<T> = Result<T, Box<EvalAltResult>>;

/// An event with what is known around it, shared by all policies of one decision.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) event: Event,
    pub(crate) facts: Facts,
    pub(crate) now: Moment,
}

/// `event`, or a part of it such as `event.utm`.
#[derive(Clone)]
pub(super) struct EventView {
    seen: Arc<Seen>,
    /// The name so far: empty, `utm`, `client.custom`.
    prefix: SmolStr,
}

/// `facts`, those that the policy declared.
#[derive(Clone)]
pub(super) struct FactsView {
    seen: Arc<Seen>,
    needs: Arc<[Need]>,
}

/// A record of a fact.
#[derive(Clone)]
pub(super) struct RecordView(Arc<Record>);

/// Values by code; a code that is not there is missing.
#[derive(Clone)]
pub(super) struct CodesView(Arc<Codes>);

impl EventView {
    /// The whole event.
    pub(super) fn new(seen: &Arc<Seen>) -> EventView {
        EventView { seen: Arc::clone(seen), prefix: SmolStr::default() }
    }

    /// A name that is written out in the script, whose places are known: no path is put together for it.
    fn get_known(&self, name: &str, places: &[Place]) -> Outcome<Dynamic> {
        let kind = self.seen.event.kind();
        match places.iter().find(|place| place.kind == kind && place.prefix == self.prefix) {
            Some(Place { name: EventName::Field(key), .. }) => Ok(self.field(key)),
            Some(Place { path, name: EventName::Part, .. }) => Ok(self.part(SmolStr::new_static(path))),
            None => self.get(name),
        }
    }

    fn field(&self, key: &FieldKey) -> Dynamic {
        let fact = self.seen.facts.value(key);
        to_dynamic(if fact.is_missing() { self.seen.event.value(key) } else { fact })
    }

    fn part(&self, path: SmolStr) -> Dynamic {
        Dynamic::from(EventView { seen: Arc::clone(&self.seen), prefix: path })
    }

    fn get(&self, name: &str) -> Outcome<Dynamic> {
        let kind = self.seen.event.kind();
        if self.prefix.is_empty() && name == "kind" {
            return Ok(ImmutableString::from(kind.as_str()).into());
        }
        let path = join(&self.prefix, name);
        match event_name(kind, &path) {
            Some(EventName::Field(key)) => Ok(self.field(&key)),
            Some(EventName::Part) => Ok(self.part(path)),
            // A policy for several kinds of event may ask for what only one of them has.
            None => match EventKind::ALL.into_iter().find_map(|other| event_name(other, &path)) {
                Some(EventName::Field(_)) => Ok(Dynamic::UNIT),
                Some(EventName::Part) => Ok(self.part(path)),
                None => Err(refuse(unknown_event_name(&[kind], &path))),
            },
        }
    }
}

/// What a dotted name of an event means.
pub(super) enum EventName {
    /// A field.
    Field(FieldKey),
    /// A part with fields in it.
    Part,
}

/// What a dotted name means for a kind of event.
pub(super) fn event_name(kind: EventKind, path: &str) -> Option<EventName> {
    if let Some(found) = schema().find_field(kind, path)
        && found.spelling == Spelling::English
    {
        return Some(EventName::Field(FieldKey { id: found.field.id, key: found.key.map(SmolStr::new) }));
    }
    schema().is_prefix(kind, path).then_some(EventName::Part)
}

/// What to say of a name that events of these kinds do not have.
pub(super) fn unknown_event_name(kinds: &[EventKind], path: &str) -> Text {
    let mut text =
        Text::new(format!("this event has no field `{path}`"), format!("у этого события нет поля `{path}`"));
    // The name in the other language, or that of UIS, is known well enough.
    let known = kinds.iter().find_map(|kind| schema().find_field(*kind, path));
    let meant = match known {
        Some(found) if found.spelling != Spelling::English => Some(found.field.name_with(found.key)),
        _ => None,
    };
    let elsewhere: Vec<EventKind> = EventKind::ALL
        .into_iter()
        .filter(|kind| {
            meant.is_none()
                && schema().find_field(*kind, path).is_some_and(|found| found.spelling == Spelling::English)
        })
        .collect();
    if !elsewhere.is_empty() {
        let en: Vec<_> = elsewhere.iter().map(|kind| kind.plural_en()).collect();
        let ru: Vec<_> = elsewhere.iter().map(|kind| kind.plural_ru()).collect();
        text.en.push_str(&format!("; it is a field of {}", en.join(", ")));
        text.ru.push_str(&format!("; это поле есть у {}", ru.join(", ")));
        return text;
    }
    let meant = meant.or_else(|| {
        let near = kinds.iter().find_map(|kind| schema().suggest_field(*kind, path));
        near.map(|field| field.name().to_owned())
    });
    if let Some(meant) = meant {
        text.en.push_str(&format!("; did you mean `{meant}`?"));
        text.ru.push_str(&format!("; возможно, имелось в виду `{meant}`?"));
    }
    text
}

pub(super) fn join(prefix: &str, name: &str) -> SmolStr {
    if prefix.is_empty() { SmolStr::new(name) } else { smol_str::format_smolstr!("{prefix}.{name}") }
}

impl FactsView {
    pub(super) fn new(seen: &Arc<Seen>, needs: &Arc<[Need]>) -> FactsView {
        FactsView { seen: Arc::clone(seen), needs: Arc::clone(needs) }
    }

    fn get(&self, name: &str) -> Outcome<Dynamic> {
        if name == "now" {
            return Ok(Dynamic::from(self.seen.now));
        }
        match Fact::of_script(name) {
            Some(fact) => self.fact(fact),
            None => {
                let names = FACTS.iter().map(|spec| spec.script_name()).chain(["now"]);
                Err(refuse(unknown(name, "facts", "facts", names)))
            }
        }
    }

    fn fact(&self, fact: Fact) -> Outcome<Dynamic> {
        let Some(need) = self.needs.iter().find(|need| need.fact == fact) else {
            return Err(refuse(undeclared(fact)));
        };
        Ok(match (self.seen.facts.asked(fact), fact.spec().shape) {
            (Some(Known::One(record)), _) => Dynamic::from(RecordView(Arc::clone(record))),
            (Some(Known::Codes(codes)), _) => Dynamic::from(CodesView(Arc::clone(codes))),
            (Some(Known::Many(records)), _) => {
                let all = records
                    .iter()
                    .take(usize::from(need.count))
                    .map(|record| Dynamic::from(RecordView(Arc::clone(record))));
                all.collect::<Array>().into()
            }
            (None, Shape::One(_)) => Dynamic::UNIT,
            (None, Shape::Many(_)) => Array::new().into(),
            (None, Shape::Codes) => Dynamic::from(CodesView(Arc::default())),
        })
    }
}

/// What to say of a fact that the policy does not declare.
pub(super) fn undeclared(fact: Fact) -> Text {
    let spec = fact.spec();
    Text::new(
        format!("`{}` is not declared: add `needs {}` to the policy", spec.script_name(), spec.name),
        format!("`{}` не объявлен: добавьте к политике `нужны {}`", spec.script_name(), spec.ru),
    )
}

impl RecordView {
    fn get(&self, name: &str) -> Outcome<Dynamic> {
        let spec = self.0.spec();
        if name == "custom" && spec.custom {
            return Ok(Dynamic::from(CodesView(Arc::clone(self.0.custom()))));
        }
        match spec.place(name) {
            Some(place) => Ok(to_dynamic(self.0.at(place))),
            None => Err(refuse(unknown(name, spec.title.en, "этой записи", spec.names()))),
        }
    }
}

/// What a name means behind a part of events of one kind.
struct Place {
    kind: EventKind,
    /// The name before it: empty, `utm`.
    prefix: &'static str,
    /// Both together: `utm.source`.
    path: &'static str,
    name: EventName,
}

/// All names that events may be asked for, with what they mean where, so that each has a getter and none is looked for while
/// a script runs.
static NAMES: LazyLock<BTreeMap<&'static str, Vec<Place>>> = LazyLock::new(|| {
    let mut names: BTreeMap<&'static str, Vec<Place>> = BTreeMap::from([("kind", Vec::new())]);
    for kind in EventKind::ALL {
        for path in schema().fields(kind).iter().flat_map(|field| paths(field.name())) {
            let (prefix, last) = path.rsplit_once('.').unwrap_or(("", path));
            let places = names.entry(last).or_default();
            let is_new = !places.iter().any(|known| known.kind == kind && known.prefix == prefix);
            if let Some(name) = event_name(kind, path).filter(|_| is_new) {
                places.push(Place { kind, prefix, path, name });
            }
        }
    }
    names
});

/// A name with all its beginnings: `client`, `client.custom` of `client.custom.X`, whose last part is no name.
fn paths(name: &'static str) -> impl Iterator<Item = &'static str> {
    let beginnings = name.match_indices('.').filter_map(move |(at, _)| name.get(..at));
    beginnings.chain((!name.ends_with(".X")).then_some(name))
}

/// Adds the views to the library of all scripts.
pub(super) fn add(module: &mut Module) {
    module
        .set_custom_type::<EventView>("Event")
        .set_custom_type::<FactsView>("Facts")
        .set_custom_type::<RecordView>("Record")
        .set_custom_type::<CodesView>("Codes");
    for (name, places) in NAMES.iter() {
        FuncRegistration::new_getter(*name)
            .set_into_module(module, move |view: &mut EventView| view.get_known(name, places));
    }
    for spec in &FACTS {
        FuncRegistration::new_getter(spec.script_name())
            .set_into_module(module, move |view: &mut FactsView| view.fact(spec.fact));
    }
    FuncRegistration::new_getter("now").set_into_module(module, |view: &mut FactsView| view.seen.now);
    let records = FACTS.iter().filter_map(|spec| match spec.shape {
        Shape::One(record) | Shape::Many(record) => Some(record),
        Shape::Codes => None,
    });
    let names: BTreeSet<&'static str> = records.flat_map(|record| record.names()).collect();
    for name in names {
        FuncRegistration::new_getter(name)
            .set_into_module(module, move |view: &mut RecordView| view.get(name));
    }
    FuncRegistration::new_index_getter()
        .set_into_module(module, |view: &mut EventView, name: ImmutableString| view.get(&name));
    FuncRegistration::new_index_getter()
        .set_into_module(module, |view: &mut FactsView, name: ImmutableString| view.get(&name));
    FuncRegistration::new_index_getter()
        .set_into_module(module, |view: &mut RecordView, name: ImmutableString| view.get(&name));
    FuncRegistration::new_index_getter().set_into_module(
        module,
        |view: &mut CodesView, code: ImmutableString| {
            view.0.get(code.as_str()).map_or(Dynamic::UNIT, to_dynamic)
        },
    );
}

/// A value for the log.
pub(super) fn words(value: &Dynamic) -> String {
    let moment = || value.clone().try_cast::<Moment>().map(|moment| moment.to_string());
    let date = || value.clone().try_cast::<Date>().map(|date| date.to_string());
    let time = || value.clone().try_cast::<Time>().map(|time| time.to_string());
    if let Some(known) = moment().or_else(date).or_else(time) {
        return known;
    }
    if let Some(record) = value.read_lock::<RecordView>() {
        let fields = record.0.spec().fields.iter().enumerate();
        return entries(fields.map(|(place, field)| (field.name, record.0.at(place))));
    }
    if let Some(codes) = value.read_lock::<CodesView>() {
        return entries(codes.0.iter().map(|(code, value)| (code.as_str(), value)));
    }
    // What has no text of its own is called what it is, and not what it is to Rust.
    if value.type_name().contains("::") { kind(value).en } else { value.to_string() }
}

/// What is there of a record.
fn entries<'v>(all: impl Iterator<Item = (&'v str, &'v Value)>) -> String {
    let there = all.filter(|(_, value)| !value.is_missing());
    let shown: Vec<String> =
        there.map(|(name, value)| format!("{name}: {}", value.render(Lang::En))).collect();
    format!("#{{{}}}", shown.join(", "))
}

/// What a value of a script is, in words.
pub(super) fn kind(value: &Dynamic) -> Text {
    let known = [
        ("()", "nothing", "ничего"),
        ("string", "a text", "текст"),
        ("bool", "true or false", "true или false"),
        ("i64", "a number", "число"),
        ("decimal", "a number", "число"),
        ("array", "a list", "список"),
        ("map", "a map", "словарь"),
    ];
    let name = value.type_name();
    let name = if value.is_string() { "string" } else { name };
    let found = known.iter().find(|(of, _, _)| *of == name);
    match found {
        Some((_, en, ru)) => Text::new(*en, *ru),
        None if value.is::<Moment>() => Text::new("a moment", "момент"),
        None if value.is::<EventView>() => Text::new("the event", "событие"),
        None if value.is::<FactsView>() => Text::new("the facts", "факты"),
        None if value.is::<RecordView>() => Text::new("a record", "запись"),
        None => match policy::hook_of(value) {
            Some(hook) => {
                let name = hook.spec().type_name;
                Text::same(name)
            }
            None => Text::new("a value of another type", "значение другого типа"),
        },
    }
}
