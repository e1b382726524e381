//! Settings that the product reads, by kind of event: the scalars of the UIS form for RetailCRM.
//!
//! What the form sets by lists and lines (filters, responsible employees, stores by number, tasks, fields) has
//! sections of its own in the language.

use super::enums;
use super::row::{EMPLOYEE, PHONE, YES_NO, reference};
use crate::schema::{Docs, SettingDefault, SettingSpec};
use crate::ty::{ReferenceKind, Scalar, Type};

const DEFAULT_RESPONSIBLE: SettingSpec = SettingSpec {
    name: "default_responsible",
    ru: "ответственный_по_умолчанию",
    ru_forms: &["ответственный"],
    ty: EMPLOYEE.optional(),
    default: SettingDefault::Missing,
    doc: Docs {
        en: "who is responsible when no table or employee is",
        ru: "кто отвечает, если ответственного не дали ни таблица, ни звонок",
    },
    example: "\"anna@romashka.ru\"",
};

const DEFAULT_STORE: SettingSpec = SettingSpec {
    name: "default_store",
    ru: "магазин_по_умолчанию",
    ru_forms: &["основной_магазин"],
    ty: reference(ReferenceKind::Store).optional(),
    default: SettingDefault::Missing,
    doc: Docs {
        en: "store that everything goes to which the table `store` sends nowhere",
        ru: "магазин для всего, что не распределила таблица `магазин`",
    },
    example: "\"romashka-main\"",
};

pub(super) static CALLS: [SettingSpec; 5] = [
    SettingSpec {
        name: "click_to_call_number",
        ru: "номер_звонка_по_клику",
        ru_forms: &["номер_для_звонка_по_клику", "номер_по_клику"],
        ty: PHONE.optional(),
        default: SettingDefault::Missing,
        doc: Docs {
            en: "virtual number that the client sees when an employee calls by a click in the CRM",
            ru: "виртуальный номер, который видит клиент при звонке по клику из CRM",
        },
        example: "+7 495 123-45-67",
    },
    SettingSpec {
        name: "always_show_number",
        ru: "всегда_показывать_номер",
        ru_forms: &["всегда_отображать_номер"],
        ty: YES_NO,
        default: SettingDefault::YesNo(false),
        doc: Docs {
            en: "show that number even if the employee has a rule of his own for the shown number",
            ru: "показывать этот номер, даже если у сотрудника своё правило отображения",
        },
        example: "yes",
    },
    SettingSpec {
        name: "forward_to_manager",
        ru: "переадресовывать_на_менеджера",
        ru_forms: &["переадресация_на_менеджера", "переводить_на_менеджера"],
        ty: YES_NO,
        default: SettingDefault::YesNo(false),
        doc: Docs {
            en: "forward incoming calls to the client's personal manager in the CRM",
            ru: "переводить входящие на персонального менеджера из CRM",
        },
        example: "yes",
    },
    DEFAULT_RESPONSIBLE,
    DEFAULT_STORE,
];

pub(super) static CHATS: [SettingSpec; 4] = [
    SettingSpec {
        name: "create_at",
        ru: "создавать_при",
        ru_forms: &["создавать_на_этапе"],
        ty: Type::of(Scalar::Enum(&enums::CHAT_STAGE)),
        default: SettingDefault::Enum("contact_left"),
        doc: Docs {
            en: "at which stage of a chat client and order are created",
            ru: "на каком этапе чата создавать клиента и заказ",
        },
        example: "contact_left",
    },
    SettingSpec {
        name: "pass_without_contacts",
        ru: "передавать_без_контактов",
        ru_forms: &["передавать_чаты_без_контактов"],
        ty: YES_NO,
        default: SettingDefault::YesNo(false),
        doc: Docs {
            en: "pass chats whose visitor left neither phone nor e-mail; each creates a client of its own",
            ru: "передавать чаты без телефона и почты; каждый создаст нового клиента",
        },
        example: "no",
    },
    DEFAULT_RESPONSIBLE,
    DEFAULT_STORE,
];

pub(super) static REQUESTS: [SettingSpec; 2] = [DEFAULT_RESPONSIBLE, DEFAULT_STORE];

/// Orders are set up in `transfer orders`.
pub(super) static ORDERS: [SettingSpec; 0] = [];
