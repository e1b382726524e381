//! What the notifications of a call say together.
//!
//! Each value is taken from the notification that has most to say about it: the end of the call before the rest, then
//! what happened later before what happened earlier; what a report says only fills gaps. Lists are joined, each element once. The result depends on the set
//! of notifications and on the zone, on nothing else.

use std::cmp::Reverse;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use switchboard_engine::moment::Moment;

use crate::communication::call::{Call, Heard, rank};
use crate::communication::people::{self, People, first_of_each};
use crate::communication::record::{self, Recording};
use crate::communication::time;
use crate::source::uis::{Direction, EventCode, Notification, Number};

/// A call as a whole.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Merged {
    /// The session.
    pub session: u64,
    /// Which way it went.
    pub direction: Direction,
    /// Whether nothing said which way, and *in* was taken.
    pub direction_guessed: bool,
    /// The client's number.
    pub contact: Option<Number>,
    /// The shop's number, in E.164 with `+`.
    pub virtual_number: Option<String>,
    /// When it began.
    pub started: Moment,
    /// When it ended; while it goes on, when something was last known of it.
    pub finished: Moment,
    /// Whether its end was heard of.
    pub ended: bool,
    /// Seconds that the client waited.
    pub wait: Option<u32>,
    /// Seconds of talk; 0 when there was none.
    pub talk: u32,
    /// Seconds of the whole call.
    pub total: Option<u32>,
    /// Whether there was a conversation.
    pub talked: bool,
    /// Whether it ended without one: a missed incoming call or an outgoing call that reached nobody.
    pub missed: bool,
    /// Whether it was transferred.
    pub transferred: Option<bool>,
    /// Whether employees called each other.
    pub internal: bool,
    /// Who took part on the shop's side.
    pub people: People,
    /// The recordings.
    pub recordings: Vec<Recording>,
    /// The tags.
    pub tags: Vec<String>,
    /// Segments of the visitor.
    pub segments: Vec<String>,
    /// Everything else that is one value: each the one that has most to say.
    pub values: Notification,
}

impl Merged {
    /// Merges what was heard. A call of which nothing was heard has no time and cannot be merged.
    pub fn of(call: &Call, zone: &TimeZone) -> Option<Self> {
        let mut heard: Vec<&Heard> = call.heard().collect();
        heard.sort_by_key(|heard| {
            (weight(heard), Reverse(time::happened(heard, zone).instant()), fresh(heard))
        });
        let values = pick(call.session(), &heard)?;
        let has = |event: EventCode| heard.iter().any(|heard| heard.said.event == event);
        let of = |event: EventCode| heard.iter().filter(move |heard| heard.said.event == event);

        let (direction, direction_guessed) = match values.direction {
            Some(direction) => (direction, false),
            None if has(EventCode::CallOut) => (Direction::Out, false),
            None => (Direction::In, !has(EventCode::CallStart) && !has(EventCode::CallLost)),
        };
        let ended = heard.iter().any(|heard| heard.said.event.is_end());
        let talked = was_talk(&heard);
        // Who waited and then hung up was in the call as long as he waited.
        let said = values.total_time_duration.or(values.wait_time_duration.filter(|_| ended && !talked));
        let (started, finished) = span(&heard, said, zone)?;
        let talk = if talked { talk_seconds(&heard, zone, finished) } else { 0 };
        let people = people::people(call, zone, direction, talked);
        let first_talk =
            of(EventCode::TalkStart).map(|heard| time::happened(heard, zone)).min_by(Moment::compare);
        let wait = values.wait_time_duration.or_else(|| seconds_between(started, first_talk?));
        let total =
            values.total_time_duration.or_else(|| seconds_between(started, finished).filter(|_| ended));
        let transferred = match values.is_transfer {
            None if people.talked.len() > 1 => Some(true),
            other => other,
        };
        let lists = |list: fn(&Notification) -> &Option<Vec<String>>| {
            let mut all: Vec<String> =
                heard.iter().filter_map(|heard| list(&heard.said).as_ref()).flatten().cloned().collect();
            all.sort();
            first_of_each(all)
        };
        Some(Self {
            session: call.session(),
            direction,
            direction_guessed,
            contact: values.contact_phone_number.clone(),
            virtual_number: values
                .virtual_phone_number
                .as_ref()
                .and_then(Number::as_phone)
                .map(str::to_owned),
            started,
            finished,
            ended,
            wait,
            talk,
            total,
            talked,
            missed: !talked,
            transferred,
            internal: values.is_internal.unwrap_or(false),
            people,
            recordings: record::recordings(call, zone),
            tags: lists(|said| &said.tag_names),
            segments: lists(|said| &said.segments),
            values,
        })
    }

    /// The client's number in E.164 with `+`, when it is a telephone number that is shown.
    pub fn phone(&self) -> Option<&str> {
        self.contact.as_ref().and_then(Number::as_phone)
    }

    /// The employee who talked last.
    pub fn answered_by(&self) -> Option<u64> {
        self.people.talked.last().copied()
    }

