//! Lists: paging and filters.
//!
//! A list method names its filters with their kinds in one table; anything else in `filter` is refused or ignored, as the
//! switch says. Values are checked too: a list must be a list, a flag `1` or `0`, a date `Y-m-d`.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::answer::{Answer, Refusal};
use super::call::Call;
use super::state::{DATE_TIME, exact_date, exact_date_time};
use crate::switches::UnknownName;
use crate::wire::param::Param;

/// Page sizes that may be asked for.
const LIMITS: &[usize] = &[20, 50, 100];
/// Page size when none is asked for.
const DEFAULT_LIMIT: usize = 20;

/// What a filter holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum F {
    Text,
    /// One text or a list of them.
    Texts,
    Flag,
    Int,
    /// `Y-m-d`.
    Date,
    /// `Y-m-d`, or with a time: the vendor's clients type these as free texts.
    Moment,
    /// Custom fields by code: a text, or `min` and `max`.
    Custom,
}

/// Filters of one request, checked.
#[derive(Debug)]
pub(super) struct Filter {
    given: Param,
}

/// Which page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    limit: usize,
    page: usize,
}

impl Filter {
    /// Reads the filters of a call.
    ///
    /// # Errors
    /// 400 `Errors in the input parameters` for an unknown name or a value of the wrong kind.
    pub(super) fn of(call: &Call<'_>, known: &[(&str, F)]) -> Result<Self, Refusal> {
        let none = Param::Map(indexmap::IndexMap::new());
        let given = call.query.get("filter").cloned().unwrap_or(none);
        if given.text().is_some() {
            return Err(Refusal::parameter("filter", "This value is not valid."));
        }
        for (name, value) in given.members() {
            let at = format!("filter[{name}]");
            match known.iter().find(|(known, _)| *known == name) {
                None if call.switches.unknown_filter == UnknownName::Ignored => {}
                None => return Err(Refusal::parameter(&at, "This form should not contain extra fields.")),
                Some((_, kind)) if !fits(*kind, value) => {
                    return Err(Refusal::parameter(&at, "This value is not valid."));
                }
                Some(_) => {}
            }
        }
        Ok(Self { given })
    }

    /// A filter with one text; an empty one is as good as none.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.given.get(name).and_then(Param::text).filter(|text| !text.is_empty())
    }

    /// A filter with several texts.
    pub(super) fn texts(&self, name: &str) -> Option<Vec<&str>> {
        let value = self.given.get(name)?;
        Some(match value {
            Param::Text(text) => vec![text],
            Param::Map(_) => value.members().filter_map(|(_, item)| item.text()).collect(),
        })
    }

    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        self.text(name).map(|text| text == "1")
    }

    pub(super) fn int(&self, name: &str) -> Option<u64> {
        self.text(name).and_then(|text| text.parse().ok())
    }

    /// Custom field codes with the text each must equal.
    pub(super) fn custom(&self) -> Vec<(&str, &str)> {
        let members = self.given.get("customFields").into_iter().flat_map(Param::members);
        members.filter_map(|(code, value)| value.text().map(|text| (code, text))).collect()
    }

    /// Whether a value is among the texts of a filter; true when the filter was not given.
    pub(super) fn allows(&self, name: &str, value: Option<&str>) -> bool {
        self.texts(name).is_none_or(|wanted| value.is_some_and(|value| wanted.contains(&value)))
    }

    /// The same for numbers.
    pub(super) fn allows_id(&self, name: &str, value: Option<u64>) -> bool {
        self.allows(name, value.map(|id| id.to_string()).as_deref())
    }

    /// Whether a local date-time (`Y-m-d H:i:s`) lies between `…From` and `…To`, both included.
    pub(super) fn within(&self, from: &str, to: &str, value: Option<&str>) -> bool {
        self.within_made(from, to, || value.map(str::to_owned))
    }

    /// The same for a date-time that has to be made first; it is not when neither end is given.
    pub(super) fn within_made(&self, from: &str, to: &str, make: impl FnOnce() -> Option<String>) -> bool {
        if self.text(from).is_none() && self.text(to).is_none() {
            return true;
        }
        let Some(value) = make() else { return false };
        let value = value.as_str();
        // Texts of one layout compare as the moments do; a date alone stands for the whole day.
        let after = self.text(from).is_none_or(|from| value >= from);
        let before = self.text(to).is_none_or(|to| value.get(..to.len()).unwrap_or(value) <= to);
        after && before
    }
}

impl Page {
    /// Reads `limit` and `page`.
    ///
    /// # Errors
    /// 400 `Errors in the input parameters` for another limit than 20, 50 and 100, or a page below 1.
    pub(super) fn of(call: &Call<'_>) -> Result<Self, Refusal> {
        let number = |name: &str, default: usize| match call.query.get(name) {
            None => Ok(default),
            Some(value) => value
                .text()
                .and_then(|text| text.parse::<usize>().ok())
                .ok_or_else(|| Refusal::parameter(name, "This value is not valid.")),
        };
        let limit = number("limit", DEFAULT_LIMIT)?;
        if !LIMITS.contains(&limit) {
            return Err(Refusal::parameter("limit", "The value you selected is not a valid choice."));
        }
        let page = number("page", 1)?;
        if page == 0 {
            return Err(Refusal::parameter("page", "This value should be 1 or more."));
        }
        Ok(Self { limit, page })
    }

    /// The rows of this page.
    pub(super) fn of_rows<T>(self, rows: Vec<T>) -> (Vec<T>, Value) {
        let total = rows.len();
        let pages = total.div_ceil(self.limit);
        let skip = (self.page - 1).saturating_mul(self.limit);
        let pagination = json!({
            "limit": self.limit, "totalCount": total, "currentPage": self.page, "totalPageCount": pages,
        });
        (rows.into_iter().skip(skip).take(self.limit).collect(), pagination)
    }

    /// The answer of a list method.
    pub(super) fn answer(self, name: &str, rows: Vec<Value>) -> Answer {
        let (rows, pagination) = self.of_rows(rows);
        Answer::ok().with("pagination", pagination).with(name, rows)
    }
}

/// Whether a stored value is what a filter asks for.
pub(super) fn holds(value: &Value, wanted: &str) -> bool {
    match value {
        Value::String(text) => text == wanted,
        Value::Array(list) => list.iter().any(|item| holds(item, wanted)),
        Value::Bool(yes) => (if *yes { "1" } else { "0" }) == wanted,
        other => serde_json::to_string(other).is_ok_and(|text| text == wanted),
    }
}

fn fits(kind: F, value: &Param) -> bool {
    let text = value.text();
    let is_empty = text.is_some_and(str::is_empty);
    match kind {
        F::Text => text.is_some(),
        F::Texts => text.is_some() || value.members().all(|(_, item)| item.text().is_some()),
        F::Flag => is_empty || matches!(text, Some("0" | "1")),
        F::Int => is_empty || text.is_some_and(|text| text.parse::<u64>().is_ok()),
        F::Date => is_empty || text.and_then(exact_date).is_some_and(|_: Date| true),
        F::Moment => {
            is_empty
                || text.is_some_and(|text| {
                    exact_date(text).is_some()
                        || exact_date_time(text, DATE_TIME).is_some()
                        || exact_date_time(text, "%Y-%m-%d %H:%M").is_some()
                })
        }
        F::Custom => text.is_none(),
    }
}
