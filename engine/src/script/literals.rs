//! What a script names: the texts and numbers that stand in it.
//!
//! Good for guesses and for nothing else: a value that a script compares with is likely to stand in it as it is.

use std::collections::BTreeSet;

use rhai::{Engine, Token};

/// Texts and whole numbers of a script.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Literals {
    /// Texts; the pieces of one with values put in, too.
    pub(crate) texts: BTreeSet<String>,
    /// Whole numbers.
    pub(crate) numbers: BTreeSet<i64>,
}

impl Literals {
    /// Adds what stands in a script. One that cannot be read adds what comes before the place where it breaks.
    pub(crate) fn add(&mut self, source: &str) {
        let engine = Engine::new_raw();
        let sources = [source];
        let (tokens, control) = engine.lex(&sources);
        // Open braces of each `${…}`: behind the last of them the text goes on, which the tokenizer has to be told.
        let mut braces: Vec<u32> = Vec::new();
        for (token, _) in tokens {
            match token {
                Token::StringConstant(text) => self.text(&text),
                Token::InterpolatedString(text) => {
                    self.text(&text);
                    braces.push(0);
                }
                Token::LeftBrace | Token::MapStart => {
                    braces.iter_mut().next_back().into_iter().for_each(|open| *open += 1);
                }
                Token::RightBrace => match braces.pop() {
                    Some(0 | 1) => control.borrow_mut().is_within_text = true,
                    Some(open) => braces.push(open - 1),
                    None => {}
                },
                Token::IntegerConstant(number) => {
                    self.numbers.insert(number);
                }
                Token::LexError(_) | Token::EOF => return,
                _ => {}
            }
        }
    }

    fn text(&mut self, text: &str) {
        if !text.trim().is_empty() {
            self.texts.insert(text.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_script_is_found_wherever_it_stands() {
        let mut found = Literals::default();
        found.add(
            "// \"no\"\nfn score(text) {\n  switch text { \"vip\" => 7, _ => `a ${ #{ x: \"in\" }.x } b ${text}` }\n  let words = [[3, [\"buy\", \"order\"]]];\n}",
        );
        assert_eq!(found.texts, ["buy", "order", "vip", "a ", "in", " b "].map(str::to_owned).into());
        assert_eq!(found.numbers, [3, 7].into());
    }

    #[test]
    fn a_broken_script_is_read_up_to_where_it_breaks() {
        let mut found = Literals::default();
        found.add("let a = \"whole\"; let b = \"open");
        assert!(found.texts.contains("whole"));
    }
}
