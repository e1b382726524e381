//! Field rules of customers.

use crate::retailcrm::schema::common::{ADDRESS, CONTRAGENT, SOURCE};
use crate::retailcrm::schema::{Kind, LONG_TEXT, Schema, TEXT, may, must};

/// What may be written into a customer.
pub(in crate::retailcrm) const CUSTOMER: Schema = Schema {
    entity: "customer",
    fields: &[
        may("externalId", TEXT),
        may("firstName", TEXT),
        may("lastName", TEXT),
        may("patronymic", TEXT),
        may("email", Kind::Email),
        may("phones", Kind::Objects(&PHONE)),
        may("address", Kind::Object(&ADDRESS)),
        may("createdAt", Kind::DateTime),
        may("birthday", Kind::Date),
        may("sex", Kind::OneOf(&["male", "female"])),
        may("managerId", Kind::User { active: false }),
        may("vip", Kind::Bool),
        may("bad", Kind::Bool),
        may("site", Kind::Site),
        may("source", Kind::Object(&SOURCE)),
        may("contragent", Kind::Object(&CONTRAGENT)),
        may("personalDiscount", Kind::Number),
        may("discountCardNumber", TEXT),
        may("firstClientId", TEXT),
        may("lastClientId", TEXT),
        may("browserId", TEXT),
        may("mgCustomerId", TEXT),
        may("photoUrl", Kind::Url),
        may("commentary", LONG_TEXT),
        may("isContact", Kind::Bool),
        may("customFields", Kind::Custom("customer")),
        may("addTags", Kind::Texts),
        may("removeTags", Kind::Texts),
    ],
};

const PHONE: Schema = Schema { entity: "", fields: &[must("number", TEXT), may("oldNumber", TEXT)] };
