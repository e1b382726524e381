//! Field rules of orders.

use crate::retailcrm::schema::common::{ADDRESS, CONTRAGENT, SOURCE};
use crate::retailcrm::schema::{Kind, LONG_TEXT, Schema, TEXT, may};

/// What may be written into an order.
pub(super) const ORDER: Schema = Schema {
    entity: "order",
    fields: &[
        may("externalId", TEXT),
        may("number", TEXT),
        may("firstName", TEXT),
        may("lastName", TEXT),
        may("patronymic", TEXT),
        may("phone", TEXT),
        may("additionalPhone", TEXT),
        may("email", Kind::Email),
        may("createdAt", Kind::DateTime),
        may("statusUpdatedAt", Kind::DateTime),
        may("fullPaidAt", Kind::DateTime),
        may("managerId", Kind::User { active: false }),
        may("mark", Kind::Int),
        may("call", Kind::Bool),
        may("expired", Kind::Bool),
        may("shipped", Kind::Bool),
        may("customerComment", LONG_TEXT),
        may("managerComment", LONG_TEXT),
        may("status", Kind::Code("statuses")),
        may("statusComment", LONG_TEXT),
        may("orderType", Kind::Code("orderTypes")),
        may("orderMethod", Kind::Code("orderMethods")),
        may("countryIso", Kind::Text(2)),
        may("currency", Kind::Text(3)),
        may("privilegeType", TEXT),
        may("discountManualAmount", Kind::Number),
        may("discountManualPercent", Kind::Number),
        may("weight", Kind::Number),
        may("length", Kind::Int),
        may("width", Kind::Int),
        may("height", Kind::Int),
        may("shipmentStore", TEXT),
        may("shipmentDate", Kind::Date),
        may("clientId", TEXT),
        may("dialogId", Kind::Int),
        may("source", Kind::Object(&SOURCE)),
        may("contragent", Kind::Object(&CONTRAGENT)),
        may("customer", Kind::Customer),
        may("contact", Kind::Customer),
        may("company", Kind::Any),
        may("delivery", Kind::Object(&DELIVERY)),
        may("items", Kind::Objects(&ITEM)),
        may("payments", Kind::Objects(&PAYMENT)),
        may("customFields", Kind::Custom("order")),
    ],
};

const DELIVERY: Schema = Schema {
    entity: "",
    fields: &[
        may("code", TEXT),
        may("cost", Kind::Number),
        may("netCost", Kind::Number),
        may("date", Kind::Date),
        may("time", Kind::Any),
        may("address", Kind::Object(&ADDRESS)),
        may("data", Kind::Any),
        may("service", Kind::Any),
        may("vatRate", TEXT),
    ],
};

const ITEM: Schema = Schema {
    entity: "",
    fields: &[
        may("id", Kind::Int),
        may("externalIds", Kind::Any),
        may("offer", Kind::Any),
        may("productName", TEXT),
        may("quantity", Kind::Number),
        may("initialPrice", Kind::Number),
        may("discountManualAmount", Kind::Number),
        may("discountManualPercent", Kind::Number),
        may("purchasePrice", Kind::Number),
        may("vatRate", TEXT),
        may("status", TEXT),
        may("comment", LONG_TEXT),
        may("properties", Kind::Any),
        may("priceType", Kind::Any),
    ],
};

const PAYMENT: Schema = Schema {
    entity: "",
    fields: &[
        may("id", Kind::Int),
        may("externalId", TEXT),
        may("type", TEXT),
        may("status", Kind::Code("paymentStatuses")),
        may("amount", Kind::Number),
        may("paidAt", Kind::DateTime),
        may("comment", LONG_TEXT),
    ],
};
