//! Fields that calls, chats and requests share: who, from where, when, and what the CRM knows.
//!
//! UIS names are those of its notifications and of the common block of its reports.

use super::enums;
use super::row::{ANY, EMPLOYEE, MOMENT, NUMBER, PHONE, TAGS, TEXT, TEXTS, field, reference};
use crate::schema::FieldSpec;
use crate::ty::{ReferenceKind, Scalar, Type};

pub(super) static FIELDS: [FieldSpec; 31] = [
    field("contact", "обращение", Type::of(Scalar::Enum(&enums::CONTACT)), r#""first""#).doc(
        "whether the CRM knew the client before: first or repeat",
        "знал ли CRM клиента до обращения: первое или повторное",
    ),
    field("phone", "телефон", PHONE.optional(), r#""+74951234567""#)
        .forms(&["номер", "номер_клиента"])
        .from(&["contact_phone_number", "visitor_phone_number"])
        .stand_in("hidden number", "номер скрыт")
        .doc("phone of the client", "телефон клиента"),
    field("email", "почта", TEXT.optional(), r#""olga@example.com""#)
        .forms(&["email", "имейл", "эл_почта"])
        .from(&["visitor_email"])
        .doc("e-mail of the client", "электронная почта клиента"),
    field("name", "имя", TEXT.optional(), r#""Анна Петрова""#)
        .from(&["contact_full_name", "visitor_name"])
        .doc("name of the client", "имя клиента"),
    field("site", "сайт", reference(ReferenceKind::Site).optional(), r#""romashka.ru""#)
        .from(&["site_domain_name"])
        .doc("domain of the site that the client came from", "домен сайта, с которого пришёл клиент"),
    field("campaign", "кампания", reference(ReferenceKind::Campaign).optional(), r#""Бренд""#)
        .forms(&["рекламная_кампания"])
        .from(&["campaign_name"])
        .doc("advertising campaign", "рекламная кампания"),
    field("source", "источник", reference(ReferenceKind::Source).optional(), r#""Яндекс.Директ""#)
        .from(&["source_name", "source_new"])
        .doc("source of traffic", "источник трафика"),
    field(
        "marketing_channel",
        "рекламный_канал",
        Type::of(Scalar::Enum(&enums::MARKETING_CHANNEL)).optional(),
        r#""paid""#,
    )
    .from(&["channel", "channel_new"])
    .doc("channel of traffic: paid, organic, social…", "канал трафика: платный, поиск, соцсети…"),
    field("utm.source", "utm.source", TEXT.optional(), r#""yandex""#)
        .from(&["utm_source"])
        .doc("the utm_source mark", "метка utm_source"),
    field("utm.medium", "utm.medium", TEXT.optional(), r#""cpc""#)
        .from(&["utm_medium"])
        .doc("the utm_medium mark", "метка utm_medium"),
    field("utm.campaign", "utm.campaign", TEXT.optional(), r#""vesna""#)
        .from(&["utm_campaign"])
        .doc("the utm_campaign mark", "метка utm_campaign"),
    field("utm.content", "utm.content", TEXT.optional(), r#""banner-1""#)
        .from(&["utm_content"])
        .doc("the utm_content mark", "метка utm_content"),
    field("utm.term", "utm.term", TEXT.optional(), r#""купить ромашки""#)
        .from(&["utm_term"])
        .doc("the utm_term mark", "метка utm_term"),
    field("tags", "теги", TAGS.optional(), r#"["Целевой"]"#)
        .forms(&["тег", "тэги", "метки"])
        .from(&["tag_names"])
        .doc("tags that are set on the communication", "теги, проставленные на обращение"),
    field("visitor.city", "посетитель.город", TEXT.optional(), r#""Москва""#)
        .from(&["visitor_city"])
        .doc("city of the visitor", "город посетителя"),
    field("visitor.region", "посетитель.регион", TEXT.optional(), r#""Московская область""#)
        .from(&["visitor_region", "cpn_region_name"])
        .doc("region of the visitor or of the number", "регион посетителя или номера"),
    field("visitor.country", "посетитель.страна", TEXT.optional(), r#""Россия""#)
        .from(&["visitor_country", "cpn_country_name"])
        .doc("country of the visitor or of the number", "страна посетителя или номера"),
    field("visitor.device", "посетитель.устройство", TEXT.optional(), r#""mobile""#)
        .from(&["visitor_device"])
        .doc("device of the visitor", "устройство посетителя"),
    field("visitor.id", "посетитель.номер", TEXT.optional(), r#""17258569""#)
        .from(&["visitor_id"])
        .doc("identifier of the visitor in UIS", "идентификатор посетителя в UIS"),
    field("search_query", "поисковый_запрос", TEXT.optional(), r#""доставка ромашек""#)
        .max(1_000)
        .doc("what the visitor searched for", "что искал посетитель"),
    field("referrer", "откуда_перешёл", TEXT.optional(), r#""https://ya.ru/""#)
        .forms(&["реферер", "откуда_перешел"])
        .max(2_000)
        .doc("address of the page with the link", "адрес страницы, с которой перешли"),
    field("landing_page", "страница_входа", TEXT.optional(), r#""https://romashka.ru/opt""#)
        .from(&["entrance_page"])
        .max(2_000)
        .doc("first page of the visit", "первая страница визита"),
    field("segments", "сегменты", TEXTS.optional(), r#"["Опт"]"#)
        .doc("segments of the visitor in UIS", "сегменты посетителя в UIS"),
    field("started", "начат", MOMENT, r#""2026-03-02T12:00:00+03:00""#)
        .forms(&["начата", "начато", "начало"])
        .from(&["start_time", "date_time"])
        .doc("when it began", "когда началось"),
    field("finished", "завершён", MOMENT, r#""2026-03-02T12:00:53+03:00""#)
        .forms(&["завершена", "завершено", "завершен", "окончание"])
        .from(&["finish_time"])
        .doc("when it ended", "когда завершилось"),
    field("client.manager", "клиент.менеджер", EMPLOYEE.optional(), r#""olga@romashka.ru""#)
        .from(&["client.managerId"])
        .fact()
        .doc("manager of the client in the CRM", "менеджер клиента в CRM"),
    field("client.name", "клиент.имя", TEXT.optional(), r#""Анна Петрова""#)
        .from(&["client.firstName"])
        .fact()
        .doc("name of the client in the CRM", "имя клиента в CRM"),
    field("client.orders_count", "клиент.число_заказов", NUMBER.optional(), "3")
        .forms(&["клиент.заказов"])
        .from(&["client.ordersCount"])
        .fact()
        .doc("how many orders the client has", "сколько у клиента заказов"),
    field("client.tags", "клиент.теги", TEXTS.optional(), r#"["VIP"]"#)
        .fact()
        .doc("tags of the client in the CRM", "теги клиента в CRM"),
    field("client.segments", "клиент.сегменты", TEXTS.optional(), r#"["Постоянные"]"#)
        .fact()
        .doc("segments of the client in the CRM", "сегменты клиента в CRM"),
    field("client.custom.X", "клиент.поле.X", ANY.optional(), r#""gold""#)
        .from(&["client.customFields.X"])
        .fact()
        .doc("custom field of the client, by its code", "пользовательское поле клиента по его коду"),
];
