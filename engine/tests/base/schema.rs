//! The tables of names: complete, unambiguous, and found by every spelling.

use std::collections::{HashMap, HashSet};
use switchboard_engine::catalog::{self, enums, schema};
use switchboard_engine::event::EventBuilder;
use switchboard_engine::schema::{Direction, EventKind, SettingDefault, Spelling};
use switchboard_engine::ty::{Scalar, Type};
use switchboard_engine::value;

/// Every field that the design of the language names.
const DESIGNED: [(EventKind, &str); 4] = [
    (
        EventKind::Call,
        "contact phone email name site campaign source marketing_channel utm.source utm.medium utm.campaign \
         utm.content utm.term tags visitor.city visitor.region visitor.country visitor.device visitor.id search_query \
         referrer landing_page segments started finished client.manager client.name client.orders_count client.tags \
         client.segments client.custom.x direction virtual_number scenario talk_time wait_time total_time answered_by \
         caller rung missed finish_reason record_url transferred call_source rating",
    ),
    (
        EventKind::Chat,
        "contact phone email site campaign utm.source tags started finished client.manager channel status stage \
         answered_by messages visitor_messages initiator release_cause missed",
    ),
    (
        EventKind::Request,
        "contact phone email site campaign tags started finished client.custom.x request_type form_name text \
         answered_by properties.x",
    ),
    (
        EventKind::Order,
        "order.number order.status order.status_group order.total order.total_with_delivery order.delivery_cost \
         order.store order.manager order.method order.type order.created order.paid order.client.name order.custom.x \
         order.source.source",
    ),
];

#[test]
fn nothing_that_was_designed_is_missing() {
    for (kind, names) in DESIGNED {
        for name in names.split_whitespace() {
            let found = schema().find_field(kind, name);
            assert_eq!(found.map(|found| found.spelling), Some(Spelling::English), "{kind:?} {name}");
        }
    }
}

#[test]
fn the_names_of_the_examples() {
    for (kind, ru, en) in [
        (EventKind::Chat, "теги", "tags"),
        (EventKind::Chat, "канал", "channel"),
        (EventKind::Chat, "сайт", "site"),
        (EventKind::Chat, "обращение", "contact"),
        (EventKind::Chat, "телефон", "phone"),
        (EventKind::Chat, "принявший", "answered_by"),
        (EventKind::Chat, "клиент.менеджер", "client.manager"),
        (EventKind::Chat, "имя", "name"),
        (EventKind::Chat, "завершён", "finished"),
        (EventKind::Request, "кампания", "campaign"),
        (EventKind::Request, "источник", "source"),
    ] {
        let found = schema().find_field(kind, ru).unwrap();
        assert_eq!((found.field.name(), found.spelling), (en, Spelling::Russian), "{ru}");
    }
    let call = |name: &'static str| schema().find_field(EventKind::Call, name).unwrap();
    assert_eq!(call("virtual_phone_number").spelling, Spelling::Original);
    assert_eq!(call("site_domain_name").field.name(), "site");
    let custom = call("клиент.поле.loyalty");
    assert_eq!((custom.field.name(), custom.key), ("client.custom.X", Some("loyalty")));
    assert_eq!(custom.field.name_with(custom.key), "client.custom.loyalty");
    assert!(schema().find_field(EventKind::Call, "client.custom.").is_none());
    assert!(schema().find_field(EventKind::Call, "client.custom.a.b").is_none());
    assert!(schema().find_field(EventKind::Order, "phone").is_none());
}

#[test]
fn own_names_win_over_those_of_others() {
    let of = |kind| schema().find_field(kind, "channel").map(|found| (found.field.name(), found.spelling));
    assert_eq!(of(EventKind::Chat), Some(("channel", Spelling::English)));
    assert_eq!(of(EventKind::Call), Some(("marketing_channel", Spelling::Original)));
}

