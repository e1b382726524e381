//! Findings as a report of JUnit, which every build server reads.
//!
//! A suite for each file that was read, a case for each finding in it, and one case that passes for a file without
//! any. A finding at or above the level that fails the run is a failure; a lesser one passes, with its text as output.
//! No times and no host: the same rules give the same report.
//!
//! Source: the schema of Jenkins's xUnit plugin, `junit-10.xsd`, kept with the tests.

use std::fmt::Write as _;

use switchboard_grammar::diagnostic::{Diagnostic, Severity};
use switchboard_grammar::lang::Lang;
use switchboard_grammar::source::{FileId, Source};

use super::{Findings, whole_message};

/// The report of a run that fails at `fail_on`; `lang` gives the language for a file.
pub(crate) fn junit(all: &[Findings], fail_on: Severity, lang: impl Fn(&Findings, &str) -> Lang) -> String {
    let mut suites = String::new();
    let (mut tests, mut failures) = (0, 0);
    for findings in all {
        for (id, source) in findings.sources.iter() {
            let lang = lang(findings, source.name());
            let suite = Suite::of(findings, id, source, fail_on, lang);
            tests += suite.tests;
            failures += suite.failures;
            suites.push_str(&suite.text);
        }
    }
    let head = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
    format!(
        "{head}\n<testsuites name=\"rules check\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">\n\
         {suites}</testsuites>\n"
    )
}

/// One file.
struct Suite {
    tests: usize,
    failures: usize,
    text: String,
}

impl Suite {
    fn of(findings: &Findings, id: FileId, source: &Source, fail_on: Severity, lang: Lang) -> Self {
        let name = xml_escaped(source.name());
        let mut cases = String::new();
        let (mut tests, mut failures) = (0, 0);
        for found in findings.diagnostics.iter().filter(|found| found.primary.file == id) {
            let fails = found.severity >= fail_on;
            tests += 1;
            failures += usize::from(fails);
            case(&mut cases, source, found, fails, lang);
        }
        if tests == 0 {
            tests = 1;
            let _ = writeln!(cases, "    <testcase name=\"check\" classname=\"{name}\"/>");
        }
        let text = format!(
            "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">\n{cases}  </testsuite>\n"
        );
        Self { tests, failures, text }
    }
}

/// Writes one finding. Writing to a string cannot fail, so results are dropped.
fn case(out: &mut String, source: &Source, found: &Diagnostic, fails: bool, lang: Lang) {
    let position = source.position(found.primary.span.start);
    let (line, column) = (position.line, position.column);
    let (id, code) = (found.code.id, found.code.name);
    let file = xml_escaped(source.name());
    let said = format!("{}:{line}:{column}: {}", source.name(), whole_message(found, lang));
    let said = xml_escaped(&said);
    let _ = writeln!(out, "    <testcase name=\"{id} {code} {line}:{column}\" classname=\"{file}\">");
    if fails {
        let message = xml_escaped(found.message.get(lang));
        let _ = writeln!(out, "      <failure type=\"{code}\" message=\"{message}\">{said}</failure>");
    } else {
        let word = xml_escaped(found.severity.word(lang));
        let _ = writeln!(out, "      <system-out>{word}: {said}</system-out>");
    }
    let _ = writeln!(out, "    </testcase>");
}

/// Text as it may stand in an attribute or between tags. What XML 1.0 cannot hold at all becomes U+FFFD.
pub(crate) fn xml_escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        match ch {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push(char::REPLACEMENT_CHARACTER),
            ch => out.push(ch),
        }
    }
    out
}
