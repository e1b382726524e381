//! What fields are called in a sentence: in the nominative, in the genitive, with their gender.
//!
//! The catalogue's names are for rules: one word, no cases. `{of}` stands for the event in the genitive ("звонка"),
//! `{key}` for the open part of a name. A field without a row is called by its name in the rules; a test holds every
//! field of the catalogue to having one.

use switchboard_grammar::lang::Lang;

/// Which forms go with a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gender {
    Masculine,
    Feminine,
    Neuter,
    Plural,
}

/// The words for one field.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words {
    /// English name of the field.
    pub(super) name: &'static str,
    /// English.
    pub(super) en: &'static str,
    /// Russian, nominative.
    pub(super) ru: &'static str,
    /// Russian, genitive.
    pub(super) ru_of: &'static str,
    /// Its gender, or several of it in both languages.
    pub(super) gender: Gender,
}

const fn m(name: &'static str, en: &'static str, ru: &'static str, ru_of: &'static str) -> Words {
    Words { name, en, ru, ru_of, gender: Gender::Masculine }
}

const fn f(name: &'static str, en: &'static str, ru: &'static str, ru_of: &'static str) -> Words {
    Words { name, en, ru, ru_of, gender: Gender::Feminine }
}

const fn n(name: &'static str, en: &'static str, ru: &'static str, ru_of: &'static str) -> Words {
    Words { name, en, ru, ru_of, gender: Gender::Neuter }
}

const fn p(name: &'static str, en: &'static str, ru: &'static str, ru_of: &'static str) -> Words {
    Words { name, en, ru, ru_of, gender: Gender::Plural }
}

/// Every field.
static FIELDS: &[Words] = &[
    n("contact", "the contact", "обращение", "обращения"),
    m("phone", "the client's phone", "телефон клиента", "телефона клиента"),
    f("email", "the client's e-mail", "почта клиента", "почты клиента"),
    n("name", "the client's name", "имя клиента", "имени клиента"),
    m("site", "the site", "сайт", "сайта"),
    f("campaign", "the campaign", "рекламная кампания", "рекламной кампании"),
    m("source", "the traffic source", "источник трафика", "источника трафика"),
    m("marketing_channel", "the traffic channel", "канал трафика", "канала трафика"),
    f("utm.source", "the mark utm_source", "метка utm_source", "метки utm_source"),
    f("utm.medium", "the mark utm_medium", "метка utm_medium", "метки utm_medium"),
    f("utm.campaign", "the mark utm_campaign", "метка utm_campaign", "метки utm_campaign"),
    f("utm.content", "the mark utm_content", "метка utm_content", "метки utm_content"),
    f("utm.term", "the mark utm_term", "метка utm_term", "метки utm_term"),
    p("tags", "the tags of the {of}", "теги {of}", "тегов {of}"),
    m("visitor.city", "the visitor's city", "город посетителя", "города посетителя"),
    m("visitor.region", "the visitor's region", "регион посетителя", "региона посетителя"),
    f("visitor.country", "the visitor's country", "страна посетителя", "страны посетителя"),
    n("visitor.device", "the visitor's device", "устройство посетителя", "устройства посетителя"),
    m("visitor.id", "the visitor's number in UIS", "номер посетителя в UIS", "номера посетителя в UIS"),
    m("search_query", "the search query", "поисковый запрос", "поискового запроса"),
    m("referrer", "the address of the referring page", "адрес страницы перехода", "адреса страницы перехода"),
    m("landing_page", "the address of the landing page", "адрес страницы входа", "адреса страницы входа"),
    p("segments", "the visitor's segments", "сегменты посетителя", "сегментов посетителя"),
    n("started", "the beginning of the {of}", "начало {of}", "начала {of}"),
    n("finished", "the end of the {of}", "окончание {of}", "окончания {of}"),
    m("client.manager", "the client's manager", "менеджер клиента", "менеджера клиента"),
    n("client.name", "the client's name in the CRM", "имя клиента в CRM", "имени клиента в CRM"),
    n(
        "client.orders_count",
        "the number of the client's orders",
        "число заказов клиента",
        "числа заказов клиента",
    ),
    p("client.tags", "the client's tags", "теги клиента", "тегов клиента"),
    p("client.segments", "the client's segments", "сегменты клиента", "сегментов клиента"),
    n("client.custom.X", "the client's field “{key}”", "поле клиента «{key}»", "поля клиента «{key}»"),
    n("direction", "the direction of the call", "направление звонка", "направления звонка"),
    m("virtual_number", "the shop's number", "номер магазина", "номера магазина"),
    m("scenario", "the scenario", "сценарий", "сценария"),
    n("talk_time", "the talk time", "время разговора", "времени разговора"),
    n("wait_time", "the waiting time", "время ожидания", "времени ожидания"),
    f("total_time", "the length of the call", "длительность звонка", "длительности звонка"),
    m("answered_by", "the employee who answered", "ответивший сотрудник", "ответившего сотрудника"),
    m("caller", "the employee who called", "звонивший сотрудник", "звонившего сотрудника"),
    p("rung", "the employees who were rung", "вызванные сотрудники", "вызванных сотрудников"),
    m("missed", "the “missed” mark", "признак «пропущен»", "признака «пропущен»"),
    f(
        "finish_reason",
        "the reason of the call's end",
        "причина завершения звонка",
        "причины завершения звонка",
    ),
    f("record_url", "the link to the record", "ссылка на запись разговора", "ссылки на запись разговора"),
    m("transferred", "the “transferred” mark", "признак «переведён»", "признака «переведён»"),
    n("call_source", "the origin of the call", "происхождение звонка", "происхождения звонка"),
    f("rating", "the client's mark for the talk", "оценка разговора", "оценки разговора"),
    m("channel", "the channel of the chat", "канал чата", "канала чата"),
    m("status", "the state of the chat", "статус чата", "статуса чата"),
    m("stage", "the stage of the chat", "этап чата", "этапа чата"),
    n("messages", "the number of messages", "число сообщений", "числа сообщений"),
    n(
        "visitor_messages",
        "the number of the visitor's messages",
        "число сообщений посетителя",
        "числа сообщений посетителя",
    ),
    m("initiator", "the one who began the chat", "начавший чат", "начавшего чат"),
    f("release_cause", "the reason of the chat's end", "причина закрытия чата", "причины закрытия чата"),
    m("request_type", "the kind of form", "вид формы", "вида формы"),
    n("form_name", "the name of the form", "название формы", "названия формы"),
    m("text", "the text of the request", "текст заявки", "текста заявки"),
    n("properties.X", "the field “{key}” of the form", "поле формы «{key}»", "поля формы «{key}»"),
    m("order.number", "the order's number", "номер заказа", "номера заказа"),
    m("order.status", "the order's status", "статус заказа", "статуса заказа"),
    f(
        "order.status_group",
        "the group of the order's status",
        "группа статуса заказа",
        "группы статуса заказа",
    ),
    f(
        "order.total",
        "the order's total without delivery",
        "сумма заказа без доставки",
        "суммы заказа без доставки",
    ),
    f(
        "order.total_with_delivery",
        "the order's total with delivery",
        "сумма заказа с доставкой",
        "суммы заказа с доставкой",
    ),
    f("order.delivery_cost", "the cost of delivery", "стоимость доставки", "стоимости доставки"),
    m("order.store", "the order's store", "магазин заказа", "магазина заказа"),
    m("order.manager", "the order's manager", "менеджер заказа", "менеджера заказа"),
    m(
        "order.method",
        "the way in which the order was placed",
        "способ оформления заказа",
        "способа оформления заказа",
    ),
    m("order.type", "the order's type", "тип заказа", "типа заказа"),
    n(
        "order.created",
        "the moment when the order was created",
        "время создания заказа",
        "времени создания заказа",
    ),
    m(
        "order.paid",
        "the “paid” mark of the order",
        "признак «оплачен» у заказа",
        "признака «оплачен» у заказа",
    ),
    n("order.client.name", "the client's name", "имя клиента", "имени клиента"),
    m("order.client.phone", "the client's phone", "телефон клиента", "телефона клиента"),
    f("order.client.email", "the client's e-mail", "почта клиента", "почты клиента"),
    m("order.client.manager", "the client's manager", "менеджер клиента", "менеджера клиента"),
    n(
        "order.client.orders_count",
        "the number of the client's orders",
        "число заказов клиента",
        "числа заказов клиента",
    ),
    p("order.client.tags", "the client's tags", "теги клиента", "тегов клиента"),
    n("order.client.custom.X", "the client's field “{key}”", "поле клиента «{key}»", "поля клиента «{key}»"),
    n("order.custom.X", "the order's field “{key}”", "поле заказа «{key}»", "поля заказа «{key}»"),
    m(
        "order.source.source",
        "the order's traffic source",
        "источник трафика заказа",
        "источника трафика заказа",
    ),
    m("order.source.medium", "the order's traffic medium", "тип трафика заказа", "типа трафика заказа"),
    f(
        "order.source.campaign",
        "the order's campaign",
        "рекламная кампания заказа",
        "рекламной кампании заказа",
    ),
    n("order.source.keyword", "the order's keyword", "ключевое слово заказа", "ключевого слова заказа"),
    n("order.source.content", "the order's advertisement", "объявление заказа", "объявления заказа"),
];

