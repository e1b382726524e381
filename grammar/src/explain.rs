//! What to say about a line that cannot be parsed.
//!
//! Takes the line, what kind of line it should be and how far the parser came; gives one diagnostic in our own words:
//! what is wrong, where, and what to write instead. The parser's own list of what it tried is never shown. What can
//! be said about single characters comes first, then what is particular to this kind of line, then what can be said
//! about any condition or value, then the last resort.

mod characters;
mod conditions;
mod events;
pub(crate) mod heads;
pub(crate) mod lines;
mod missing;
mod properties;
pub(crate) mod rows;
mod schedules;
pub(crate) mod scripts;
mod texts;
mod units;
mod values;
mod view;

pub(crate) use self::view::Stuck;

use self::view::View;
use crate::diagnostic::Diagnostic;
use crate::pairs::Failure;
use crate::statement::Statement;

/// The diagnostic for a line that stopped the parser.
pub(crate) fn explain(line: &Stuck<'_>, failure: &Failure) -> Diagnostic {
    let view = View::new(line, failure);
    ALWAYS_FIRST
        .iter()
        .find_map(|check| check(&view))
        .or_else(|| particular(line.statement)(&view))
        .or_else(|| ALWAYS_LAST.iter().find_map(|check| check(&view)))
        .unwrap_or_else(|| missing::last_resort(&view))
}

type Check = fn(&View<'_>) -> Option<Diagnostic>;

const ALWAYS_FIRST: &[Check] = &[texts::inside_text, characters::unseen, characters::line_end];

const ALWAYS_LAST: &[Check] = &[
    values::decimal_comma,
    values::thousands,
    values::phone,
    conditions::misspelt_operator,
    conditions::exactly,
    conditions::unquoted_text,
    characters::sign,
    conditions::in_without_brackets,
    conditions::is_with_several,
    conditions::chained,
    conditions::between,
    conditions::doubled,
    missing::operand,
    missing::subject,
    values::comma,
    conditions::brackets,
    values::unit,
    conditions::side_by_side,
    values::reserved,
];

/// What is known about this kind of line only.
const fn particular(statement: Statement) -> Check {
    match statement {
        Statement::IncludeHead
        | Statement::FilterHead
        | Statement::SettingsHead
        | Statement::TableHead
        | Statement::TaskHead
        | Statement::FieldsHead
        | Statement::TransferHead
        | Statement::ListHead
        | Statement::ScriptHead
        | Statement::ScheduleHead => heads::head,
        Statement::FilterLine => lines::filter,
        Statement::SettingsLine | Statement::TaskLine | Statement::TransferLine => properties::property,
        Statement::FieldsLine => lines::fields,
        Statement::ListLine => lines::list,
        Statement::FunctionLine | Statement::PolicyLine | Statement::FailureLine => scripts::script,
        Statement::ScheduleLine => schedules::schedule,
        Statement::ColumnCell | Statement::ResultHead => rows::head_cell,
        Statement::InputCell => rows::input_cell,
        Statement::ElseCell | Statement::ResultCell => rows::result_cell,
    }
}
