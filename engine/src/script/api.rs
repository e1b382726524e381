//! What scripts may call beside Rhai's own functions: missing values, texts and phones as rules see them, and
//! the parts of moments.

use jiff::tz::TimeZoneDatabase;
use rhai::{Dynamic, EvalAltResult, FuncRegistration, ImmutableString, Module};
use rust_decimal::RoundingStrategy;
use switchboard_grammar::diagnostic::Text;

use super::refusal::refuse;
use crate::decimal::{self, Decimal};
use crate::moment::{Date, Moment, Seconds, Time};
use crate::phone::Phone;
use crate::schema::Docs;
use crate::text::fold;
use crate::value::{Pattern, is_missing_text};

/// A function that scripts may call, for the documentation.
#[derive(Debug)]
pub struct Helper {
    /// Its name in scripts.
    pub name: &'static str,
    /// What it does.
    pub doc: Docs,
}

/// Our own functions for scripts, in the order of the documentation. Parts of moments (`m.hour`) are properties
/// and not here.
pub static HELPERS: [Helper; 20] = [
    Helper {
        name: "is_missing",
        doc: Docs {
            en: "whether a value is () or a blank text", ru: "значение — () или пустой текст"
        },
    },
    Helper {
        name: "is_present",
        doc: Docs { en: "the opposite of is_missing", ru: "обратное к is_missing" },
    },
    Helper {
        name: "or_else",
        doc: Docs {
            en: "the first value, or the second if it is missing",
            ru: "первое значение, а если его нет — второе",
        },
    },
    Helper {
        name: "same",
        doc: Docs {
            en: "whether two texts are one, as in rules",
            ru: "совпадают ли тексты так, как в правилах",
        },
    },
    Helper {
        name: "like",
        doc: Docs {
            en: "whether a text matches a pattern with * and ?",
            ru: "подходит ли текст под образец с * и ?",
        },
    },
    Helper {
        name: "fold",
        doc: Docs {
            en: "the form in which texts are compared", ru: "вид, в котором тексты сравниваются"
        },
    },
    Helper {
        name: "phone",
        doc: Docs {
            en: "a text as a phone +7…, or () if it is none",
            ru: "телефон вида +7… из текста или ()",
        },
    },
    Helper {
        name: "phone_display",
        doc: Docs {
            en: "a phone in groups, or () if it is none", ru: "телефон группами цифр или ()"
        },
    },
    Helper {
        name: "in_list",
        doc: Docs {
            en: "whether a value is in a list of the rules: in_list(\"vip\", event.phone)",
            ru: "есть ли значение в списке правил: in_list(\"vip\", event.phone)",
        },
    },
    Helper {
        name: "lookup",
        doc: Docs {
            en: "what stands beside a value in the CSV file of a list, or (): lookup(\"managers\", event.phone, \"email\")",
            ru: "что стоит рядом со значением в файле CSV списка, или (): lookup(\"managers\", event.phone, \"email\")",
        },
    },
    Helper {
        name: "log",
        doc: Docs {
            en: "writes a line into the trace of the decision, at most 20 of 200 characters",
            ru: "пишет строку в объяснение решения: не больше 20 строк по 200 знаков",
        },
    },
    Helper { name: "print", doc: Docs { en: "the same as log", ru: "то же, что log" } },
    Helper {
        name: "debug",
        doc: Docs {
            en: "the same as log, with texts in quotes",
            ru: "то же, что log, но тексты — в кавычках",
        },
    },
    Helper {
        name: "plus_minutes",
        doc: Docs {
            en: "a moment so many minutes later", ru: "момент на столько минут позже"
        },
    },
    Helper {
        name: "plus_hours",
        doc: Docs {
            en: "a moment so many hours later", ru: "момент на столько часов позже"
        },
    },
    Helper {
        name: "plus_days",
        doc: Docs {
            en: "a moment so many days of 24 hours later", ru: "момент на столько суток позже"
        },
    },
    Helper {
        name: "seconds_since",
        doc: Docs {
            en: "seconds from an earlier moment to a later one: later.seconds_since(earlier)",
            ru: "секунды между моментами: поздний.seconds_since(ранний)",
        },
    },
    Helper {
        name: "in_zone",
        doc: Docs {
            en: "the same moment by the clock of a zone: m.in_zone(\"Europe/Moscow\")",
            ru: "тот же момент по часам зоны: m.in_zone(\"Europe/Moscow\")",
        },
    },
    Helper {
        name: "round_to",
        doc: Docs {
            en: "a number with so many digits after the point, halves away from zero",
            ru: "число с таким количеством знаков после точки, половины округляются от нуля",
        },
    },
    Helper {
        name: "number_of",
        doc: Docs {
            en: "the number that a text is, with a point or a comma, or ()",
            ru: "число из текста, с точкой или запятой, либо ()",
        },
    },
];

