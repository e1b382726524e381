//! What an account holds at the start.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::state::{ApiKey, CustomField, Dictionary, Element, ReferenceRow, Shop, State, User};
use crate::settings::{DEFAULT_ACCOUNT, DEFAULT_KEY, Seed};

/// Extensions of the seeded telephony module, by user.
const EXTENSIONS: &[(u64, &str)] = &[(27, "101"), (28, "102"), (29, "103")];

impl State {
    /// The account that `seed` asks for.
    pub(crate) fn seeded(seed: Seed, _now: Timestamp) -> Self {
        let mut state = Self::empty(DEFAULT_ACCOUNT);
        state.keys.push(ApiKey { value: DEFAULT_KEY.to_owned(), scopes: None, sites: None });
        match seed {
            Seed::Bare => state.sites.push(shop("main", "Магазин")),
            Seed::Romashka => state.romashka(),
        }
        state
    }

    fn romashka(&mut self) {
        self.sites = vec![
            shop("romashka-main", "Ромашка"),
            shop("romashka-msk", "Ромашка Москва"),
            shop("romashka-spb", "Ромашка Петербург"),
        ];
        self.groups = BTreeMap::from([
            ("manager".to_owned(), "Менеджеры".to_owned()),
            ("superadmins".to_owned(), "Администраторы".to_owned()),
        ]);
        self.users = vec![
            user(27, "anna@romashka.ru", "Анна", Some("Лисина"), true),
            user(28, "ivan@romashka.ru", "Иван", Some("Петров"), true),
            user(29, "olga@romashka.ru", "Ольга", None, true),
            user(30, "fired@romashka.ru", "Пётр", Some("Уволенный"), false),
        ];
        self.reference = factory_reference();
        self.dictionaries = vec![Dictionary {
            code: "uis_topics".to_owned(),
            name: "Темы обращений".to_owned(),
            elements: [("price", "Цена"), ("delivery", "Доставка"), ("warranty", "Гарантия")]
                .map(|(code, name)| Element { code: code.to_owned(), name: name.to_owned() })
                .to_vec(),
        }];
        let string = |entity: &str, code: &str, name: &str| field(entity, code, name, "string");
        self.custom_fields = vec![
            string("customer", "uis_campaign", "Рекламная кампания"),
            string("customer", "uis_site", "Сайт обращения"),
            string("customer", "uis_city", "Город"),
            string("customer", "uis_number", "Виртуальный номер"),
            field("customer", "uis_calls", "Число звонков", "integer"),
            field("customer", "uis_first_call", "Первый звонок", "datetime"),
            field("customer", "uis_agreed", "Согласие", "boolean"),
            CustomField {
                dictionary: Some("uis_topics".to_owned()),
                ..field("customer", "uis_topic", "Тема", "dictionary")
            },
            field("order", "uis_record", "Запись разговора", "text"),
            string("order", "uis_marketing", "Маркетинг"),
            string("order", "uis_source", "Источник"),
            field("order", "uis_talk_time", "Время разговора", "numeric"),
            field("order", "uis_call_date", "Дата звонка", "date"),
            field("order", "uis_mail", "Почта для чека", "email"),
            CustomField {
                dictionary: Some("uis_topics".to_owned()),
                ..field("order", "uis_topics", "Темы", "multiselect_dictionary")
            },
        ];
        self.modules.insert("uis".to_owned(), telephony_module());
    }
}

fn shop(code: &str, name: &str) -> Shop {
    Shop { code: code.to_owned(), name: name.to_owned() }
}

fn user(id: u64, email: &str, first_name: &str, last_name: Option<&str>, active: bool) -> User {
    User {
        id,
        email: email.to_owned(),
        first_name: first_name.to_owned(),
        last_name: last_name.map(str::to_owned),
        active,
        status: "free".to_owned(),
        online: active,
        groups: vec!["manager".to_owned()],
    }
}

