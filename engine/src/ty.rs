//! Types of values as the rules see them.
//!
//! A type is a scalar, perhaps in a list, perhaps missing. All of it is `Copy` and can stand in a constant table.
//! Says nothing about values: whether a value has a type is asked in [`crate::value`].

use std::fmt;

use crate::schema::EnumType;

/// What a value that is not a list can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scalar {
    /// Text, compared with Unicode and letter case folded.
    Text,
    /// A decimal number.
    Number,
    /// Yes or no.
    YesNo,
    /// A phone in E.164.
    Phone,
    /// A length of time in whole seconds.
    Duration,
    /// An instant with the offset in which it was given.
    Moment,
    /// A calendar day.
    Date,
    /// A time of day.
    Time,
    /// One of a set that the schema lists.
    Enum(&'static EnumType),
    /// A text that names something in the account: an employee, a store…
    Reference(ReferenceKind),
    /// A field whose type only the account knows (`client.custom.X`): it may be compared with anything, and a
    /// value of another type is simply not equal.
    Any,
}

/// What a reference names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ReferenceKind {
    /// An employee, by e-mail: the one spelling that UIS and RetailCRM share.
    Employee,
    /// A store (RetailCRM "site"), by code.
    Store,
    /// A site in UIS, by domain.
    Site,
    /// A scenario in UIS, by name.
    Scenario,
    /// An advertising campaign in UIS, by name.
    Campaign,
    /// A source of traffic in UIS, by name.
    Source,
    /// An order status in RetailCRM, by code.
    OrderStatus,
    /// A group of order statuses in RetailCRM, by code.
    StatusGroup,
    /// A way in which an order was placed in RetailCRM, by code.
    OrderMethod,
    /// A type of order in RetailCRM, by code.
    OrderType,
    /// A custom field of clients in RetailCRM, by code.
    ClientField,
    /// A custom field of orders in RetailCRM, by code.
    OrderField,
    /// A tag in UIS, by name.
    Tag,
    /// A virtual number in UIS, as `+74951234567`. No type of values: in rules these are phones.
    VirtualNumber,
}

/// The type of a field, a setting, a result or a literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Type {
    /// What the value, or each element of the list, is.
    pub scalar: Scalar,
    /// Whether it is a list.
    pub list: bool,
    /// Whether it may be missing; written `?`.
    pub optional: bool,
}

impl Scalar {
    /// The name in English, as in a script declaration (`text`, `yes/no`, `employee`).
    pub const fn en(self) -> &'static str {
        match self {
            Scalar::Text => "text",
            Scalar::Number => "number",
            Scalar::YesNo => "yes/no",
            Scalar::Phone => "phone",
            Scalar::Duration => "duration",
            Scalar::Moment => "moment",
            Scalar::Date => "date",
            Scalar::Time => "time",
            Scalar::Enum(of) => of.name,
            Scalar::Reference(kind) => kind.en(),
            Scalar::Any => "any",
        }
    }

    /// The name in Russian.
    pub const fn ru(self) -> &'static str {
        match self {
            Scalar::Text => "текст",
            Scalar::Number => "число",
            Scalar::YesNo => "да/нет",
            Scalar::Phone => "телефон",
            Scalar::Duration => "длительность",
            Scalar::Moment => "момент",
            Scalar::Date => "дата",
            Scalar::Time => "время",
            Scalar::Enum(of) => of.ru,
            Scalar::Reference(kind) => kind.ru(),
            Scalar::Any => "любое",
        }
    }

    /// Whether its values are held as text: plain text and references.
    pub const fn is_textual(self) -> bool {
        matches!(self, Scalar::Text | Scalar::Reference(_))
    }

    /// Whether its values can be put in order with `>` and `<`.
    pub const fn is_ordered(self) -> bool {
        matches!(
            self,
            Scalar::Number | Scalar::Duration | Scalar::Moment | Scalar::Date | Scalar::Time | Scalar::Any
        )
    }

    /// Whether a value of type `other` can stand where this one is asked for.
    ///
    /// References are texts with a promise, so text and reference go together, while two kinds of reference do
    /// not. An open enum takes text, for the values that UIS may add. [`Scalar::Any`] goes with everything.
    pub fn accepts(self, other: Scalar) -> bool {
        match (self, other) {
            (Scalar::Any, _) | (_, Scalar::Any) => true,
            (Scalar::Text, Scalar::Reference(_)) | (Scalar::Reference(_), Scalar::Text) => true,
            (Scalar::Enum(of), Scalar::Text) => of.open,
            (a, b) => a == b,
        }
    }
}

impl ReferenceKind {
    /// Every kind, in the order of the documentation.
    pub const ALL: [ReferenceKind; 14] = [
        ReferenceKind::Employee,
        ReferenceKind::Store,
        ReferenceKind::Site,
        ReferenceKind::Scenario,
        ReferenceKind::Campaign,
        ReferenceKind::Source,
        ReferenceKind::OrderStatus,
        ReferenceKind::StatusGroup,
        ReferenceKind::OrderMethod,
        ReferenceKind::OrderType,
        ReferenceKind::ClientField,
        ReferenceKind::OrderField,
        ReferenceKind::Tag,
        ReferenceKind::VirtualNumber,
    ];

    /// Those that are types of values, too.
    pub fn types() -> impl Iterator<Item = ReferenceKind> {
        Self::ALL.into_iter().filter(|kind| *kind != ReferenceKind::VirtualNumber)
    }

