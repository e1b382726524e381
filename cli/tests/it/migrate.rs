//! `rules migrate`: nothing to do for files of the only edition, and nothing done to those with errors.

use crate::program::{Place, snapshot};

const NEWEST: &str = "rules 1\n\nfilter for calls\n  else accept\n";

#[test]
fn files_of_the_newest_edition_are_named_and_stay() {
    let place = Place::with(&[
        ("a.rules", NEWEST),
        ("b.rules", "правила 1\n\nфильтр для чатов\n  иначе принимать\n"),
    ]);
    let run = snapshot!(place, ["migrate"]);
    assert_eq!(run.code, Some(0));
    assert_eq!(place.read("a.rules"), NEWEST);
    assert_eq!(place.rules(&["migrate", "--check"]).code, Some(0));
}

#[test]
fn an_edition_that_is_not_known_is_an_error() {
    let future = NEWEST.replace("rules 1", "rules 7");
    let place = Place::with(&[("a.rules", &future), ("b.rules", NEWEST)]);
    let run = snapshot!(place, ["migrate", "--lang", "ru"]);
    assert_eq!(run.code, Some(2));
    assert_eq!(place.read("a.rules"), future);
}
