//! Fixes do what they say: applied, the problem is gone.

use switchboard_grammar::diagnostic::{Diagnostic, Edit, Safety, apply_edits};
use switchboard_grammar::{parse, source::FileId};

use crate::support::fixtures;

/// Applies every fix that satisfies `wanted` and does not overlap an earlier one.
fn fixed(text: &str, wanted: impl Fn(Safety) -> bool) -> String {
    let parsed = parse(text);
    let mut edits: Vec<&Edit> = Vec::new();
    for fix in parsed.diagnostics.iter().filter_map(|found| found.fix.as_ref()) {
        let apart = |edit: &Edit| {
            edits.iter().all(|taken| taken.span.end <= edit.span.start || edit.span.end <= taken.span.start)
        };
        if wanted(fix.safety) && fix.edits.iter().all(apart) {
            edits.extend(&fix.edits);
        }
    }
    apply_edits(text, edits).unwrap()
}

/// Applying what can be applied, again and again, comes to an end and mends something.
#[test]
fn safe_fixes_remove_problems_and_add_none() {
    for fixture in fixtures("broken") {
        let count = |text: &str| parse(text).diagnostics.len();
        let mut text = fixture.text.clone();
        for _ in 0..10 {
            let next = fixed(&text, |safety| safety == Safety::Safe);
            if next == text {
                break;
            }
            assert!(count(&next) <= count(&text), "{}:\n{next}", fixture.name);
            text = next;
        }
        let left = parse(&text).diagnostics;
        let safe = |found: &&Diagnostic| found.fix.as_ref().is_some_and(|fix| fix.safety == Safety::Safe);
        assert!(!left.iter().any(|found| safe(&found)), "{} keeps a safe fix:\n{text}", fixture.name);
    }
}

/// Each fix alone removes its diagnostic.
#[test]
fn every_fix_mends_its_own_problem() {
    for fixture in fixtures("broken") {
        let parsed = parse(&fixture.text);
        for found in &parsed.diagnostics {
            let Some(fix) = &found.fix else { continue };
            let text = fix.apply(FileId(0), &fixture.text).unwrap();
            let again = parse(&text).diagnostics;
            let same = again.iter().filter(|other| other.message == found.message).count();
            let before = parsed.diagnostics.iter().filter(|other| other.message == found.message).count();
            assert!(same < before, "{}: {}\n{text}", fixture.name, found.message.en);
        }
    }
}

#[test]
fn foreign_spellings_are_mended_to_the_same_tree() {
    let foreign = "rules 1\n\nfilter for calls\n  accept if a==\"b\" && NOT (c != «d» || e is null)\n  otherwise reject\n";
    let native = "rules 1\n\nfilter for calls\n  accept when a is \"b\" and not (c is not \"d\" or e is missing)\n  else reject\n";
    assert_eq!(fixed(foreign, |safety| safety == Safety::Safe), native);
    let russian = "правила 1\n\nфильтр для звонков\n  Принимать если a==\"b\" И c≠“d”\n  else отклонить\n";
    let native =
        "правила 1\n\nфильтр для звонков\n  принимать когда a это \"b\" и c не \"d\"\n  иначе отклонять\n";
    assert_eq!(fixed(russian, |safety| safety == Safety::Safe), native);
}
