//! Fields of requests: forms that were filled in on a site (UIS "offline messages").

use super::enums;
use super::row::{EMPLOYEE, TEXT, field};
use crate::schema::FieldSpec;
use crate::ty::{Scalar, Type};

pub(super) static FIELDS: [FieldSpec; 5] = [
    field(
        "request_type",
        "тип_заявки",
        Type::of(Scalar::Enum(&enums::REQUEST_TYPE)).optional(),
        r#""custom_form""#,
    )
    .from(&["form_type"])
    .doc("kind of form that was filled in", "какой формой отправлена заявка"),
    field("form_name", "название_формы", TEXT.optional(), r#""Купить в 1 клик""#)
        .forms(&["форма", "имя_формы"])
        .doc("name of the form", "название формы"),
    field("text", "текст", TEXT.optional(), r#""Перезвоните, пожалуйста""#)
        .from(&["message"])
        .max(10_000)
        .doc("what the visitor wrote", "что написал посетитель"),
    field("answered_by", "принявший", EMPLOYEE.optional(), r#""olga@romashka.ru""#)
        .forms(&["принял", "ответивший"])
        .from(&["employee_id", "employee_full_name"])
        .doc(
            "employee who took the request; missing when he is no user of the CRM",
            "кто принял заявку; пусто, если его нет среди пользователей CRM",
        ),
    field("properties.X", "свойства.X", TEXT.optional(), r#""Самовывоз""#)
        .forms(&["свойство.X"])
        .max(2_000)
        .doc("field of the form, by its name", "поле формы по его имени"),
];
