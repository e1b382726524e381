//! A filter with its arguments: checking them, and applying it.

use smol_str::SmolStr;
use switchboard_grammar::lang::Lang;

use super::date::DateFormat;
use super::spec::{FilterKind, FilterSpec};
use crate::decimal::Decimal;
use crate::ty::{Scalar, Type};
use crate::value::{self, Value};

/// A filter ready to be applied.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Filter {
    /// A moment, date or time in a shape.
    Date(DateFormat),
    /// A phone, grouped.
    Phone,
    /// Capital letters.
    Upper,
    /// Small letters.
    Lower,
    /// At most so many characters.
    Cut(usize),
    /// A list with something between its elements.
    Join(SmolStr),
    /// The form of a word: one and many.
    PluralTwo([SmolStr; 2]),
    /// The form of a word: one, few and many.
    PluralThree([SmolStr; 3]),
    /// A length of time in words.
    Duration,
}

/// Why the arguments of a filter do not do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FilterError {
    /// Too few or too many arguments.
    #[error("`{filter}` takes {}, {found} given", count(*least, *most))]
    ArgumentCount {
        /// English name of the filter.
        filter: &'static str,
        /// The fewest it takes.
        least: usize,
        /// The most it takes.
        most: usize,
        /// How many there are.
        found: usize,
    },
    /// An argument that has to be a text.
    #[error("argument {place} must be a text in quotes")]
    NeedsText {
        /// Which one, from 1.
        place: usize,
    },
    /// An argument that has to be a whole number within bounds.
    #[error("argument {place} must be a whole number from 1 to {most}")]
    NeedsNumber {
        /// Which one, from 1.
        place: usize,
        /// The greatest.
        most: usize,
    },
    /// Letters in the shape of a date that mean nothing.
    #[error("`{token}` is no part of a date; put words in square brackets")]
    DateToken {
        /// The letters.
        token: String,
    },
    /// An argument that is too long.
    #[error("argument is longer than {allowed} characters")]
    TooLong {
        /// The most characters.
        allowed: usize,
    },
}

impl FilterError {
    /// The reason in Russian.
    pub fn ru(&self) -> String {
        match self {
            // Its name stands in front, as the file has it.
            FilterError::ArgumentCount { least, most, found, .. } => {
                let wanted =
                    if least == most { format!("{least}") } else { format!("от {least} до {most}") };
                format!("нужно аргументов: {wanted}, а дано: {found}")
            }
            FilterError::NeedsText { place } => format!("аргумент {place} должен быть текстом в кавычках"),
            FilterError::NeedsNumber { place, most } => {
                format!("аргумент {place} должен быть целым числом от 1 до {most}")
            }
            FilterError::DateToken { token } => {
                format!("`{token}` не часть даты; слова пишите в квадратных скобках")
            }
            FilterError::TooLong { allowed } => format!("аргумент длиннее {allowed} знаков"),
        }
    }
}

fn count(least: usize, most: usize) -> String {
    match (least, most) {
        (0, 0) => "no arguments".to_owned(),
        (1, 1) => "one argument".to_owned(),
        (least, most) if least == most => format!("{least} arguments"),
        (least, most) => format!("{least} to {most} arguments"),
    }
}

impl Filter {
    /// The most characters that `cut` leaves, and the longest text argument.
    pub const MAX_CHARS: usize = 10_000;

    /// Which filter it is.
    pub const fn kind(&self) -> FilterKind {
        match self {
            Filter::Date(_) => FilterKind::Date,
            Filter::Phone => FilterKind::Phone,
            Filter::Upper => FilterKind::Upper,
            Filter::Lower => FilterKind::Lower,
            Filter::Cut(_) => FilterKind::Cut,
            Filter::Join(_) => FilterKind::Join,
            Filter::PluralTwo(_) | Filter::PluralThree(_) => FilterKind::Plural,
            Filter::Duration => FilterKind::Duration,
        }
    }

    /// Checks the arguments of a filter.
    ///
    /// # Errors
    ///
    /// [`FilterError`], what is wrong with them.
    pub fn new(spec: &FilterSpec, arguments: &[Value]) -> Result<Filter, FilterError> {
        let (least, most) = spec.arguments;
        let found = arguments.len();
        if found < least || found > most {
            return Err(FilterError::ArgumentCount { filter: spec.name, least, most, found });
        }
        let text = |at: usize| text_argument(arguments.get(at), at + 1);
        Ok(match spec.kind {
            FilterKind::Date => Filter::Date(DateFormat::new(&text(0)?)?),
            FilterKind::Phone => Filter::Phone,
            FilterKind::Upper => Filter::Upper,
            FilterKind::Lower => Filter::Lower,
            FilterKind::Cut => Filter::Cut(number_argument(arguments.first(), 1)?),
            FilterKind::Join => Filter::Join(text(0)?),
            FilterKind::Plural if found == 2 => Filter::PluralTwo([text(0)?, text(1)?]),
            FilterKind::Plural => Filter::PluralThree([text(0)?, text(1)?, text(2)?]),
            FilterKind::Duration => Filter::Duration,
        })
    }

