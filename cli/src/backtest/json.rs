//! What was counted, for programs. The shape is described in `docs/backtest.md`.

use serde_json::{Value, json};
use switchboard_grammar::lang::Lang;
use switchboard_runtime::observe::mask_phone;

use super::human::{Telling, sides};
use super::tally::{Example, Tally};

/// All of it.
pub(crate) fn as_json(tally: &Tally, telling: &Telling<'_>) -> Value {
    let example = |example: &Example| {
        let (old, new) = sides(example, telling);
        let phone = example.phone.as_ref();
        json!({
            "communication": example.session,
            "at": example.at.to_string(),
            "events": example.slot.en(),
            "phone": phone.map(|phone| if telling.show_personal { phone.clone() } else { mask_phone(phone) }),
            "old": old,
            "new": new,
        })
    };
    let groups = tally.by_size().into_iter().map(|(group, counted)| {
        let words = |lang| group.words(lang, telling.heads);
        json!({
            "group": group.to_json(),
            "words": { "en": words(Lang::En), "ru": words(Lang::Ru) },
            "count": counted.count,
            "examples": counted.examples.iter().rev().map(example).collect::<Vec<_>>(),
        })
    });
    let days = tally.days.iter().map(
        |(date, day)| json!({ "day": date.to_string(), "communications": day.count, "differ": day.differ }),
    );
    let lacking = tally.lacks.iter().map(|(name, count)| json!({ "name": name, "count": count }));
    json!({
        "account": telling.account,
        "communications": tally.count,
        "same": tally.same,
        "differ": tally.differ,
        "cannot_be_judged": tally.lacking,
        "unreadable": tally.unreadable,
        "groups": groups.collect::<Vec<_>>(),
        "other_changes": tally.more,
        "lacking": lacking.collect::<Vec<_>>(),
        "days": days.collect::<Vec<_>>(),
        "checked": { "same_again": tally.again, "not_same_again": tally.not_again, "other_rules": tally.others },
        "older_records": tally.old,
    })
}
