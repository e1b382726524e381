//! Enums of chats; names of UIS as of its chat report (`get.chats_report`).

use super::item;
use crate::schema::{EnumItem, EnumType};

/// Where a conversation takes place (`chat_channel_type`).
pub static CHANNEL: EnumType =
    EnumType { name: "channel", ru: "канал", open: true, items: &CHANNEL_ITEMS };

static CHANNEL_ITEMS: [EnumItem; 18] = [
    item("site", "сайт", &["виджет"], &["comagic"], "the chat on the site", "чат на сайте"),
    item(
        "telegram",
        "telegram",
        &["телеграм", "телеграмм"],
        &["telegram_private"],
        "Telegram, bots and private accounts",
        "Telegram, боты и личные аккаунты",
    ),
    item("whatsapp", "whatsapp", &["ватсап", "вотсап"], &["waba"], "WhatsApp", "WhatsApp"),
    item("viber", "viber", &["вайбер"], &[], "Viber", "Viber"),
    item("vk", "vk", &["вк", "вконтакте"], &["vkontakte_groups"], "VK groups", "группы ВКонтакте"),
    item("avito", "avito", &["авито"], &[], "Avito", "Авито"),
    item("auto_ru", "auto_ru", &["авто_ру"], &[], "Auto.ru", "Авто.ру"),
    item("cian", "cian", &["циан"], &[], "Cian", "Циан"),
    item(
        "yandex_realty",
        "яндекс_недвижимость",
        &[],
        &["realty_yandex"],
        "Yandex Realty",
        "Яндекс Недвижимость",
    ),
    item("yandex_dialogs", "яндекс_диалоги", &[], &["yandex.dialogs"], "Yandex Dialogs", "Яндекс Диалоги"),
    item("max", "max", &["макс"], &["max_bot"], "MAX", "MAX"),
    item("facebook", "facebook", &["фейсбук"], &[], "Facebook", "Facebook"),
    item("instagram", "instagram", &["инстаграм"], &[], "Instagram", "Instagram"),
    item("tamtam", "tamtam", &["тамтам"], &["tamtam_bot"], "TamTam", "ТамТам"),
    item(
        "sms",
        "sms",
        &["смс"],
        &["sms_mass_messaging_uae", "sms_mass_messaging_international"],
        "text messages",
        "SMS",
    ),
    item("email", "почта", &["имейл"], &[], "e-mail", "электронная почта"),
    item(
        "request",
        "заявка",
        &["офлайн_заявка"],
        &["offline_message"],
        "a conversation that grew from a request",
        "переписка, выросшая из заявки",
    ),
    item(
        "data_api",
        "data_api",
        &[],
        &["dataapi"],
        "messages that came by the Data API",
        "сообщения, пришедшие через Data API",
    ),
];

/// State of a chat.
pub static CHAT_STATUS: EnumType =
    EnumType { name: "chat_status", ru: "статус_чата", open: true, items: &CHAT_STATUS_ITEMS };

static CHAT_STATUS_ITEMS: [EnumItem; 5] = [
    item("new", "новый", &[], &[], "nobody took it yet", "ещё никем не принят"),
    item("active", "активный", &["идёт", "идет"], &[], "taken and not over", "принят и не завершён"),
    item(
        "lost",
        "потерянный",
        &["потерян"],
        &[],
        "over, and nobody answered",
        "завершён без ответа сотрудника",
    ),
    item("succeed", "успешный", &["успешен"], &[], "over, both sides wrote", "завершён, писали обе стороны"),
    item(
        "refused",
        "отклонённый",
        &["отклонен", "отклонён"],
        &[],
        "over, only the employee wrote",
        "завершён, посетитель не ответил",
    ),
];

/// How far a conversation has come; also when a chat creates anything (`create_at`).
pub static CHAT_STAGE: EnumType =
    EnumType { name: "chat_stage", ru: "этап_чата", open: false, items: &CHAT_STAGE_ITEMS };

static CHAT_STAGE_ITEMS: [EnumItem; 5] = [
    item("started", "начало", &["начат"], &[], "the chat was opened", "чат открыт"),
    item(
        "first_message",
        "первое_сообщение",
        &[],
        &[],
        "the visitor wrote for the first time",
        "посетитель написал первое сообщение",
    ),
    item("accepted", "принят", &[], &[], "an employee took the chat", "сотрудник принял чат"),
    item(
        "contact_left",
        "контакт_оставлен",
        &["оставлен_контакт"],
        &[],
        "the visitor left a phone or an e-mail",
        "посетитель оставил телефон или почту",
    ),
    item("finished", "завершён", &["завершен"], &[], "the chat is over", "чат завершён"),
];

/// Who began a chat.
pub static INITIATOR: EnumType =
    EnumType { name: "initiator", ru: "начавший", open: true, items: &INITIATOR_ITEMS };

static INITIATOR_ITEMS: [EnumItem; 5] = [
    item("operator", "оператор", &["сотрудник"], &[], "an employee", "сотрудник"),
    item("visitor", "посетитель", &["клиент"], &[], "the visitor", "посетитель"),
    item("autoinvite", "автоприглашение", &[], &[], "an automatic invitation", "автоматическое приглашение"),
    item("chat_channel", "канал", &[], &[], "the channel itself", "сам канал"),
    item("chatbot", "чат_бот", &["бот"], &[], "a bot", "бот"),
];

/// Why a chat was closed.
pub static RELEASE_CAUSE: EnumType =
    EnumType {
        name: "release_cause", ru: "причина_закрытия", open: true, items: &RELEASE_CAUSE_ITEMS
    };

static RELEASE_CAUSE_ITEMS: [EnumItem; 11] = [
    item("closed_by_timeout", "закрыт_по_времени", &[], &[], "nobody wrote for long", "долго никто не писал"),
    item(
        "invite_rejected",
        "приглашение_отклонено",
        &[],
        &[],
        "the visitor declined the invitation",
        "посетитель отклонил приглашение",
    ),
    item(
        "closed_by_operator",
        "закрыт_оператором",
        &["закрыт_сотрудником"],
        &[],
        "an employee closed it",
        "закрыл сотрудник",
    ),
    item("closed_by_visitor", "закрыт_посетителем", &[], &[], "the visitor closed it", "закрыл посетитель"),
    item(
        "visitor_banned",
        "посетитель_заблокирован",
        &[],
        &[],
        "the visitor was banned",
        "посетитель заблокирован",
    ),
    item("external_window_closed", "окно_закрыто", &[], &[], "the window was closed", "окно чата закрыто"),
    item(
        "visitor_disconnected",
        "посетитель_отключился",
        &["посетитель_ушёл", "посетитель_ушел"],
        &[],
        "the visitor left",
        "посетитель ушёл",
    ),
    item(
        "visitor_session_expired",
        "сессия_истекла",
        &[],
        &[],
        "the visit ran out",
        "сессия посетителя истекла",
    ),
    item("closed_by_scenario", "закрыт_сценарием", &[], &[], "a scenario closed it", "закрыл сценарий"),
    item("room_removed", "комната_удалена", &[], &[], "the room was removed", "комната удалена"),
    item(
        "channel_removed",
        "канал_удалён",
        &["канал_удален"],
        &[],
        "the channel was removed",
        "канал удалён",
    ),
];
