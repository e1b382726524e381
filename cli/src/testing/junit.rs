//! What came of tests as a report of JUnit: a suite a bundle, a case a fixture.
//!
//! A fixture that is not well is a failure with the difference as its text; a bundle with errors and a snapshot that is
//! left over are cases that fail. No times and no host: the same rules give the same report.
//!
//! Source: the schema of Jenkins's xUnit plugin, `junit-10.xsd`, kept with the tests.

use std::fmt::Write as _;

use switchboard_grammar::lang::Lang;

use super::human::write_case;
use super::{Case, Tested};
use crate::report::xml_escaped;

/// The report of a run; `lang` gives the language for a bundle.
pub(crate) fn junit(all: &[Tested], lang: impl Fn(&Tested) -> Lang) -> String {
    let mut suites = String::new();
    let (mut tests, mut failures) = (0, 0);
    for tested in all {
        let lang = lang(tested);
        let mut cases: Vec<(String, Option<String>)> =
            tested.cases.iter().map(|case| (case.name.clone(), said(case, lang))).collect();
        if tested.refused {
            let why =
                lang.pick("the bundle has errors; see `rules check`", "в правилах ошибки; см. `rules check`");
            cases.push(("check".to_owned(), Some(why.to_owned())));
        }
        for orphan in &tested.orphans {
            let why = lang.pick("there is no test of this name", "теста с таким именем нет");
            cases.push((orphan.display().to_string(), Some(why.to_owned())));
        }
        let failed = cases.iter().filter(|(_, failure)| failure.is_some()).count();
        let name = xml_escaped(&tested.root.display().to_string());
        let count = cases.len();
        // Writing to a string cannot fail.
        let _ = writeln!(
            suites,
            "  <testsuite name=\"{name}\" tests=\"{count}\" failures=\"{failed}\" errors=\"0\">"
        );
        for (case, failure) in &cases {
            write_one(&mut suites, &name, case, failure.as_deref());
        }
        suites.push_str("  </testsuite>\n");
        tests += count;
        failures += failed;
    }
    let head = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
    format!(
        "{head}\n<testsuites name=\"rules test\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">\n\
         {suites}</testsuites>\n"
    )
}

fn write_one(out: &mut String, suite: &str, case: &str, failure: Option<&str>) {
    let case = xml_escaped(case);
    let _ = match failure {
        None => writeln!(out, "    <testcase name=\"{case}\" classname=\"{suite}\"/>"),
        Some(text) => {
            let message = xml_escaped(text.lines().next().unwrap_or_default());
            let text = xml_escaped(text);
            writeln!(
                out,
                "    <testcase name=\"{case}\" classname=\"{suite}\">\n      \
                 <failure type=\"test\" message=\"{message}\">{text}</failure>\n    </testcase>"
            )
        }
    };
}

/// What is not well with a case, as people read it; None when all is.
pub(super) fn said(case: &Case, lang: Lang) -> Option<String> {
    if case.passes() {
        return None;
    }
    let mut out = Vec::new();
    // Writing into memory cannot fail.
    let _ = write_case(&mut out, case, lang);
    let text = String::from_utf8_lossy(&out);
    Some(anstream::adapter::strip_str(&text).to_string().trim_end().to_owned())
}
