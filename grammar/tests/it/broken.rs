//! Broken files: what is said about them, in the language of the file.

use std::collections::BTreeSet;

use switchboard_grammar::codes;

use crate::support::{drawn, fixtures, parse_as};

#[test]
fn every_broken_file_is_explained() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_snapshot_path("snapshots/broken");
    settings.set_omit_expression(true);
    for fixture in fixtures("broken") {
        let (sources, parsed) = parse_as(&fixture.name, &fixture.text);
        assert!(parsed.has_errors(), "{} has no error", fixture.name);
        let shown = drawn(&sources, &parsed.diagnostics, parsed.file.lang);
        settings.bind(|| insta::assert_snapshot!(fixture.name.trim_end_matches(".rules"), shown));
    }
}

#[test]
fn every_snapshot_has_its_file() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/snapshots/broken");
    let known: BTreeSet<String> = fixtures("broken").into_iter().map(|fixture| fixture.name).collect();
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let file = name.replace(".snap", ".rules");
        assert!(known.contains(&file), "{name} belongs to no file of fixtures/grammar/broken");
    }
}

#[test]
fn ten_mistakes_in_ten_sections_are_ten_diagnostics() {
    for fixture in fixtures("broken").into_iter().filter(|fixture| fixture.name.starts_with("ten_mistakes")) {
        let (_, parsed) = parse_as(&fixture.name, &fixture.text);
        assert_eq!(parsed.file.sections.len(), 10);
        assert_eq!(parsed.diagnostics.len(), 10);
        for section in &parsed.file.sections {
            let inside =
                parsed.diagnostics.iter().filter(|found| section.extent.contains(found.primary.span));
            assert_eq!(inside.count(), 1, "{}: section at {:?}", fixture.name, section.head);
        }
    }
}

/// Every line of these files that holds a mistake is reported: as many diagnostics as such lines, or more.
#[test]
fn every_broken_line_is_reported() {
    for name in ["conditions.en.rules", "conditions.ru.rules", "filter_lines.en.rules", "settings.en.rules"] {
        let fixture = fixtures("broken").into_iter().find(|fixture| fixture.name == name).unwrap();
        let (sources, parsed) = parse_as(name, &fixture.text);
        let (_, source) = sources.iter().next().unwrap();
        let reported: BTreeSet<u32> =
            parsed.diagnostics.iter().map(|found| source.line_of(found.primary.span.start)).collect();
        let last = source.line_count() - 1;
        let well = |line: u32| source.line_span(line).text(source.text()).trim() == "else reject";
        let well_ru = |line: u32| source.line_span(line).text(source.text()).trim() == "иначе отклонять";
        for line in (4..=last).filter(|line| !well(*line) && !well_ru(*line)) {
            let text = source.line_span(line).text(source.text());
            assert!(text.contains("else accept") || reported.contains(&line), "{name}:{line}: {text}");
        }
    }
}

/// Each text-level code has a file that shows it, in each language where that makes sense.
#[test]
fn every_code_of_this_floor_has_a_case() {
    let mut seen = BTreeSet::new();
    for fixture in fixtures("broken") {
        let (_, parsed) = parse_as(&fixture.name, &fixture.text);
        seen.extend(parsed.diagnostics.iter().map(|found| found.code.name));
    }
    // Too large for a fixture, and not text at all: see `hostile`.
    seen.extend([codes::TOO_LARGE.name, codes::NOT_UTF8.name]);
    for code in codes::ALL.iter().filter(|code| code.id.starts_with("R1")) {
        assert!(seen.contains(code.name), "no broken file shows {}", code.name);
    }
}

/// Texts in both languages are there, start small and have no full stop at the end.
#[test]
fn messages_keep_to_the_house_style() {
    for fixture in fixtures("broken") {
        let (_, parsed) = parse_as(&fixture.name, &fixture.text);
        for found in &parsed.diagnostics {
            let labels = std::iter::once(&found.primary).chain(&found.secondary);
            let texts = labels.filter_map(|label| label.text.as_ref()).chain(&found.notes);
            let titles = found.fix.iter().map(|fix| &fix.title);
            for text in texts.chain(titles).chain([&found.message]) {
                for words in [&text.en, &text.ru] {
                    let first = words.chars().next().unwrap();
                    assert!(!first.is_uppercase(), "{words}");
                    assert!(!words.ends_with('.') && !words.contains("expected"), "{words}");
                }
                assert!(
                    text.ru.chars().any(|ch| ('а'..='я').contains(&ch)) || text.ru == text.en,
                    "{}",
                    text.ru
                );
            }
        }
    }
}