/// Adds them to the library of all scripts.
pub(super) fn add(module: &mut Module) {
    module
        .set_custom_type::<Moment>("Moment")
        .set_custom_type::<Date>("Date")
        .set_custom_type::<Time>("Time");
    FuncRegistration::new("is_missing").set_into_module(module, |value: Dynamic| is_missing(&value));
    FuncRegistration::new("is_present").set_into_module(module, |value: Dynamic| !is_missing(&value));
    FuncRegistration::new("or_else").set_into_module(
        module,
        |value: Dynamic, other: Dynamic| {
            if is_missing(&value) { other } else { value }
        },
    );
    FuncRegistration::new("same").set_into_module(module, |a: &str, b: &str| {
        !is_missing_text(a) && !is_missing_text(b) && fold(a) == fold(b)
    });
    FuncRegistration::new("like").set_into_module(module, |text: &str, pattern: &str| {
        !is_missing_text(text) && Pattern::new(pattern).is_ok_and(|pattern| pattern.matches(text))
    });
    FuncRegistration::new("fold").set_into_module(module, |text: &str| ImmutableString::from(&*fold(text)));
    FuncRegistration::new("phone")
        .set_into_module(module, |text: &str| phone(text, |phone| phone.to_string()));
    FuncRegistration::new("phone_display").set_into_module(module, |text: &str| phone(text, Phone::display));
    FuncRegistration::new("round_to").set_into_module(module, |number: Decimal, digits: i64| {
        let digits = u32::try_from(digits).unwrap_or(0).min(28);
        number.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero).normalize()
    });
    FuncRegistration::new("round_to").set_into_module(module, |number: i64, _: i64| Decimal::from(number));
    FuncRegistration::new("number_of").set_into_module(module, |text: &str| {
        let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        decimal::parse(&plain.replace(',', ".")).map_or(Dynamic::UNIT, Dynamic::from_decimal)
    });
    moments(module);
    later(module, "plus_minutes", 60);
    later(module, "plus_hours", 60 * 60);
    later(module, "plus_days", 24 * 60 * 60);
    FuncRegistration::new("seconds_since")
        .set_into_module(module, |later: Moment, earlier: Moment| later.since(&earlier).0);
    FuncRegistration::new("in_zone").set_into_module(
        module,
        |moment: Moment, zone: &str| -> Result<Moment, Box<EvalAltResult>> {
            let found = TimeZoneDatabase::bundled().get(zone).map_err(|_| {
                refuse(Text::new(
                    format!("there is no time zone `{zone}`; they are called like `Europe/Moscow`"),
                    format!("часового пояса `{zone}` нет; они называются так: `Europe/Moscow`"),
                ))
            })?;
            Ok(moment.at_offset(found.to_offset(moment.instant())))
        },
    );
}

/// Moments past the ends of the calendar cannot be had.
fn later(module: &mut Module, name: &str, unit: i64) {
    FuncRegistration::new(name).set_into_module(
        module,
        move |moment: Moment, count: i64| -> Result<Moment, Box<EvalAltResult>> {
            let by = count.checked_mul(unit).map(Seconds);
            by.and_then(|by| moment.plus(by)).ok_or_else(|| {
                refuse(Text::new(
                    "this moment is past the end of the calendar",
                    "такого момента в календаре уже нет",
                ))
            })
        },
    );
}

fn is_missing(value: &Dynamic) -> bool {
    if value.is_unit() {
        return true;
    }
    value.read_lock::<ImmutableString>().is_some_and(|text| is_missing_text(&text))
}

fn phone(text: &str, write: impl Fn(Phone) -> String) -> Dynamic {
    match Phone::parse(text) {
        Ok(phone) => ImmutableString::from(write(phone)).into(),
        Err(_) => Dynamic::UNIT,
    }
}

/// Parts of moments at their own offset, their order, and their text.
fn moments(module: &mut Module) {
    getter(module, "year", |moment: &Moment| i64::from(moment.civil().year()));
    getter(module, "month", |moment: &Moment| i64::from(moment.civil().month()));
    getter(module, "day", |moment: &Moment| i64::from(moment.civil().day()));
    getter(module, "hour", |moment: &Moment| i64::from(moment.civil().hour()));
    getter(module, "minute", |moment: &Moment| i64::from(moment.civil().minute()));
    getter(module, "weekday", |moment: &Moment| weekday(moment.civil().date()));
    getter(module, "year", |date: &Date| i64::from(date.year()));
    getter(module, "month", |date: &Date| i64::from(date.month()));
    getter(module, "day", |date: &Date| i64::from(date.day()));
    getter(module, "weekday", |date: &Date| weekday(*date));
    getter(module, "hour", |time: &Time| i64::from(time.hour()));
    getter(module, "minute", |time: &Time| i64::from(time.minute()));
    ordered::<Moment>(module, |a, b| a.compare(b));
    ordered::<Date>(module, Ord::cmp);
    ordered::<Time>(module, Ord::cmp);
}

fn weekday(date: Date) -> i64 {
    i64::from(date.weekday().to_monday_one_offset())
}

fn getter<T: Clone + Send + Sync + 'static>(module: &mut Module, name: &str, get: fn(&T) -> i64) {
    FuncRegistration::new_getter(name).set_into_module(module, move |value: &mut T| get(value));
}

fn ordered<T: Clone + Send + Sync + ToString + 'static>(
    module: &mut Module,
    order: fn(&T, &T) -> std::cmp::Ordering,
) {
    FuncRegistration::new("==").set_into_module(module, move |a: T, b: T| order(&a, &b).is_eq());
    FuncRegistration::new("!=").set_into_module(module, move |a: T, b: T| order(&a, &b).is_ne());
    FuncRegistration::new("<").set_into_module(module, move |a: T, b: T| order(&a, &b).is_lt());
    FuncRegistration::new("<=").set_into_module(module, move |a: T, b: T| order(&a, &b).is_le());
    FuncRegistration::new(">").set_into_module(module, move |a: T, b: T| order(&a, &b).is_gt());
    FuncRegistration::new(">=").set_into_module(module, move |a: T, b: T| order(&a, &b).is_ge());
    FuncRegistration::new("to_string").set_into_module(module, |value: &mut T| value.to_string());
}
