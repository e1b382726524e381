//! In which language people are spoken to.
//!
//! What was asked for on the command line wins, then `RULES_LANG`. Messages about a file then speak the file's own
//! language; everything else follows the locale of the terminal, and English where that is neither.

use clap::ValueEnum;
use switchboard_grammar::lang::Lang;

/// Variable that sets the language for a whole shell.
pub(crate) const VARIABLE: &str = "RULES_LANG";

/// Variables of the locale, the strongest first.
const LOCALE_VARIABLES: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

/// A language as an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LangArg {
    /// English.
    En,
    /// Russian.
    Ru,
}

impl From<LangArg> for Lang {
    fn from(arg: LangArg) -> Self {
        match arg {
            LangArg::En => Self::En,
            LangArg::Ru => Self::Ru,
        }
    }
}

/// What was asked for, if anything was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wish {
    asked: Option<Lang>,
    locale: Lang,
}

impl Wish {
    /// Reads the environment through `variable`, which gives a variable's value.
    pub(crate) fn new(arg: Option<LangArg>, variable: impl Fn(&str) -> Option<String>) -> Self {
        let asked = arg.map(Lang::from).or_else(|| variable(VARIABLE).and_then(|value| from_locale(&value)));
        let locale = LOCALE_VARIABLES
            .iter()
            .find_map(|name| variable(name).filter(|value| !value.is_empty()))
            .and_then(|value| from_locale(&value))
            .unwrap_or_default();
        Self { asked, locale }
    }

    /// The language for messages about a file in `file_language`.
    pub(crate) fn for_file(self, file_language: Lang) -> Lang {
        self.asked.unwrap_or(file_language)
    }

    /// The language for everything else.
    pub(crate) fn general(self) -> Lang {
        self.asked.unwrap_or(self.locale)
    }
}

/// `ru_RU.UTF-8`, `ru` and the like.
fn from_locale(value: &str) -> Option<Lang> {
    let code = value.split(['_', '.', '-', '@']).next()?.to_ascii_lowercase();
    Lang::from_code(&code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(arg: Option<LangArg>, variables: &[(&str, &str)]) -> Wish {
        Wish::new(arg, |name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn an_argument_outweighs_the_environment() {
        let wish = wish(Some(LangArg::En), &[("RULES_LANG", "ru"), ("LANG", "ru_RU.UTF-8")]);
        assert_eq!((wish.general(), wish.for_file(Lang::Ru)), (Lang::En, Lang::En));
    }

    #[test]
    fn the_variable_outweighs_file_and_locale() {
        let wish = wish(None, &[("RULES_LANG", "ru"), ("LANG", "en_US.UTF-8")]);
        assert_eq!((wish.general(), wish.for_file(Lang::En)), (Lang::Ru, Lang::Ru));
    }

    #[test]
    fn a_locale_does_not_outweigh_the_file() {
        let wish = wish(None, &[("LANG", "ru_RU.UTF-8")]);
        assert_eq!((wish.general(), wish.for_file(Lang::En)), (Lang::Ru, Lang::En));
    }

    #[test]
    fn an_empty_variable_counts_as_absent() {
        assert_eq!(wish(None, &[("LC_ALL", ""), ("LANG", "ru_RU")]).general(), Lang::Ru);
        assert_eq!(wish(None, &[("LC_ALL", "C.UTF-8"), ("LANG", "ru_RU")]).general(), Lang::En);
        assert_eq!(wish(None, &[]).general(), Lang::En);
    }
}
