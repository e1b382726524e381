//! The table of filters.

use crate::schema::{Docs, Spelling};
use crate::ty::{Scalar, Type};

/// Which filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FilterKind {
    /// A moment, date or time in a shape.
    Date,
    /// A phone, grouped.
    Phone,
    /// Capital letters.
    Upper,
    /// Small letters.
    Lower,
    /// At most so many characters.
    Cut,
    /// A list with something between its elements.
    Join,
    /// The form of a word that goes with a number.
    Plural,
    /// A length of time in words.
    Duration,
}

/// A filter of the language.
#[derive(Debug)]
pub struct FilterSpec {
    /// Which filter.
    pub kind: FilterKind,
    /// English name.
    pub name: &'static str,
    /// Russian name.
    pub ru: &'static str,
    /// Fewest and most arguments.
    pub arguments: (usize, usize),
    /// What it does.
    pub doc: Docs,
    /// How it is written.
    pub example: &'static str,
}

/// Every filter, in the order of the documentation.
pub static ALL: [FilterSpec; 8] = [
    FilterSpec {
        kind: FilterKind::Date,
        name: "date",
        ru: "дата",
        arguments: (1, 1),
        doc: Docs {
            en: "prints a moment, date or time: DD D MM M MMMM YYYY YY HH H mm ss ddd dddd",
            ru: "печатает момент, дату или время: ДД Д ММ М ММММ ГГГГ ГГ ЧЧ Ч мм сс ддд дддд",
        },
        example: r#"{{ started | date "DD.MM HH:mm" }}"#,
    },
    FilterSpec {
        kind: FilterKind::Phone,
        name: "phone",
        ru: "телефон",
        arguments: (0, 0),
        doc: Docs {
            en: "prints a phone in groups", ru: "печатает телефон группами цифр"
        },
        example: "{{ phone | phone }}",
    },
    FilterSpec {
        kind: FilterKind::Upper,
        name: "upper",
        ru: "прописными",
        arguments: (0, 0),
        doc: Docs { en: "capital letters", ru: "прописные буквы" },
        example: "{{ campaign else \"-\" | upper }}",
    },
    FilterSpec {
        kind: FilterKind::Lower,
        name: "lower",
        ru: "строчными",
        arguments: (0, 0),
        doc: Docs { en: "small letters", ru: "строчные буквы" },
        example: "{{ campaign else \"-\" | lower }}",
    },
    FilterSpec {
        kind: FilterKind::Cut,
        name: "cut",
        ru: "обрезать",
        arguments: (1, 1),
        doc: Docs {
            en: "at most so many characters, the last one … when something was cut",
            ru: "не больше стольких знаков; если обрезано, последний — …",
        },
        example: "{{ text else \"-\" | cut 40 }}",
    },
    FilterSpec {
        kind: FilterKind::Join,
        name: "join",
        ru: "соединить",
        arguments: (1, 1),
        doc: Docs {
            en: "a list with this between its elements", ru: "список через разделитель"
        },
        example: r#"{{ tags else "-" | join ", " }}"#,
    },
    FilterSpec {
        kind: FilterKind::Plural,
        name: "plural",
        ru: "склонить",
        arguments: (2, 3),
        doc: Docs {
            en: "the word that goes with a number: two forms as in English or three as in Russian",
            ru: "слово, подходящее к числу: три формы, как в русском, или две, как в английском",
        },
        example: r#"{{ messages else 0 }} {{ messages else 0 | plural "сообщение" "сообщения" "сообщений" }}"#,
    },
    FilterSpec {
        kind: FilterKind::Duration,
        name: "duration",
        ru: "длительность",
        arguments: (0, 0),
        doc: Docs { en: "a length of time in words", ru: "длительность словами" },
        example: "{{ talk_time | duration }}",
    },
];

/// Finds a filter by its name in either language.
pub fn find(name: &str) -> Option<(&'static FilterSpec, Spelling)> {
    ALL.iter().find_map(|spec| {
        if spec.name == name {
            Some((spec, Spelling::English))
        } else if spec.ru == name {
            Some((spec, Spelling::Russian))
        } else {
            None
        }
    })
}

impl FilterKind {
    /// Whether the filter takes values of a type; whether the value may be missing is not its concern.
    pub fn takes(self, ty: Type) -> bool {
        let one = |of: &[Scalar]| !ty.list && (of.contains(&ty.scalar) || ty.scalar == Scalar::Any);
        match self {
            FilterKind::Date => one(&[Scalar::Moment, Scalar::Date, Scalar::Time]),
            FilterKind::Phone => one(&[Scalar::Phone]),
            FilterKind::Plural => one(&[Scalar::Number]),
            FilterKind::Duration => one(&[Scalar::Duration]),
            FilterKind::Join => ty.list || ty.scalar == Scalar::Any,
            FilterKind::Upper | FilterKind::Lower | FilterKind::Cut => true,
        }
    }

    /// What it takes, in words for a message.
    pub const fn takes_in_words(self) -> Docs {
        match self {
            FilterKind::Date => {
                Docs { en: "a moment, date or time", ru: "момент, дату или время" }
            }
            FilterKind::Phone => Docs { en: "a phone", ru: "телефон" },
            FilterKind::Plural => Docs { en: "a number", ru: "число" },
            FilterKind::Duration => Docs { en: "a duration", ru: "длительность" },
            FilterKind::Join => Docs { en: "a list", ru: "список" },
            FilterKind::Upper | FilterKind::Lower | FilterKind::Cut => {
                Docs { en: "any value", ru: "любое значение" }
            }
        }
    }

    /// Every filter gives text.
    pub const fn gives() -> Type {
        Type::of(Scalar::Text)
    }
}