fn field(entity: &str, code: &str, name: &str, kind: &str) -> CustomField {
    CustomField {
        entity: entity.to_owned(),
        code: code.to_owned(),
        name: name.to_owned(),
        kind: kind.to_owned(),
        dictionary: None,
        required: false,
    }
}

/// The codes of a fresh account, from the vendor's own samples.
fn factory_reference() -> BTreeMap<String, Vec<ReferenceRow>> {
    let methods = [
        ("phone", "По телефону"),
        ("shopping-cart", "Через корзину"),
        ("one-click", "В один клик"),
        ("price-decrease-request", "Запрос на понижение цены"),
        ("landing-page", "Заявка с посадочной страницы"),
        ("offline", "Оффлайн"),
        ("app", "Мобильное приложение"),
        ("live-chat", "Онлайн-консультант"),
        ("terminal", "Терминал"),
        ("missed-call", "Пропущенный звонок"),
        ("messenger", "Мессенджеры"),
    ];
    let groups = [
        ("new", "Новый"),
        ("approval", "Согласование"),
        ("assembling", "Комплектация"),
        ("delivery", "Доставка"),
        ("complete", "Выполнен"),
        ("cancel", "Отменен"),
    ];
    let statuses = [
        ("new", "Новый", "new"),
        ("availability-confirmed", "Наличие подтверждено", "approval"),
        ("client-confirmed", "Согласовано с клиентом", "approval"),
        ("prepayed", "Предоплата поступила", "approval"),
        ("send-to-assembling", "Передано в комплектацию", "assembling"),
        ("delivering", "Доставляется", "delivery"),
        ("complete", "Выполнен", "complete"),
        ("no-call", "Недозвон", "cancel"),
        ("no-product", "Нет в наличии", "cancel"),
        ("cancel-other", "Отменен", "cancel"),
    ];
    let types = [("eshop-individual", "Физ. лицо"), ("eshop-legal", "Юр. лицо")];
    let payments = [("not-paid", "Не оплачен"), ("invoice", "Выставлен счет"), ("paid", "Оплачен")];
    let simple = |rows: &[(&str, &str)], default: &str| -> Vec<ReferenceRow> {
        let rows = rows.iter().zip(1..);
        rows.map(|((code, name), n)| {
            row(code, name, json!({"defaultForCrm": *code == default, "defaultForApi": *code == default, "ordering": n * 10}))
        })
        .collect()
    };
    let statuses = statuses.iter().zip(1..).map(|((code, name, group), n)| {
        row(code, name, json!({"ordering": n * 10, "group": group, "defaultForApi": n == 1}))
    });
    let groups = groups
        .iter()
        .zip(1..)
        .map(|((code, name), n)| row(code, name, json!({"ordering": n * 10, "process": n < 5})));
    BTreeMap::from([
        ("orderMethods".to_owned(), simple(&methods, "shopping-cart")),
        ("orderTypes".to_owned(), simple(&types, "eshop-individual")),
        ("paymentStatuses".to_owned(), simple(&payments, "not-paid")),
        ("statuses".to_owned(), statuses.collect()),
        ("statusGroups".to_owned(), groups.collect()),
    ])
}

fn row(code: &str, name: &str, more: Value) -> ReferenceRow {
    let more = more.as_object().cloned().unwrap_or_default();
    ReferenceRow { code: code.to_owned(), name: name.to_owned(), active: true, more }
}

fn telephony_module() -> Map<String, Value> {
    let codes: Vec<Value> =
        EXTENSIONS.iter().map(|(user, code)| json!({"userId": user, "code": code})).collect();
    let module = json!({
        "code": "uis",
        "integrationCode": "uis",
        "active": true,
        "freeze": false,
        "name": "UIS",
        "logo": "https://uis.example/logo.svg",
        "clientId": "romashka-client-id",
        "baseUrl": "https://uis.example",
        "integrations": {"telephony": {
            "allowEdit": false,
            "inputEventSupported": true,
            "outputEventSupported": true,
            "hangupEventSupported": true,
            "additionalCodes": codes,
            "externalPhones": [],
        }},
    });
    module.as_object().cloned().unwrap_or_default()
}
