//! Hover: what a name is, in the reader's language; what a finding means.

use lsp_types::{Hover, HoverContents, HoverParams, MarkupContent, MarkupKind};
use switchboard_engine::catalog::{result_column, result_table, schema};
use switchboard_engine::explain::explain;
use switchboard_engine::filters;
use switchboard_engine::schema::{Docs, EventKind, FieldSpec, Origin, SettingSpec};
use switchboard_engine::script::HELPERS;
use switchboard_engine::ty::{Scalar, Type};
use switchboard_grammar::ast::{Section, SectionKind};
use switchboard_grammar::codes::Code;
use switchboard_grammar::lang::Lang;
use switchboard_grammar::span::Span;

use super::hints;
use crate::coverage;
use crate::document::{Document, Kind, Placed};
use crate::find::{at, everywhere};
use crate::names::{Name, Role, Symbol};
use crate::script;
use crate::state::{Here, State};
use crate::test_names::{self, Holds};

/// What is shown at a position.
pub(crate) fn hover(state: &State, params: &HoverParams) -> Option<Hover> {
    let place = &params.text_document_position_params;
    let here = state.here(&place.text_document.uri)?;
    let lang = state.settings.language_for(here.bundle.lang_of(here.document));
    let offset = here.document.offset(place.position);
    if here.document.kind == Kind::Test {
        return of_test(here, offset, lang);
    }
    let name = at(here, place.position);
    let mut parts: Vec<String> = Vec::new();
    let mut span = name.as_ref().map(|name| name.span);
    if let Some(name) = &name {
        parts.extend(of_name(here, name, lang));
    } else if let Some((of_head, text)) = of_head(here, offset, lang) {
        span = Some(of_head);
        parts.push(text);
    }
    if let Some((place, text)) =
        here.bundle.tested.as_ref().and_then(|tested| coverage::at(tested, here.document, offset, lang))
    {
        span = span.or(Some(place));
        parts.push(text);
    }
    parts.extend(of_findings(here, offset, lang));
    if parts.is_empty() {
        return None;
    }
    let contents = MarkupContent { kind: MarkupKind::Markdown, value: parts.join("\n\n---\n\n") };
    Some(Hover {
        contents: HoverContents::Markup(contents),
        range: span.map(|span| here.document.range(span)),
    })
}

/// In a test: what a name is, on it and on its value.
fn of_test(here: Here<'_>, offset: u32, lang: Lang) -> Option<Hover> {
    let text = here.document.text();
    let mut spot = test_names::spot(text, offset);
    if spot.is_name {
        let name: String = serde_json::from_str(spot.span.text(text)).ok()?;
        spot.path.push(name);
    }
    let entry = test_names::entry_at(text, &spot.path)?;
    let doc = pick(entry.doc?, lang);
    let ty = match entry.holds {
        Holds::Value(ty) => format!(": {}", type_in(ty, lang)),
        Holds::Object | Holds::Words(_) | Holds::OneOf(_) => String::new(),
    };
    let other = if entry.ru.is_empty() || entry.ru == entry.name {
        String::new()
    } else {
        format!(" · `{}`", entry.ru)
    };
    let mut value = format!("**{}**{ty}{other}\n\n{doc}", entry.name);
    if !entry.example.is_empty() {
        value.push_str(&format!("\n\n{}: `{}`", lang.pick("for example", "например"), entry.example));
    }
    let contents = HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value });
    Some(Hover { contents, range: Some(here.document.range(spot.span)) })
}

