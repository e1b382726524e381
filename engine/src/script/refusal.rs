//! Refusals: what our own functions say to a script that asks for what cannot be, in both languages.
//!
//! Rhai carries one error text; a refusal travels inside it as a value and is taken out again where the call ends.

use std::fmt;

use rhai::{Dynamic, EvalAltResult, Position};
use switchboard_grammar::diagnostic::Text;

use crate::suggest::{near, sentence};

/// A sentence in both languages on its way through Rhai.
#[derive(Clone, Debug)]
pub(super) struct Refusal(pub(super) Text);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.en)
    }
}

/// An error of the script that says so.
pub(super) fn refuse(text: Text) -> Box<EvalAltResult> {
    EvalAltResult::ErrorRuntime(Dynamic::from(Refusal(text)), Position::NONE).into()
}

/// `there is no …; did you mean …?`
pub(super) fn unknown<'n>(
    name: &str,
    of: &str,
    of_ru: &str,
    known: impl IntoIterator<Item = &'n str>,
) -> Text {
    let (mut en, mut ru) = (format!("{of} has no `{name}`"), format!("у {of_ru} нет `{name}`"));
    if let Some(near) = near(name, known) {
        let meant = sentence(near.likeness, near.name);
        en.push_str(&format!("; {}", meant.en));
        ru.push_str(&format!("; {}", meant.ru));
    }
    Text::new(en, ru)
}
