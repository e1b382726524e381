//! Lists from rules and from files.

use proptest::prelude::*;
use switchboard_engine::catalog::enums::CHANNEL;
use switchboard_engine::lists::{CsvError, ListError, ListTable, ValueList, from_csv, headings};
use switchboard_engine::phone::Phone;
use switchboard_engine::ty::Scalar;
use switchboard_engine::value::Value;

fn phone(text: &str) -> Value {
    Value::Phone(Phone::parse(text).unwrap())
}

#[track_caller]
fn entries(csv: &str, column: Option<&str>) -> Vec<String> {
    let list = from_csv(csv.as_bytes(), column).unwrap();
    let mut entries: Vec<_> =
        list.entries().iter().map(|entry| (entry.line, entry.text.to_string())).collect();
    entries.sort();
    entries.into_iter().map(|(_, text)| text).collect()
}

#[test]
fn phones_of_a_file_in_every_dress() {
    let list = from_csv("+7 495 123-45-67\n8 (812) 123-45-67\n79000000010\n".as_bytes(), None).unwrap();
    assert_eq!(list.scalar(), Scalar::Phone);
    for text in ["84951234567", "+78121234567", "9000000010"] {
        assert!(list.contains(&phone(text)), "{text}");
    }
    assert!(!list.contains(&phone("84951234568")) && !list.contains(&Value::Missing));
    assert!(
        list.contains(&Value::list([phone("84951234568"), phone("84951234567")])),
        "of a list, one is enough"
    );
}

#[test]
fn texts_are_compared_as_everywhere() {
    let list = ValueList::from_values([Value::text("Спам"), Value::text("Реклама  в лифте")]).unwrap();
    assert!(list.contains(&Value::text(" СПАМ ")) && list.contains(&Value::text("реклама в лифте")));
    assert!(!list.contains(&Value::text("реклама")));
    assert_eq!((list.scalar(), list.len()), (Scalar::Text, 2));
}

#[test]
fn enums_and_other_values() {
    let telegram = Value::Enum(CHANNEL.by_en("telegram").unwrap());
    let list = ValueList::from_values([telegram.clone()]).unwrap();
    assert!(list.contains(&telegram) && list.contains(&Value::text("telegram")));
    assert_eq!(list.scalar(), Scalar::Enum(&CHANNEL));
    let texts = from_csv(b"telegram\nviber", None).unwrap();
    assert!(texts.contains(&telegram) && texts.misfits(Scalar::Enum(&CHANNEL)).next().is_none());
    let numbers = ValueList::from_values([Value::Number("5.0".parse().unwrap())]).unwrap();
    assert!(numbers.contains(&Value::Number("5".parse().unwrap())));
}

#[test]
fn entries_that_can_never_match_are_told() {
    let list = from_csv("+74951234567\n0160078\nАнна\n".as_bytes(), None).unwrap();
    let misfits: Vec<_> =
        list.misfits(Scalar::Phone).map(|entry| (entry.line, entry.text.as_str())).collect();
    assert_eq!(misfits, [(2, "0160078"), (3, "Анна")]);
}

#[test]
fn a_heading_is_no_value() {
    assert_eq!(entries("Телефон\n+74951234567\n", None), ["+74951234567"]);
    assert_eq!(entries("Кого не берём\n+74951234567\n", None), ["+74951234567"]);
    assert_eq!(entries("Спам\nРеклама\n", None), ["Спам", "Реклама"], "no heading");
    assert_eq!(
        entries("0160078\n+74951234567\n", None),
        ["0160078", "+74951234567"],
        "a bad value is no heading"
    );
    assert_eq!(from_csv(b"phone\n", None).unwrap_err(), CsvError::Empty);
}

#[test]
fn columns_and_delimiters() {
    let csv =
        "имя;телефон;город\n\"Анна; Петрова\";+7 495 123-45-67;Москва\nОлег;;\n\nИван;+7 812 123-45-67\n";
    assert_eq!(entries(csv, Some("Телефон")), ["+7 495 123-45-67", "+7 812 123-45-67"]);
    assert_eq!(entries(csv, None), ["Анна; Петрова", "Олег", "Иван"], "the first column without its heading");
    assert_eq!(entries("a\tb\n1\t2\n", Some("b")), ["2"]);
    assert_eq!(entries("\u{feff}site,note\nromashka.ru,\"x, y\"\n", Some("site")), ["romashka.ru"]);
    assert_eq!(entries("a,b\r\nc,d\r\n", None), ["a", "c"]);
    let error = from_csv(csv.as_bytes(), Some("почта")).unwrap_err();
    assert_eq!(error.to_string(), "there is no column `почта`; the first line has: имя, телефон, город");
}

#[test]
fn other_encodings_are_refused_with_a_hint() {
    // "Спам" in windows-1251 and in UTF-16.
    let windows = from_csv(&[0xd1, 0xef, 0xe0, 0xec, b'\n'], None).unwrap_err();
    assert_eq!(windows, CsvError::Encoding { looks_like: Some("windows-1251") });
    assert!(windows.ru().contains("windows-1251") && windows.to_string().contains("CSV UTF-8"));
    let wide = from_csv(&[0xff, 0xfe, 0x21, 0x04], None).unwrap_err();
    assert_eq!(wide, CsvError::Encoding { looks_like: Some("UTF-16") });
    let noise = from_csv(&[0x80, 0x81, 0x82, 0x83], None).unwrap_err();
    assert_eq!(noise, CsvError::Encoding { looks_like: None });
}

