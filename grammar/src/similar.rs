//! Names that look alike: "did you mean".
//!
//! Takes a name that is not known and the names that are; gives the nearest one and says how it was found: a slip
//! of the finger, the wrong keyboard layout, look-alike letters of the other alphabet, another case. Knows no
//! names of its own; the floors above bring theirs.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization as _, is_nfc};

use crate::lang::Lang;

/// How a suggestion was found; earlier ones are surer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Likeness {
    /// Only upper and lower case (or the form of Unicode) differ.
    Case,
    /// Letters of the other alphabet that look the same.
    LookAlike,
    /// Typed with the other keyboard layout switched on.
    Layout,
    /// A slip: letters swapped, left out, added or changed.
    Slip,
}

/// The keys of a QWERTY and a ЙЦУКЕН keyboard, place by place.
const QWERTY: &str = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>@#$^&";
const JCUKEN: &str = "ёйцукенгшщзхъфывапролджэячсмитьбюЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ\"№;:?";

/// Letters that look the same: Latin, then Cyrillic.
const LOOK_ALIKE: &[(char, char)] = &[
    ('a', 'а'),
    ('c', 'с'),
    ('e', 'е'),
    ('i', 'і'),
    ('j', 'ј'),
    ('k', 'к'),
    ('o', 'о'),
    ('p', 'р'),
    ('s', 'ѕ'),
    ('x', 'х'),
    ('y', 'у'),
    ('A', 'А'),
    ('B', 'В'),
    ('C', 'С'),
    ('E', 'Е'),
    ('H', 'Н'),
    ('I', 'І'),
    ('K', 'К'),
    ('M', 'М'),
    ('O', 'О'),
    ('P', 'Р'),
    ('T', 'Т'),
    ('X', 'Х'),
    ('Y', 'У'),
];

/// Longer names, in bytes, are nobody's slip; comparing them would cost time.
const LONGEST: usize = 256;

/// The known name that `name` was probably meant to be, and how it was found.
///
/// The order of `known` decides between equally near names.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<(&'a str, Likeness)> {
    if name.len() > LONGEST {
        return None;
    }
    let folded = fold(name);
    let switched = [Lang::Ru, Lang::En].map(|lang| fold(&switch_layout(name, lang)));
    let bare = skeleton(&folded);
    let mut best: Option<(Likeness, f64, &'a str)> = None;
    for candidate in known {
        let target = fold(candidate);
        let (likeness, cost) = if target == folded {
            (Likeness::Case, 0.0)
        } else if skeleton(&target) == bare {
            (Likeness::LookAlike, 0.0)
        } else if switched.contains(&target) {
            (Likeness::Layout, 0.0)
        } else {
            let direct = slip(&folded, &target);
            // A slip on the wrong layout is believed only when the rest is long enough.
            let far = switched.iter().filter(|_| target.chars().count() >= 5);
            let far = far.filter_map(|name| slip(name, &target)).map(|cost| cost + 1.0);
            let Some(cost) = direct.into_iter().chain(far).reduce(f64::min) else { continue };
            (Likeness::Slip, cost)
        };
        let nearer = best.is_none_or(|(other, than, _)| (likeness, cost) < (other, than));
        if nearer {
            best = Some((likeness, cost, candidate));
        }
    }
    best.map(|(likeness, _, candidate)| (candidate, likeness))
}

/// How far apart two names are; `None` when too far for a slip, which is about one in four letters.
fn slip(name: &str, target: &str) -> Option<f64> {
    let (longer, shorter) = {
        let (one, other) = (name.chars().count(), target.chars().count());
        (one.max(other), one.min(other))
    };
    let allowed = match longer {
        0..=2 => 0,
        3..=5 => 1,
        6..=9 => 2,
        _ => 3,
    };
    // The distance is quadratic in the length: far-apart lengths are not worth it.
    if longer - shorter > usize::from(allowed) {
        return None;
    }
    let distance = u8::try_from(strsim::osa_distance(name, target)).ok().filter(|found| *found <= allowed)?;
    // Among equally many slips, those after the first letters are likelier.
    Some(f64::from(distance) + 1.0 - strsim::jaro_winkler(name, target))
}

/// A name for comparing: composed (NFC), small letters.
#[must_use]
pub fn fold(name: &str) -> String {
    compose(name).to_lowercase()
}

/// A text in Unicode form C: one character for й, however it was typed.
#[must_use]
pub fn compose(text: &str) -> Cow<'_, str> {
    if is_nfc(text) { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) }
}

