//! Every diagnostic code there is, in one list.
//!
//! A code is never reused and never renamed once released: people suppress by name and search by number.
//! Families: R1 text and layout, R2 names, R3 types and units, R4 conditions, R5 templates, R6 tables and
//! filters, R7 the bundle as a whole, R8 scripts, R9 style and editions.
//! The floors above use these codes; what each one means to a reader stands in `docs/diagnostics/`.
//!
//! Kept for checks to come, and not to be given to others: R901 `old-edition`. Given back, and not to be
//! given to others: R806. A code stands in the list when something reports it.

use crate::diagnostic::Severity;
use crate::diagnostic::Severity::{Error, Info, Warning};

/// One kind of problem.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Code {
    /// `R101`.
    pub id: &'static str,
    /// `unexpected-text`.
    pub name: &'static str,
    /// How bad it is unless settings say otherwise.
    pub severity: Severity,
}

impl Code {
    /// The code with this name (`unexpected-text`) or id (`R101`, either case).
    #[must_use]
    pub fn find(name_or_id: &str) -> Option<&'static Self> {
        ALL.iter().copied().find(|code| code.name == name_or_id || code.id.eq_ignore_ascii_case(name_or_id))
    }
}

/// Declares the codes and the list of them.
macro_rules! codes {
    ($($constant:ident $id:literal $name:literal $severity:ident $doc:literal)*) => {
        $(
            #[doc = $doc]
            pub static $constant: Code = Code { id: $id, name: $name, severity: $severity };
        )*

        /// Every code, in order of its id.
        pub static ALL: &[&Code] = &[$(&$constant),*];
    };
}