fn of_name(here: Here<'_>, name: &Name, lang: Lang) -> Option<String> {
    match &name.symbol {
        Symbol::Field(field) => of_field(here, field, lang),
        Symbol::Value(value) => {
            let item = value.item();
            let other = lang.pick(item.ru, item.en);
            Some(format!("**{}** · `{other}`\n\n{}", lang.pick(item.en, item.ru), pick(item.doc, lang)))
        }
        Symbol::Filter(filter) => {
            let (spec, _) = filters::find(filter)?;
            Some(format!(
                "**{}**\n\n{}\n\n`{}`",
                lang.pick(spec.name, spec.ru),
                pick(spec.doc, lang),
                spec.example
            ))
        }
        Symbol::Code(code) => Some(explain(Code::find(code)?, lang).to_owned()),
        Symbol::Function(function) => of_function(here, name, function, lang),
        Symbol::Column(_, column) => {
            let known = result_column(column)?;
            let (ty, doc) = (type_in(known.ty, lang), pick(known.doc, lang));
            Some(format!("**{}**: {ty}\n\n{doc}", lang.pick(known.name, known.ru)))
        }
        Symbol::Named(known) => of_named(here, name, known, lang),
        Symbol::Set(_) => declared(here, &name.symbol, lang),
        Symbol::File(_) => None,
    }
}

fn of_field(here: Here<'_>, field: &str, lang: Lang) -> Option<String> {
    let found = EventKind::ALL.into_iter().filter_map(|kind| Some((kind, schema().find_field(kind, field)?)));
    let found: Vec<_> = found.collect();
    let (_, first) = found.first()?;
    let spec: &FieldSpec = first.field.spec;
    let shown = lang.pick(first.field.name_with(first.key), first.field.ru_with(first.key));
    let other = lang.pick(first.field.ru_with(first.key), first.field.name_with(first.key));
    let mut out = format!("**{shown}**: {}", type_in(spec.ty, lang));
    if shown != other && here.document.kind == Kind::Rules {
        out.push_str(&format!(" · `{other}`"));
    }
    out.push_str(&format!("\n\n{}", pick(spec.doc, lang)));
    if let Scalar::Enum(set) = spec.ty.scalar {
        let values: Vec<String> =
            set.values().map(|value| format!("`{}`", lang.pick(value.en(), value.ru()))).collect();
        out.push_str(&format!("\n\n{}: {}", lang.pick("values", "значения"), values.join(", ")));
    }
    let kinds: Vec<&str> =
        found.iter().map(|(kind, _)| lang.pick(kind.plural_en(), kind.plural_ru())).collect();
    out.push_str(&format!("\n\n{} {}", lang.pick("for", "для"), kinds.join(", ")));
    if spec.origin == Origin::Facts {
        out.push_str(lang.pick("; from RetailCRM", "; из RetailCRM"));
    }
    if !spec.originals.is_empty() {
        let names: Vec<String> = spec.originals.iter().map(|name| format!("`{name}`")).collect();
        out.push_str(&format!(
            "\n\n{}: {}",
            lang.pick("there it is called", "там называется"),
            names.join(", ")
        ));
    }
    out.push_str(&format!("\n\n{}: `{}`", lang.pick("for example", "например"), spec.example));
    Some(out)
}

/// A table or a setting: what the schema says of it, then what the files say.
fn of_named(here: Here<'_>, name: &Name, known: &str, lang: Lang) -> Option<String> {
    let table = result_table(known)
        .map(|table| format!("**{}**\n\n{}", lang.pick(table.name, table.ru), pick(table.doc, lang)));
    let setting = EventKind::ALL.into_iter().find_map(|kind| schema().find_setting(kind, known));
    let setting = setting.map(|found| of_setting(found.setting.spec, lang));
    let written = declared(here, &name.symbol, lang);
    let parts: Vec<String> = table.into_iter().chain(setting).chain(written).collect();
    if !parts.is_empty() {
        return Some(parts.join("\n\n"));
    }
    // A field that these events do not have is a field all the same.
    of_field(here, name.span.text(here.document.text()), lang)
}

fn of_setting(spec: &SettingSpec, lang: Lang) -> String {
    let shown = lang.pick(spec.name, spec.ru);
    format!(
        "**{shown}**: {}\n\n{}\n\n{}: `{}`",
        type_in(spec.ty, lang),
        pick(spec.doc, lang),
        lang.pick("for example", "например"),
        spec.example
    )
}

