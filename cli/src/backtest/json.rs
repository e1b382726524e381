//! What was counted, for programs. The shape is described in `docs/backtest.md`.

use serde_json::{Map, Value, json};
use switchboard_grammar::lang::Lang;
use switchboard_runtime::observe::mask_phone;
use switchboard_runtime::store::record::RulingKind;

use super::human::{Telling, sides};
use super::tally::{Example, Tallies, Tally};

/// All of it: communications, and under keys of their own what the rules were asked beside the lanes.
pub(crate) fn as_json(tallies: &Tallies, telling: &Telling<'_>) -> Value {
    let mut json = Map::new();
    json.insert("account".to_owned(), telling.account.into());
    json.extend(counted(&tallies.communications, telling, "communications", "communication"));
    for (kind, tally) in &tallies.beside {
        let (key, of, one) = match kind {
            RulingKind::Forward => ("forwarding", "answers", "communication"),
            RulingKind::PopUp => ("popups", "calls", "communication"),
            RulingKind::Deal => ("deals", "orders", "order"),
        };
        json.insert(key.to_owned(), counted(tally, telling, of, one).into());
    }
    json.into()
}

/// One tally; `of` is what is counted, `one` is what an example is called by.
fn counted(tally: &Tally, telling: &Telling<'_>, of: &str, one: &str) -> Map<String, Value> {
    let example = |example: &Example| {
        let (old, new) = sides(example, telling);
        let phone = example.phone.as_ref();
        json!({
            one: number(&example.session, one),
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
    let days = tally
        .days
        .iter()
        .map(|(date, day)| json!({ "day": date.to_string(), of: day.count, "differ": day.differ }));
    let lacking = tally.lacks.iter().map(|(lacking, count)| json!({ "name": lacking.en, "count": count }));
    let told = json!({
        of: tally.count,
        "same": tally.same,
        "differ": tally.differ,
        "cannot_be_judged": tally.lacking,
        "unreadable": tally.unreadable,
        "groups": groups.collect::<Vec<_>>(),
        "other_changes": tally.more,
        "lacking": lacking.collect::<Vec<_>>(),
        "days": days.collect::<Vec<_>>(),
        "checked": { "same_again": tally.again, "told_otherwise": tally.told_otherwise, "not_same_again": tally.not_again, "other_rules": tally.others },
        "older_records": tally.old,
    });
    told.as_object().cloned().unwrap_or_default()
}

/// What an example is called by: a communication as the console finds it, an order by its number in the CRM.
fn number<'a>(name: &'a str, one: &str) -> &'a str {
    let order = || name.split_once(':').filter(|_| one == "order");
    order().map_or(name, |(_, number)| number)
}
