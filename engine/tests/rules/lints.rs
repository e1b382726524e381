//! Lints beyond the examples of their pages: what they must leave alone, and suppressions.

use switchboard_grammar::diagnostic::Severity;

use super::support::{check, found};

#[track_caller]
fn finds(text: &str, expected: &[&str]) {
    let loaded = check(text);
    let grave = loaded.diagnostics.iter().filter(|found| found.severity > Severity::Info);
    assert_eq!(grave.map(|found| found.code.name).collect::<Vec<_>>(), expected, "{text}");
}

#[test]
fn rows() {
    let table = |rows: &str| format!("table entities for calls\n  | contact | site || create |\n{rows}");
    finds(
        &table("  | - | \"a\" || client |\n  | first | - || order |\n  | first | \"a\" || nothing |\n"),
        &["unreachable-row"],
    );
    finds(
        &table("  | first | \"a\" || client |\n  | first | \"b\" || order |\n  | - | - || nothing |\n"),
        &[],
    );
    finds(&table("  | first | missing || client |\n  | first | present || order |\n"), &[]);
    let only =
        |rows: &str| format!("table store for calls, only match\n  | site | scenario || store |\n{rows}");
    finds(&only("  | \"a\" | - || \"x\" |\n  | \"a\" | \"s\" || \"x\" |\n"), &["unreachable-row"]);
    finds(&only("  | \"a\" | - || \"x\" |\n  | - | \"s\" || \"y\" |\n"), &["conflicting-rows"]);
    finds(&only("  | \"a\" | - || \"x\" |\n  | not \"a\" | \"s\" || \"y\" |\n"), &[]);
    finds(
        "table t for calls, all matches\n  | site || r |\n  | \"a\" || 1 |\n  | \"a\" || 1 |\n\nfields of client for calls\n  x from t\n",
        &[],
    );
}

#[test]
fn suppressions_cover_a_line_or_a_section() {
    let rows = "  | first || client |\n  # rules: allow unreachable-row – kept for the audit\n  | first || order |\n";
    finds(&format!("table entities for calls\n  | contact || create |\n{rows}"), &[]);
    finds(
        "# rules: allow unreachable-row – kept for the audit\ntable entities for calls\n  | contact || create |\n\
         \x20 | first || client |\n  | first || order |\n  | first || nothing |\n",
        &[],
    );
    finds(
        "# rules: allow unused-table – for later\ntable t for calls\n  | site || r |\n  | \"a\" || 1 |\n\n\
         table u for calls\n  | site || r |\n  | \"a\" || 1 |\n",
        &["unused-table"],
    );
}

#[test]
fn errors_cannot_be_allowed_and_secrets_can() {
    finds(
        "filter for calls\n  # rules: allow unknown-field – no idea\n  accept when campain is \"x\"\n  else reject\n",
        &["needless-suppression", "unknown-field"],
    );
    finds(
        "settings for calls\n  # rules: allow secret-in-rules – the public id of our counter\n\
         \x20 default_responsible: \"a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6\"\n",
        &[],
    );
}

#[test]
fn broken_sections_are_not_told_what_they_lack() {
    let loaded = check("filter for calls\n  accept when site is\n");
    assert!(!found(&loaded).contains(&"missing-else"), "{:?}", found(&loaded));
    let loaded = check("task for calls\n  title \"x\"\n  due: 2 hours after finished\n");
    assert!(!found(&loaded).contains(&"task-without-assignee"), "{:?}", found(&loaded));
}

#[test]
fn conditions_narrow_what_may_be_missing() {
    finds(
        "task for calls when campaign is present and not missed\n  title:  \"{{ campaign }}\"\n  assign: \"anna@romashka.ru\"\n",
        &[],
    );
    finds(
        "task for calls when campaign is \"x\" or campaign like \"y*\"\n  title:  \"{{ campaign }}\"\n  assign: \"anna@romashka.ru\"\n",
        &[],
    );
    finds(
        "task for calls when campaign is not \"x\"\n  title:  \"{{ campaign }}\"\n  assign: \"anna@romashka.ru\"\n",
        &["template-may-be-empty"],
    );
    // A row that only matches when the manager is known may give the manager.
    finds(
        "table who for calls\n  | client.manager || employee |\n  | present || client.manager |\n  | else || \"anna@romashka.ru\" |\n\n\
         task for calls\n  title:  default\n  assign: who\n",
        &[],
    );
    finds("task for calls\n  title:  default\n  assign: client.manager\n", &["task-without-assignee"]);
}