    /// The name in English.
    pub const fn en(self) -> &'static str {
        match self {
            ReferenceKind::Employee => "employee",
            ReferenceKind::Store => "store",
            ReferenceKind::Site => "site",
            ReferenceKind::Scenario => "scenario",
            ReferenceKind::Campaign => "campaign",
            ReferenceKind::Source => "source",
            ReferenceKind::OrderStatus => "order_status",
            ReferenceKind::StatusGroup => "status_group",
            ReferenceKind::OrderMethod => "order_method",
            ReferenceKind::OrderType => "order_type",
            ReferenceKind::ClientField => "client_field",
            ReferenceKind::OrderField => "order_field",
            ReferenceKind::Tag => "tag",
            ReferenceKind::VirtualNumber => "virtual_number",
        }
    }

    /// The name in Russian.
    pub const fn ru(self) -> &'static str {
        match self {
            ReferenceKind::Employee => "сотрудник",
            ReferenceKind::Store => "магазин",
            ReferenceKind::Site => "сайт",
            ReferenceKind::Scenario => "сценарий",
            ReferenceKind::Campaign => "кампания",
            ReferenceKind::Source => "источник",
            ReferenceKind::OrderStatus => "статус_заказа",
            ReferenceKind::StatusGroup => "группа_статусов",
            ReferenceKind::OrderMethod => "способ_заказа",
            ReferenceKind::OrderType => "тип_заказа",
            ReferenceKind::ClientField => "поле_клиента",
            ReferenceKind::OrderField => "поле_заказа",
            ReferenceKind::Tag => "тег",
            ReferenceKind::VirtualNumber => "виртуальный_номер",
        }
    }
}

impl Type {
    /// One value that is always there.
    pub const fn of(scalar: Scalar) -> Type {
        Type { scalar, list: false, optional: false }
    }

    /// A list, empty meaning missing.
    pub const fn list_of(scalar: Scalar) -> Type {
        Type { scalar, list: true, optional: false }
    }

    /// The same type, which may also be missing.
    #[must_use]
    pub const fn optional(self) -> Type {
        Type { scalar: self.scalar, list: self.list, optional: true }
    }

    /// The same type, never missing: what `x else y` gives when `y` is there.
    #[must_use]
    pub const fn required(self) -> Type {
        Type { scalar: self.scalar, list: self.list, optional: false }
    }

    /// The type of one element; itself when it is no list.
    #[must_use]
    pub const fn element(self) -> Type {
        Type { scalar: self.scalar, list: false, optional: false }
    }

    /// Whether a value of type `other` can stand where this one is asked for.
    pub fn accepts(self, other: Type) -> bool {
        (self.optional || !other.optional) && self.list == other.list && self.scalar.accepts(other.scalar)
    }

    /// The type spelt in English: `text?`, `list of text`.
    pub fn to_en(self) -> String {
        let list = if self.list { "list of " } else { "" };
        let mark = if self.optional { "?" } else { "" };
        format!("{list}{}{mark}", self.scalar.en())
    }

    /// The type spelt in Russian: `текст?`, `список: текст`.
    pub fn to_ru(self) -> String {
        let list = if self.list { "список: " } else { "" };
        let mark = if self.optional { "?" } else { "" };
        format!("{list}{}{mark}", self.scalar.ru())
    }

    /// Reads a type as a script declaration writes it: the name in English or Russian, `?` already taken off.
    ///
    /// Only types that stand on their own can be named so; enums of the schema cannot.
    pub fn from_name(name: &str) -> Option<Scalar> {
        let plain = [
            Scalar::Text,
            Scalar::Number,
            Scalar::YesNo,
            Scalar::Phone,
            Scalar::Duration,
            Scalar::Moment,
            Scalar::Date,
            Scalar::Time,
            Scalar::Any,
        ];
        let references = ReferenceKind::types().map(Scalar::Reference);
        plain.into_iter().chain(references).find(|scalar| {
            scalar.en() == name || scalar.ru() == name || (*scalar == Scalar::YesNo && is_yes_no(name))
        })
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_en())
    }
}

/// `yes/no` is two words and a slash to the grammar, so the one-word spellings are taken too.
fn is_yes_no(name: &str) -> bool {
    matches!(name, "yes_no" | "да_нет" | "bool" | "логическое")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn optional_takes_required_but_not_the_other_way() {
        let text = Type::of(Scalar::Text);
        assert!(text.optional().accepts(text));
        assert!(!text.accepts(text.optional()));
        assert!(!text.accepts(Type::list_of(Scalar::Text)));
    }

    #[test]
    fn references_are_texts_but_not_each_other() {
        let employee = Scalar::Reference(ReferenceKind::Employee);
        let store = Scalar::Reference(ReferenceKind::Store);
        assert!(Scalar::Text.accepts(employee) && employee.accepts(Scalar::Text));
        assert!(!employee.accepts(store));
    }

    #[test]
    fn names_are_read_back() {
        for scalar in [Scalar::Text, Scalar::YesNo, Scalar::Reference(ReferenceKind::Store)] {
            assert_eq!(Type::from_name(scalar.en()), Some(scalar));
            assert_eq!(Type::from_name(scalar.ru()), Some(scalar));
        }
        assert_eq!(Type::from_name("bool"), Some(Scalar::YesNo));
        assert_eq!(Type::from_name("String"), None);
    }

    #[test]
    fn spelling() {
        assert_eq!(Type::list_of(Scalar::Phone).optional().to_string(), "list of phone?");
        assert_eq!(Type::of(Scalar::Text).optional().to_ru(), "текст?");
    }
}
