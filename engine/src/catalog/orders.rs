//! Fields of orders in RetailCRM, for `transfer orders`.
//!
//! RetailCRM names are those of its API, version 5: `summ` is without delivery, `totalSumm` with it.

use super::row::{ANY, EMPLOYEE, MOMENT, NUMBER, PHONE, TEXT, TEXTS, YES_NO, field, reference};
use crate::schema::FieldSpec;
use crate::ty::ReferenceKind;

pub(super) static FIELDS: [FieldSpec; 25] = [
    field("order.number", "заказ.номер", TEXT, r#""10457""#)
        .doc("number that people see", "номер заказа, который видят люди"),
    field("order.status", "заказ.статус", reference(ReferenceKind::OrderStatus), r#""new""#)
        .doc("code of the status", "код статуса"),
    field(
        "order.status_group",
        "заказ.группа_статусов",
        reference(ReferenceKind::StatusGroup).optional(),
        r#""complete""#,
    )
    .from(&["order.statusGroup"])
    .doc("code of the group that the status is in", "код группы, в которую входит статус"),
    field("order.total", "заказ.сумма", NUMBER, "4250")
        .from(&["order.summ"])
        .doc("price of the goods, without delivery", "стоимость товаров без доставки"),
    field("order.total_with_delivery", "заказ.сумма_с_доставкой", NUMBER, "4600")
        .from(&["order.totalSumm"])
        .doc("price of the goods and of delivery", "стоимость товаров с доставкой"),
    field("order.delivery_cost", "заказ.стоимость_доставки", NUMBER.optional(), "350")
        .from(&["order.delivery.cost"])
        .doc("price of delivery for the client", "стоимость доставки для клиента"),
    field("order.store", "заказ.магазин", reference(ReferenceKind::Store), r#""romashka-msk""#)
        .from(&["order.site"])
        .doc("code of the store", "код магазина"),
    field("order.manager", "заказ.менеджер", EMPLOYEE.optional(), r#""olga@romashka.ru""#)
        .from(&["order.managerId"])
        .doc("responsible manager", "ответственный менеджер"),
    field("order.method", "заказ.способ", reference(ReferenceKind::OrderMethod).optional(), r#""phone""#)
        .forms(&["заказ.способ_оформления"])
        .from(&["order.orderMethod"])
        .doc("code of the way in which it was placed", "код способа оформления"),
    field("order.type", "заказ.тип", reference(ReferenceKind::OrderType).optional(), r#""eshop-individual""#)
        .from(&["order.orderType"])
        .doc("code of the type", "код типа заказа"),
    field("order.created", "заказ.создан", MOMENT, r#""2026-03-02T12:01:00+03:00""#)
        .from(&["order.createdAt"])
        .doc("when it was created", "когда создан"),
    field("order.paid", "заказ.оплачен", YES_NO, "true")
        .from(&["order.fullPaidAt"])
        .doc("whether it is paid in full", "оплачен ли полностью"),
    field("order.client.name", "заказ.клиент.имя", TEXT.optional(), r#""Анна Петрова""#)
        .from(&["order.firstName", "order.customer.firstName"])
        .doc("name of the client", "имя клиента"),
    field("order.client.phone", "заказ.клиент.телефон", PHONE.optional(), r#""+79000000010""#)
        .from(&["order.phone"])
        .doc("phone of the client", "телефон клиента"),
    field("order.client.email", "заказ.клиент.почта", TEXT.optional(), r#""olga@example.com""#)
        .from(&["order.email"])
        .doc("e-mail of the client", "электронная почта клиента"),
    field("order.client.manager", "заказ.клиент.менеджер", EMPLOYEE.optional(), r#""olga@romashka.ru""#)
        .from(&["order.customer.managerId"])
        .doc("manager of the client", "менеджер клиента"),
    field("order.client.orders_count", "заказ.клиент.число_заказов", NUMBER.optional(), "3")
        .from(&["order.customer.ordersCount"])
        .doc("how many orders the client has", "сколько у клиента заказов"),
    field("order.client.tags", "заказ.клиент.теги", TEXTS.optional(), r#"["VIP"]"#)
        .from(&["order.customer.tags"])
        .doc("tags of the client", "теги клиента"),
    field("order.client.custom.X", "заказ.клиент.поле.X", ANY.optional(), r#""gold""#)
        .from(&["order.customer.customFields.X"])
        .doc("custom field of the client, by its code", "пользовательское поле клиента по его коду"),
    field("order.custom.X", "заказ.поле.X", ANY.optional(), r#""courier""#)
        .from(&["order.customFields.X"])
        .doc("custom field of the order, by its code", "пользовательское поле заказа по его коду"),
    field("order.source.source", "заказ.источник.источник", TEXT.optional(), r#""yandex""#)
        .doc("source of traffic", "источник трафика"),
    field("order.source.medium", "заказ.источник.канал", TEXT.optional(), r#""cpc""#)
        .doc("medium of traffic", "тип трафика"),
    field("order.source.campaign", "заказ.источник.кампания", TEXT.optional(), r#""vesna""#)
        .doc("campaign of traffic", "рекламная кампания"),
    field("order.source.keyword", "заказ.источник.ключ", TEXT.optional(), r#""купить ромашки""#)
        .doc("keyword of traffic", "ключевое слово"),
    field("order.source.content", "заказ.источник.объявление", TEXT.optional(), r#""banner-1""#)
        .doc("advertisement", "объявление"),
];
