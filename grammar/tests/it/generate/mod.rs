//! Trees made at random: everything that the language can say, with comments anywhere.

mod sections;
mod values;

pub(crate) use self::sections::file;
