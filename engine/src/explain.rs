//! What each diagnostic means: the pages of `docs/diagnostics`, built in.
//!
//! Takes a code, gives the page in the reader's language, in Markdown: what it is, why it matters, a bad and a good
//! example, how to mend it. Tests hold every bad example to giving exactly its diagnostic and every good one to
//! giving none.

use switchboard_grammar::codes::Code;
use switchboard_grammar::lang::Lang;

/// The page of a code.
pub fn explain(code: &Code, lang: Lang) -> &'static str {
    page(code.name, lang).unwrap_or_default()
}

/// The page of a diagnostic by its name (`unknown-field`); None when there is no such page.
pub fn page(name: &str, lang: Lang) -> Option<&'static str> {
    PAGES.iter().find(|(known, _)| *known == name).map(|(_, pages)| lang.pick(pages[0], pages[1]))
}

/// Embeds the pages of some names, English and Russian.
macro_rules! pages {
    ($($name:literal)*) => {
        /// Every page by the name of its diagnostic; English first.
        static PAGES: &[(&str, [&str; 2])] = &[$((
            $name,
            [
                include_str!(concat!("../../docs/diagnostics/", $name, ".md")),
                include_str!(concat!("../../docs/ru/diagnostics/", $name, ".md")),
            ],
        )),*];
    };
}

pages! {
    "unexpected-text"
    "unclosed-string"
    "unclosed-template"
    "foreign-spelling"
    "mixed-script-name"
    "bidi-control"
    "nesting-too-deep"
    "missing-header"
    "unknown-edition"
    "too-large"
    "not-utf8"
    "unknown-field"
    "unknown-value"
    "field-not-on-this-event"
    "unknown-list"
    "unused-list"
    "unused-table"
    "duplicate-name"
    "include-cycle"
    "table-cycle"
    "unknown-setting"
    "unknown-function"
    "missing-file"
    "duplicate-section"
    "unknown-reference"
    "foreign-name"
    "list-file"
    "unused-schedule"
    "unknown-property"
    "type-mismatch"
    "missing-unit"
    "impossible-duration"
    "phone-not-e164"
    "impossible-date"
    "may-be-missing"
    "wrong-arguments"
    "out-of-range"
    "always-true"
    "never-true"
    "redundant-test"
    "negation-takes-missing"
    "mixed-and-or"
    "template-may-be-empty"
    "unknown-filter"
    "title-too-long"
    "filter-misuse"
    "bad-note"
    "unreachable-row"
    "unreachable-line"
    "table-gap"
    "conflicting-rows"
    "idle-column"
    "mergeable-rows"
    "empty-filter"
    "missing-else"
    "never-created-entity"
    "row-blocked-by-filter"
    "duplicate-risk"
    "task-without-assignee"
    "field-written-twice"
    "secret-in-rules"
    "script-error"
    "script-signature"
    "unknown-script-field"
    "impure-call"
    "limit-too-high"
    "policy-misuse"
    "unknown-fact"
    "unreachable-code"
    "wrong-script-value"
    "needless-suppression"
    "suppression-without-reason"
    "unknown-suppression"
}

#[cfg(test)]
mod tests {
    use super::*;
    use switchboard_grammar::codes;

    #[test]
    fn every_code_has_its_page_and_every_page_its_code() {
        let names: Vec<&str> = PAGES.iter().map(|(name, _)| *name).collect();
        let codes: Vec<&str> = codes::ALL.iter().map(|code| code.name).collect();
        assert_eq!(names, codes);
        for code in codes::ALL {
            for lang in Lang::ALL {
                let page = explain(code, lang);
                assert!(page.starts_with(&format!("# {}\n\n`{}`, ", code.name, code.id)), "{}", code.name);
                assert_eq!(
                    page.matches("\n## ").count(),
                    if page.contains("```rules") { 4 } else { 3 },
                    "{}",
                    code.name
                );
            }
        }
    }
}
