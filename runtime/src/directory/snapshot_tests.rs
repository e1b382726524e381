//! Who is matched with whom, who takes part, and in which zone each side lives.

use super::*;
use crate::crm::FieldType;

fn person(id: u64, email: &str, active: bool) -> Person {
    let email = Some(email.to_owned()).filter(|email| !email.is_empty());
    Person { id, email, active, ..Person::default() }
}

fn parts() -> (CrmPart, UisPart) {
    let crm = CrmPart {
        users: vec![
            person(27, " Anna@Romashka.ru", true),
            person(28, "ivan@romashka.ru", false),
            person(29, "olga@romashka.ru", true),
            person(30, "OLGA@romashka.ru ", true),
            person(31, "", true),
        ],
        timezone: Some("Asia/Vladivostok".to_owned()),
        ..CrmPart::default()
    };
    let uis = UisPart {
        employees: vec![
            person(1, "anna@romashka.ru", true),
            person(2, "ivan@romashka.ru", true),
            person(3, "olga@romashka.ru", true),
            person(4, "", true),
            person(5, "ANNA@romashka.ru", true),
        ],
        timezone: Some("Europe/Moscow".to_owned()),
        ..UisPart::default()
    };
    (crm, uis)
}

#[test]
fn people_are_matched_by_email_and_everything_doubtful_is_shown() {
    let (crm, uis) = parts();
    let snapshot = Snapshot::new(&crm, Some(&uis), (None, None));
    let anna = Matched { email: "anna@romashka.ru".to_owned(), user: 27 };
    assert_eq!(snapshot.employee(1), Some(&anna));
    assert_eq!(snapshot.employee(5), Some(&anna));
    for unmatched in [2, 3, 4, 99] {
        assert_eq!(snapshot.employee(unmatched), None, "{unmatched}");
    }
    assert_eq!(snapshot.user_by_email(" ANNA@romashka.ru "), Some(27));
    for nobody in ["ivan@romashka.ru", "olga@romashka.ru", "", "x@y.example"] {
        assert_eq!(snapshot.user_by_email(nobody), None, "{nobody}");
    }
    assert_eq!(snapshot.email_of_user(27), Some("anna@romashka.ru"));
    assert_eq!(snapshot.email_of_user(28), None);
    assert_eq!((snapshot.employee_of_user(27), snapshot.employee_of_user(29)), (Some(1), None));
    let problems: Vec<String> = snapshot.problems().iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(problems.join("\n"), @r"
    users 29, 30 of RetailCRM share the e-mail `olga@romashka.ru`; nobody is matched with it
    employee 2 of UIS: no active user of RetailCRM has the e-mail `ivan@romashka.ru`
    employee 3 of UIS: no active user of RetailCRM has the e-mail `olga@romashka.ru`
    employee 4 of UIS has no e-mail and is matched with nobody
    employees 1, 5 of UIS share the e-mail `anna@romashka.ru`
    ");
}

#[test]
fn an_employee_who_is_not_chosen_is_as_if_he_were_not_there() {
    let (crm, uis) = parts();
    let chosen = Chosen::new(["ivan@romashka.ru"], []);
    let snapshot = Snapshot::of_chosen(&crm, Some(&uis), (None, None), &chosen);
    assert_eq!(snapshot.employee(1), None);
    assert_eq!(snapshot.reach("anna@romashka.ru"), None);
    let problems: Vec<String> = snapshot.problems().iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(problems.join("\n"), @r"
    users 29, 30 of RetailCRM share the e-mail `olga@romashka.ru`; nobody is matched with it
    employee 2 of UIS: no active user of RetailCRM has the e-mail `ivan@romashka.ru`
    ");
}

#[test]
fn a_synchronised_employee_is_called_on_numbers_of_uis() {
    let (crm, mut uis) = parts();
    for employee in &mut uis.employees {
        employee.extension = Some(format!("10{}", employee.id));
        employee.phones = vec!["79000000020".to_owned()];
    }
    uis.employees.reverse();
    let snapshot = Snapshot::new(&crm, Some(&uis), (None, None));
    let anna = snapshot.reach(" Anna@romashka.ru").expect("she is synchronised");
    assert_eq!((anna.employee, anna.extension.as_deref()), (1, Some("101")), "the first by number");
    assert_eq!(snapshot.reach("ivan@romashka.ru"), None, "no user of the CRM");
}

#[test]
fn extensions_are_those_of_matched_employees() {
    let (crm, mut uis) = parts();
    assert_eq!(Snapshot::new(&crm, None, (None, None)).codes(), None, "UIS was never listed");
    for (employee, extension) in uis.employees.iter_mut().zip(["101", "102", "103", "104", "105"]) {
        employee.extension = Some(extension.to_owned());
    }
    let snapshot = Snapshot::new(&crm, Some(&uis), (None, None));
    assert_eq!(snapshot.codes(), Some([(27, "101".to_owned())].into()), "one extension a user");
    assert_eq!(snapshot.employee_by_extension("105"), Some(5));
    for nobody in ["102", "104", "", "1"] {
        assert_eq!(snapshot.employee_by_extension(nobody), None, "{nobody}");
    }
}

#[test]
fn each_side_has_its_zone_and_the_settings_win() {
    let (crm, uis) = parts();
    let name = |zone: &TimeZone| zone.iana_name().map(str::to_owned);
    let zones = Snapshot::new(&crm, Some(&uis), (None, None)).zones().clone();
    assert_eq!(
        (name(&zones.uis).as_deref(), name(&zones.crm).as_deref()),
        (Some("Europe/Moscow"), Some("Asia/Vladivostok"))
    );
    let samara = TimeZone::get("Europe/Samara").expect("a zone");
    let zones = Snapshot::new(&crm, Some(&uis), (Some(&samara), Some(&samara))).zones().clone();
    assert_eq!(
        (name(&zones.uis).as_deref(), name(&zones.crm).as_deref()),
        (Some("Europe/Samara"), Some("Europe/Samara"))
    );
}

#[test]
fn a_side_without_a_zone_takes_the_others_and_says_so() {
    let crm = CrmPart { timezone: Some("Mars/Olympus".to_owned()), ..CrmPart::default() };
    let snapshot = Snapshot::new(&crm, None, (None, None));
    assert_eq!(snapshot.zones().uis.iana_name(), Some(LAST_RESORT));
    assert_eq!(snapshot.problems().len(), 2);
    let crm = CrmPart { timezone: Some("Asia/Omsk".to_owned()), ..CrmPart::default() };
    let snapshot = Snapshot::new(&crm, None, (None, None));
    assert_eq!(snapshot.zones().uis.iana_name(), Some("Asia/Omsk"));
    assert_eq!(snapshot.problems().len(), 1);
}

#[test]
fn a_code_may_repeat_between_customers_and_orders() {
    let field = |entity, kind| CustomField {
        entity,
        code: "uis_site".to_owned(),
        kind,
        dictionary: None,
        name: None,
    };
    let crm = CrmPart {
        fields: vec![
            field(FieldEntity::Customer, FieldType::String),
            field(FieldEntity::Order, FieldType::Integer),
        ],
        ..CrmPart::default()
    };
    let snapshot = Snapshot::new(&crm, None, (None, None));
    let kind = |entity| snapshot.field(entity, "uis_site").map(|field| field.kind);
    assert_eq!(kind(FieldEntity::Customer), Some(FieldType::String));
    assert_eq!(kind(FieldEntity::Order), Some(FieldType::Integer));
    assert!(snapshot.field(FieldEntity::Order, "other").is_none());
}

#[test]
fn what_was_listed_survives_being_written_down() {
    let (crm, uis) = parts();
    let text = serde_json::to_string(&(&crm, &uis)).expect("JSON");
    let back: (CrmPart, UisPart) = serde_json::from_str(&text).expect("JSON");
    assert_eq!(back, (crm, uis));
}
