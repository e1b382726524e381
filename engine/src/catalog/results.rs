//! Tables that the server reads by name, and the result columns that mean something to it.
//!
//! Any other table is a value for other rules; its columns may have any name.

use super::enums;
use super::row::{EMPLOYEE, NUMBER, PHONE, TEXT, reference};
use crate::schema::Docs;
use crate::ty::{ReferenceKind, Scalar, Type};

/// A table that the server reads.
#[derive(Debug)]
pub struct ResultTable {
    /// English name.
    pub name: &'static str,
    /// Russian name.
    pub ru: &'static str,
    /// Its result columns.
    pub columns: &'static [ResultColumn],
    /// What it decides.
    pub doc: Docs,
}

/// A result column with a known type.
#[derive(Debug, PartialEq, Eq)]
pub struct ResultColumn {
    /// English name.
    pub name: &'static str,
    /// Russian name.
    pub ru: &'static str,
    /// What its cells hold; `-` is missing.
    pub ty: Type,
    /// What it decides.
    pub doc: Docs,
}

/// What a communication creates, and whose it is.
pub static ENTITIES: ResultTable = ResultTable {
    name: "entities",
    ru: "сущности",
    columns: &[CREATE, RESPONSIBLE],
    doc: Docs {
        en: "what a communication creates in the CRM, and who is responsible",
        ru: "что создаётся в CRM по обращению и кто отвечает",
    },
};

/// Which store a communication belongs to.
pub static STORE: ResultTable = ResultTable {
    name: "store",
    ru: "магазин",
    columns: &[STORE_COLUMN],
    doc: Docs {
        en: "store that the communication belongs to",
        ru: "магазин, к которому относится обращение",
    },
};

/// Whom an incoming call is put through to while it waits.
pub static FORWARD: ResultTable = ResultTable {
    name: "forward",
    ru: "переадресация",
    columns: &[EMPLOYEE_COLUMN, TO_NUMBER, RETURN_CODE],
    doc: Docs {
        en: "whom an incoming call is put through to; without a result the scenario goes on",
        ru: "кому переводится входящий звонок; без результата сценарий идёт дальше",
    },
};

/// Which number the client sees when an employee calls by a click in the CRM.
pub static CLICK_TO_CALL: ResultTable = ResultTable {
    name: "click_to_call",
    ru: "звонок_по_клику",
    columns: &[SHOW_NUMBER],
    doc: Docs {
        en: "number that the client sees when an employee calls by a click in the CRM",
        ru: "номер, который видит клиент при звонке по клику из CRM",
    },
};

const CREATE: ResultColumn = ResultColumn {
    name: "create",
    ru: "создать",
    ty: Type::list_of(Scalar::Enum(&enums::CREATE)).optional(),
    doc: Docs {
        en: "nothing, client, order, or client and order",
        ru: "ничего, клиент, заказ или клиент и заказ",
    },
};

const RESPONSIBLE: ResultColumn = ResultColumn {
    name: "responsible",
    ru: "ответственный",
    ty: EMPLOYEE.optional(),
    doc: Docs {
        en: "employee who becomes responsible", ru: "сотрудник, который станет ответственным"
    },
};

const STORE_COLUMN: ResultColumn = ResultColumn {
    name: "store",
    ru: "магазин",
    ty: reference(ReferenceKind::Store).optional(),
    doc: Docs { en: "code of the store", ru: "код магазина" },
};

const EMPLOYEE_COLUMN: ResultColumn = ResultColumn {
    name: "employee",
    ru: "сотрудник",
    ty: EMPLOYEE.optional(),
    doc: Docs {
        en: "an employee, by e-mail", ru: "сотрудник, по электронной почте"
    },
};

const TO_NUMBER: ResultColumn = ResultColumn {
    name: "to_number",
    ru: "на_номер",
    ty: TEXT.optional(),
    doc: Docs {
        en: "a number to put the call through to, internal or with its country: a group's, a duty phone's",
        ru: "номер, на который перевести звонок: внутренний или с кодом страны, например номер группы",
    },
};

const RETURN_CODE: ResultColumn = ResultColumn {
    name: "return_code",
    ru: "код_возврата",
    ty: NUMBER.optional(),
    doc: Docs {
        en: "the branch by which the scenario in UIS goes on",
        ru: "ветка, по которой продолжится сценарий в UIS",
    },
};

const SHOW_NUMBER: ResultColumn = ResultColumn {
    name: "show_number",
    ru: "показать_номер",
    ty: PHONE.optional(),
    doc: Docs {
        en: "a virtual number of the account", ru: "виртуальный номер аккаунта"
    },
};

static COLUMNS: [ResultColumn; 7] =
    [CREATE, RESPONSIBLE, STORE_COLUMN, EMPLOYEE_COLUMN, TO_NUMBER, RETURN_CODE, SHOW_NUMBER];

/// The table that the server reads under this name, in either language.
pub fn result_table(name: &str) -> Option<&'static ResultTable> {
    let known = [&ENTITIES, &STORE, &FORWARD, &CLICK_TO_CALL];
    known.into_iter().find(|table| table.name == name || table.ru == name)
}

/// The column with a known type of this name, in either language: in any table, `employee` holds an employee.
pub fn result_column(name: &str) -> Option<&'static ResultColumn> {
    COLUMNS.iter().find(|column| column.name == name || column.ru == name)
}