#[test]
fn one_name_is_one_field_with_one_type() {
    let mut types: HashMap<&str, (Type, usize)> = HashMap::new();
    for kind in EventKind::ALL {
        let mut own = HashMap::new();
        for field in schema().fields(kind) {
            let seen = types.entry(field.name()).or_insert((field.ty(), field.id.index()));
            assert_eq!(*seen, (field.ty(), field.id.index()), "{}", field.name());
            assert_eq!(schema().field_name(field.id), field.name());
            assert_eq!(schema().field(kind, field.id).unwrap().name(), field.name());
            let spec = field.spec;
            let names = [spec.name, spec.ru].into_iter().chain(spec.ru_forms.iter().copied());
            for name in names.collect::<HashSet<_>>() {
                assert_eq!(own.insert(name, spec.name), None, "{name} is two fields of {kind:?}");
            }
        }
    }
    assert!(types.len() < 1_000 && schema().field_count() == types.len());
}

#[test]
fn every_row_is_filled_in() {
    for kind in EventKind::ALL {
        for field in schema().fields(kind) {
            let spec = field.spec;
            let what = spec.name;
            assert!(!spec.doc.en.is_empty() && spec.doc.en.is_ascii_or_ellipsis(), "{what}");
            assert!(spec.doc.ru.chars().any(|c| ('а'..='я').contains(&c)), "{what}");
            assert!(!spec.doc.en.ends_with('.') && !spec.doc.ru.ends_with('.'), "{what}");
            assert_eq!(spec.is_open(), spec.ru.ends_with(".X"), "{what}");
            let textual = spec.ty.scalar.is_textual() || spec.ty.scalar == Scalar::Any;
            assert_eq!(spec.max_chars.is_some(), textual, "{what}");
            let example =
                serde_json::from_str(spec.example).unwrap_or_else(|error| panic!("{what}: {error}"));
            let read = value::from_json(&example, spec.ty).unwrap_or_else(|error| panic!("{what}: {error}"));
            assert!(!read.is_missing(), "{what}");
        }
        for setting in schema().settings(kind) {
            let spec = setting.spec;
            assert!(
                !spec.doc.en.is_empty() && !spec.doc.ru.is_empty() && !spec.example.is_empty(),
                "{}",
                spec.name
            );
            match (spec.default, spec.ty.scalar) {
                (SettingDefault::Missing, _) => assert!(spec.ty.optional, "{}", spec.name),
                (SettingDefault::Enum(name), Scalar::Enum(of)) => assert!(of.by_en(name).is_some()),
                (SettingDefault::YesNo(_), Scalar::YesNo) => {}
                (default, scalar) => panic!("{}: {default:?} for {scalar:?}", spec.name),
            }
        }
    }
}

trait Plain {
    fn is_ascii_or_ellipsis(&self) -> bool;
}

impl Plain for str {
    fn is_ascii_or_ellipsis(&self) -> bool {
        self.chars().all(|c| c.is_ascii() || c == '…')
    }
}

#[test]
fn enums_are_unambiguous() {
    let mut names = HashSet::new();
    for of in enums::ALL {
        assert!(names.insert(of.name), "{} twice", of.name);
        let mut known: HashMap<&str, &str> = HashMap::new();
        for value in of.values() {
            let item = value.item();
            let all = [item.en, item.ru].into_iter();
            let all = all.chain(item.ru_forms.iter().copied()).chain(item.originals.iter().copied());
            for name in all {
                let holder = known.entry(name).or_insert(item.en);
                assert_eq!(*holder, item.en, "{name} in {}", of.name);
                assert_eq!(of.find(name).map(|(found, _)| found), Some(value), "{name}");
            }
            assert_eq!(of.by_en(item.en), Some(value));
            let bare = |name: &str| name.chars().all(|c| c.is_alphanumeric() || c == '_');
            assert!(bare(item.en) && bare(item.ru), "{} is written bare", item.en);
            assert!(!item.doc.en.is_empty() && !item.doc.ru.is_empty(), "{}", item.en);
        }
    }
    assert_eq!(names.len(), 13);
}