codes! {
    UNEXPECTED_TEXT "R101" "unexpected-text" Error "A line that is not written as the language has it."
    UNCLOSED_STRING "R102" "unclosed-string" Error "A text without its closing quote."
    UNCLOSED_TEMPLATE "R103" "unclosed-template" Error "A `{{` without its `}}`."
    FOREIGN_SPELLING "R104" "foreign-spelling" Error "A word or sign of another language, such as `==`."
    MIXED_SCRIPT_NAME "R105" "mixed-script-name" Error "A name with look-alike letters of two alphabets."
    BIDI_CONTROL "R106" "bidi-control" Error "An invisible character that reorders what is seen."
    NESTING_TOO_DEEP "R107" "nesting-too-deep" Error "More brackets inside one another than are read."
    MISSING_HEADER "R108" "missing-header" Error "No `rules 1` at the top."
    UNKNOWN_EDITION "R109" "unknown-edition" Error "An edition of the language that is not known."
    TOO_LARGE "R110" "too-large" Error "A file, line or bundle above the size limit."
    NOT_UTF8 "R111" "not-utf8" Error "Bytes that are not UTF-8."

    UNKNOWN_FIELD "R201" "unknown-field" Error "A name that is no field, setting, table or list."
    UNKNOWN_VALUE "R202" "unknown-value" Error "A word that is no value of this field."
    FIELD_NOT_ON_THIS_EVENT "R203" "field-not-on-this-event" Error "A field that these events do not have."
    UNKNOWN_LIST "R204" "unknown-list" Error "A list or schedule that is not declared."
    UNUSED_LIST "R205" "unused-list" Warning "A list that no rule uses."
    UNUSED_TABLE "R206" "unused-table" Warning "A table that no rule uses."
    DUPLICATE_NAME "R207" "duplicate-name" Error "Two things with one name."
    INCLUDE_CYCLE "R208" "include-cycle" Error "Files that include one another in a circle."
    TABLE_CYCLE "R209" "table-cycle" Error "Tables that need one another in a circle."
    UNKNOWN_SETTING "R210" "unknown-setting" Error "A setting that does not exist."
    UNKNOWN_FUNCTION "R211" "unknown-function" Error "A function that no script declares."
    MISSING_FILE "R212" "missing-file" Error "A file that the bundle does not hold."
    DUPLICATE_SECTION "R213" "duplicate-section" Error "A second section where one is allowed."
    UNKNOWN_REFERENCE "R214" "unknown-reference" Warning "An employee, store or site that the account does not have."
    FOREIGN_NAME "R215" "foreign-name" Error "A field under its UIS or other-language name."
    LIST_FILE "R216" "list-file" Error "A list file that cannot be read as a list."
    UNUSED_SCHEDULE "R217" "unused-schedule" Warning "A schedule that no rule uses."
    UNKNOWN_PROPERTY "R218" "unknown-property" Error "A line that this kind of section does not have."

    TYPE_MISMATCH "R301" "type-mismatch" Error "A value of another type than is needed here."
    MISSING_UNIT "R302" "missing-unit" Error "A number where a duration needs its unit."
    IMPOSSIBLE_DURATION "R303" "impossible-duration" Error "A duration that cannot be."
    PHONE_NOT_E164 "R304" "phone-not-e164" Warning "A phone number in a shape that is not international."
    IMPOSSIBLE_DATE "R305" "impossible-date" Error "A date, time or zone that does not exist."
    MAY_BE_MISSING "R306" "may-be-missing" Error "A value that may be missing where one is needed."
    WRONG_ARGUMENTS "R307" "wrong-arguments" Error "A call with too few or too many values."
    OUT_OF_RANGE "R308" "out-of-range" Error "A number outside what is allowed."

    ALWAYS_TRUE "R401" "always-true" Warning "A condition that holds for every event."
    NEVER_TRUE "R402" "never-true" Warning "A condition that holds for no event."
    REDUNDANT_TEST "R403" "redundant-test" Warning "A test that changes nothing."
    NEGATION_TAKES_MISSING "R404" "negation-takes-missing" Info "A negated test that a missing value passes."
    MIXED_AND_OR "R405" "mixed-and-or" Warning "`and` beside `or` without brackets."

    TEMPLATE_MAY_BE_EMPTY "R501" "template-may-be-empty" Error "A template hole that may stay empty."
    UNKNOWN_FILTER "R502" "unknown-filter" Error "A template filter that does not exist."
    TITLE_TOO_LONG "R503" "title-too-long" Warning "A title that may not fit."
    FILTER_MISUSE "R504" "filter-misuse" Error "A template filter with a value or argument it cannot take."
    BAD_NOTE "R505" "bad-note" Error "A long text that cannot be rendered."

    UNREACHABLE_ROW "R601" "unreachable-row" Warning "A row that earlier rows leave nothing to."
    UNREACHABLE_LINE "R602" "unreachable-line" Warning "A filter line that earlier lines leave nothing to."
    TABLE_GAP "R603" "table-gap" Info "Events for which `entities` has neither a row nor `else`."
    CONFLICTING_ROWS "R604" "conflicting-rows" Error "Two rows of an `only match` table for one event."
    IDLE_COLUMN "R605" "idle-column" Warning "A column that decides nothing."
    MERGEABLE_ROWS "R606" "mergeable-rows" Info "Rows that one row can stand for."
    EMPTY_FILTER "R607" "empty-filter" Info "A filter without lines: everything passes."
    MISSING_ELSE "R608" "missing-else" Error "A filter or table that does not say what happens otherwise."

    NEVER_CREATED_ENTITY "R701" "never-created-entity" Warning "Fields of something that no rule creates."
    ROW_BLOCKED_BY_FILTER "R702" "row-blocked-by-filter" Warning "A row whose events the filter turns away."
    DUPLICATE_RISK "R703" "duplicate-risk" Warning "A setting that makes a new client each time."
    TASK_WITHOUT_ASSIGNEE "R704" "task-without-assignee" Error "A task that nobody gets."
    FIELD_WRITTEN_TWICE "R705" "field-written-twice" Warning "A field of the CRM with two sources."
    SECRET_IN_RULES "R706" "secret-in-rules" Error "A key or password in a rules file."

    SCRIPT_ERROR "R801" "script-error" Error "A script that does not compile."
    SCRIPT_SIGNATURE "R802" "script-signature" Error "A function that differs from its declaration."
    UNKNOWN_SCRIPT_FIELD "R803" "unknown-script-field" Error "A name that a policy's event, proposal or facts, or the file of a list, do not have."
    IMPURE_CALL "R804" "impure-call" Error "A script that reaches outside."
    LIMIT_TOO_HIGH "R805" "limit-too-high" Error "More entries of a fact than can be asked for."
    POLICY_MISUSE "R807" "policy-misuse" Error "A policy that cannot be: an unknown hook, or events that have no such part."
    UNKNOWN_FACT "R808" "unknown-fact" Error "A fact that there is not, or not for such events."
    UNREACHABLE_CODE "R809" "unreachable-code" Warning "Lines of a script that never run."
    WRONG_SCRIPT_VALUE "R810" "wrong-script-value" Error "A value that a proposal cannot take."

    NEEDLESS_SUPPRESSION "R902" "needless-suppression" Warning "A suppression that hides nothing."
    SUPPRESSION_WITHOUT_REASON "R903" "suppression-without-reason" Error "A suppression that does not say why."
    UNKNOWN_SUPPRESSION "R904" "unknown-suppression" Error "A suppression of a code that does not exist."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_names_are_unique_and_in_order() {
        for pair in ALL.windows(2) {
            assert!(pair[0].id < pair[1].id, "{} must stand before {}", pair[0].id, pair[1].id);
        }
        let mut names: Vec<_> = ALL.iter().map(|code| code.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
    }

    #[test]
    fn found_by_name_and_by_id() {
        assert_eq!(Code::find("unexpected-text"), Some(&UNEXPECTED_TEXT));
        assert_eq!(Code::find("r101"), Some(&UNEXPECTED_TEXT));
        assert_eq!(Code::find("R999"), None);
    }
}