#[test]
fn limits() {
    let full: String = (0..100_000).map(|n| format!("v{n}\n")).collect();
    let list = from_csv(full.as_bytes(), None).unwrap();
    assert_eq!(list.len(), 100_000);
    assert!(list.contains(&Value::text("V99999")));
    let over = from_csv(format!("{full}one more\n").as_bytes(), None).unwrap_err();
    assert!(matches!(over, CsvError::Value { problem: ListError::TooManyValues, .. }));
    let long = from_csv(format!("a\n{}\n", "я".repeat(1_001)).as_bytes(), None).unwrap_err();
    assert_eq!(long, CsvError::Value { line: 2, problem: ListError::TooLong });
    assert_eq!(from_csv(b"", None).unwrap_err(), CsvError::Empty);
    assert_eq!(from_csv(b"\n\n", None).unwrap_err(), CsvError::Empty);
}

proptest! {
    #[test]
    fn bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), column in prop::option::of("[a-c]")) {
        let _ = from_csv(&bytes, column.as_deref());
    }

    #[test]
    fn what_is_written_is_in_it(texts in prop::collection::vec("[а-яa-z0-9 ,;\"]{1,12}", 1..20)) {
        let mut csv = String::from("heading,other\n");
        for text in &texts {
            csv.push_str(&format!("\"{}\",x\n", text.replace('"', "\"\"")));
        }
        if let Ok(list) = from_csv(csv.as_bytes(), Some("heading")) {
            for text in texts.iter().filter(|text| !text.trim().is_empty()) {
                prop_assert!(list.contains(&Value::text(text.as_str())), "{text:?}");
            }
        } else {
            prop_assert!(texts.iter().all(|text| text.trim().is_empty()));
        }
    }
}

#[test]
fn a_table_gives_what_stands_beside_a_key() {
    let csv = "Код;Имя;Ещё\n+7495;Москва;a\n\n 8 900 000-00-10 ;Анна;\"b;\"\"c\"\"\"\n007;Бонд\n;пусто;x\n";
    let table = ListTable::from_csv(csv.as_bytes(), "код", &["имя", "ЕЩЁ"]).unwrap();
    let number = Value::Number("7".parse().unwrap());
    for (key, name, more) in [
        (Value::text("+7495"), Some("Москва"), Some("a")),
        (phone("+79000000010"), Some("Анна"), Some("b;\"c\"")),
        (Value::text("89000000010"), Some("Анна"), Some("b;\"c\"")),
        (number, Some("Бонд"), Some("")),
        (Value::text("007"), Some("Бонд"), Some("")),
        (Value::text("7"), None, None),
        (Value::text(""), None, None),
        (Value::Missing, None, None),
    ] {
        assert_eq!((table.find(&key, "имя"), table.find(&key, "ещё")), (name, more), "{key:?}");
    }
    assert!(table.has("Имя") && !table.has("Код") && table.find(&Value::text("007"), "Код").is_none());
    assert_eq!(headings(csv.as_bytes()).unwrap(), ["Код", "Имя", "Ещё"]);
}

#[test]
fn a_table_tells_what_is_wrong_with_its_file() {
    let table = |csv: &str, columns: &[&str]| ListTable::from_csv(csv.as_bytes(), "a", columns);
    assert!(matches!(table("a,b\n1,2\n", &["c"]), Err(CsvError::NoColumn { name, .. }) if name == "c"));
    let long = format!("a,b\n1,2\n2,{}\n", "я".repeat(ValueList::MAX_CHARS + 1));
    let problem = ListError::TooLong;
    assert_eq!(table(&long, &["b"]).unwrap_err(), CsvError::Value { line: 3, problem });
    // A column that nobody asks for may hold anything.
    assert!(table(&long, &["a"]).is_ok());
    let twice = table("a,b,c\n1,x,y\n1,x,z\n01,x,w\n2,x,y\n", &["b"]).unwrap();
    assert_eq!(twice.repeated(), None, "what nobody asks for may differ");
    let twice = table("a,b,c\n1,x,y\n2,x,y\n1,x,z\n", &["b", "c"]).unwrap();
    assert_eq!(twice.repeated().map(|repeated| (repeated.key.as_str(), repeated.line)), Some(("1", 4)));
    assert_eq!(twice.find(&Value::text("1"), "c"), Some("y"));
}

proptest! {
    /// Whatever is in a file, a table gives the cells of the first row with the key.
    #[test]
    fn a_table_is_its_file(rows in prop::collection::vec(("[a-c]{1,2}", "[ -~а-я]{0,8}", "[а-я;,\"]{0,5}"), 0..30)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["key", "one", "two"]).unwrap();
        for (key, one, two) in &rows {
            writer.write_record([key, one, two]).unwrap();
        }
        let table = ListTable::from_csv(&writer.into_inner().unwrap(), "key", &["one", "two"]).unwrap();
        for key in ["a", "b", "c", "ab", "ca", "cc"] {
            let row = rows.iter().find(|(known, _, _)| known == key);
            prop_assert_eq!(table.find(&Value::text(key), "one"), row.map(|(_, one, _)| one.trim()));
            prop_assert_eq!(table.find(&Value::text(key), "two"), row.map(|(_, _, two)| two.trim()));
        }
    }
}

#[test]
fn a_quote_that_is_never_closed_swallows_no_values() {
    let open = "phone,comment\n+7 900 000-00-10,\"x\n+7 900 000-00-11,y\n";
    assert_eq!(from_csv(open.as_bytes(), Some("phone")).unwrap_err(), CsvError::Unclosed { line: 2 });
    assert_eq!(from_csv(b"a\n\"b\n\"\"c\nd", None).unwrap_err(), CsvError::Unclosed { line: 2 });
    let closed = "phone;comment\n1;\"two\nlines, \"\"quoted\"\"\"\n2;5\" pipe\n3; \"x\n\"4\";\"\"\n";
    assert_eq!(entries(closed, Some("phone")), ["1", "2", "3", "4"]);
}
