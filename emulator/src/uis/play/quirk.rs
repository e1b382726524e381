//! What can be odd about notifications; every oddity was seen in the real thing or follows from its rules.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::catalogue::Event;
use super::notification::Notification;

/// One oddity. Several can be combined; where two contradict each other, the later in this list wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Quirk {
    /// Absent values are not `null`: their placeholders stay as they stand in the template.
    Verbatim,
    /// Numbers and flags as text, arrays as text that holds JSON.
    Strings,
    /// Phones with a plus sign.
    PlusPhones,
    /// The client's number is masked: `79000***011`.
    MaskedPhone,
    /// The vendor's nested objects.
    Nested,
    /// A form instead of JSON.
    Form,
    /// Everything in the address of a GET.
    Get,
    /// The same, with one `&` forgotten.
    LostAmpersand,
    /// The end comes before the beginning.
    EndFirst,
    /// The record comes before the end.
    RecordFirst,
    /// Any order.
    Shuffled,
    /// Every notification comes twice.
    Twice,
    /// All notifications come once more, long after.
    LateDuplicate,
}

/// Pause between a notification and its immediate repetition.
const TWICE_PAUSE: Duration = Duration::from_millis(40);
/// How long after the first run the late duplicates come.
const LATE_PAUSE: Duration = Duration::from_secs(600);

/// What the quirks make of the values of one notification.
pub(super) fn twist_values(values: &mut Map<String, Value>, quirks: &[Quirk]) {
    let is_phone = |name: &str| name.ends_with("phone_number") && !name.starts_with("extension");
    for (name, value) in values.iter_mut() {
        if quirks.contains(&Quirk::PlusPhones)
            && is_phone(name)
            && let Value::String(text) = value
        {
            text.insert(0, '+');
        }
        if quirks.contains(&Quirk::MaskedPhone)
            && name == "contact_phone_number"
            && let Value::String(text) = value
        {
            let tail: String = text.chars().rev().take(3).collect::<Vec<_>>().into_iter().rev().collect();
            *text = format!("{}***{tail}", text.chars().take(5).collect::<String>());
        }
        if quirks.contains(&Quirk::Strings) && !matches!(value, Value::Null | Value::String(_)) {
            *value = Value::String(value.to_string());
        }
    }
    if quirks.contains(&Quirk::Verbatim) {
        values.retain(|_, value| !value.is_null());
    }
}

/// What the quirks make of the order and the number of notifications.
pub(super) fn twist_order(
    mut all: Vec<Notification>,
    quirks: &[Quirk],
    dice: &mut fastrand::Rng,
) -> Vec<Notification> {
    if quirks.contains(&Quirk::EndFirst) {
        let is_end = |one: &Notification| {
            [Event::CallEnd.code(), Event::CallLost.code()].contains(&one.event.as_str())
        };
        all.sort_by_key(|one| !is_end(one));
        realign(&mut all);
    }
    if quirks.contains(&Quirk::RecordFirst)
        && let Some(end) = all.iter().position(|one| one.event == Event::CallEnd.code())
    {
        let (mut records, mut others): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|one| one.event == Event::Record.code());
        let behind = others.split_off(end.min(others.len()));
        others.append(&mut records);
        others.extend(behind);
        all = others;
        realign(&mut all);
    }
    if quirks.contains(&Quirk::Shuffled) {
        dice.shuffle(&mut all);
        realign(&mut all);
    }
    if quirks.contains(&Quirk::Twice) {
        all = all
            .into_iter()
            .flat_map(|one| {
                let again = Notification { offset: one.offset + TWICE_PAUSE, ..one.clone() };
                [one, again]
            })
            .collect();
    }
    if quirks.contains(&Quirk::LateDuplicate) {
        let last = all.last().map(|one| one.offset).unwrap_or_default();
        let late =
            all.iter().map(|one| Notification { offset: last + LATE_PAUSE + one.offset, ..one.clone() });
        let late: Vec<Notification> = late.collect();
        all.extend(late);
    }
    all
}

/// Gives the offsets, in rising order, to the notifications in their new order.
fn realign(all: &mut [Notification]) {
    let mut offsets: Vec<Duration> = all.iter().map(|one| one.offset).collect();
    offsets.sort_unstable();
    for (one, offset) in all.iter_mut().zip(offsets) {
        one.offset = offset;
    }
}
