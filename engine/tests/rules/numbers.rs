//! Virtual numbers that the rules name: of a click in the CRM, and of the shops.

use serde_json::{Value as Json, json};
use switchboard_engine::bundle::Bundle;
use switchboard_engine::decide::ClickNumberFrom;
use switchboard_engine::facts::Facts;
use switchboard_grammar::lang::Lang;

use super::support::{self, call, check, now, rules};

/// What a click gives: the number and what named it.
#[track_caller]
fn click(bundle: &Bundle, mut fields: Json) -> (Option<String>, ClickNumberFrom) {
    fields["direction"] = json!("outgoing");
    let said = bundle.click_number(&call(fields), &Facts::none(), now());
    (said.number.map(|number| number.to_string()), said.from)
}

const TABLE: &str = "table click_to_call for outgoing calls\n  | caller | virtual_number || show_number |\n\
     \x20 | \"ivan@x.ru\" | - || +7 812 123-45-67 |\n  | - | not missing || virtual_number |\n\n";

fn settings(lines: &str) -> String {
    format!("settings for calls\n{lines}\n\n")
}

#[test]
fn a_row_goes_before_the_setting_and_the_setting_before_nothing() {
    use ClickNumberFrom::{Nothing, Setting, Table};
    let bundle = rules(&format!("{}{TABLE}", settings("  click_to_call_number: +7 495 123-45-67")));
    let ivan = json!({ "caller": "ivan@x.ru", "virtual_number": "+78005550110" });
    assert_eq!(click(&bundle, ivan.clone()), (Some("+78121234567".to_owned()), Table));
    let shop = json!({ "caller": "anna@x.ru", "virtual_number": "+78005550110" });
    assert_eq!(click(&bundle, shop), (Some("+78005550110".to_owned()), Table));
    let plain = json!({ "caller": "anna@x.ru" });
    assert_eq!(click(&bundle, plain.clone()), (Some("+74951234567".to_owned()), Setting));
    assert_eq!(click(&rules(TABLE), plain), (None, Nothing));

    let always = "  click_to_call_number: +7 495 123-45-67\n  always_show_number: yes";
    let bundle = rules(&format!("{}{TABLE}", settings(always)));
    assert_eq!(click(&bundle, ivan.clone()), (Some("+74951234567".to_owned()), Setting));
    let bundle = rules(&format!("{}{TABLE}", settings("  always_show_number: yes")));
    assert_eq!(click(&bundle, ivan).1, Table, "there is no number to show always");
}

#[test]
fn the_table_knows_its_column_and_no_other() {
    let loaded = check("table click_to_call for calls\n  | caller || number |\n  | else || \"1\" |\n");
    let said = support::said(&loaded, Lang::En);
    assert!(said.contains("table `click_to_call` gives no `number`"), "{said}");
}

#[test]
fn shops_have_the_numbers_that_name_them_alone() {
    let bundle = rules(
        "list spb: +7 812 123-45-67, 8 (812) 765-43-21\n\n\
         table store for calls\n  | virtual_number | site || store |\n\
         \x20 | +7 495 123-45-67, +7 495 765-43-21 | - || \"msk\" |\n\
         \x20 | in spb | - || \"spb\" |\n\
         \x20 | +7 800 555-01-10 | \"a.ru\" || \"opt\" |\n\
         \x20 | not +7 499 111-22-33 | - || \"other\" |\n\
         \x20 | +7 495 123-45-67 | - || \"late\" |\n\
         \x20 | else || \"main\" |\n",
    );
    let said: Vec<String> =
        bundle.store_numbers().iter().map(|(store, number)| format!("{store} {number}")).collect();
    assert_eq!(said, ["msk +74951234567", "msk +74957654321", "spb +78121234567", "spb +78127654321"]);
    assert!(rules("settings for calls\n  default_store: \"main\"\n").store_numbers().is_empty());
}
