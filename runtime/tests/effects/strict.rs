//! The clients against the strict emulator: what they send is taken, and what it answers is read, whichever way the open
//! questions of the vendors' documents are answered.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use switchboard_emulator::{
    ApiKey, EmptyArrays, EmptyMaps, Emulator, LimitsShape, MetadataName, PhoneSearch, Settings,
};
use switchboard_engine::phone::Phone;
use switchboard_runtime::clock::{Clock, System};
use switchboard_runtime::config::Secret;
use switchboard_runtime::crm::{
    Address, AddressRules, BreakerSettings, CallEvent, CallRecord, CallResult, Client, ClientSettings,
    CrmError, CustomerFields, Direction, FieldEntity, FieldType, Hangup, NewTask, Note, Notice, OrderFields,
    Pace, PaceSettings, PhoneNumber, Priority, RecordRef, Ref, Source, TaskSearch, Urgency,
};
use switchboard_runtime::directory::crm_date;
use switchboard_runtime::outbound::guard::Guard;
use switchboard_runtime::outbound::{HttpSettings, HttpTransport};
use switchboard_runtime::uis;

const NOW: Urgency = Urgency::first(Priority::Entity);
const SITE: &str = "romashka-main";

async fn emulator() -> Emulator {
    let emulator = Emulator::start(Settings::default()).await.expect("the emulator starts");
    emulator.set_switches(|switches| switches.limiter = false);
    emulator
}

fn transport() -> Arc<HttpTransport> {
    let guard = Guard { allow_loopback: true };
    Arc::new(HttpTransport::new(&HttpSettings { guard, ..HttpSettings::default() }).expect("a transport"))
}

fn client(emulator: &Emulator) -> Client {
    let crm = &emulator.addresses().services.retailcrm;
    let rules = AddressRules { allow_loopback: true, ..AddressRules::default() };
    let settings = ClientSettings {
        account: "romashka".to_owned(),
        address: Address::parse(&crm.url, &rules).expect("an address"),
        key: Secret::new(&crm.key),
        timeout: Duration::from_secs(10),
        pace: Arc::new(Pace::new(&PaceSettings {
            general: Duration::from_millis(1),
            telephony: Duration::from_millis(1),
            ..PaceSettings::default()
        })),
        breaker: BreakerSettings::default(),
    };
    Client::new(settings, transport()).expect("a client")
}

fn uis_client(emulator: &Emulator, token: &str) -> uis::Client {
    let settings = uis::ClientSettings {
        account: "romashka".to_owned(),
        data_api: emulator.addresses().services.uis.data_api.clone(),
        token: Secret::new(token),
        timeout: Duration::from_secs(10),
        points: Arc::new(uis::Points::new(&uis::PointsSettings::default())),
    };
    uis::Client::new(settings, transport())
}

fn phone() -> Phone {
    Phone::parse("+79000000061").expect("a phone")
}

fn customer() -> CustomerFields {
    CustomerFields {
        external_id: Some("uis-61".to_owned()),
        first_name: Some("Анна & Олег + К°".to_owned()),
        email: Some("anna@client.example".to_owned()),
        phones: vec![PhoneNumber { number: phone().to_string() }],
        manager_id: Some(27),
        source: Some(Source { source: Some("yandex".to_owned()), ..Source::default() }),
        custom_fields: json!({"uis_site": "romashka.ru", "uis_calls": 3}).as_object().expect("a map").clone(),
    }
}

