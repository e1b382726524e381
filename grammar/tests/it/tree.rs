//! Trees at random: printed, parsed, the same.

use proptest::prelude::*;
use switchboard_grammar::ast::{Comment, File, outline, same_tree};
use switchboard_grammar::lang::Lang;
use switchboard_grammar::{format, parse, print, translate};

use crate::generate;
use crate::support::assert_clean;

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
