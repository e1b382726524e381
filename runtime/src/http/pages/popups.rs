//! The pop-ups of a call: who saw the client's card, from when until when, or why not.

use jiff::tz::TimeZone;
use serde::Serialize;

use crate::communication::Merged;
use crate::config::Config;
use crate::http::pages::calls;
use crate::http::pages::look::Look;
use crate::http::pages::{view, words};
use crate::popup::{Card, Whose};
use crate::source::uis::Direction;
use crate::store::record::PopUp;

/// The pop-ups of one call.
#[derive(Serialize)]
pub(super) struct PopUps {
    rows: Vec<Row>,
    /// Why there is none at all, as far as that can be told.
    none: Option<String>,
}

/// One person.
#[derive(Serialize)]
struct Row {
    /// Employees by name.
    who: String,
    /// The user of RetailCRM.
    user: Option<String>,
    rang: String,
    /// When it was shown; nothing when it was not.
    shown: Option<String>,
    /// When it was taken off; nothing while it is on the screen.
    gone: Option<String>,
    /// How it stands, for the colour.
    state: &'static str,
    /// How it stands, in words.
    word: String,
    /// More about it.
    note: Option<String>,
}

/// Puts what is kept into words. `merged` names the employees, when the call was merged already.
pub(super) fn popups(
    kept: Option<&PopUp>,
    merged: Option<&Merged>,
    config: &Config,
    account: &str,
    zone: &TimeZone,
    look: Look,
) -> PopUps {
    let card = kept.and_then(|kept| Card::read(&kept.data));
    let rows = card.as_ref().map(|card| rows(card, merged, zone, look)).unwrap_or_default();
    let none = rows.is_empty().then(|| {
        let settings = config.account(account).map(|account| &account.popup);
        let is_off = settings.zip(merged).is_some_and(|(popup, merged)| match merged.direction {
            Direction::In => !popup.incoming,
            Direction::Out => !popup.outgoing,
        });
        words::or_name(look.lang, "popup", if is_off { "all_off" } else { "nobody" })
    });
    PopUps { rows, none }
}

fn rows(card: &Card, merged: Option<&Merged>, zone: &TimeZone, look: Look) -> Vec<Row> {
    let moment = |at| view::moment(at, zone, look.lang);
    let word = |name: &str| words::or_name(look.lang, "popup", name);
    let seen = card.seen.iter().map(|(user, seen)| {
        let state = match seen.off {
            None => "ready",
            Some(_) => "done",
        };
        let mut notes = Vec::new();
        if seen.unsure {
            notes.push(word("unsure"));
        }
        if seen.before > 0 {
            notes.push(format!("{} {}", word("before"), seen.before));
        }
        if seen.off.is_none() && card.failed > 0 {
            notes.push(format!("{} {}", word("failing"), card.failed));
        }
        let row = Row {
            who: who(&seen.employees, merged),
            user: user_of(Whose::User(*user), look),
            rang: moment(seen.ring),
            shown: Some(seen.shown_at.map_or_else(|| word("some_time"), moment)),
            gone: seen.off.map(|_| seen.off_at.map_or_else(|| word("some_time"), moment)),
            state,
            word: seen.off.map_or_else(|| word("on_screen"), |off| word(&format!("gone_{}", off.as_str()))),
            note: (!notes.is_empty()).then(|| notes.join("; ")),
        };
        (seen.ring, row)
    });
    let missed = card.not_shown.iter().map(|missed| {
        let row = Row {
            who: who(&missed.employees, merged),
            user: user_of(missed.whose, look),
            rang: moment(missed.ring),
            shown: None,
            gone: None,
            state: "held",
            word: word(&format!("why_{}", missed.why.as_str())),
            note: None,
        };
        (missed.ring, row)
    });
    let mut rows: Vec<_> = seen.chain(missed).collect();
    rows.sort_by_key(|(ring, _)| *ring);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// Employees by name.
fn who(employees: &[u64], merged: Option<&Merged>) -> String {
    let name = |id: &u64| merged.map_or_else(|| id.to_string(), |merged| calls::employee(merged, *id));
    employees.iter().map(name).collect::<Vec<_>>().join(", ")
}

fn user_of(whose: Whose, look: Look) -> Option<String> {
    match whose {
        Whose::User(user) => Some(format!("{} {user}", words::or_name(look.lang, "popup", "user"))),
        Whose::Employee(_) => None,
    }
}