#[tokio::test]
async fn clients_are_made_found_read_and_edited() {
    let emulator = emulator().await;
    let crm = client(&emulator);
    assert!(crm.find_customers(phone(), NOW).await.expect("found").is_empty());
    let id = crm.create_customer(&customer(), SITE, NOW).await.expect("made");
    let again = crm.create_customer(&customer(), SITE, NOW).await;
    assert!(matches!(again, Err(CrmError::AlreadyExists(_))), "{again:?}");
    let found = crm.find_customers(phone(), NOW).await.expect("found");
    assert_eq!(found.len(), 1);
    for record in [RecordRef::Id(id), RecordRef::External("uis-61".to_owned())] {
        let read = crm.customer(&record, SITE, NOW).await.expect("read");
        assert_eq!((read.id, read.first_name.as_deref()), (id, Some("Анна & Олег + К°")));
        assert_eq!((read.manager_id, read.site.as_deref()), (Some(27), Some(SITE)));
        assert_eq!(read.custom_fields.get("uis_calls"), Some(&json!(3)));
    }
    let fields = CustomerFields {
        custom_fields: json!({"uis_site": "opt.romashka.ru"}).as_object().expect("a map").clone(),
        ..CustomerFields::default()
    };
    crm.edit_customer(id, &fields, SITE, NOW).await.expect("edited");
    let held = &emulator.crm().customers()[0];
    assert_eq!(
        (held.custom("uis_site"), held.custom("uis_calls")),
        (Some(&json!("opt.romashka.ru")), Some(&json!(3)))
    );
    assert_eq!(held.phones(), ["+79000000061"]);
    let nobody = crm.customer(&RecordRef::Id(1), SITE, NOW).await;
    assert_eq!(nobody, Err(CrmError::NotFound));
}

#[tokio::test]
async fn a_phone_is_found_by_every_search_the_crm_may_have() {
    for search in [PhoneSearch::Loose, PhoneSearch::Substring, PhoneSearch::Raw] {
        let emulator = emulator().await;
        emulator.set_switches(|switches| switches.phone_search = search);
        let strangers = ["+79000000062", "+74950000061", "+79100000061"];
        for stranger in strangers {
            emulator.crm().put_customer(SITE, json!({"phones": [{"number": stranger}]}));
        }
        let crm = client(&emulator);
        assert!(crm.find_customers(phone(), NOW).await.expect("found").is_empty(), "{search:?}");
        for written in ["+79000000061", "89000000061", "9000000061"] {
            let id = emulator.crm().put_customer(SITE, json!({"phones": [{"number": written}]}));
            let found = crm.find_customers(phone(), NOW).await.expect("found");
            assert!(found.iter().any(|one| one.id == id), "{written} by {search:?}");
            assert!(found.iter().all(|one| one.has_phone(phone())));
            emulator.crm().clear_records();
        }
    }
}

#[tokio::test]
async fn a_merge_is_told() {
    let emulator = emulator().await;
    let crm = client(&emulator);
    let gone = crm.create_customer(&customer(), SITE, NOW).await.expect("made");
    let survivor = emulator.crm().put_customer("romashka-spb", json!({"firstName": "Анна"}));
    emulator.crm().merge_customers(gone, survivor);
    let merged = crm.customer(&RecordRef::Id(gone), SITE, NOW).await;
    assert_eq!(merged, Err(CrmError::Merged { into: survivor, site: Some("romashka-spb".to_owned()) }));
}

