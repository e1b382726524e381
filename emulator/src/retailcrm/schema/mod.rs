//! Field rules: which members an entity may have, and what each may hold.
//!
//! Takes an entity as JSON and a [`Schema`]; gives the rules it breaks, in the words of the vendor. Strict: an unknown
//! member is an error, a number in the place of a text too. `null` means "clear" and is allowed everywhere.

mod check;
pub(super) mod common;

pub(super) use check::{Checked, check};

/// The members that an object may have.
#[derive(Debug)]
pub(super) struct Schema {
    /// Whose required fields and custom fields apply: `customer`, `order`, or nothing.
    pub(super) entity: &'static str,
    pub(super) fields: &'static [Field],
}

/// One member.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Must be there, and not blank, when the entity is created.
    pub(super) required: bool,
}

/// What a member may hold.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
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
pub(super) const TEXT: Kind = Kind::Text(255);
/// Longest long text.
pub(super) const LONG_TEXT: Kind = Kind::Text(65_535);

/// A member that may be there.
pub(super) const fn may(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: false }
}

/// A member that must be there on create.
pub(super) const fn must(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: true }
}
