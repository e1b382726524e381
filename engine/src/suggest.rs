//! "Did you mean", in words: each way of missing a name gets its own sentence.
//!
//! Takes a name that nobody knows and the names that would do; gives the nearest and the sentence to say. How near
//! two names are is measured in [`switchboard_grammar::similar`].

use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::similar::{Likeness, nearest};

/// A known name near to an unknown one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Near<'c> {
    /// The known name.
    pub name: &'c str,
    /// How it was missed.
    pub likeness: Likeness,
}

/// The nearest of the candidates and how it was missed; None when none is near.
pub fn near<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<Near<'c>> {
    nearest(name, candidates).map(|(name, likeness)| Near { name, likeness })
}

/// The sentence that offers `shown`, for a name that was missed in this way.
pub fn sentence(likeness: Likeness, shown: &str) -> Text {
    match likeness {
        Likeness::Case => Text::new(
            format!("capital letters count here: write `{shown}`"),
            format!("регистр букв здесь важен: пишите `{shown}`"),
        ),
        Likeness::Layout => Text::new(
            format!("on the other keyboard layout this is `{shown}`"),
            format!("в другой раскладке клавиатуры это `{shown}`"),
        ),
        Likeness::LookAlike => Text::new(
            format!("some letters are look-alikes from the other alphabet; `{shown}` has them right"),
            format!("часть букв здесь — похожие буквы другого алфавита; правильно `{shown}`"),
        ),
        Likeness::Slip => {
            Text::new(format!("did you mean `{shown}`?"), format!("возможно, имелось в виду `{shown}`?"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 5] = ["campaign", "кампания", "сценарий", "site", "phone"];

    #[track_caller]
    fn check(written: &str, meant: &str, likeness: Likeness) {
        assert_eq!(near(written, NAMES), Some(Near { name: meant, likeness }), "{written}");
    }

    #[test]
    fn each_slip_has_its_name() {
        check("Campaign", "campaign", Likeness::Case);
        check("rfvgfybz", "кампания", Likeness::Layout);
        check("саmраign", "campaign", Likeness::LookAlike);
        check("campain", "campaign", Likeness::Slip);
        assert_eq!(near("weather", NAMES), None);
    }

    #[test]
    fn sentences_differ() {
        let all = [Likeness::Case, Likeness::Layout, Likeness::LookAlike, Likeness::Slip];
        let said: std::collections::HashSet<_> = all.map(|how| sentence(how, "site")).into_iter().collect();
        assert_eq!(said.len(), all.len());
    }
}
