//! Patterns on one text: which of them go together.
//!
//! `contains`, `starts with`, `ends with` and `like` are all wildcards over folded text. Following all of them at
//! once, letter by letter, shows every combination that some text has, each with the shortest text that has it:
//! letters that no pattern names are alike, so one stands for all. Several texts are kept of each combination, since
//! some may be values that rules name.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::text;
use crate::value::{PatternStep, is_missing_text};

/// Texts that are kept of a combination.
const KEPT: usize = 4;
/// Letters that stand for "any other", the first that no pattern names.
const OTHERS: &str = "xаabcdвгдежзиклмнопрст0123456789";

/// A combination: for each pattern whether it matches, and texts for which it is so, the shortest first.
pub(super) struct Combination {
    pub(super) texts: Vec<String>,
}

/// All combinations; None when the patterns are too many or of letters that fold together.
pub(super) fn combinations(patterns: &[Vec<PatternStep>], mut steps: u64) -> Option<Vec<Combination>> {
    let mut letters: Vec<char> = Vec::new();
    for step in patterns.iter().flatten() {
        if let PatternStep::Char(letter) = step {
            if !text::is_simple(*letter) || *letter == '{' || *letter == '}' {
                return None;
            }
            if !letters.contains(letter) {
                letters.push(*letter);
            }
        }
    }
    letters.extend(OTHERS.chars().find(|other| !letters.contains(other)));
    // Readable texts before others of the same length: letters before signs.
    letters.sort_by_key(|letter| (!letter.is_alphanumeric(), *letter));
    let start: Vec<(u32, u32)> = patterns
        .iter()
        .zip(0u32..)
        .flat_map(|(pattern, number)| closed(pattern, [0]).into_iter().map(move |at| (number, at)))
        .collect();
    let mut visits: HashMap<Vec<(u32, u32)>, usize> = HashMap::new();
    let mut waiting: VecDeque<(Vec<(u32, u32)>, String)> = VecDeque::from([(start, String::new())]);
    let mut found: HashMap<Vec<u32>, Combination> = HashMap::new();
    let mut order: Vec<Vec<u32>> = Vec::new();
    while let Some((state, text)) = waiting.pop_front() {
        if !text.is_empty() && !text.ends_with(' ') && !is_missing_text(&text) {
            let matching: Vec<u32> = state
                .iter()
                .filter(|(number, at)| {
                    patterns.get(*number as usize).is_some_and(|pattern| pattern.len() == *at as usize)
                })
                .map(|(number, _)| *number)
                .collect();
            let combination = found.entry(matching.clone()).or_insert_with(|| {
                order.push(matching);
                Combination { texts: Vec::new() }
            });
            if combination.texts.len() < KEPT {
                combination.texts.push(text.clone());
            }
        }
        for letter in &letters {
            if *letter == ' ' && (text.is_empty() || text.ends_with(' ')) {
                continue;
            }
            steps = steps.checked_sub(state.len() as u64 + 1)?;
            let next = after(patterns, &state, *letter);
            // A text that ends in a space is none yet, so it must not stand in the way of one that is.
            let mut seen = next.clone();
            seen.push((u32::MAX, u32::from(*letter == ' ')));
            let visits = visits.entry(seen).or_insert(0);
            if *visits < KEPT {
                *visits += 1;
                let mut longer = text.clone();
                longer.push(*letter);
                waiting.push_back((next, longer));
            }
        }
    }
    Some(order.iter().filter_map(|matching| found.remove(matching)).collect())
}

/// The places of a pattern with those that an empty run leads to.
fn closed(pattern: &[PatternStep], places: impl IntoIterator<Item = u32>) -> Vec<u32> {
    let mut all: Vec<u32> = Vec::new();
    for place in places {
        let mut place = place;
        loop {
            if !all.contains(&place) {
                all.push(place);
            }
            match pattern.get(place as usize) {
                Some(PatternStep::AnyRun) => place += 1,
                _ => break,
            }
        }
    }
    all.sort_unstable();
    // Whoever has come to a last run matches whatever follows: nothing else needs to be known.
    let end = u32::try_from(pattern.len()).unwrap_or(u32::MAX);
    if pattern.last() == Some(&PatternStep::AnyRun) && all.contains(&(end - 1)) {
        return vec![end - 1, end];
    }
    all
}

fn after(patterns: &[Vec<PatternStep>], state: &[(u32, u32)], letter: char) -> Vec<(u32, u32)> {
    let mut next = Vec::with_capacity(state.len());
    let numbers: HashSet<u32> = state.iter().map(|(number, _)| *number).collect();
    let mut numbers: Vec<u32> = numbers.into_iter().collect();
    numbers.sort_unstable();
    for number in numbers {
        let Some(pattern) = patterns.get(number as usize) else { continue };
        let places = state.iter().filter(|(own, _)| *own == number).filter_map(|(_, at)| {
            match pattern.get(*at as usize)? {
                PatternStep::Char(wanted) => (*wanted == letter).then_some(at + 1),
                PatternStep::AnyChar => Some(at + 1),
                PatternStep::AnyRun => Some(*at),
            }
        });
        next.extend(closed(pattern, places.collect::<Vec<_>>()).into_iter().map(|at| (number, at)));
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Pattern, pattern_steps};

    #[track_caller]
    fn check(sources: &[&str], expected: &[&str]) {
        let steps: Vec<Vec<PatternStep>> = sources.iter().map(|source| pattern_steps(source)).collect();
        let patterns: Vec<Pattern> =
            sources.iter().map(|source| Pattern::new(source).expect("a pattern")).collect();
        let found = combinations(&steps, 1_000_000).expect("few patterns");
        let mut shown: Vec<String> = Vec::new();
        for combination in &found {
            let bits = |text: &str| -> String {
                patterns.iter().map(|pattern| if pattern.matches(text) { '1' } else { '0' }).collect()
            };
            let first = bits(&combination.texts[0]);
            assert!(combination.texts.iter().all(|text| bits(text) == first), "{:?}", combination.texts);
            shown.push(format!("{first} {}", combination.texts[0]));
        }
        shown.sort();
        assert_eq!(shown, expected);
    }

    #[test]
    fn each_combination_has_its_shortest_text() {
        check(&["vip*", "*vip*"], &["00 i", "01 ivip", "11 vip"]);
        check(&["a*", "*b"], &["00 x", "01 b", "10 a", "11 ab"]);
        check(&["?", "??"], &["00 xxx", "01 xx", "10 x"]);
        check(&["*спам*", "*реклама*"], &["00 x", "01 реклама", "10 спам", "11 рекламаспам"]);
        check(&["a b*"], &["0 a", "1 a b"]);
    }

    #[test]
    fn too_many_patterns_are_given_up_on() {
        let many: Vec<Vec<PatternStep>> =
            (0..40).map(|number| pattern_steps(&format!("*{}*", char::from(b'a' + number % 26)))).collect();
        assert!(combinations(&many, 100_000).is_none());
    }
}
