//! Fields of calls.

use super::enums;
use super::row::{DURATION, EMPLOYEE, NUMBER, PHONE, TEXT, YES_NO, field, reference};
use crate::schema::FieldSpec;
use crate::ty::{ReferenceKind, Scalar, Type};

pub(super) static FIELDS: [FieldSpec; 15] = [
    field("direction", "направление", Type::of(Scalar::Enum(&enums::DIRECTION)), r#""incoming""#)
        .doc("which way the call went", "входящий звонок или исходящий"),
    field("virtual_number", "виртуальный_номер", PHONE.optional(), r#""+74951234567""#)
        .from(&["virtual_phone_number"])
        .stand_in("unknown number", "номер неизвестен")
        .doc(
            "the shop's number that was called or shown",
            "номер магазина, на который звонили или с которого",
        ),
    field("scenario", "сценарий", reference(ReferenceKind::Scenario).optional(), r#""Продажи""#)
        .from(&["scenario_name"])
        .doc("scenario that began to process the call", "сценарий, с которого началась обработка"),
    field("talk_time", "время_разговора", DURATION, "42")
        .forms(&["длительность_разговора", "разговор"])
        .from(&["talk_time_duration", "talk_duration"])
        .doc("how long they talked; 0 when nobody answered", "сколько длился разговор; 0, если не ответили"),
    field("wait_time", "время_ожидания", DURATION.optional(), "11")
        .forms(&["ожидание"])
        .from(&["wait_time_duration", "wait_duration"])
        .doc("how long the client waited for an answer", "сколько клиент ждал ответа"),
    field("total_time", "общее_время", DURATION.optional(), "53")
        .forms(&["длительность"])
        .from(&["total_time_duration", "total_duration"])
        .doc("how long the whole call took", "сколько длился весь звонок"),
    field("answered_by", "принявший", EMPLOYEE.optional(), r#""olga@romashka.ru""#)
        .forms(&["принял", "ответивший"])
        .from(&["last_talked_employee_id", "last_talked_employee_full_name"])
        .doc(
            "employee who talked last; missing when he is no user of the CRM",
            "кто говорил последним; пусто, если его нет среди пользователей CRM",
        ),
    field("caller", "звонивший", EMPLOYEE.optional(), r#""ivan@romashka.ru""#)
        .forms(&["звонил"])
        .from(&["employee_id", "employee_full_name"])
        .doc(
            "employee who made an outgoing call; missing when he is no user of the CRM",
            "кто из сотрудников звонил; пусто, если его нет среди пользователей CRM",
        ),
    field(
        "rung",
        "вызванные",
        Type::list_of(Scalar::Reference(ReferenceKind::Employee)).optional(),
        r#"["ivan@romashka.ru"]"#,
    )
    .forms(&["кому_звонили"])
    .from(&["employee_ids", "employees"])
    .doc("employees whose phones rang", "сотрудники, которым поступал вызов"),
    field("missed", "пропущен", YES_NO, "false")
        .forms(&["пропущенный", "потерян"])
        .from(&["is_lost"])
        .doc("whether no conversation took place", "разговор не состоялся"),
    field(
        "finish_reason",
        "причина_завершения",
        Type::of(Scalar::Enum(&enums::FINISH_REASON)).optional(),
        r#""subscriber_disconnects""#,
    )
    .doc("why the call ended", "почему звонок завершился"),
    field("record_url", "ссылка_на_запись", TEXT.optional(), r#""https://media.uiscom.ru/1/2""#)
        .forms(&["запись"])
        .from(&["full_record_file_link", "file_link", "record_file_links"])
        .max(2_000)
        .doc("address of the record", "адрес записи разговора"),
    field("transferred", "переведён", YES_NO.optional(), "false")
        .forms(&["переведен", "переадресован"])
        .from(&["is_transfer"])
        .doc("whether the call was transferred", "был ли звонок переведён на другого"),
    field(
        "call_source",
        "источник_звонка",
        Type::of(Scalar::Enum(&enums::CALL_SOURCE)).optional(),
        r#""call_tracking""#,
    )
    .doc("what made the call come about", "что породило звонок: коллтрекинг, клик в CRM, автоперезвон…"),
    field("rating", "оценка", NUMBER.optional(), "5")
        .from(&["operator_rating", "last_answered_employee_rating"])
        .doc("the client's mark for the talk", "оценка разговора клиентом"),
];