#[tokio::test]
async fn orders_tasks_notes_and_notices_are_made() {
    let emulator = emulator().await;
    let crm = client(&emulator);
    let id = crm.create_customer(&customer(), SITE, NOW).await.expect("made");
    let order = OrderFields {
        external_id: Some("uis-order-61".to_owned()),
        customer: Some(Ref { id }),
        first_name: Some("Анна".to_owned()),
        phone: Some(phone().to_string()),
        email: Some("anna@client.example".to_owned()),
        manager_id: Some(28),
        source: customer().source,
        custom_fields: json!({"uis_talk_time": 42.5}).as_object().expect("a map").clone(),
    };
    let order_id = crm.create_order(&order, SITE, NOW).await.expect("made");
    let again = crm.create_order(&order, SITE, NOW).await;
    assert!(matches!(again, Err(CrmError::AlreadyExists(_))), "{again:?}");
    let read = crm.order(&RecordRef::External("uis-order-61".to_owned()), SITE, NOW).await.expect("read");
    assert_eq!((read.id, read.custom_fields.get("uis_talk_time")), (order_id, Some(&json!(42.5))));
    let fields = OrderFields {
        custom_fields: json!({"uis_record": "https://media.uiscom.ru/1/2"})
            .as_object()
            .expect("a map")
            .clone(),
        ..OrderFields::default()
    };
    crm.edit_order(order_id, &fields, SITE, NOW).await.expect("edited");

    let task = NewTask {
        text: "Перезвонить".to_owned(),
        commentary: "#u-7k3m9q2x".to_owned(),
        datetime: Some("2026-03-02 14:00".to_owned()),
        performer_id: 29,
        phone: Some(phone().to_string()),
        phone_site: Some(SITE.to_owned()),
        customer: Some(Ref { id }),
        order: Some(Ref { id: order_id }),
    };
    let task_id = crm.create_task(&task, SITE, NOW).await.expect("made");
    let moscow = jiff::tz::TimeZone::get("Europe/Moscow").expect("a zone");
    let created_from = crm_date(System.now(), &moscow);
    let listed = crm.tasks(&TaskSearch { performer_id: 29, created_from: created_from.clone() }, NOW).await;
    let listed = listed.expect("listed");
    assert_eq!(listed.iter().map(|task| task.id).collect::<Vec<_>>(), [task_id]);
    assert_eq!(listed[0].commentary.as_deref(), Some("#u-7k3m9q2x"));
    let others = crm.tasks(&TaskSearch { performer_id: 27, created_from }, NOW).await.expect("listed");
    assert!(others.is_empty());
    assert_eq!(crm.task(task_id, NOW).await.expect("read").performer_id, Some(29));

    let note = Note { text: "Звонил".to_owned(), customer: Ref { id }, manager_id: Some(27) };
    crm.create_note(&note, SITE, NOW).await.expect("made");
    let notice = Notice {
        kind: "api.error",
        message: "Ключ не работает".to_owned(),
        user_groups: vec!["superadmins".to_owned()],
        user_ids: vec![27],
    };
    crm.send_notice(&notice, NOW).await.expect("sent");
    assert_eq!((emulator.crm().notes().len(), emulator.crm().notices().len()), (1, 1));
}

#[tokio::test]
async fn calls_are_uploaded_once_and_pop_ups_shown() {
    let emulator = emulator().await;
    let crm = client(&emulator);
    let call = |id: &str| CallRecord {
        external_id: id.to_owned(),
        date: "2026-03-02 11:59:58".to_owned(),
        direction: Direction::In,
        phone: phone().to_string(),
        user_id: Some(27),
        result: CallResult::NoAnswer,
        duration: 0,
        duration_waiting: 27,
        record_url: Some("https://media.uiscom.ru/1/2".to_owned()),
        external_phone: Some("74951234567".to_owned()),
        site: Some(SITE.to_owned()),
        source: customer().source,
    };
    let first = crm.upload_calls(&[call("uis-1"), call("uis-2")], NOW).await.expect("taken");
    assert_eq!((first.processed, first.duplicates.len()), (2, 0));
    let second = crm.upload_calls(&[call("uis-2"), call("uis-3")], NOW).await.expect("taken");
    assert_eq!(second.duplicates, ["uis-2"]);
    assert_eq!(emulator.crm().calls().len(), 3);

    let event = |kind, hangup_status| CallEvent {
        phone: phone().to_string(),
        kind,
        user_ids: vec![27, 999],
        hangup_status,
        site: Some(SITE.to_owned()),
        external_phone: Some("74951234567".to_owned()),
        call_external_id: "uis-1".to_owned(),
        web_analytics_data: None,
    };
    assert_eq!(crm.call_event(&event("in", None), NOW).await.expect("shown"), [999]);
    crm.call_event(&event("hangup", Some(Hangup::NoAnswered)), NOW).await.expect("hidden");
    emulator.crm().put_module("uis", None);
    let off = crm.upload_calls(&[call("uis-4")], NOW).await;
    assert!(matches!(off, Err(CrmError::TelephonyOff(_))), "{off:?}");
}

