//! Names in rules against those that the account has.

use switchboard_engine::bundle::{BundleSource, LoadOptions, Loaded, load};
use switchboard_engine::references::{Inventory, References};
use switchboard_engine::ty::ReferenceKind;
use switchboard_grammar::lang::Lang;

use super::support::{fixtures, folder, found, said};

const RULES: &str = "rules 1

filter for incoming calls
  reject when tags contains \"Спам\" or tags contains \"спамм\"
  accept when virtual_number in (+7 495 123-45-67, +7 495 123-45-68)
  else reject

settings for calls
  click_to_call_number: +7 812 123-45-67
  default_store:        \"msk\"

table store for calls
  | virtual_number   | site          || store |
  |------------------|---------------||-------|
  | +7 495 123-45-69 | \"shop.ru\"     || \"msk\" |
  | else                             || \"spb\" |

fields of client for calls
  uis_campaign from campaign, always
";

fn account() -> References {
    let mut references = References::new();
    let mut set = |kind, names: &[&str]| references.set(kind, names.iter().map(|name| (*name).to_owned()));
    set(ReferenceKind::Tag, &["спам", "Целевой"]);
    set(ReferenceKind::VirtualNumber, &["+74951234567", "+78121234560"]);
    set(ReferenceKind::Store, &["msk"]);
    set(ReferenceKind::Site, &["shop.ru"]);
    set(ReferenceKind::ClientField, &["uis_campaing"]);
    references
}

fn checked(references: Option<References>) -> Loaded {
    let mut options = LoadOptions::default();
    options.references = references;
    load(&BundleSource::single(RULES), &options)
}

#[test]
fn every_name_that_the_account_does_not_have_is_reported_where_it_stands() {
    let loaded = checked(Some(account()));
    assert!(loaded.bundle.is_some(), "an account that changed stops no rules");
    insta::assert_snapshot!(said(&loaded, Lang::En));
}

#[test]
fn what_is_not_known_of_the_account_is_not_reported() {
    for references in [None, Some(References::new())] {
        assert_eq!(found(&checked(references)), Vec::<&str>::new());
    }
}

/// The bundle of the fixtures and what its account has.
fn fixture() -> (BundleSource, References) {
    let path = fixtures().join("engine/references");
    let account = std::fs::read_to_string(path.join("account.json")).unwrap();
    (folder(&path), Inventory::from_json(&account).unwrap().references)
}

#[test]
fn values_of_lists_and_numbers_to_be_shown_are_held_against_the_account() {
    let (source, references) = fixture();
    let mut options = LoadOptions::default();
    options.references = Some(references);
    let loaded = load(&source, &options);
    assert!(loaded.bundle.is_some(), "{}", said(&loaded, Lang::En));
    insta::assert_snapshot!(said(&loaded, Lang::Ru));
    insta::assert_snapshot!(said(&loaded, Lang::En));
}

#[test]
fn lists_are_not_held_against_what_is_not_known() {
    let (source, references) = fixture();
    assert_eq!(found(&load(&source, &LoadOptions::default())), Vec::<&str>::new());
    // Only scenarios were listed: numbers and employees are not judged.
    let mut known = References::new();
    let names: Vec<String> = references.names(ReferenceKind::Scenario).map(str::to_owned).collect();
    known.set(ReferenceKind::Scenario, names);
    let mut options = LoadOptions::default();
    options.references = Some(known);
    assert_eq!(found(&load(&source, &options)), ["unknown-reference"]);
}
