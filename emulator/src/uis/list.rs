//! Lists and reports: columns, filters, sorting, paging, date ranges.
//!
//! A method names its columns in one table; which of them may be filtered and sorted by, and which come when none are
//! asked for, stands there too. Everything else is the same for all of them and lives here.

use jiff::Span;
use serde_json::{Map, Value};

use super::filter::{self, Filter};
use super::method::{Call, Reply};
use super::params::{P, Param, need, opt};
use super::rpc::Fault;
use super::state::{Row, exact};
use crate::switches::EmptyArrays;

/// Rows when no limit is asked for.
const DEFAULT_LIMIT: u64 = 1_000;
/// Most rows that may be asked for.
const MAX_LIMIT: u64 = 10_000;
/// Farthest row that may be asked for.
const MAX_OFFSET: u64 = 100_000;

/// Parameters of every list.
pub(super) const LIST: &[Param] = &[
    opt("limit", P::Number),
    opt("offset", P::Number),
    opt("filter", P::Any),
    opt("sort", P::Objects(SORT)),
    opt("fields", P::Texts),
];

/// Parameters of every report: those of a list, and the range.
pub(super) const REPORT: &[Param] = &[
    need("date_from", P::Moment),
    need("date_till", P::Moment),
    opt("limit", P::Number),
    opt("offset", P::Number),
    opt("filter", P::Any),
    opt("sort", P::Objects(SORT)),
    opt("fields", P::Texts),
    opt("include_ongoing_calls", P::Bool),
    opt("include_tech_offline_messages", P::Bool),
];

const SORT: &[Param] = &[need("field", P::Text), opt("order", P::OneOf(&["asc", "desc"]))];

/// A column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    pub(super) name: &'static str,
    /// Whether it comes when no columns are asked for.
    pub(super) default: bool,
    /// Whether one may filter and sort by it.
    pub(super) plain: bool,
    /// Whether it is an array; an empty one is written as the switch says.
    pub(super) array: bool,
}

/// A column that comes unasked and may be filtered and sorted by.
pub(super) const fn col(name: &'static str) -> Column {
    Column { name, default: true, plain: true, array: false }
}

/// A column that comes only when asked for.
pub(super) const fn extra(name: &'static str) -> Column {
    Column { name, default: false, plain: true, array: false }
}

/// An array that comes unasked.
pub(super) const fn array(name: &'static str) -> Column {
    Column { name, default: true, plain: false, array: true }
}

/// An array that comes only when asked for.
pub(super) const fn extra_array(name: &'static str) -> Column {
    Column { name, default: false, plain: false, array: true }
}

/// Answers a list from rows.
///
/// # Errors
/// Wrong columns, filters, sorting or paging.
pub(super) fn list(call: &Call<'_>, columns: &[&[Column]], rows: Vec<Row>) -> Result<Reply, Fault> {
    let find = |name: &str| columns.iter().copied().flatten().find(|column| column.name == name);
    let filter = match call.params.get("filter") {
        None | Some(Value::Null) => None,
        Some(Value::Object(empty)) if empty.is_empty() => None,
        Some(given) => Some(Filter::read(given)?),
    };
    if let Some(filter) = &filter {
        for (field, operator) in filter.leaves() {
            let column = find(field).ok_or_else(|| Fault::invalid("filter", &Value::from(field)))?;
            if !column.plain && !filter::ARRAY_OPERATORS.contains(&operator) {
                return Err(Fault::param("filter_prohibited", field, Value::Null));
            }
        }
    }
    let mut rows: Vec<Row> =
        rows.into_iter().filter(|row| filter.as_ref().is_none_or(|filter| filter.accepts(row))).collect();
    sort(call, find, &mut rows)?;
    let total = rows.len();
    let shown = shown(call, columns, find)?;
    let (limit, offset) = paging(call)?;
    let rows = rows.into_iter().skip(offset).take(limit);
    let rows = rows.map(|row| project(&row, &shown, call.switches.empty_arrays)).collect();
    Ok(Reply::list(rows, total))
}

