//! Facts that a policy may ask for: what the CRM and UIS know beyond the event.
//!
//! Rows only. What a policy names after `needs` stands here with its fields, how many entries it may have, and for which
//! events it can be had; who fetches them is the server.

use super::row::{ANY, EMPLOYEE, MOMENT, NUMBER, PHONE, TEXT, TEXTS, YES_NO, field, reference};
use crate::program::{Slot, Slots};
use crate::schema::{Docs, FieldSpec};
use crate::ty::ReferenceKind;

/// A fact by which policies are told more than the event says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fact {
    /// The client of the CRM.
    Client,
    /// Orders of the client that are neither done nor cancelled.
    OpenOrders,
    /// The last orders of the client, whatever became of them.
    LastOrders,
    /// Custom fields of the client, by code.
    CustomFields,
    /// Whom the call rang, one after the other.
    CallLegs,
    /// What was written in the chat.
    ChatMessages,
}

/// What a fact is made of.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// One record, or nothing.
    One(&'static RecordSpec),
    /// Records, in the order that the documentation of the fact tells.
    Many(&'static RecordSpec),
    /// Values by code.
    Codes,
}

/// A record of a fact: its fields in the order of the documentation.
#[derive(Debug)]
pub struct RecordSpec {
    /// Name of its type in scripts.
    pub type_name: &'static str,
    /// What it is called in messages.
    pub title: Docs,
    /// Its fields. Their values may all be missing: what the other side does not tell is not there.
    pub fields: &'static [FieldSpec],
    /// Whether it has custom fields as well, under `custom`.
    pub custom: bool,
}

/// A row of the list of facts.
#[derive(Debug)]
pub struct FactSpec {
    /// Which.
    pub fact: Fact,
    /// Canonical English name: `crm.open_orders`.
    pub name: &'static str,
    /// Russian name.
    pub ru: &'static str,
    /// What it is made of.
    pub shape: Shape,
    /// How many entries are asked for when the policy does not say, and the most that it may say.
    pub counts: Option<(u16, u16)>,
    /// The events that it can be had for.
    pub slots: Slots,
    /// Whether it can be had while a call waits to be put through: it stands in the card that is remembered of the client.
    pub while_waiting: bool,
    /// What it is.
    pub doc: Docs,
}

const COMMUNICATIONS: Slots = Slots::CALLS.or(Slots::one(Slot::Chat)).or(Slots::one(Slot::Request));
/// What is known of a client is known wherever there is one.
const WITH_CLIENT: Slots = COMMUNICATIONS.or(Slots::one(Slot::Order));

/// Every fact, in the order of the documentation.
pub static FACTS: [FactSpec; 6] = [
    FactSpec {
        fact: Fact::Client,
        name: "crm.client",
        ru: "crm.клиент",
        shape: Shape::One(&CLIENT),
        counts: None,
        slots: WITH_CLIENT,
        while_waiting: true,
        doc: Docs {
            en: "the client of the CRM; () when the CRM does not know him",
            ru: "клиент CRM; () — если CRM его не знает",
        },
    },
    FactSpec {
        fact: Fact::OpenOrders,
        name: "crm.open_orders",
        ru: "crm.открытые_заказы",
        shape: Shape::Many(&ORDER),
        counts: Some((20, 20)),
        slots: WITH_CLIENT,
        while_waiting: false,
        doc: Docs {
            en: "orders of the client that are neither done nor cancelled, the newest first; looked for among his \
                 last 100",
            ru: "заказы клиента, которые не выполнены и не отменены, сначала новые; ищутся среди последних 100",
        },
    },
    FactSpec {
        fact: Fact::LastOrders,
        name: "crm.last_orders",
        ru: "crm.последние_заказы",
        shape: Shape::Many(&ORDER),
        counts: Some((5, 20)),
        slots: WITH_CLIENT,
        while_waiting: false,
        doc: Docs {
            en: "the last orders of the client, the newest first",
            ru: "последние заказы клиента, сначала новые",
        },
    },
    FactSpec {
        fact: Fact::CustomFields,
        name: "crm.custom_fields",
        ru: "crm.пользовательские_поля",
        shape: Shape::Codes,
        counts: None,
        slots: WITH_CLIENT,
        while_waiting: true,
        doc: Docs {
            en: "custom fields of the client, by code", ru: "пользовательские поля клиента по коду"
        },
    },
    FactSpec {
        fact: Fact::CallLegs,
        name: "uis.call_legs",
        ru: "uis.плечи_звонка",
        shape: Shape::Many(&LEG),
        counts: Some((20, 50)),
        slots: Slots::CALLS,
        while_waiting: false,
        doc: Docs {
            en: "whom the call rang, one after the other", ru: "кому звонок поступал, по порядку"
        },
    },
    FactSpec {
        fact: Fact::ChatMessages,
        name: "uis.chat_messages",
        ru: "uis.сообщения_чата",
        shape: Shape::Many(&MESSAGE),
        counts: Some((20, 100)),
        slots: Slots::one(Slot::Chat),
        while_waiting: false,
        doc: Docs {
            en: "the first messages of the chat, in their order",
            ru: "первые сообщения чата по порядку",
        },
    },
];

/// A client of RetailCRM.
static CLIENT: RecordSpec = RecordSpec {
    type_name: "CrmClient",
    title: Docs { en: "a client", ru: "клиент" },
    fields: &CLIENT_FIELDS,
    custom: true,
};

/// An order of RetailCRM.
static ORDER: RecordSpec = RecordSpec {
    type_name: "CrmOrder",
    title: Docs { en: "an order", ru: "заказ" },
    fields: &ORDER_FIELDS,
    custom: true,
};

/// One employee or number that a call rang.
static LEG: RecordSpec = RecordSpec {
    type_name: "CallLeg",
    title: Docs { en: "a leg of a call", ru: "плечо звонка" },
    fields: &LEG_FIELDS,
    custom: false,
};

/// One message of a chat.
static MESSAGE: RecordSpec = RecordSpec {
    type_name: "ChatMessage",
    title: Docs { en: "a message", ru: "сообщение" },
    fields: &MESSAGE_FIELDS,
    custom: false,
};

static CLIENT_FIELDS: [FieldSpec; 11] = [
    field("id", "номер", NUMBER.optional(), "541").doc("number in the CRM", "номер в CRM"),
    field("name", "имя", TEXT.optional(), r#""Анна Петрова""#).doc("full name", "полное имя"),
    field("first_name", "имя_без_фамилии", TEXT.optional(), r#""Анна""#).doc("first name", "имя"),
    field("last_name", "фамилия", TEXT.optional(), r#""Петрова""#).doc("last name", "фамилия"),
    field("email", "почта", TEXT.optional(), r#""olga@example.com""#).doc("e-mail", "электронная почта"),
    field("phones", "телефоны", TEXTS.optional(), r#"["+79000000010"]"#).doc("phones", "телефоны"),
    field("manager", "менеджер", EMPLOYEE.optional(), r#""olga@romashka.ru""#).doc("manager", "менеджер"),
    field("store", "магазин", reference(ReferenceKind::Store).optional(), r#""romashka-msk""#)
        .doc("code of the store", "код магазина"),
    field("orders_count", "число_заказов", NUMBER.optional(), "3").doc("how many orders", "сколько заказов"),
    field("tags", "теги", TEXTS.optional(), r#"["VIP"]"#).doc("tags", "теги"),
    field("segments", "сегменты", TEXTS.optional(), r#"["Постоянные"]"#).doc("segments", "сегменты"),
];

static ORDER_FIELDS: [FieldSpec; 12] = [
    field("number", "номер", TEXT.optional(), r#""10457""#)
        .doc("number that people see", "номер, который видят люди"),
    field("status", "статус", reference(ReferenceKind::OrderStatus).optional(), r#""new""#)
        .doc("code of the status", "код статуса"),
    field("status_group", "группа_статусов", reference(ReferenceKind::StatusGroup).optional(), r#""new""#)
        .doc("code of the group that the status is in", "код группы, в которую входит статус"),
    field("total", "сумма", NUMBER.optional(), "4250").doc("price of the goods", "стоимость товаров"),
    field("total_with_delivery", "сумма_с_доставкой", NUMBER.optional(), "4600")
        .doc("price of the goods and of delivery", "стоимость товаров с доставкой"),
    field("store", "магазин", reference(ReferenceKind::Store).optional(), r#""romashka-msk""#)
        .doc("code of the store", "код магазина"),
    field("manager", "менеджер", EMPLOYEE.optional(), r#""olga@romashka.ru""#)
        .doc("responsible manager", "ответственный менеджер"),
    field("method", "способ", reference(ReferenceKind::OrderMethod).optional(), r#""phone""#)
        .doc("code of the way in which it was placed", "код способа оформления"),
    field("type", "тип", reference(ReferenceKind::OrderType).optional(), r#""eshop-individual""#)
        .doc("code of the type", "код типа заказа"),
    field("created", "создан", MOMENT.optional(), r#""2026-03-02T12:01:00+03:00""#)
        .doc("when it was created", "когда создан"),
    field("paid", "оплачен", YES_NO.optional(), "false")
        .doc("whether it is paid in full", "оплачен ли полностью"),
    field("phone", "телефон", PHONE.optional(), r#""+79000000010""#)
        .doc("phone in the order", "телефон в заказе"),
];

static LEG_FIELDS: [FieldSpec; 4] = [
    field("employee", "сотрудник", EMPLOYEE.optional(), r#""olga@romashka.ru""#).doc(
        "who was rung, if he is a user of the CRM",
        "кому звонили, если он есть среди пользователей CRM",
    ),
    field("name", "имя", TEXT.optional(), r#""Ольга""#).doc("his name in UIS", "его имя в UIS"),
    field("number", "номер", TEXT.optional(), r#""101""#)
        .doc("number that was rung", "номер, на который звонили"),
    field("answered", "ответил", YES_NO.optional(), "true")
        .doc("whether he talked to the client", "говорил ли он с клиентом"),
];

static MESSAGE_FIELDS: [FieldSpec; 4] = [
    field("from", "от", TEXT.optional(), r#""visitor""#)
        .doc("who wrote: visitor, employee or system", "кто написал: visitor, employee или system"),
    field("name", "имя", TEXT.optional(), r#""Ольга""#).doc("name of who wrote", "имя написавшего"),
    field("text", "текст", ANY.optional(), r#""Здравствуйте""#)
        .max(4_000)
        .doc("what was written", "что написано"),
    field("at", "когда", MOMENT.optional(), r#""2026-03-02T12:00:05+03:00""#).doc("when", "когда"),
];

impl Fact {
    /// Its row.
    pub fn spec(self) -> &'static FactSpec {
        let [client, open, last, custom, legs, messages] = &FACTS;
        match self {
            Fact::Client => client,
            Fact::OpenOrders => open,
            Fact::LastOrders => last,
            Fact::CustomFields => custom,
            Fact::CallLegs => legs,
            Fact::ChatMessages => messages,
        }
    }

    /// The fact of a full name in either language: `crm.open_orders`.
    pub fn find(name: &str) -> Option<Fact> {
        FACTS.iter().find(|spec| spec.name == name || spec.ru == name).map(|spec| spec.fact)
    }

    /// The fact of a name in scripts: `open_orders`.
    pub fn of_script(name: &str) -> Option<Fact> {
        FACTS.iter().find(|spec| spec.script_name() == name).map(|spec| spec.fact)
    }
}

impl FactSpec {
    /// The name in scripts: without the side that it comes from.
    pub fn script_name(&self) -> &'static str {
        self.name.split_once('.').map_or(self.name, |(_, name)| name)
    }

    /// The side that it comes from: `crm` or `uis`.
    pub fn side(&self) -> &'static str {
        self.name.split_once('.').map_or("", |(side, _)| side)
    }
}

impl RecordSpec {
    /// The place of a field.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// The names of its fields, `custom` among them when it has custom fields.
    pub fn names(&'static self) -> impl Iterator<Item = &'static str> {
        self.fields.iter().map(|field| field.name).chain(self.custom.then_some("custom"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fact_has_its_row_and_its_own_name() {
        for spec in &FACTS {
            assert_eq!(spec.fact.spec().name, spec.name);
            assert_eq!(Fact::find(spec.ru), Some(spec.fact));
            assert_eq!(Fact::of_script(spec.script_name()), Some(spec.fact));
            assert_eq!(spec.counts.is_some(), matches!(spec.shape, Shape::Many(_)), "{}", spec.name);
        }
    }
}
