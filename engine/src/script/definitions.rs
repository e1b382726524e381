//! The API of policies as a definitions file: what an editor for Rhai completes, and what a person reads.
//!
//! Made from the catalogue: the properties of `event`, of facts and records, each hook's proposal with its properties and
//! methods, and the helpers. Types are Rhai's, with our own in small letters of the rules beside them.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use switchboard_grammar::lang::Lang;

use super::api::HELPERS;
use crate::catalog::{FACTS, HOOKS, RecordSpec, Shape, schema};
use crate::schema::{Docs, EventKind};
use crate::ty::{Scalar, Type};

/// The text of the file, with comments in one language.
pub fn definitions(lang: Lang) -> String {
    let mut out = String::from("module static;\n");
    events(&mut out, lang);
    facts(&mut out, lang);
    proposals(&mut out, lang);
    section(&mut out, lang.pick("Helpers", "Вспомогательные функции"));
    for helper in &HELPERS {
        doc(&mut out, helper.doc, None, lang);
        let _ = writeln!(out, "fn {}(...);", helper.name);
    }
    out
}

fn events(out: &mut String, lang: Lang) {
    section(out, lang.pick("event", "event — событие"));
    let mut seen = BTreeSet::new();
    for kind in EventKind::ALL {
        for field in schema().fields(kind).iter().filter(|field| seen.insert(field.name())) {
            let kinds: Vec<&str> = schema()
                .kinds_with(field.id)
                .map(|kind| lang.pick(kind.plural_en(), kind.plural_ru()))
                .collect();
            let of = lang.pick(format!("for {}", kinds.join(", ")), format!("для {}", kinds.join(", ")));
            doc(out, field.spec.doc, Some((field.ty(), &of)), lang);
            let _ = writeln!(out, "fn get {}(event: Event) -> {};", field.name(), rhai(field.ty()));
        }
    }
}

fn facts(out: &mut String, lang: Lang) {
    section(out, lang.pick("facts: what the policy declared", "facts — факты, объявленные политикой"));
    let now = Docs { en: "the moment of the decision", ru: "момент решения" };
    doc(out, now, None, lang);
    out.push_str("fn get now(facts: Facts) -> Moment;\n");
    let mut records: Vec<&'static RecordSpec> = Vec::new();
    for spec in &FACTS {
        let of = match spec.counts {
            Some((usual, most)) => lang.pick(
                format!("needs {}(N), N up to {most}, {usual} without", spec.name),
                format!("нужны {}(N), N до {most}, без числа {usual}", spec.ru),
            ),
            None => lang.pick(format!("needs {}", spec.name), format!("нужны {}", spec.ru)),
        };
        doc(out, spec.doc, None, lang);
        let _ = writeln!(out, "/// {of}");
        let gives = match spec.shape {
            Shape::One(record) | Shape::Many(record) => {
                if !records.iter().any(|known| std::ptr::eq(*known, record)) {
                    records.push(record);
                }
                if matches!(spec.shape, Shape::Many(_)) { "Array" } else { record.type_name }
            }
            Shape::Codes => "Codes",
        };
        let _ = writeln!(out, "fn get {}(facts: Facts) -> {gives};", spec.script_name());
    }
    for record in records {
        section(out, record.type_name);
        for field in record.fields {
            doc(out, field.doc, Some((field.ty, "")), lang);
            let _ =
                writeln!(out, "fn get {}(record: {}) -> {};", field.name, record.type_name, rhai(field.ty));
        }
        if record.custom {
            let custom = Docs {
                en: "custom fields by code", ru: "пользовательские поля по коду"
            };
            doc(out, custom, None, lang);
            let _ = writeln!(out, "fn get custom(record: {}) -> Codes;", record.type_name);
        }
    }
}

fn proposals(out: &mut String, lang: Lang) {
    for spec in &HOOKS {
        let policy = lang.pick(format!("policy {}", spec.name), format!("политика {}", spec.ru));
        section(out, &format!("{policy}: fn {}(event, proposal, facts)", spec.function));
        doc(out, spec.doc, None, lang);
        for property in spec.properties {
            doc(out, property.doc, Some((property.ty, "")), lang);
            let _ = writeln!(
                out,
                "fn get {}(proposal: {}) -> {};",
                property.name,
                spec.type_name,
                rhai(property.ty)
            );
            if property.writable {
                let _ = writeln!(
                    out,
                    "fn set {}(proposal: {}, value: {});",
                    property.name,
                    spec.type_name,
                    rhai(property.ty)
                );
            }
        }
        for method in spec.methods {
            doc(out, method.doc, None, lang);
            let parameters = method.parameters.iter().map(|(name, ty)| format!(", {name}: {}", rhai(*ty)));
            let parameters: String = parameters.collect();
            let _ = writeln!(out, "fn {}(proposal: {}{parameters});", method.name, spec.type_name);
        }
    }
}

fn section(out: &mut String, title: &str) {
    let _ = writeln!(out, "\n// {title}\n");
}

fn doc(out: &mut String, docs: Docs, of: Option<(Type, &str)>, lang: Lang) {
    let _ = write!(out, "/// {}", lang.pick(docs.en, docs.ru));
    if let Some((ty, more)) = of {
        let _ = write!(out, " — {}", lang.pick(ty.to_en(), ty.to_ru()));
        if !more.is_empty() {
            let _ = write!(out, ", {more}");
        }
    }
    out.push('\n');
}

/// What a type is in Rhai; a value that may be missing is () then.
fn rhai(ty: Type) -> &'static str {
    if ty.list {
        return "Array";
    }
    match ty.scalar {
        Scalar::Text | Scalar::Reference(_) | Scalar::Phone | Scalar::Enum(_) => "String",
        Scalar::Number => "decimal",
        Scalar::YesNo => "bool",
        Scalar::Duration => "int",
        Scalar::Moment => "Moment",
        Scalar::Date => "Date",
        Scalar::Time => "Time",
        Scalar::Any => "?",
    }
}
