//! Renaming: tables, settings of the author's own, columns, lists, schedules and functions, in all files and scripts.
//!
//! What the schema or the server names cannot be renamed: the answer says so, and why. A new name is refused that the
//! language reads as something else, or that is taken.

use std::collections::HashMap;

use lsp_types::{
    PrepareRenameResponse, RenameParams, TextDocumentPositionParams, TextEdit, Uri, WorkspaceEdit,
};
use switchboard_engine::catalog::{result_column, result_table, schema};
use switchboard_engine::schema::EventKind;
use switchboard_grammar::ast::SectionKind;
use switchboard_grammar::lang::Lang;
use switchboard_grammar::parse;
use switchboard_grammar::span::Span;

use crate::dispatch::Refused;
use crate::document::{Document, Kind};
use crate::find::{at, everywhere, policies_of};
use crate::names::{Name, Role, Symbol};
use crate::state::{Here, State};

/// Whether the name here can be renamed, and what it is now.
pub(crate) fn prepare(
    state: &State,
    params: &TextDocumentPositionParams,
) -> Result<Option<PrepareRenameResponse>, Refused> {
    let Some(here) = state.here(&params.text_document.uri) else { return Ok(None) };
    let Some(name) = at(here, params.position) else { return Ok(None) };
    renamable(here, &name)?;
    let placeholder = name.span.text(here.document.text()).to_owned();
    Ok(Some(PrepareRenameResponse::RangeWithPlaceholder {
        range: here.document.range(name.span),
        placeholder,
    }))
}

/// The edits that rename.
pub(crate) fn rename(state: &State, params: &RenameParams) -> Result<Option<WorkspaceEdit>, Refused> {
    let place = &params.text_document_position;
    let Some(here) = state.here(&place.text_document.uri) else { return Ok(None) };
    let Some(name) = at(here, place.position) else { return Ok(None) };
    renamable(here, &name)?;
    let lang = language(here);
    let new = params.new_name.trim();
    if !is_name(new) {
        return Err(Refused::because(lang.pick(
            format!("`{new}` is no name: letters, digits and `_`, no word of the language"),
            format!("`{new}` – не имя: буквы, цифры и `_`, но не слово языка"),
        )));
    }
    if is_taken(here, &name.symbol, new) {
        return Err(Refused::because(
            lang.pick(format!("the name `{new}` is taken"), format!("имя `{new}` уже занято")),
        ));
    }
    #[expect(clippy::mutable_key_type, reason = "the protocol's own type for edits")]
    let mut changes: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
    for found in everywhere(here.bundle, here.document, &name.symbol) {
        let Some(uri) = state.uri(here.bundle, &found.document.name) else { continue };
        let edit = TextEdit::new(found.document.range(found.span), new.to_owned());
        changes.entry(uri).or_default().push(edit);
    }
    for (document, end) in unnamed(here, &name.symbol) {
        let Some(uri) = state.uri(here.bundle, &document.name) else { continue };
        let by = document.lang().pick("by", "по");
        let edit = TextEdit::new(document.range(end), format!(" {by} {new}"));
        changes.entry(uri).or_default().push(edit);
    }
    Ok(Some(WorkspaceEdit::new(changes)))
}

/// Where the rules have to say by which function a policy is: until now it has the name of its hook.
fn unnamed<'h>(here: Here<'h>, symbol: &Symbol) -> Vec<(&'h Document, Span)> {
    let Symbol::Function(function) = symbol else { return Vec::new() };
    if here.document.kind != Kind::Script {
        return Vec::new();
    }
    let policies = policies_of(here.bundle, &here.document.name).into_iter();
    let of_hook = policies.filter(|policy| !policy.is_named && policy.function == *function);
    of_hook.map(|policy| (policy.document, policy.events.tail())).collect()
}

fn language(here: Here<'_>) -> Lang {
    here.state.settings.language_for(here.bundle.lang_of(here.document))
}

/// Refuses what is nobody's here to rename.
fn renamable(here: Here<'_>, name: &Name) -> Result<(), Refused> {
    let lang = language(here);
    let refuse = |en: &str, ru: &str| Err(Refused::because(lang.pick(en, ru)));
    match &name.symbol {
        Symbol::Named(known) if result_table(known).is_some() => {
            refuse("the server reads this table by its name", "сервер находит эту таблицу по имени")
        }
        Symbol::Named(known) if is_setting(known) => {
            refuse("the server reads this setting by its name", "сервер находит эту настройку по имени")
        }
        Symbol::Column(_, known) if result_column(known).is_some() => {
            refuse("the name of this column says what it means", "имя этой колонки говорит, что она значит")
        }
        Symbol::Named(_) | Symbol::Column(..) | Symbol::Set(_) | Symbol::Function(_) => {
            let found = everywhere(here.bundle, here.document, &name.symbol);
            if found.iter().any(|found| found.role == Role::Declares) {
                Ok(())
            } else {
                refuse("nothing here declares this name", "это имя здесь нигде не объявлено")
            }
        }
        Symbol::Field(_) | Symbol::Value(_) | Symbol::Filter(_) => {
            refuse("this is a name of the language", "это имя – часть языка")
        }
        Symbol::File(_) => refuse("rename the file itself", "переименуйте сам файл"),
        Symbol::Code(_) => refuse("this is the name of a finding", "это имя замечания"),
    }
}

fn is_setting(name: &str) -> bool {
    EventKind::ALL.into_iter().any(|kind| schema().find_setting(kind, name).is_some())
}

/// Whether the language reads it as a name.
fn is_name(new: &str) -> bool {
    let parsed = parse(&format!("rules 1\n\nlist {new}: 1\n"));
    let [section] = parsed.file.sections.as_slice() else { return false };
    let SectionKind::List(list) = &section.kind else { return false };
    parsed.diagnostics.is_empty() && list.name.as_ref().is_some_and(|name| name.text == new)
}

/// Whether something else has the name, so that places would come to mean that.
fn is_taken(here: Here<'_>, symbol: &Symbol, new: &str) -> bool {
    let is_field = EventKind::ALL.into_iter().any(|kind| schema().find_field(kind, new).is_some());
    let same = |name: &Symbol| match (symbol, name) {
        (Symbol::Named(_), Symbol::Named(other)) | (Symbol::Set(_), Symbol::Set(other)) => other == new,
        (Symbol::Function(_), Symbol::Function(other)) => other == new,
        (Symbol::Column(table, _), Symbol::Column(of, other)) => of == table && other == new,
        _ => false,
    };
    let named =
        matches!(symbol, Symbol::Named(_)) && (is_field || is_setting(new) || result_table(new).is_some());
    let declared = here
        .bundle
        .rules()
        .flat_map(Document::blocks)
        .flat_map(|placed| &placed.block.names().names)
        .any(|name| name.role == Role::Declares && same(&name.symbol));
    let defined = matches!(symbol, Symbol::Function(_))
        && here
            .bundle
            .scripts()
            .any(|script| crate::script::defined(script.text()).iter().any(|one| one.name == new));
    named || declared || defined
}
