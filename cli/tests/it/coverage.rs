//! What `rules test` tells of coverage: in words, as JSON, as LCOV, as a page.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::program::{Place, snapshot};

/// A shared bundle with its tests, in `shop`.
fn shop(name: &str) -> Place {
    let place = Place::with(&[]);
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/bundles").join(name);
    copy(&from, &place.path("shop"));
    place
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).expect("a file")),
        }
    }
}

#[test]
fn what_no_test_reaches_is_listed() {
    let run = snapshot!(shop("romashka-ru"), ["test", "shop", "--uncovered"]);
    assert_eq!(run.code, Some(0));
    snapshot!(shop("romashka-en"), ["test", "shop", "--uncovered"]);
}

#[test]
fn a_share_can_be_asked_for() {
    let place = shop("romashka-ru");
    let run = place.rules(&["test", "shop", "--format", "json"]);
    let said: Value = serde_json::from_str(&run.out).expect("JSON");
    let whole = &said["coverage"]["together"];
    let share =
        whole["reached"].as_u64().expect("a number") * 1000 / whole["all"].as_u64().expect("a number");
    assert_eq!(said["bundles"][0]["coverage"], said["coverage"]);
    assert!(!said["bundles"][0]["missed"].as_array().expect("a list").is_empty());
    let percent = |share: u64| format!("{}.{}", share / 10, share % 10);
    assert_eq!(place.rules(&["test", "shop", "--fail-under", &percent(share)]).code, Some(0));
    let run = place.rules(&["test", "shop", "--fail-under", &percent(share + 1)]);
    assert_eq!(run.code, Some(1));
    assert!(run.err.contains("require") || run.err.contains("asked for"), "{}", run.shown());
    for wrong in ["101", "-1", "x", "12.34"] {
        assert_eq!(place.rules(&["test", "shop", &format!("--fail-under={wrong}")]).code, Some(2), "{wrong}");
    }
}

/// Every record by itself, as the tools that read them count.
#[test]
fn lcov_is_consistent() {
    let place = shop("romashka-en");
    assert_eq!(place.rules(&["test", "shop", "--lcov", "out.info"]).code, Some(0));
    let text = place.read("out.info");
    let mut files = BTreeMap::new();
    for record in text.split_terminator("end_of_record\n") {
        let all = |tag: &str| -> Vec<Vec<String>> {
            let values = record.lines().filter_map(|line| line.strip_prefix(tag)?.strip_prefix(':'));
            values.map(|value| value.split(',').map(str::to_owned).collect()).collect()
        };
        let number =
            |tag: &str| all(tag).first().map_or(0, |value| value[0].parse::<usize>().expect("a number"));
        let file = all("SF")[0][0].clone();
        let source = place.read(&file);
        let lines = all("DA");
        assert_eq!(number("LF"), lines.len(), "{record}");
        assert_eq!(number("LH"), lines.iter().filter(|line| line[1] != "0").count(), "{record}");
        let branches = all("BRDA");
        assert_eq!(number("BRF"), branches.len(), "{record}");
        assert_eq!(number("BRH"), branches.iter().filter(|branch| branch[3] != "0").count(), "{record}");
        for line in lines.iter().chain(&branches) {
            let line: usize = line[0].parse().expect("a number");
            assert!((1..=source.lines().count()).contains(&line), "{file}:{line}");
        }
        let mut names: Vec<_> = branches.iter().map(|branch| branch[..3].to_vec()).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), branches.len(), "every branch has a name of its own");
        files.insert(file, lines.len());
    }
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(names, ["shop/main.rules", "shop/marketing.rhai", "shop/requests.rules"]);
    assert!(text.ends_with("end_of_record\n"));
}

#[test]
fn the_page_holds_everything_and_loads_nothing() {
    let place = shop("romashka-ru");
    let run = place.rules(&["test", "shop", "--coverage-html", "out"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    let page = place.read("out/index.html");
    assert!(page.contains("<html lang=\"ru\">") && page.contains("таблица подсказки для заявок"));
    for outside in ["http://", "https://", "<script", "src=", "@import", "url("] {
        assert!(!page.contains(outside), "{outside}");
    }
    for tag in ["table", "section", "tr", "td", "mark", "code"] {
        let close = format!("</{tag}>");
        let opened = page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, page.matches(&close).count(), "{tag}");
    }
    assert!(page.contains("class=\"hit\"") && page.contains("class=\"miss\"") && page.contains("<mark>"));
}

#[test]
fn texts_of_rules_cannot_break_the_page() {
    let place = Place::with(&[
        (
            "shop/main.rules",
            "rules 1\n\n# <script>alert(1)</script>\nfilter for calls\n  reject when site is \"<b>&\"\n  else accept\n",
        ),
        ("shop/tests/a.json", r#"{"event": {"kind": "call", "direction": "incoming"}}"#),
    ]);
    place.rules(&["test", "shop", "--coverage-html", "out"]);
    let page = place.read("out/index.html");
    assert!(page.contains("&lt;script&gt;") && page.contains("&lt;b&gt;&amp;"), "{page}");
    assert!(!page.contains("<script>"));
}