/// Answers a report: rows whose `time` column lies in the range asked for.
///
/// # Errors
/// As [`list`], and a range that is turned round or longer than `longest`.
pub(super) fn report(
    call: &Call<'_>,
    columns: &[&[Column]],
    rows: Vec<Row>,
    time: &str,
    longest: Span,
) -> Result<Reply, Fault> {
    let (from, till) = range(call, longest)?;
    let within = |row: &Row| {
        row.get(time).and_then(Value::as_str).is_some_and(|at| at >= from.as_str() && at <= till.as_str())
    };
    list(call, columns, rows.into_iter().filter(within).collect())
}

/// The range of a report, when both ends are given.
///
/// # Errors
/// `invalid_parameters_combination` for a range that is turned round, `date_interval_limit_reached` for a long one.
pub(super) fn range(call: &Call<'_>, longest: Span) -> Result<(String, String), Fault> {
    let end = |name: &'static str| call.text(name).ok_or_else(|| Fault::missed(name));
    let (from, till) = (end("date_from")?, end("date_till")?);
    let moment =
        |name: &'static str, text: &str| exact(text).ok_or_else(|| Fault::invalid(name, &Value::from(text)));
    let (first, last) = (moment("date_from", from)?, moment("date_till", till)?);
    if first > last {
        return Err(Fault::param("invalid_parameters_combination", "date_from", Value::from(from)));
    }
    if first.checked_add(longest).is_ok_and(|latest| latest < last) {
        return Err(Fault::param("date_interval_limit_reached", "date_till", Value::from(till)));
    }
    Ok((from.to_owned(), till.to_owned()))
}

fn sort<'c>(
    call: &Call<'_>,
    find: impl Fn(&str) -> Option<&'c Column>,
    rows: &mut [Row],
) -> Result<(), Fault> {
    let keys = call.params.get("sort").and_then(Value::as_array).cloned().unwrap_or_default();
    // The first key counts most: sort by the last one first, and stably.
    for key in keys.iter().rev() {
        let field = key.get("field").and_then(Value::as_str).unwrap_or_default();
        let column = find(field).ok_or_else(|| Fault::invalid("sort", &Value::from(field)))?;
        if !column.plain {
            return Err(Fault::param("sort_prohibited", field, Value::Null));
        }
        rows.sort_by(|a, b| filter::order(a.get(field), b.get(field)));
        if key.get("order").and_then(Value::as_str) == Some("desc") {
            rows.reverse();
        }
    }
    Ok(())
}

fn shown<'c>(
    call: &Call<'_>,
    columns: &'c [&'c [Column]],
    find: impl Fn(&str) -> Option<&'c Column>,
) -> Result<Vec<&'c Column>, Fault> {
    match call.params.get("fields").and_then(Value::as_array) {
        None => Ok(columns.iter().copied().flatten().filter(|column| column.default).collect()),
        Some(names) => names
            .iter()
            .map(|name| name.as_str().and_then(&find).ok_or_else(|| Fault::invalid("fields", name)))
            .collect(),
    }
}

fn paging(call: &Call<'_>) -> Result<(usize, usize), Fault> {
    let number = |name: &str, default: u64, least: u64, most: u64| match call.params.get(name) {
        None | Some(Value::Null) => Ok(default),
        Some(value) => value
            .as_u64()
            .filter(|number| (least..=most).contains(number))
            .ok_or_else(|| Fault::invalid(name, value)),
    };
    let limit = number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)?;
    let offset = number("offset", 0, 0, MAX_OFFSET)?;
    Ok((usize::try_from(limit).unwrap_or(usize::MAX), usize::try_from(offset).unwrap_or(usize::MAX)))
}

fn project(row: &Row, shown: &[&Column], empty: EmptyArrays) -> Value {
    let mut all = Map::new();
    for column in shown {
        let mut value = row.get(column.name).cloned().unwrap_or(Value::Null);
        let blank = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        if column.array && blank {
            value = match empty {
                EmptyArrays::List => Value::Array(Vec::new()),
                EmptyArrays::Null => Value::Null,
            };
        }
        all.insert(column.name.to_owned(), value);
    }
    Value::Object(all)
}