/// The words for a field, by its English name.
pub(super) fn of_field(name: &str) -> Option<&'static Words> {
    FIELDS.iter().find(|words| words.name == name)
}

impl Gender {
    /// `указан`, `указана`, `указано`, `указаны`; `is given`, `are given`.
    pub(super) const fn given(self, lang: Lang) -> &'static str {
        match (lang, self) {
            (Lang::En, Self::Plural) => "are known",
            (Lang::En, _) => "is known",
            (Lang::Ru, Self::Masculine) => "указан",
            (Lang::Ru, Self::Feminine) => "указана",
            (Lang::Ru, Self::Neuter) => "указано",
            (Lang::Ru, Self::Plural) => "указаны",
        }
    }

    /// The same for what is not there.
    pub(super) fn not_given(self, lang: Lang) -> String {
        match (lang, self) {
            (Lang::En, Self::Plural) => "are not known".to_owned(),
            (Lang::En, _) => "is not known".to_owned(),
            (Lang::Ru, _) => format!("не {}", self.given(lang)),
        }
    }

    /// One of two forms of a verb.
    pub(super) const fn verb(self, one: &'static str, many: &'static str) -> &'static str {
        match self {
            Self::Plural => many,
            _ => one,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use switchboard_engine::catalog;
    use switchboard_engine::schema::EventKind;

    use super::*;

    #[test]
    fn every_field_has_words_and_no_words_are_left_over() {
        let schema = catalog::schema();
        let fields: BTreeSet<&str> = EventKind::ALL
            .into_iter()
            .flat_map(|kind| schema.fields(kind))
            .map(|field| field.name())
            .collect();
        let words: BTreeSet<&str> = FIELDS.iter().map(|words| words.name).collect();
        assert_eq!(fields, words);
        assert_eq!(words.len(), FIELDS.len(), "each once");
    }

    #[test]
    fn open_names_have_a_place_for_their_key() {
        for words in FIELDS {
            let open = words.name.ends_with(".X");
            for text in [words.en, words.ru, words.ru_of] {
                assert_eq!(text.contains("{key}"), open, "{text}");
            }
        }
    }
}