/// The sections or lines that declare a name.
fn declared(here: Here<'_>, symbol: &Symbol, lang: Lang) -> Option<String> {
    let found = everywhere(here.bundle, here.document, symbol);
    let declares =
        found.iter().filter(|found| found.role == Role::Declares && found.document.kind == Kind::Rules);
    let shown: Vec<String> = declares
        .filter_map(|found| {
            let placed = found.document.block_at(found.span.start)?;
            let section = placed.block.section()?;
            Some(match &section.kind {
                SectionKind::Settings(_) | SectionKind::Script(_) => {
                    let line = found.document.lines().line_of(found.span.start);
                    let (_, line) = found.document.lines().line(found.document.text(), line);
                    format!("```rules\n{}\n```", line.trim())
                }
                _ => of_section(here, found.document, placed, section, lang),
            })
        })
        .collect();
    (!shown.is_empty()).then(|| shown.join("\n\n"))
}

fn of_section(here: Here<'_>, document: &Document, placed: &Placed, section: &Section, lang: Lang) -> String {
    let head = placed.block.shown(section.head);
    let mut out = format!("```rules\n{head}\n```");
    if document.name != here.document.name {
        out.push_str(&format!("\n\n`{}`", document.name));
    }
    if let Some(doc) = section.doc() {
        out.push_str(&format!("\n\n{doc}"));
    }
    let hits = &here.bundle.hits;
    if hits.is_known() {
        let of_rows: u64 = match &section.kind {
            SectionKind::Table(table) => (1..=table.rows.len())
                .filter_map(|row| u64::try_from(row).ok())
                .map(|row| hits.of(head, Some(row)))
                .sum(),
            SectionKind::Filter(filter) => (1..=filter.lines.len())
                .filter_map(|row| u64::try_from(row).ok())
                .map(|row| hits.of(head, Some(row)))
                .sum(),
            _ => 0,
        };
        let all = of_rows + hits.of(head, None);
        out.push_str(&format!("\n\n× {all} – {}", hints::tooltip(hits, lang)));
    }
    out
}

/// The first word of a section: its description and counts.
fn of_head(here: Here<'_>, offset: u32, lang: Lang) -> Option<(Span, String)> {
    if here.document.kind != Kind::Rules {
        return None;
    }
    let placed = here.document.block_at(offset)?;
    let section = placed.block.section()?;
    let head = placed.span(section.head);
    let shows = section.doc().is_some() || here.bundle.hits.is_known();
    (head.touches(offset) && shows).then(|| (head, of_section(here, here.document, placed, section, lang)))
}

fn of_function(here: Here<'_>, name: &Name, function: &str, lang: Lang) -> Option<String> {
    let mut parts: Vec<String> = declared(here, &name.symbol, lang).into_iter().collect();
    for found in everywhere(here.bundle, here.document, &name.symbol) {
        if found.document.kind != Kind::Script || found.role != Role::Declares {
            continue;
        }
        let one = script::defined(found.document.text()).into_iter().find(|one| one.span == found.span);
        let Some(one) = one else { continue };
        parts.push(format!("```rhai\n{}\n```\n\n`{}`", one.head, found.document.name));
        parts.extend(one.doc);
    }
    if parts.is_empty() {
        let helper = HELPERS.iter().find(|helper| helper.name == function)?;
        parts.push(format!("**{}**\n\n{}", helper.name, pick(helper.doc, lang)));
    }
    Some(parts.join("\n\n"))
}

/// The pages of the findings at an offset, when the text is still the one that was checked.
fn of_findings(here: Here<'_>, offset: u32, lang: Lang) -> Vec<String> {
    let Some(report) = &here.bundle.report else { return Vec::new() };
    let name = &here.document.name;
    let present = report.editions.get(name) == Some(&here.document.edition);
    let Some(file) = report.sources.find(name).filter(|_| present) else { return Vec::new() };
    let mut codes: Vec<&'static Code> = report
        .diagnostics
        .iter()
        .filter(|found| found.primary.file == file && found.primary.span.touches(offset))
        .map(|found| found.code)
        .collect();
    codes.dedup();
    codes.into_iter().map(|code| explain(code, lang).to_owned()).collect()
}

fn pick(docs: Docs, lang: Lang) -> &'static str {
    lang.pick(docs.en, docs.ru)
}

fn type_in(ty: Type, lang: Lang) -> String {
    match lang {
        Lang::En => ty.to_en(),
        Lang::Ru => ty.to_ru(),
    }
}
