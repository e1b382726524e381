//! Whole-value wildcards: `like "VIP*"`.
//!
//! `*` stands for any run of characters, `?` for one; a backslash before `*`, `?` or itself makes it plain.
//! A pattern is made once and matches in one pass over the text: each character costs a fixed number of machine
//! words ([`Pattern::MAX_CHARS`] bounds it), so no text, however made, can make matching slow. There are no
//! regular expressions.

use crate::text::fold;

/// A compiled pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    source: String,
    form: Form,
}

/// A text that is no pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PatternError {
    /// Nothing is in it, so it would match nothing.
    #[error("pattern is empty")]
    Empty,
    /// More characters than [`Pattern::MAX_CHARS`].
    #[error("pattern has {found} characters, at most {} are allowed", Pattern::MAX_CHARS)]
    TooLong {
        /// How many it has.
        found: usize,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    /// `VIP`, `VIP*`, `*VIP`, `*VIP*`, `a*b*c`: plain pieces with runs between, which is all that people write.
    Pieces { first: Option<String>, middle: Vec<String>, last: Option<String> },
    /// With `?`: bit `i` of a set says that the first `i` steps can have matched.
    States(States),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct States {
    /// For each character of the pattern, the steps that are this character; sorted.
    chars: Vec<(char, Bits)>,
    any_char: Bits,
    any_run: Bits,
    /// How many steps there are.
    end: usize,
}

/// One step of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// This character, folded.
    Char(char),
    /// `?`
    AnyChar,
    /// `*`
    AnyRun,
}

const WORDS: usize = Pattern::MAX_CHARS / 64 + 1;

impl Pattern {
    /// The longest pattern in characters.
    pub const MAX_CHARS: usize = 255;

    /// Compiles a pattern; its plain characters are folded as texts are.
    ///
    /// # Errors
    ///
    /// [`PatternError::Empty`] and [`PatternError::TooLong`].
    pub fn new(source: &str) -> Result<Pattern, PatternError> {
        let found = source.chars().count();
        if found > Pattern::MAX_CHARS {
            return Err(PatternError::TooLong { found });
        }
        let steps = steps(source);
        if steps.is_empty() {
            return Err(PatternError::Empty);
        }
        if steps.len() > Pattern::MAX_CHARS {
            return Err(PatternError::TooLong { found: steps.len() });
        }
        let form =
            if steps.contains(&Step::AnyChar) { Form::States(States::new(&steps)) } else { pieces(&steps) };
        Ok(Pattern { source: source.to_owned(), form })
    }

    /// The pattern as written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether a text matches, compared as the language compares texts.
    pub fn matches(&self, text: &str) -> bool {
        self.matches_folded(&fold(text))
    }

    /// Whether a text that is folded already matches.
    pub fn matches_folded(&self, folded: &str) -> bool {
        match &self.form {
            Form::Pieces { first, middle, last } => {
                match_pieces(folded, first.as_deref(), middle, last.as_deref())
            }
            Form::States(states) => states.matches(folded),
        }
    }

    /// The longest plain piece, folded, that every text has in it which matches; None with `?`, or where all is wildcard.
    pub(crate) fn longest_piece(&self) -> Option<&str> {
        let Form::Pieces { first, middle, last } = &self.form else { return None };
        let pieces = first.iter().chain(middle).chain(last).map(String::as_str);
        pieces.filter(|piece| !piece.is_empty()).max_by_key(|piece| piece.len())
    }

    /// Whether the pattern has neither `*` nor `?`, so that it is plain equality.
    pub fn is_plain(&self) -> bool {
        matches!(&self.form, Form::Pieces { last: None, .. })
    }
}

/// Reads a pattern: plain runs are folded, wildcards kept, runs of `*` made one.
pub(crate) fn steps(source: &str) -> Vec<Step> {
    // Folding drops outer space, which is right at the ends of the pattern and wrong beside a wildcard:
    // `VIP *` wants the space. A wildcard is folded as a letter that folds to itself and is in no text.
    const RUN: char = '\u{e000}';
    const ONE: char = '\u{e001}';
    let mut marked = String::with_capacity(source.len());
    let mut chars = source.chars().filter(|c| *c != RUN && *c != ONE);
    while let Some(c) = chars.next() {
        match c {
            '*' => marked.push(RUN),
            '?' => marked.push(ONE),
            '\\' => match chars.next() {
                Some(plain @ ('*' | '?' | '\\')) => marked.push(plain),
                Some(other) => marked.extend(['\\', other]),
                None => marked.push('\\'),
            },
            plain => marked.push(plain),
        }
    }
    let mut steps = Vec::new();
    for c in fold(&marked).chars() {
        match c {
            RUN if steps.last() == Some(&Step::AnyRun) => {}
            RUN => steps.push(Step::AnyRun),
            ONE => steps.push(Step::AnyChar),
            plain => steps.push(Step::Char(plain)),
        }
    }
    steps
}

