//! Records in the words of the pages: moments, lengths, states, JSON, and whose data they hold.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::Value;
use switchboard_grammar::lang::Lang;

use crate::config::Config;
use crate::http::pages::look::Look;
use crate::http::pages::words;
use crate::source::uis::{Decoded, EventCode, Number, Stored, WrittenCode, decode, decode_stored};
use crate::store::record::{Effect, EffectState, Event, EventState, Json, Origin, Phase};

/// The zone of an account that names none, as in the reference of settings.
const ZONE: &str = "Europe/Moscow";
/// The most of a body that is shown.
const MAX_RAW: usize = 4 * 1024;
/// Keys of JSON that hold the name of a person who calls.
const NAMES: [&str; 7] =
    ["name", "firstName", "lastName", "patronymic", "contact_full_name", "visitor_name", "client_name"];

/// A notification as a page shows it.
#[derive(Debug, Serialize)]
pub(super) struct EventView {
    pub(super) seq: i64,
    pub(super) account: String,
    pub(super) event: String,
    pub(super) title: String,
    pub(super) received: String,
    pub(super) state: String,
    pub(super) state_word: String,
    pub(super) attempts: u32,
    pub(super) session: Option<String>,
    /// Names and values that were understood.
    pub(super) fields: Vec<(String, String)>,
    pub(super) notes: Vec<String>,
    pub(super) error: Option<String>,
    pub(super) content_type: String,
    pub(super) bytes: usize,
    pub(super) raw: String,
    pub(super) raw_cut: bool,
    /// Whether it was not understood then and would be now.
    pub(super) now_understood: bool,
}

/// An effect as a page shows it.
#[derive(Debug, Serialize)]
pub(super) struct EffectView {
    pub(super) id: i64,
    pub(super) account: String,
    pub(super) session: Option<String>,
    pub(super) kind: String,
    pub(super) key: String,
    pub(super) state: String,
    pub(super) state_word: String,
    pub(super) attempts: u32,
    pub(super) next: Option<String>,
    pub(super) updated: String,
    pub(super) remote: Option<String>,
    pub(super) error: Option<String>,
    /// Why there was nothing to be done.
    pub(super) skipped: Option<String>,
    pub(super) request: String,
    pub(super) response: Option<String>,
}

/// The zone in which an account's moments are shown.
pub(super) fn zone(config: &Config, account: &str) -> TimeZone {
    let own = config.account(account).and_then(|account| account.timezone.clone());
    own.or_else(|| TimeZone::get(ZONE).ok()).unwrap_or(TimeZone::UTC)
}

/// A moment on the clock of a zone.
pub(super) fn moment(at: Timestamp, zone: &TimeZone, lang: Lang) -> String {
    let format = lang.pick("%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M:%S");
    zone.to_datetime(at).strftime(format).to_string()
}

/// A length in its two largest units.
pub(super) fn length(length: Duration, lang: Lang) -> String {
    let seconds = length.as_secs();
    let units = [
        (86_400, lang.pick("d", "д")),
        (3600, lang.pick("h", "ч")),
        (60, lang.pick("min", "мин")),
        (1, lang.pick("s", "с")),
    ];
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (size, unit) in units {
        if rest >= size {
            parts.push(format!("{} {unit}", rest / size));
            rest %= size;
        }
    }
    parts.truncate(2);
    if parts.is_empty() { format!("0 {}", lang.pick("s", "с")) } else { parts.join(" ") }
}

/// The short form of a digest.
pub(super) fn short(digest: &str) -> String {
    digest.chars().take(12).collect()
}

/// A number as UIS gives it.
pub(super) fn number(number: Option<&Number>, look: Look) -> String {
    let words = words::of(look.lang);
    let word = |name: &str| words.get(name).copied().unwrap_or_default().to_owned();
    match number {
        Some(Number::Phone(phone)) => look.phone(phone),
        Some(Number::Internal(text)) => text.clone(),
        Some(Number::Hidden) => word("hidden_number"),
        None => word("no_number"),
    }
}

pub(super) const fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Open => "open",
        Phase::Ending => "ending",
        Phase::Decided => "decided",
        Phase::Closed => "closed",
    }
}

const fn effect_state(state: EffectState) -> &'static str {
    match state {
        EffectState::Ready => "ready",
        EffectState::InFlight => "in_flight",
        EffectState::Unknown => "unknown",
        EffectState::Done => "done",
        EffectState::Held => "held",
        EffectState::Dead => "dead",
    }
}

