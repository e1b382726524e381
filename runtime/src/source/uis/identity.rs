//! What makes a delivery this event and no other, and in which lane it is handled.
//!
//! Two deliveries are the same event when event, session, leg (or employee) and source time are the same. Where one of
//! these is missing, what the notification says is added as a hash: too fine a distinction costs nothing, since
//! merging is idempotent; too coarse a one would lose an event.

use bytes::Bytes;

use crate::source::uis::event::EventCode;
use crate::source::uis::notification::Notification;
use crate::store::record::{LaneKey, SessionKey};

/// The name of this source in the store.
pub const SOURCE: &str = "uis";

/// Letters of a hash inside an identity.
const HASH: usize = 32;

/// Who an event is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Equal for deliveries that are the same event, and for no others.
    pub dedup: String,
    /// The communication it belongs to.
    pub session: SessionKey,
    /// Where it is handled: the contact's lane, or the session's while the contact is unknown.
    pub lane: LaneKey,
}

/// The session of a call as the store knows it.
pub fn session_key(session: u64) -> SessionKey {
    SessionKey::from(format!("call:{session}"))
}

/// Who a notification is.
pub fn identity(notification: &Notification) -> Identity {
    let session = session_key(notification.session);
    let phone = notification.contact_phone_number.as_ref().and_then(|number| number.as_phone());
    let lane = phone.map_or_else(|| LaneKey::session(&session), LaneKey::phone);
    Identity { dedup: dedup(notification), session, lane }
}

/// What makes a delivery that was not understood the same as another: all of it.
pub fn garbage_dedup(event: &str, content_type: &str, body: &Bytes) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in [event.as_bytes(), content_type.as_bytes()] {
        hasher.update(part).update(&[0]);
    }
    format!("unparsed:{}", hasher.update(body).finalize().to_hex())
}

fn dedup(notification: &Notification) -> String {
    let event = notification.event.as_str();
    let session = notification.session;
    let part = match (notification.leg_id, notification.employee_id) {
        (Some(leg), _) => Some(format!("leg{leg}")),
        (None, Some(employee)) => Some(format!("employee{employee}")),
        // These come once, so there is nothing to tell apart.
        (None, None) if notification.event.is_end() => Some("-".to_owned()),
        (None, None) => None,
    };
    match (part, notification.notification_time) {
        // Several recordings of one employee may become ready in the same moment; a row of a report may say more later.
        (Some(part), Some(time)) if !matches!(notification.event, EventCode::Record | EventCode::Report) => {
            format!("{event}:{session}:{part}:{time}")
        }
        _ => format!("{event}:{session}:{}", content(notification)),
    }
}

/// A hash of everything that was said. The fields of a notification have one order, so equal ones are equal bytes.
fn content(notification: &Notification) -> String {
    // Numbers, texts and lists always have a JSON form.
    let bytes = serde_json::to_vec(notification).unwrap_or_default();
    blake3::hash(&bytes).to_hex().chars().take(HASH).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::uis::types::Number;

    fn notification(event: EventCode) -> Notification {
        Notification::new(event, 998_700_001)
    }

    #[test]
    fn the_lane_is_the_contacts_when_the_contact_is_known() {
        let mut one = notification(EventCode::Ring);
        assert_eq!(identity(&one).lane.as_str(), "s:call:998700001");
        one.contact_phone_number = Some(Number::Hidden);
        assert_eq!(identity(&one).lane.as_str(), "s:call:998700001");
        one.contact_phone_number = Some(Number::Phone("+79000000010".to_owned()));
        assert_eq!(identity(&one).lane.as_str(), "p:+79000000010");
        assert_eq!(identity(&one).session.as_str(), "call:998700001");
    }

    #[test]
    fn leg_and_time_tell_events_apart() {
        let mut one = notification(EventCode::Ring);
        one.notification_time = "2026-03-02 12:00:31.512".parse().ok();
        one.leg_id = Some(7);
        assert_eq!(identity(&one).dedup, "ring:998700001:leg7:2026-03-02T12:00:31.512");
        let mut other = one.clone();
        other.scenario_name = Some("Продажи".to_owned());
        assert_eq!(identity(&one).dedup, identity(&other).dedup);
        other.leg_id = Some(8);
        assert_ne!(identity(&one).dedup, identity(&other).dedup);
    }

    #[test]
    fn without_leg_or_time_the_contents_tell_events_apart() {
        let mut one = notification(EventCode::TalkEnd);
        one.talk_time_duration = Some(5);
        let mut other = one.clone();
        assert_eq!(identity(&one).dedup, identity(&other).dedup);
        other.talk_time_duration = Some(6);
        assert_ne!(identity(&one).dedup, identity(&other).dedup);
        one.notification_time = "2026-03-02 12:00:31.512".parse().ok();
        other.notification_time = one.notification_time;
        assert_ne!(identity(&one).dedup, identity(&other).dedup);
    }

    #[test]
    fn two_recordings_of_one_moment_are_two() {
        let mut one = notification(EventCode::Record);
        one.employee_id = Some(5);
        one.notification_time = "2026-03-02 12:00:31.512".parse().ok();
        let mut other = one.clone();
        other.file_duration = Some(5);
        assert_ne!(identity(&one).dedup, identity(&other).dedup);
    }

    #[test]
    fn a_row_of_a_report_is_a_new_one_when_it_says_more() {
        let mut one = notification(EventCode::Report);
        one.notification_time = "2026-03-02 12:00:31".parse().ok();
        let mut other = one.clone();
        assert_eq!(identity(&one).dedup, identity(&other).dedup);
        other.campaign_name = Some("Лето".to_owned());
        assert_ne!(identity(&one).dedup, identity(&other).dedup);
    }

    #[test]
    fn garbage_is_the_same_when_all_of_it_is() {
        let dedup = |event, kind, body: &'static str| garbage_dedup(event, kind, &Bytes::from(body));
        assert_eq!(dedup("ring", "a", "x"), dedup("ring", "a", "x"));
        assert_ne!(dedup("ring", "a", "x"), dedup("ring", "b", "x"));
        assert_ne!(dedup("ring", "a", "x"), dedup("ringa", "", "x"));
    }
}
