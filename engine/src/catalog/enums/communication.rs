//! What a communication is and what it may create.

use super::item;
use crate::schema::{EnumItem, EnumType};

/// Whether the CRM knew the client before.
pub static CONTACT: EnumType =
    EnumType { name: "contact", ru: "обращение", open: false, items: &CONTACT_ITEMS };

static CONTACT_ITEMS: [EnumItem; 2] = [
    item(
        "first",
        "первое",
        &["первый", "первая", "первичное", "первичный", "первичная"],
        &[],
        "no client with this phone or e-mail is in the CRM yet",
        "клиента с этим телефоном или почтой в CRM ещё нет",
    ),
    item(
        "repeat",
        "повторное",
        &["повторный", "повторная", "вторичное"],
        &[],
        "the client is in the CRM already",
        "клиент уже есть в CRM",
    ),
];

/// Which way a call went.
pub static DIRECTION: EnumType =
    EnumType { name: "direction", ru: "направление", open: false, items: &DIRECTION_ITEMS };

static DIRECTION_ITEMS: [EnumItem; 2] = [
    item(
        "incoming",
        "входящий",
        &["входящая", "входящее", "входящие"],
        &["in"],
        "the client called",
        "звонил клиент",
    ),
    item(
        "outgoing",
        "исходящий",
        &["исходящая", "исходящее", "исходящие"],
        &["out"],
        "an employee called",
        "звонил сотрудник",
    ),
];

/// What a communication creates: the `create` column of the table `entities`.
pub static CREATE: EnumType =
    EnumType { name: "create", ru: "создать", open: false, items: &CREATE_ITEMS };

static CREATE_ITEMS: [EnumItem; 3] = [
    item("nothing", "ничего", &[], &[], "create nothing", "ничего не создавать"),
    item(
        "client",
        "клиент",
        &["клиента"],
        &["customer"],
        "create the client unless the CRM knows him",
        "создать клиента, если его нет в CRM",
    ),
    item("order", "заказ", &[], &[], "create an order", "создать заказ"),
];

/// How a deal stands: what policies of deals may say.
pub static OUTCOME: EnumType = EnumType { name: "stage", ru: "этап", open: false, items: &OUTCOME_ITEMS };

static OUTCOME_ITEMS: [EnumItem; 3] = [
    item("open", "в_работе", &[], &[], "it goes on", "она в работе"),
    item("won", "выиграна", &[], &[], "it is won", "она выиграна"),
    item("lost", "проиграна", &[], &[], "it is lost", "она проиграна"),
];

/// Channel of traffic, as UIS counts it.
pub static MARKETING_CHANNEL: EnumType = EnumType {
    name: "marketing_channel",
    ru: "рекламный_канал",
    open: true,
    items: &MARKETING_CHANNEL_ITEMS,
};

static MARKETING_CHANNEL_ITEMS: [EnumItem; 12] = [
    item("display", "медийная", &["баннеры"], &[], "banners", "медийная реклама"),
    item("paid", "платная", &["платный"], &[], "paid search", "платный поиск"),
    item("affiliate", "партнёрская", &["партнерская"], &[], "affiliates", "партнёрские программы"),
    item("messenger", "мессенджер", &["мессенджеры"], &[], "messengers", "мессенджеры"),
    item("social", "соцсети", &["социальные_сети"], &[], "social networks", "социальные сети"),
    item("email", "рассылка", &["почта"], &[], "mailings", "почтовые рассылки"),
    item("organic", "поиск", &["органика"], &[], "organic search", "бесплатный поиск"),
    item("internal", "внутренний", &[], &[], "visits from the own site", "внутренние переходы"),
    item("recommendation", "рекомендации", &[], &[], "recommendation systems", "рекомендательные системы"),
    item(
        "cashed",
        "сохранённая_страница",
        &["сохраненная_страница"],
        &[],
        "pages kept by a search engine",
        "сохранённые страницы",
    ),
    item("referral", "переход_по_ссылке", &["ссылка"], &[], "links on other sites", "ссылки с других сайтов"),
    item("direct", "прямой", &["прямой_заход"], &[], "direct visits", "прямые заходы"),
];

/// Kind of form behind a request.
pub static REQUEST_TYPE: EnumType =
    EnumType { name: "request_type", ru: "тип_заявки", open: true, items: &REQUEST_TYPE_ITEMS };

static REQUEST_TYPE_ITEMS: [EnumItem; 3] = [
    item(
        "custom_form",
        "пользовательская",
        &["пользовательская_форма"],
        &["Пользовательская"],
        "a form made for the site",
        "форма, настроенная для сайта",
    ),
    item(
        "standard_form",
        "стандартная",
        &["стандартная_форма"],
        &["Стандартная"],
        "the standard form of UIS",
        "стандартная форма UIS",
    ),
    item(
        "data_api",
        "data_api",
        &[],
        &["DataAPI", "dataapi"],
        "uploaded by the Data API",
        "загружена через Data API",
    ),
];