const fn event_state(state: EventState) -> &'static str {
    match state {
        EventState::Available => "available",
        EventState::Done => "done",
        EventState::Unparsed => "unparsed",
        EventState::Parked => "parked",
    }
}

/// A notification, read again from its bytes, so that what it says and what is wrong with it come in the language of the
/// page.
pub(super) fn event(event: &Event, look: Look, zone: &TimeZone) -> EventView {
    let delivery = Stored::unpack(&event.event, &event.content_type, event.body.as_bytes());
    let lang = look.lang;
    let was_parsed = event.state != EventState::Unparsed;
    // Only what we found ourselves can be the row of a report.
    let read = if event.origin == Origin::Reconcile { decode_stored } else { decode };
    let (fields, notes, mut error) = match read(&delivery) {
        Decoded::Notification { notification, notes, .. } => {
            let notes = notes.iter().map(|note| note.text().get(lang).to_owned()).collect();
            (said(&notification, look), notes, None)
        }
        Decoded::Written { news, .. } => (said(&news.columns, look), Vec::new(), None),
        Decoded::Unparsed { reason } => (Vec::new(), Vec::new(), Some(reason.text().get(lang).to_owned())),
    };
    let wrong_key = crate::source::uis::Reason::WrongKey.text();
    let by_key = event.error.as_deref() == Some(wrong_key.en.as_str());
    let now_understood = !was_parsed && error.is_none() && !by_key;
    if error.is_none() {
        error = if by_key { Some(wrong_key.get(lang).to_owned()) } else { event.error.clone() };
    }
    let (raw, raw_cut) = raw(event.body.as_bytes(), look);
    let of_call = EventCode::find_stored(&event.event).map(EventCode::title);
    let title = of_call.or_else(|| WrittenCode::find_stored(&event.event).map(WrittenCode::title));
    let title = title.map(|title| title.get(lang).to_owned());
    EventView {
        seq: event.seq.0,
        account: event.account.as_str().to_owned(),
        event: look.text(&event.event),
        title: title.unwrap_or_default(),
        received: moment(event.received_at, zone, lang),
        state: event_state(event.state).to_owned(),
        state_word: words::or_name(lang, "event", event_state(event.state)),
        attempts: event.attempts,
        session: event.session.as_ref().map(|session| session.as_str().to_owned()),
        fields,
        notes,
        error,
        content_type: look.text(&event.content_type),
        bytes: event.body.len(),
        raw,
        raw_cut,
        now_understood,
    }
}

/// Names and values of a notification.
fn said(of: &impl Serialize, look: Look) -> Vec<(String, String)> {
    let Ok(Value::Object(values)) = serde_json::to_value(of) else { return Vec::new() };
    let shown =
        values.into_iter().filter(|(name, _)| name != "event" && name != "session").map(|(name, value)| {
            let value = match value {
                // A number says of itself what it is.
                Value::Object(number) => number.values().filter_map(Value::as_str).collect(),
                Value::String(text) => text,
                other => other.to_string(),
            };
            let value = match name.as_str() {
                // A number of a record: as long as a telephone number, and nobody's.
                "call_session_id" | "leg_id" => value,
                "contact_phone_number"
                | "calling_phone_number"
                | "called_phone_number"
                | "visitor_phone_number" => look.phone_or(&value),
                name if NAMES.contains(&name) => look.name(&value),
                "visitor_email" => look.email(&value),
                _ => look.text(&value),
            };
            (name, value)
        });
    shown.collect()
}

/// The bytes as text, the key of the template never among them.
fn raw(bytes: &[u8], look: Look) -> (String, bool) {
    let shown = bytes.get(..MAX_RAW).unwrap_or(bytes);
    let text = String::from_utf8_lossy(shown);
    (hide_key(&look.text(&text)), shown.len() < bytes.len())
}

/// Puts stars where a body carries the secret of its template: `"key": "…"` or `key=…`.
fn hide_key(text: &str) -> String {
    let mut hidden = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("key") {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let after = from.get(3..).unwrap_or_default();
        let value = after.trim_start_matches(['"', ' ', '\t', ':', '=', '\\']);
        let sign = after.len() - value.len();
        let is_name = after.get(..sign).is_some_and(|sign| sign.contains([':', '=']));
        hidden.push_str(before);
        hidden.push_str("key");
        hidden.push_str(after.get(..sign).unwrap_or_default());
        rest = value;
        if is_name {
            let end = value.find(['"', '&', ',', '}', '\n', '\\']).unwrap_or(value.len());
            hidden.push_str("***");
            rest = value.get(end..).unwrap_or_default();
        }
    }
    hidden.push_str(rest);
    hidden
}