/// What the same keys give with the layout of `to` switched on; characters without a key stay.
#[must_use]
pub fn switch_layout(text: &str, to: Lang) -> String {
    let (from, into) = match to {
        Lang::Ru => (QWERTY, JCUKEN),
        Lang::En => (JCUKEN, QWERTY),
    };
    text.chars()
        .map(|ch| from.chars().position(|key| key == ch).and_then(|key| into.chars().nth(key)).unwrap_or(ch))
        .collect()
}

/// A name with look-alike letters made one: what the eye sees.
#[must_use]
pub fn skeleton(name: &str) -> String {
    name.chars().map(|ch| to_latin(ch).unwrap_or(ch)).collect()
}

/// A word in letters of one alphabet, when it mixes two and look-alikes are to blame; `None` otherwise.
///
/// When both alphabets could be meant, that of `lang` is taken.
#[must_use]
pub fn one_script(word: &str, lang: Lang) -> Option<String> {
    if !(word.chars().any(is_latin) && word.chars().any(is_cyrillic)) {
        return None;
    }
    let cyrillic = || -> Option<String> {
        word.chars().map(|ch| if is_latin(ch) { to_cyrillic(ch) } else { Some(ch) }).collect()
    };
    let latin = || -> Option<String> {
        word.chars().map(|ch| if is_cyrillic(ch) { to_latin(ch) } else { Some(ch) }).collect()
    };
    match lang {
        Lang::Ru => cyrillic().or_else(latin),
        Lang::En => latin().or_else(cyrillic),
    }
}

/// Whether a letter is Latin (ASCII; that is what gets mixed up).
#[must_use]
pub const fn is_latin(ch: char) -> bool {
    ch.is_ascii_alphabetic()
}

/// Whether a letter is Cyrillic.
#[must_use]
pub const fn is_cyrillic(ch: char) -> bool {
    matches!(ch, '\u{0400}'..='\u{052F}')
}

fn to_latin(ch: char) -> Option<char> {
    LOOK_ALIKE.iter().find(|(_, cyrillic)| *cyrillic == ch).map(|(latin, _)| *latin)
}

fn to_cyrillic(ch: char) -> Option<char> {
    LOOK_ALIKE.iter().find(|(latin, _)| *latin == ch).map(|(_, cyrillic)| *cyrillic)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[&str] = &["продажи", "кампания", "канал", "campaign", "site", "source", "scenario"];

    #[track_caller]
    fn check(name: &str, expected: Option<(&str, Likeness)>) {
        assert_eq!(nearest(name, KNOWN.iter().copied()), expected);
    }

    #[test]
    fn slips_are_found_and_strangers_are_not() {
        check("campain", Some(("campaign", Likeness::Slip)));
        check("сайт", None);
        check("scenraio", Some(("scenario", Likeness::Slip)));
        check("кампаня", Some(("кампания", Likeness::Slip)));
        check("st", None);
        check("revenue", None);
    }

    #[test]
    fn the_wrong_layout_is_found_both_ways() {
        check("ghjlf;b", Some(("продажи", Likeness::Layout)));
        check("ышеу", Some(("site", Likeness::Layout)));
        check("сфьзфшпт", Some(("campaign", Likeness::Layout)));
    }

    #[test]
    fn look_alikes_and_case_are_found() {
        check("кaнал", Some(("канал", Likeness::LookAlike)));
        check("Site", Some(("site", Likeness::Case)));
        check("КАНАЛ", Some(("канал", Likeness::Case)));
    }

    #[test]
    fn layouts_have_equally_many_keys_and_are_each_others_opposite() {
        assert_eq!(QWERTY.chars().count(), JCUKEN.chars().count());
        assert_eq!(switch_layout(&switch_layout("Hello", Lang::Ru), Lang::En), "Hello");
    }

    #[test]
    fn one_script_mends_only_what_look_alikes_can_mend() {
        assert_eq!(one_script("cайт", Lang::Ru).as_deref(), Some("сайт"));
        assert_eq!(one_script("sitе", Lang::En).as_deref(), Some("site"));
        assert_eq!(one_script("vipклиент", Lang::Ru), None);
        assert_eq!(one_script("сайт", Lang::Ru), None);
        assert_eq!(one_script("хa", Lang::En).as_deref(), Some("xa"));
    }

    #[test]
    fn decomposed_letters_are_composed() {
        assert_eq!(compose("й").as_ref(), "й");
    }
}
