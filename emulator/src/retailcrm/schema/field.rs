//! What a rule for one member can say.

/// The members that an object may have.
#[derive(Debug)]
pub(in crate::retailcrm) struct Schema {
    /// Whose required fields and custom fields apply: `customer`, `order`, or nothing.
    pub(in crate::retailcrm) entity: &'static str,
    pub(in crate::retailcrm) fields: &'static [Field],
}

/// One member.
#[derive(Debug)]
pub(in crate::retailcrm) struct Field {
    pub(in crate::retailcrm) name: &'static str,
    pub(in crate::retailcrm) kind: Kind,
    /// Must be there, and not blank, when the entity is created.
    pub(in crate::retailcrm) required: bool,
}

/// What a member may hold.
#[derive(Debug, Clone, Copy)]
pub(in crate::retailcrm) enum Kind {
    /// A text of at most so many characters.
    Text(usize),
    /// A whole number, not negative.
    Int,
    /// Any number.
    Number,
    Bool,
    /// `Y-m-d H:i:s`.
    DateTime,
    /// `Y-m-d`.
    Date,
    /// `Y-m-d H:i`, without seconds.
    Minute,
    Email,
    /// An absolute `http` or `https` address.
    Url,
    OneOf(&'static [&'static str]),
    /// Code of a shop.
    Site,
    /// Code from a reference, by its answer key.
    Code(&'static str),
    /// Number of a user; of one who still works here when so asked.
    User {
        active: bool,
    },
    Texts,
    Ints,
    Object(&'static Schema),
    Objects(&'static Schema),
    /// Values of custom fields of this entity.
    Custom(&'static str),
    /// `{id}`, `{externalId}` of a customer, with `site` beside it.
    Customer,
    /// `{id}`, `{externalId}` or `{number}` of an order.
    Order,
    /// Documented, but not modelled here: taken as it is.
    Any,
    /// Taken and forgotten without a word, as the vendor does.
    Ignored,
}

/// Longest text where the documents name no limit.
pub(in crate::retailcrm) const TEXT: Kind = Kind::Text(255);
/// Longest long text.
pub(in crate::retailcrm) const LONG_TEXT: Kind = Kind::Text(65_535);

/// A member that may be there.
pub(in crate::retailcrm) const fn may(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: false }
}

/// A member that must be there on create.
pub(in crate::retailcrm) const fn must(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: true }
}