    /// The value for people. A missing value stays missing; one of a type that the filter does not take is
    /// printed as it would be without a filter, which the checker has ruled out for all but untyped fields.
    pub fn apply(&self, value: &Value, lang: Lang) -> Value {
        if value.is_missing() {
            return Value::Missing;
        }
        let out = match (self, value) {
            (Filter::Date(format), Value::Moment(moment)) => format.print(moment.civil(), lang),
            (Filter::Date(format), Value::Date(date)) => {
                format.print(date.to_datetime(jiff::civil::Time::midnight()), lang)
            }
            (Filter::Date(format), Value::Time(time)) => format.print(time.on(1970, 1, 1), lang),
            (Filter::Phone, Value::Phone(phone)) => phone.display(),
            (Filter::Upper, value) => value.render(lang).to_uppercase(),
            (Filter::Lower, value) => value.render(lang).to_lowercase(),
            (Filter::Cut(most), value) => cut(value.render(lang), *most),
            (Filter::Join(between), Value::List(values)) => {
                let mut out = String::new();
                value::join_into(&mut out, values, between, lang);
                out
            }
            (Filter::PluralTwo([one, many]), Value::Number(number)) => {
                if number.abs() == Decimal::ONE {
                    one.to_string()
                } else {
                    many.to_string()
                }
            }
            (Filter::PluralThree([one, few, many]), Value::Number(number)) => {
                russian_plural(number, one, few, many).to_string()
            }
            (_, value) => value.render(lang),
        };
        Value::text(out)
    }

    /// The most characters it gives for a value of a type that it takes, `max_chars` being the field's own.
    pub fn max_chars(&self, ty: Type, max_chars: Option<usize>) -> Option<usize> {
        let plain = value::max_rendered_chars(ty, max_chars);
        let longest = |forms: &[SmolStr]| forms.iter().map(|form| form.chars().count()).max();
        let own = match self {
            Filter::Date(format) => Some(format.max_chars()),
            // A letter may have a capital of up to three letters: ΐ.
            Filter::Upper | Filter::Lower => return plain.map(|chars| chars.saturating_mul(3)),
            Filter::Cut(most) => return Some(plain.map_or(*most, |chars| chars.min(*most))),
            Filter::PluralTwo(forms) => longest(forms),
            Filter::PluralThree(forms) => longest(forms),
            Filter::Join(_) if ty.list => None,
            // Grouping puts four blanks and dashes between the digits.
            Filter::Phone => plain.map(|chars| chars.saturating_add(4)),
            Filter::Join(_) | Filter::Duration => plain,
        };
        // A field without a type may hold what the filter leaves as it is.
        if ty.scalar == Scalar::Any { Some(own?.max(plain?)) } else { own }
    }

    /// Whether the shape of a date asks for parts that a value of this type does not have.
    pub fn prints_what_is_not_there(&self, scalar: Scalar) -> bool {
        match (self, scalar) {
            (Filter::Date(format), Scalar::Date) => format.has_time(),
            (Filter::Date(format), Scalar::Time) => format.has_date(),
            _ => false,
        }
    }
}

/// The first characters, the last of them `…` when something was left out.
fn cut(text: String, most: usize) -> String {
    if text.chars().nth(most).is_none() {
        return text;
    }
    let mut kept: String = text.chars().take(most.saturating_sub(1)).collect();
    kept.truncate(kept.trim_end().len());
    kept.push('…');
    kept
}

/// `1 звонок`, `2 звонка`, `5 звонков`, `11 звонков`, `1,5 звонка`.
fn russian_plural<'f>(number: &Decimal, one: &'f str, few: &'f str, many: &'f str) -> &'f str {
    if !number.is_integer() {
        return few;
    }
    let last_two = (number.abs() % Decimal::ONE_HUNDRED).to_string();
    let last_two: u32 = last_two.split('.').next().and_then(|digits| digits.parse().ok()).unwrap_or(0);
    match (last_two % 10, last_two) {
        (_, 11..=14) => many,
        (1, _) => one,
        (2..=4, _) => few,
        _ => many,
    }
}

fn text_argument(argument: Option<&Value>, place: usize) -> Result<SmolStr, FilterError> {
    // A separator may be a blank, which is a missing value everywhere else.
    match argument {
        Some(Value::Text(text)) if text.as_str().chars().count() <= Filter::MAX_CHARS => {
            Ok(SmolStr::new(text.as_str()))
        }
        Some(Value::Text(_)) => Err(FilterError::TooLong { allowed: Filter::MAX_CHARS }),
        _ => Err(FilterError::NeedsText { place }),
    }
}

fn number_argument(argument: Option<&Value>, place: usize) -> Result<usize, FilterError> {
    let error = FilterError::NeedsNumber { place, most: Filter::MAX_CHARS };
    match argument {
        Some(Value::Number(number)) if number.is_integer() => {
            let number = usize::try_from(*number).map_err(|_| error.clone())?;
            if (1..=Filter::MAX_CHARS).contains(&number) { Ok(number) } else { Err(error) }
        }
        _ => Err(error),
    }
}
