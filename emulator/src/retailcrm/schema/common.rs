//! Objects that several entities share.

use super::{Kind, LONG_TEXT, Schema, TEXT, may};

/// Traffic source.
pub(in crate::retailcrm) const SOURCE: Schema = Schema {
    entity: "",
    fields: &[
        may("source", TEXT),
        may("medium", TEXT),
        may("campaign", TEXT),
        may("keyword", TEXT),
        may("content", TEXT),
    ],
};

/// Postal address.
pub(in crate::retailcrm) const ADDRESS: Schema = Schema {
    entity: "",
    fields: &[
        may("index", TEXT),
        may("countryIso", Kind::Text(2)),
        may("region", TEXT),
        may("regionId", Kind::Int),
        may("city", TEXT),
        may("cityId", Kind::Int),
        may("cityType", TEXT),
        may("street", TEXT),
        may("streetId", Kind::Int),
        may("streetType", TEXT),
        may("building", TEXT),
        may("flat", TEXT),
        may("floor", Kind::Int),
        may("block", Kind::Int),
        may("house", TEXT),
        may("housing", TEXT),
        may("metro", TEXT),
        may("notes", LONG_TEXT),
        may("text", LONG_TEXT),
    ],
};

/// Legal details. The spelling `enterpreneur` is the API's.
pub(in crate::retailcrm) const CONTRAGENT: Schema = Schema {
    entity: "",
    fields: &[
        may("contragentType", Kind::OneOf(&["individual", "legal-entity", "enterpreneur"])),
        may("legalName", TEXT),
        may("legalAddress", TEXT),
        may("INN", TEXT),
        may("OKPO", TEXT),
        may("KPP", TEXT),
        may("OGRN", TEXT),
        may("OGRNIP", TEXT),
        may("certificateNumber", TEXT),
        may("certificateDate", Kind::Date),
        may("BIK", TEXT),
        may("bank", TEXT),
        may("bankAddress", TEXT),
        may("corrAccount", TEXT),
        may("bankAccount", TEXT),
    ],
};
