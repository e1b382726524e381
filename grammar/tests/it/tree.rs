//! Trees at random: printed, parsed, the same.

use proptest::prelude::*;
use switchboard_grammar::ast::{Comment, File, outline, same_tree};
use switchboard_grammar::lang::Lang;
use switchboard_grammar::{format, parse, print, translate};

use crate::generate;
use crate::support::{assert_clean, fixtures};

fn comments(file: &File) -> Vec<&str> {
    file.comments().into_iter().map(|comment: &Comment| comment.text.as_str()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, max_shrink_iters: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn printed_trees_parse_to_themselves(file in generate::file()) {
        let text = print(&file, "");
        let parsed = assert_clean("printed", &text).file;
        prop_assert_eq!(outline(&parsed), outline(&file), "{}", text);
        prop_assert!(same_tree(&parsed, &file));
        prop_assert_eq!(comments(&parsed), comments(&file), "{}", text);
        prop_assert_eq!(format(&text), text);
    }

    #[test]
    fn translated_trees_are_the_same_and_come_back(file in generate::file()) {
        let text = print(&file, "");
        let parsed = assert_clean("printed", &text);
        let mut keep = |_: &_| None;
        let there = translate(&parsed, &text, parsed.file.lang.other(), &mut keep).unwrap();
        let other = assert_clean("translated", &there);
        prop_assert_eq!(other.file.lang, parsed.file.lang.other());
        prop_assert_eq!(outline(&other.file), outline(&parsed.file), "{}", there);
        prop_assert_eq!(comments(&other.file), comments(&parsed.file));
        let back = translate(&other, &there, parsed.file.lang, &mut keep).unwrap();
        prop_assert!(same_tree(&parse(&back).file, &parsed.file), "{}", back);
    }
}

#[test]
fn both_headers_give_the_same_tree() {
    let english =
        "rules 1\n\ntask for missed incoming calls when a is missing and not b\n  due: 2 hours after c\n";
    let russian =
        "правила 1\n\nзадача для пропущенных входящих звонков когда a пусто и не b\n  срок: 2 часа после c\n";
    let (english, russian) = (parse(english), parse(russian));
    assert_eq!((english.file.lang, russian.file.lang), (Lang::En, Lang::Ru));
    assert!(same_tree(&english.file, &russian.file));
}

#[test]
fn the_twins_that_hold_everything_say_the_same() {
    let mut twins = fixtures("valid").into_iter().filter(|fixture| fixture.name.starts_with("everything"));
    let (english, russian) = (twins.next().unwrap(), twins.next().unwrap());
    let (english_tree, russian_tree) = (parse(&english.text).file, parse(&russian.text).file);
    assert_eq!(outline(&english_tree), outline(&russian_tree));
    // Nothing of the language is left out: every kind of section is there.
    let kinds: std::collections::HashSet<_> =
        english_tree.sections.iter().map(|section| std::mem::discriminant(&section.kind)).collect();
    assert_eq!(kinds.len(), 10);
}

#[test]
fn every_keyword_is_listed_with_its_place() {
    for fixture in fixtures("valid") {
        let file = parse(&fixture.text).file;
        assert!(file.words.is_sorted_by_key(|word| word.span));
        for word in &file.words {
            let written = word.span.text(&fixture.text);
            assert_eq!(word.keyword.read(written, file.lang).form, word.form, "{written}");
            assert!(word.keyword.read(written, file.lang).native, "{written}");
        }
        assert!(file.words.len() > 20);
    }
}

#[test]
fn suppressions_cover_the_line_or_section_below() {
    let text = "rules 1\n\n# rules: allow table-gap – why\nfilter for calls\n  # rules: allow never-true, always-true - so\n  accept when a\n  else reject\n";
    let file = parse(text).file;
    let found = file.sections[0].suppressions();
    let shown: Vec<_> = found
        .iter()
        .map(|(_, suppression, covers)| (suppression.names.len(), covers.text(text).lines().last().unwrap()))
        .collect();
    assert_eq!(shown, [(1, "  else reject"), (2, "  accept when a")]);
}