    /// Links to the recordings that [`Merged::recording`] does not stand for; none when it is of the whole call.
    pub fn other_recordings(&self) -> Vec<String> {
        record::others(&self.recordings).map(|recording| recording.link.clone()).collect()
    }

    /// The recording that stands for the call.
    pub fn recording(&self) -> Option<&Recording> {
        record::principal(&self.recordings)
    }
}

/// Where a notification stands when values differ: by rank, and a report behind all of them. A report is to the second
/// and is corrected afterwards by UIS itself, a notification says what was so when the call ended.
fn weight(heard: &Heard) -> u8 {
    if is_report(heard) { u8::MAX } else { rank(heard.said.event) }
}

/// Of several rows of one call the one read last stands first: UIS completes them.
fn fresh(heard: &Heard) -> Option<Reverse<Timestamp>> {
    is_report(heard).then_some(Reverse(heard.at))
}

fn is_report(heard: &Heard) -> bool {
    heard.said.event == EventCode::Report
}

/// Every value from the first notification that has it.
fn pick(session: u64, heard: &[&Heard]) -> Option<Notification> {
    let first = heard.first()?;
    let mut values = Notification::new(first.said.event, session);
    for heard in heard {
        values.fill_absent(&heard.said);
    }
    Some(values)
}

/// From when to when; `total` is how long the call is said to have taken.
fn span(heard: &[&Heard], total: Option<u32>, zone: &TimeZone) -> Option<(Moment, Moment)> {
    let of = |wanted: EventCode| heard.iter().filter(move |heard| heard.said.event == wanted);
    let starts = |report: bool| {
        let of = heard.iter().filter(move |heard| is_report(heard) == report);
        of.filter_map(|heard| time::started(heard, zone)).min_by(Moment::compare)
    };
    let began =
        of(EventCode::CallStart).chain(of(EventCode::CallOut)).filter_map(|heard| time::said(heard, zone));
    let start = starts(false).or_else(|| began.min_by(Moment::compare)).or_else(|| starts(true));
    let total = total.map(i64::from);

    let ends = || of(EventCode::CallEnd).chain(of(EventCode::CallLost));
    let reported =
        || of(EventCode::Report).filter_map(|heard| time::said(heard, zone)).max_by(Moment::compare);
    let end = ends().filter_map(|heard| time::said(heard, zone)).max_by(Moment::compare).or_else(reported);
    let all = || heard.iter().map(|heard| time::happened(heard, zone));
    let (earliest, latest) = (all().min_by(Moment::compare)?, all().max_by(Moment::compare)?);
    let arrived = ends().map(|heard| time::happened(heard, zone)).min_by(Moment::compare);

    let finished = end.or_else(|| Some(time::shifted(start?, total?))).or(arrived).unwrap_or(latest);
    let started = start.or_else(|| Some(time::shifted(finished, -total?))).unwrap_or(earliest);
    let finished = if finished.compare(&started).is_lt() { started } else { finished };
    Some((started, finished))
}

/// Whether there was a conversation. What UIS says of the whole call decides; then what was talked; then who talked.
fn was_talk(heard: &[&Heard]) -> bool {
    let ends = || heard.iter().filter(|heard| heard.said.event.is_end());
    let lost = ends().find_map(|heard| heard.said.is_lost);
    if lost == Some(true) {
        return false;
    }
    // An outgoing call that nobody took is not called lost everywhere, but has no talk.
    if let Some(seconds) = ends().find_map(|heard| heard.said.talk_time_duration) {
        return seconds > 0;
    }
    if let Some(lost) = lost {
        return !lost;
    }
    if heard.iter().any(|heard| heard.said.event == EventCode::CallLost) {
        return false;
    }
    heard.iter().any(|heard| match heard.said.event {
        EventCode::TalkStart | EventCode::Record => true,
        EventCode::TalkEnd => heard.said.talk_time_duration != Some(0),
        _ => heard.said.last_talked_employee_id.is_some(),
    })
}

/// How long they talked, as well as can be told.
fn talk_seconds(heard: &[&Heard], zone: &TimeZone, finished: Moment) -> u32 {
    let of = |wanted: EventCode| heard.iter().filter(move |heard| heard.said.event == wanted);
    let whole = heard
        .iter()
        .filter(|heard| heard.said.event.is_end())
        .find_map(|heard| heard.said.talk_time_duration);
    let parts: u32 =
        of(EventCode::TalkEnd).filter_map(|heard| heard.said.talk_time_duration).fold(0, u32::saturating_add);
    let recorded = || of(EventCode::Record).filter_map(|heard| heard.said.file_duration).max();
    let first = || of(EventCode::TalkStart).map(|heard| time::happened(heard, zone)).min_by(Moment::compare);
    whole
        .or(Some(parts).filter(|seconds| *seconds > 0))
        .or_else(recorded)
        .or_else(|| seconds_between(first()?, finished))
        .unwrap_or(0)
}

fn seconds_between(from: Moment, to: Moment) -> Option<u32> {
    u32::try_from(to.instant().duration_since(from.instant()).as_secs()).ok()
}