/// An effect.
pub(super) fn effect(effect: &Effect, look: Look, zone: &TimeZone) -> EffectView {
    let state = effect_state(effect.state);
    let waits = matches!(effect.state, EffectState::Ready | EffectState::Unknown);
    EffectView {
        id: effect.id.0,
        account: effect.account.as_str().to_owned(),
        session: effect.communication.as_ref().map(|session| session.as_str().to_owned()),
        kind: words::or_name(look.lang, "kind", &effect.kind),
        key: look.text(effect.key.as_str()),
        state: state.to_owned(),
        state_word: words::or_name(look.lang, "effect", state),
        attempts: effect.attempts,
        next: waits.then(|| moment(effect.next_at, zone, look.lang)),
        updated: moment(effect.updated_at, zone, look.lang),
        remote: effect.remote_id.as_ref().map(ToString::to_string),
        error: effect.error.as_ref().map(|error| look.error(error)),
        request: json(effect.request.as_str(), look),
        skipped: effect.response.as_ref().and_then(|response| skipped(response, look)),
        response: effect.response.as_ref().map(|response| json(response.as_str(), look)),
    }
}

/// Why there was nothing to be done, in the reader's language where it is kept in both.
fn skipped(response: &Json, look: Look) -> Option<String> {
    let response: Value = response.read().ok()?;
    let reason = response.get("skipped")?;
    let reason = reason.get(look.lang.code()).unwrap_or(reason);
    reason.as_str().map(|reason| look.text(reason))
}

/// JSON as people read it, with personal data masked.
pub(super) fn json(text: &str, look: Look) -> String {
    let Ok(value) = serde_json::from_str::<Value>(text) else { return look.text(text) };
    let value = if look.unmasked { value } else { masked(value, look) };
    serde_json::to_string_pretty(&value).unwrap_or_default()
}

/// Masks every text of a JSON value; names by the key they stand under. The depth is that of what the parser took.
pub(super) fn masked(value: Value, look: Look) -> Value {
    match value {
        Value::String(text) => Value::String(look.text(&text)),
        Value::Number(number) => {
            let text = number.to_string();
            let shown = look.text(&text);
            if shown == text { Value::Number(number) } else { Value::String(shown) }
        }
        Value::Array(items) => items.into_iter().map(|item| masked(item, look)).collect(),
        Value::Object(entries) => {
            let entries = entries.into_iter().map(|(name, value)| {
                let value = match value {
                    Value::String(text) if NAMES.contains(&name.as_str()) => Value::String(look.name(&text)),
                    other => masked(other, look),
                };
                (look.text(&name), value)
            });
            Value::Object(entries.collect())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MASKED: Look = Look { lang: Lang::En, unmasked: false, local: true };

    #[test]
    fn lengths_have_two_units_at_most() {
        let of = |seconds, lang| length(Duration::from_secs(seconds), lang);
        assert_eq!(of(0, Lang::En), "0 s");
        assert_eq!(of(42, Lang::Ru), "42 с");
        assert_eq!(of(65, Lang::Ru), "1 мин 5 с");
        assert_eq!(of(3600, Lang::En), "1 h");
        assert_eq!(of(90_061, Lang::En), "1 d 1 h");
    }

    #[test]
    fn the_key_of_a_template_is_never_shown() {
        for (text, shown) in [
            (r#"{"key":"s3cr3t","a":1}"#, r#"{"key":"***","a":1}"#),
            (r#"{"key" : "s3cr3t"}"#, r#"{"key" : "***"}"#),
            ("a=1&key=s3cr3t&b=2", "a=1&key=***&b=2"),
            ("key=s3cr3t", "key=***"),
            (r#"{"key":s3cr3t}"#, r#"{"key":***}"#),
            ("a monkey and a key", "a monkey and a key"),
        ] {
            assert_eq!(hide_key(text), shown);
        }
    }

    #[test]
    fn json_is_masked_by_key_and_by_look() {
        let text = r#"{"do":{"name":"Анна Петрова","phone":"+79001234567","n":79001234567,"id":998700001,"list":["anna@a.ru"]}}"#;
        let shown: Value = serde_json::from_str(&json(text, MASKED)).unwrap();
        assert_eq!(
            shown,
            serde_json::json!({"do": {"name": "А*** П***", "phone": "+7900***4567", "n": "7900***4567", "id": 998_700_001, "list": ["a***@a.ru"]}})
        );
        let open = Look { unmasked: true, ..MASKED };
        assert!(json(text, open).contains("+79001234567"));
        assert_eq!(json("no json 79001234567", MASKED), "no json 7900***4567");
    }
}
