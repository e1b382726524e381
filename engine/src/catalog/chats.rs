//! Fields of chats: conversations on the site and in messengers.

use super::enums;
use super::row::{EMPLOYEE, NUMBER, YES_NO, field};
use crate::schema::FieldSpec;
use crate::ty::{Scalar, Type};

pub(super) static FIELDS: [FieldSpec; 9] = [
    field("channel", "канал", Type::of(Scalar::Enum(&enums::CHANNEL)), r#""telegram""#)
        .from(&["chat_channel_type"])
        .doc("where the conversation takes place", "где идёт переписка"),
    field("status", "статус", Type::of(Scalar::Enum(&enums::CHAT_STATUS)).optional(), r#""active""#)
        .from(&["chat_status"])
        .doc("state of the chat in UIS", "состояние чата в UIS"),
    field("stage", "этап", Type::of(Scalar::Enum(&enums::CHAT_STAGE)).optional(), r#""accepted""#)
        .forms(&["стадия"])
        .doc("how far the conversation has come", "до какого этапа дошла переписка"),
    field("answered_by", "принявший", EMPLOYEE.optional(), r#""olga@romashka.ru""#)
        .forms(&["принял", "ответивший"])
        .from(&["employee_id", "employee_full_name"])
        .doc(
            "employee who took the chat; missing when he is no user of the CRM",
            "кто принял чат; пусто, если его нет среди пользователей CRM",
        ),
    field("messages", "сообщений", NUMBER.optional(), "12")
        .forms(&["сообщения", "число_сообщений"])
        .from(&["messages_count"])
        .doc("how many messages there are", "сколько всего сообщений"),
    field("visitor_messages", "сообщений_посетителя", NUMBER.optional(), "7")
        .forms(&["сообщения_посетителя"])
        .from(&["visitor_messages_count"])
        .doc("how many messages the visitor wrote", "сколько сообщений написал посетитель"),
    field("initiator", "начавший", Type::of(Scalar::Enum(&enums::INITIATOR)).optional(), r#""visitor""#)
        .forms(&["инициатор"])
        .doc("who began the chat", "кто начал чат"),
    field(
        "release_cause",
        "причина_закрытия",
        Type::of(Scalar::Enum(&enums::RELEASE_CAUSE)).optional(),
        r#""closed_by_timeout""#,
    )
    .doc("why the chat was closed", "почему чат закрыт"),
    field("missed", "пропущен", YES_NO, "false")
        .forms(&["пропущенный", "потерян"])
        .from(&["is_lost"])
        .doc("whether nobody took the chat", "чат никто не принял"),
];