#[test]
fn every_channel_type_of_uis_has_a_channel() {
    let types = "comagic yandex.dialogs dataapi whatsapp telegram vkontakte_groups viber telegram_private realty_yandex \
                 avito auto_ru facebook offline_message instagram sms email cian max_bot max tamtam_bot waba \
                 sms_mass_messaging_uae sms_mass_messaging_international";
    for name in types.split_whitespace() {
        assert!(enums::CHANNEL.find_folded(name).is_some(), "{name}");
    }
    assert_eq!(enums::CHANNEL.find_folded("вк").map(|value| value.en()), Some("vk"));
    assert_eq!(
        enums::CONTACT.find("повторный").map(|(value, how)| (value.en(), how)),
        Some(("repeat", Spelling::RussianForm))
    );
}

#[test]
fn rows_for_people() {
    for kind in EventKind::ALL {
        assert_eq!(catalog::field_rows(kind).len(), schema().fields(kind).len());
        assert_eq!(catalog::setting_rows(kind).len(), schema().settings(kind).len());
    }
    let rows = catalog::field_rows(EventKind::Chat);
    let channel = rows.iter().find(|row| row.name == "channel").unwrap();
    assert_eq!(
        (channel.ru, channel.originals, channel.ty.optional),
        ("канал", &["chat_channel_type"][..], false)
    );
    assert!(channel.values.iter().any(|value| value.en() == "telegram"));
}

#[test]
fn suggestions() {
    let near = |kind, name: &str| schema().suggest_field(kind, name).map(|field| field.name());
    assert_eq!(near(EventKind::Call, "campain"), Some("campaign"));
    assert_eq!(near(EventKind::Call, "utm.sourse"), Some("utm.source"));
    assert_eq!(near(EventKind::Call, "компания"), Some("campaign"));
    assert_eq!(near(EventKind::Call, "rfvgfybz"), Some("campaign"));
    assert_eq!(near(EventKind::Call, "weather"), None);
    let setting = schema().suggest_setting(EventKind::Call, "default_responsable");
    assert_eq!(setting.map(|setting| setting.spec.name), Some("default_responsible"));
}

#[test]
fn tables_that_the_server_reads() {
    assert_eq!(catalog::result_table("сущности").map(|table| table.name), Some("entities"));
    assert_eq!(catalog::result_table("store").map(|table| table.columns.len()), Some(1));
    assert_eq!(catalog::result_column("создать").map(|column| column.name), Some("create"));
    assert_eq!(catalog::result_column("employee").map(|column| column.ty.list), Some(false));
    assert!(catalog::result_column("colour").is_none());
}

#[test]
fn built_in_titles_use_fields_of_their_kind() {
    for kind in EventKind::ALL {
        let directions: &[Option<Direction>] = match kind {
            EventKind::Call => &[None, Some(Direction::Incoming), Some(Direction::Outgoing)],
            _ => &[None],
        };
        for direction in directions {
            for missed in [None, Some(true), Some(false)] {
                let title = catalog::default_title(kind, *direction, missed);
                for (text, spelling) in [(title.en, Spelling::English), (title.ru, Spelling::Russian)] {
                    for hole in text.split("{{").skip(1) {
                        let hole = hole.split("}}").next().unwrap();
                        let value = hole.split('|').next().unwrap();
                        let names =
                            value.split_whitespace().filter(|word| !matches!(*word, "else" | "иначе"));
                        for name in names.filter(|word| !word.contains('"')).filter(|word| {
                            !"без сценария с сайта no the from site scenario a guest".contains(*word)
                                || *word == "scenario"
                        }) {
                            let found =
                                schema().find_field(kind, name).unwrap_or_else(|| panic!("{name} in {text}"));
                            assert_eq!(found.spelling, spelling, "{name} in {text}");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn examples_make_events() {
    for kind in EventKind::ALL {
        let direction = (kind == EventKind::Call).then_some(Direction::Incoming);
        let mut builder = EventBuilder::new(kind, direction);
        for field in schema().fields(kind) {
            let name = if field.is_open() { field.name_with(Some("code")) } else { field.name().to_owned() };
            builder = builder.set_json(&name, &serde_json::from_str(field.spec.example).unwrap());
        }
        builder.build().unwrap();
    }
}
