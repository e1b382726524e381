//! Notifications as UIS sends them.

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::catalogue::Event;
use super::quirk::{Quirk, twist_order, twist_values};
use super::script::CallScript;
use super::template::{fill, json_template, pairs, placeholders};
use super::timeline::{Happening, timeline};
use crate::uis::state::UisState;

/// One notification, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notification {
    /// Code of the event: `call_start`, `call_out`, `ring`, `talk_start`, `talk_end`, `call_end`, `call_lost`, `record`.
    pub event: String,
    /// When it is sent, counted from the beginning of the call.
    pub offset: Duration,
    /// `POST` or `GET`.
    pub method: String,
    /// Query of the address, without the question mark; empty for POST.
    pub query: String,
    /// Content type of the body.
    pub content_type: Option<String>,
    /// The body.
    pub body: String,
}

/// A call that was played.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Played {
    /// Number of its session.
    pub session: u64,
    /// When it began.
    pub started: Timestamp,
    /// Its notifications, in the order in which they are sent.
    pub notifications: Vec<Notification>,
}

impl Notification {
    /// The address to which it is sent: `base` with `{event}` replaced, or with a slash and the event behind it, and the
    /// query.
    #[must_use]
    pub fn address(&self, base: &str) -> String {
        let path = if base.contains("{event}") {
            base.replace("{event}", &self.event)
        } else {
            format!("{}/{}", base.trim_end_matches('/'), self.event)
        };
        if self.query.is_empty() { path } else { format!("{path}?{}", self.query) }
    }
}

/// The notifications of a call, in the order in which they are sent.
pub(crate) fn notifications(
    script: &CallScript,
    session: u64,
    started: Timestamp,
    quirks: &[Quirk],
    state: &UisState,
    dice: &mut fastrand::Rng,
) -> Vec<Notification> {
    let moments = timeline(script, session, started, state);
    let all =
        moments.into_iter().map(|moment| encode(moment, quirks, &state.notification_key, dice)).collect();
    twist_order(all, quirks, dice)
}

fn encode(moment: Happening, quirks: &[Quirk], key: &str, dice: &mut fastrand::Rng) -> Notification {
    let Happening { event, offset, mut values } = moment;
    twist_values(&mut values, quirks);
    let names = placeholders(event);
    let has = |quirk: Quirk| quirks.contains(&quirk);
    let form = |event: Event, dice: &mut fastrand::Rng| {
        // How `null` looks outside JSON is not documented; receivers have met all three.
        let absent = ["", "null", "None"];
        let absent = absent.get(dice.usize(..absent.len())).copied().unwrap_or_default();
        pairs(event, key, names, &values, absent)
    };
    let encoded = |pairs: &[(String, String)]| {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
    };
    let blank = Notification {
        event: event.code().to_owned(),
        offset,
        method: "POST".to_owned(),
        query: String::new(),
        content_type: None,
        body: String::new(),
    };
    if has(Quirk::LostAmpersand) || has(Quirk::Get) {
        let mut query = encoded(&form(event, dice));
        if has(Quirk::LostAmpersand) {
            query = without_an_ampersand(&query, dice);
        }
        return Notification { method: "GET".to_owned(), query, ..blank };
    }
    if has(Quirk::Form) {
        let body = encoded(&form(event, dice));
        return Notification {
            content_type: Some("application/x-www-form-urlencoded".to_owned()),
            body,
            ..blank
        };
    }
    let body = fill(&json_template(event, key, names, has(Quirk::Nested)), &values);
    Notification { content_type: Some("application/json; charset=UTF-8".to_owned()), body, ..blank }
}

/// The query with one `&` taken out. The pairs before it keep theirs, so that event and key stay readable.
fn without_an_ampersand(query: &str, dice: &mut fastrand::Rng) -> String {
    let pairs: Vec<&str> = query.split('&').collect();
    let first = 3.min(pairs.len());
    if pairs.len() <= first {
        return query.to_owned();
    }
    let glued = dice.usize(first..pairs.len());
    let mut text = String::with_capacity(query.len());
    for (n, pair) in pairs.iter().enumerate() {
        if n > 0 && n != glued {
            text.push('&');
        }
        text.push_str(pair);
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::settings::Seed;
    use crate::uis::play::script::{Direction, Transfer};

    fn scripts() -> impl Strategy<Value = CallScript> {
        let employee = 323_400_u64..323_405;
        let people =
            (prop::collection::vec(employee.clone(), 0..4), prop::option::of(employee.clone()), employee);
        let texts = ("\\PC{0,20}", prop::option::of("\\PC{1,20}"));
        (people, texts, any::<bool>(), 0_u32..100, 0_u32..400, any::<bool>()).prop_map(
            |((rung, answered_by, to), (name, tag), is_out, wait_s, talk_s, recorded)| CallScript {
                direction: if is_out { Direction::Out } else { Direction::In },
                client: Some("79000000010".to_owned()),
                virtual_number: "74951234567".to_owned(),
                rung,
                answered_by,
                caller: is_out.then_some(to),
                wait_s,
                talk_s,
                recorded,
                transfers: if talk_s > 200 { vec![Transfer { after_s: 100, to }] } else { Vec::new() },
                scenario: Some(name),
                tags: tag.into_iter().collect(),
                ..CallScript::default()
            },
        )
    }

    fn played(script: &CallScript, quirks: &[Quirk]) -> Vec<Notification> {
        let mut dice = fastrand::Rng::with_seed(1);
        let state = UisState::seeded(Seed::Romashka);
        notifications(script, 998_700_001, Timestamp::UNIX_EPOCH, quirks, &state, &mut dice)
    }

    proptest! {
        #[test]
        fn every_call_begins_once_and_ends_once_with_valid_json(script in scripts()) {
            let all = played(&script, &[]);
            let count = |event: &str| all.iter().filter(|one| one.event == event).count();
            prop_assert_eq!(count("call_start") + count("call_out"), 1);
            prop_assert_eq!(count("call_end"), 1);
            prop_assert_eq!(count("talk_start"), count("talk_end"));
            prop_assert!(all.is_sorted_by_key(|one| one.offset));
            for one in &all {
                let body: serde_json::Value = serde_json::from_str(&one.body).unwrap();
                prop_assert_eq!(&body["event"], one.event.as_str());
                prop_assert_eq!(&body["call_session_id"], 998_700_001);
            }
        }

        #[test]
        fn quirks_of_order_lose_and_invent_nothing(script in scripts()) {
            let mut plain: Vec<String> = played(&script, &[]).into_iter().map(|one| one.body).collect();
            let quirks = [Quirk::EndFirst, Quirk::RecordFirst, Quirk::Shuffled, Quirk::Twice, Quirk::LateDuplicate];
            let mut odd: Vec<String> = played(&script, &quirks).into_iter().map(|one| one.body).collect();
            prop_assert_eq!(odd.len(), plain.len() * 4);
            odd.sort();
            odd.dedup();
            plain.sort();
            prop_assert_eq!(odd, plain);
        }
    }
}