#[tokio::test]
async fn the_account_is_listed_in_every_shape() {
    for empty_maps in [EmptyMaps::List, EmptyMaps::Object] {
        let emulator = emulator().await;
        emulator.set_switches(|switches| switches.empty_maps = empty_maps);
        let crm = client(&emulator);
        assert!(crm.credentials(NOW).await.expect("read").missing_scopes().is_empty());
        assert!(crm.speaks_our_version(NOW).await.expect("read"));
        let settings = crm.account_settings(NOW).await.expect("read");
        assert_eq!(settings.timezone.as_deref(), Some("Europe/Moscow"));
        assert_eq!(settings.language.as_deref(), Some("ru"));
        let users = crm.users(NOW).await.expect("read");
        assert_eq!(users.iter().filter(|user| user.active).count(), 3);
        assert!(crm.sites(NOW).await.expect("read").iter().any(|site| site.code == SITE));
        let fields = crm.custom_fields(NOW).await.expect("read");
        let topic = fields.iter().find(|field| field.code == "uis_topic").expect("the field");
        assert_eq!((topic.entity, topic.kind), (FieldEntity::Customer, FieldType::Dictionary));
        let dictionaries = crm.dictionaries(NOW).await.expect("read");
        let topics = dictionaries
            .iter()
            .find(|one| Some(&one.code) == topic.dictionary.as_ref())
            .expect("it is there");
        assert!(topics.elements.iter().any(|element| element.code == "price" && element.name == "Цена"));
    }
}

#[tokio::test]
async fn a_key_without_a_scope_or_a_shop_is_told_apart_from_a_wrong_one() {
    let emulator = emulator().await;
    let (key, _) = emulator.crm().master_key();
    let scopes = Some(["customer_read", "order_write"].map(str::to_owned).into_iter().collect());
    emulator.crm().put_key(ApiKey { value: key.clone(), scopes, sites: Some(vec![SITE.to_owned()]) });
    let crm = client(&emulator);
    let credentials = crm.credentials(NOW).await.expect("read");
    assert!(credentials.missing_scopes().contains(&"task_write"));
    assert_eq!(credentials.sites.as_deref(), Some([SITE.to_owned()].as_slice()));
    let denied = crm.create_customer(&customer(), SITE, NOW).await;
    assert!(matches!(denied, Err(CrmError::AccessDenied(_))), "{denied:?}");
    let other_shop = crm.create_order(&OrderFields::default(), "romashka-spb", NOW).await;
    assert!(matches!(other_shop, Err(CrmError::AccessDenied(_))), "{other_shop:?}");
    emulator.crm().revoke_key(&key);
    let wrong = crm.credentials(NOW).await;
    assert!(matches!(wrong, Err(CrmError::BadKey(_))), "{wrong:?}");
}

#[tokio::test]
async fn employees_are_listed_in_every_shape() {
    let metadata = [MetadataName::MetaData, MetadataName::Metadata, MetadataName::Absent];
    let limits = [LimitsShape::DayAndMinute, LimitsShape::Hour, LimitsShape::Empty];
    for (account_metadata, limits_shape) in metadata.into_iter().zip(limits) {
        let emulator = emulator().await;
        emulator.set_switches(|switches| {
            switches.account_metadata = account_metadata;
            switches.limits_shape = limits_shape;
            switches.empty_arrays = EmptyArrays::Null;
        });
        let uis = uis_client(&emulator, &emulator.addresses().services.uis.token);
        assert_eq!(uis.timezone().await.expect("read").as_deref(), Some("Europe/Moscow"));
        let employees = uis.employees().await.expect("read");
        assert_eq!(employees.len(), 4);
        let anna = employees.iter().find(|one| one.id == 323_400).expect("Anna");
        assert_eq!(
            (anna.email.as_deref(), anna.extension.as_deref()),
            (Some("anna@romashka.ru"), Some("101"))
        );
    }
}

#[tokio::test]
async fn uis_says_why_not() {
    let emulator = emulator().await;
    let wrong = uis_client(&emulator, "wrong").employees().await.expect_err("refused");
    assert_eq!((wrong.name(), wrong.class()), ("refused", uis::Class::Stop));
    let uis = uis_client(&emulator, &emulator.addresses().services.uis.token);
    emulator.uis().set_address_allowed(false);
    assert_eq!(uis.employees().await.expect_err("refused").name(), "refused");
    emulator.uis().set_address_allowed(true);
    emulator.set_switches(|switches| switches.points_per_minute = 0);
    let used_up = uis.employees().await.expect_err("used up");
    assert_eq!((used_up.name(), used_up.class()), ("limit_exceeded", uis::Class::Retry));
}
