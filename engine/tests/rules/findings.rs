//! Cases of single findings: what is found, at which lines, and what of the same kind is fine.
//!
//! A case is a folder `fixtures/engine/findings/NAME` with `found.rules`, `fine.rules` and the files that these need.

use std::fs;

use switchboard_engine::bundle::{LoadOptions, Loaded, load};
use switchboard_grammar::codes::Code;
use switchboard_grammar::diagnostic::Severity;
use switchboard_grammar::lang::Lang;
use switchboard_grammar::render::Renderer;

use super::support::{fixtures, folder, said};

fn entry(case: &str, name: &str) -> Loaded {
    let mut options = LoadOptions::default();
    options.entry = Some(name.to_owned());
    load(&folder(&fixtures().join("engine/findings").join(case)), &options)
}

/// Everything that was found, a line each.
fn lines(loaded: &Loaded) -> String {
    let renderer = Renderer::new(Lang::En);
    let all = loaded.diagnostics.iter().map(|found| renderer.concise(&loaded.sources, found));
    all.map(|line| format!("{line}\n")).collect()
}

#[test]
fn each_case_is_found_and_its_neighbours_are_fine() {
    let mut cases: Vec<String> = fs::read_dir(fixtures().join("engine/findings"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    cases.sort();
    let mut shown = String::new();
    for case in &cases {
        let code = Code::find(case).unwrap_or_else(|| panic!("`{case}` is the name of no finding"));
        let found = entry(case, "found.rules");
        assert!(
            found.diagnostics.iter().any(|found| found.code == code),
            "{case}: {}",
            said(&found, Lang::En)
        );
        shown.push_str(&format!("# {case}\n{}\n", lines(&found)));
        let fine = entry(case, "fine.rules");
        let complaint = |found: &&switchboard_grammar::diagnostic::Diagnostic| {
            found.code == code || found.severity > Severity::Info
        };
        assert!(!fine.diagnostics.iter().any(|found| complaint(&found)), "{case}: {}", said(&fine, Lang::En));
    }
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("findings", shown.trim_end());
    });
}