fn pieces(steps: &[Step]) -> Form {
    let mut pieces: Vec<String> = vec![String::new()];
    for step in steps {
        match (step, pieces.last_mut()) {
            (Step::Char(c), Some(piece)) => piece.push(*c),
            _ => pieces.push(String::new()),
        }
    }
    if pieces.len() == 1 {
        return Form::Pieces { first: pieces.pop(), middle: Vec::new(), last: None };
    }
    let last = pieces.pop();
    let first = Some(pieces.remove(0));
    pieces.retain(|piece| !piece.is_empty());
    Form::Pieces { first, middle: pieces, last }
}

/// Leftmost places for the middle pieces are always good enough, so one pass decides.
fn match_pieces(text: &str, first: Option<&str>, middle: &[String], last: Option<&str>) -> bool {
    let first = first.unwrap_or_default();
    let Some(last) = last else { return text == first };
    let mut rest = text;
    // An empty piece is not compared. It lies at no address, and to compare no bytes there with AVX-512 takes
    // longer than all the rest: `*VIP*` was thirty times slower.
    if !first.is_empty() {
        let Some(after) = rest.strip_prefix(first) else { return false };
        rest = after;
    }
    if !last.is_empty() {
        let Some(before) = rest.strip_suffix(last) else { return false };
        rest = before;
    }
    let Some((end, middle)) = middle.split_last() else { return true };
    for piece in middle {
        let Some((_, after)) = rest.split_once(piece.as_str()) else { return false };
        rest = after;
    }
    // Quicker than `split_once` for short pieces, and where the last one stands is of no interest.
    rest.contains(end.as_str())
}

impl States {
    fn new(steps: &[Step]) -> States {
        let mut states = States {
            chars: Vec::new(),
            any_char: Bits::default(),
            any_run: Bits::default(),
            end: steps.len(),
        };
        for (at, step) in steps.iter().enumerate() {
            match step {
                Step::AnyChar => states.any_char.set(at),
                Step::AnyRun => states.any_run.set(at),
                Step::Char(c) => match states.chars.iter_mut().find(|(known, _)| known == c) {
                    Some((_, places)) => places.set(at),
                    None => {
                        let mut places = Bits::default();
                        places.set(at);
                        states.chars.push((*c, places));
                    }
                },
            }
        }
        states.chars.sort_unstable_by_key(|(c, _)| *c);
        states
    }

    /// Follows all ways through the pattern at once.
    fn matches(&self, text: &str) -> bool {
        let mut here = Bits::default();
        here.set(0);
        here = self.skip_runs(here);
        for c in text.chars() {
            let exact = match self.chars.binary_search_by_key(&c, |(known, _)| *known) {
                Ok(at) => self.chars.get(at).map_or(Bits::default(), |(_, places)| *places),
                Err(_) => Bits::default(),
            };
            let advancing = here.and(exact.or(self.any_char)).shifted();
            let staying = here.and(self.any_run);
            here = self.skip_runs(advancing.or(staying));
            if here.is_empty() {
                return false;
            }
        }
        here.get(self.end)
    }

    /// A run may be empty, so whoever stands before one also stands behind it; no two runs are neighbours.
    fn skip_runs(&self, bits: Bits) -> Bits {
        bits.or(bits.and(self.any_run).shifted())
    }
}

/// A set of places in a pattern.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Bits([u64; WORDS]);

impl Bits {
    fn set(&mut self, at: usize) {
        if let Some(word) = self.0.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
    }

    fn get(self, at: usize) -> bool {
        self.0.get(at / 64).is_some_and(|word| word & (1 << (at % 64)) != 0)
    }

    fn is_empty(self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    fn or(mut self, other: Bits) -> Bits {
        self.0.iter_mut().zip(other.0).for_each(|(word, other)| *word |= other);
        self
    }

    fn and(mut self, other: Bits) -> Bits {
        self.0.iter_mut().zip(other.0).for_each(|(word, other)| *word &= other);
        self
    }

    /// Every place moved one step on.
    fn shifted(mut self) -> Bits {
        let mut carry = 0;
        for word in &mut self.0 {
            let out = *word >> 63;
            *word = (*word << 1) | carry;
            carry = out;
        }
        self
    }
}
