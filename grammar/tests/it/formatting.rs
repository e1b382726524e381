//! The formatter, case by case.

use switchboard_grammar::format;

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(format(text), expected);
    assert_eq!(format(expected), expected, "not a fixed point");
}

#[test]
fn blanks_are_made_even_and_blank_lines_single() {
    check(
        "rules 1\nfilter  for   calls ,chats\n\n\n\taccept  when a   is not  \"b\"and c\n\n\n  else   reject\nlist x:1 ,2\n",
        "rules 1\n\nfilter for calls, chats\n  accept when a is not \"b\" and c\n\n  else reject\n\nlist x: 1, 2\n",
    );
}

#[test]
fn comments_stay_on_their_lines() {
    check(
        "# top\n\n# more\nrules 1 # one\n# above\n\n## doc\nfilter for calls # head\n# at the margin\n  # inside\n  else accept# end\n    # tail\n\n# last\n",
        "# top\n\n# more\nrules 1  # one\n\n# above\n\n## doc\nfilter for calls  # head\n  # at the margin\n  # inside\n  else accept  # end\n  # tail\n\n# last\n",
    );
}

#[test]
fn comments_of_neighbouring_lines_stand_under_one_another() {
    check(
        "rules 1\n\nsettings for calls\n  a: 1 # x\n  bb: \"текст\" # y\n  c: 2\n  d: 3 # z\n",
        "rules 1\n\nsettings for calls\n  a:  1        # x\n  bb: \"текст\"  # y\n  c:  2\n  d:  3  # z\n",
    );
}

#[test]
fn values_of_one_block_stand_under_one_another() {
    check(
        "rules 1\n\nsettings for calls\n  a: 1\n  long_name: 2\n\n  b: 3\n",
        "rules 1\n\nsettings for calls\n  a:         1\n  long_name: 2\n\n  b: 3\n",
    );
}

#[test]
fn tables_are_aligned_by_what_is_seen() {
    check(
        "rules 1\n\ntable t for calls\n|имя|b||c|\n|\"日本\"|-||x|\n|else||-|# why\n",
        "rules 1\n\ntable t for calls\n|имя|b||c|\n|\"日本\"|-||x|\n|else||-|# why\n",
    );
    check(
        "rules 1\n\ntable t for calls\n  |имя|b||c|\n  |\"日本\"|-||x|\n  |else||-|# why\n",
        "rules 1\n\ntable t for calls\n  | имя    | b || c |\n  |--------|---||---|\n  | \"日本\" | - || x |\n  | else       || - |  # why\n",
    );
}

#[test]
fn phones_take_one_shape_and_other_literals_keep_theirs() {
    check(
        "rules 1\n\nlist x\n  8 (495) 123-45-67, +7(812)1234567, 7 800 555 35 35, +375 29 123-45-67\n  9:00, 02.03.2026, 2026-03-02T12:00, 0.50, 30s\n",
        "rules 1\n\nlist x\n  +7 495 123-45-67, +7 812 123-45-67, +7 800 555-35-35, +375 29 123-45-67\n  9:00, 02.03.2026, 2026-03-02 12:00, 0.50, 30 s\n",
    );
}

#[test]
fn long_lists_are_wrapped() {
    let items: Vec<String> = (0..12).map(|number| format!("\"value {number}\"")).collect();
    let all = items.join(", ");
    // In brackets the lines are two columns deeper.
    let (first, rest) = (items[..9].join(", "), items[9..].join(", "));
    let (inner, others) = (items[..8].join(", "), items[8..].join(", "));
    check(
        &format!("rules 1\n\nlist x: {all}\n\nfilter for calls\n  accept when a in ({all}) or b # why\n"),
        &format!(
            "rules 1\n\nlist x\n  {first}\n  {rest}\n\nfilter for calls\n  accept when a in (\n    {inner},\n    {others}\n  ) or b  # why\n"
        ),
    );
}

#[test]
fn a_line_with_comments_inside_stays_as_it_is() {
    check(
        "rules 1\n\nfilter for calls\n   accept   when a in ( # one\n      1,   # two\n   2)  # three\n  else reject\n",
        "rules 1\n\nfilter for calls\n  accept   when a in ( # one\n      1,   # two\n   2)  # three\n  else reject\n",
    );
}

#[test]
fn broken_sections_stay_and_good_ones_do_not() {
    check(
        "rules 1\n\nfilter   for calls\n  accept\n     else   accept # x\n # y\n\nlist  x:   1\n",
        "rules 1\n\nfilter   for calls\n  accept\n     else   accept # x\n # y\n\nlist x: 1\n",
    );
    // Nothing can be told apart below a header that is wrong.
    check("rules one\nlist  x: 1\n", "rules one\nlist  x: 1\n");
}

#[test]
fn forms_are_kept_and_aliases_become_the_normal_form() {
    check(
        "правила 1\n\nфильтр для звонков\n  принимать когда теги содержат \"a\" и кампания похожа на \"b\" и x не указана\n  принимать когда y не пуст\n",
        "правила 1\n\nфильтр для звонков\n  принимать когда теги содержат \"a\" и кампания похожа на \"b\" и x пуста\n  принимать когда y указан\n",
    );
    check(
        "rules 1\n\nfilter for calls\n  accept when a is not missing or b is not present\n",
        "rules 1\n\nfilter for calls\n  accept when a is present or b is missing\n",
    );
}

#[test]
fn includes_may_stand_together() {
    check(
        "rules 1\ninclude \"a\"\ninclude \"b\"\n\ninclude \"c\"\n# why\ninclude \"d\"\n",
        "rules 1\n\ninclude \"a\"\ninclude \"b\"\n\ninclude \"c\"\n\n# why\ninclude \"d\"\n",
    );
}

#[test]
fn braces_that_are_text_stay_text() {
    check(
        "rules 1\n\nlist x: \"\\{{ a }}\", \"\\{\\{ b\", \"a { b\", \"\\\\\\\"\\n\\t\"\n",
        "rules 1\n\nlist x: \"\\{{ a }}\", \"\\{{ b\", \"a { b\", \"\\\\\\\"\\n\\t\"\n",
    );
}

#[test]
fn carriage_returns_before_a_line_end_are_gone_at_once() {
    for text in [
        "rules 1\n\nfilter for calls\n  accept w\r\r\r\n  else accept\r\r\n",
        "rules 1\r\r\n\r\r\nlist a\r\r\n  \"x\"\r\r\n",
    ] {
        let once = switchboard_grammar::format(text);
        assert!(!once.contains("\r\n"), "{once:?}");
        assert_eq!(switchboard_grammar::format(&once), once);
    }
}
