//! The calls of the month: who calls whom, when, and how badly it is told. The same number of calls gives the same month.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use switchboard_emulator::{CallScript, Direction, Quirk, Transfer};

use super::super::server::{ANNA, OLGA};

/// An employee of UIS who is a user of RetailCRM.
pub(super) const IVAN: u64 = 323_401;
/// One who is a user of RetailCRM no more.
const FIRED: u64 = 323_403;
/// One whom the list of employees does not have.
const UNKNOWN: u64 = 323_499;
/// The shop whose clients are known before the month begins.
pub(super) const KNOWN_SITE: &str = "romashka-spb";

const FIRST_SESSION: u64 = 700_000_000;
const WEEKS: usize = 4;
const DAY_S: i64 = 24 * 3600;
/// How long ago the month began.
const BEGAN_S: i64 = 29 * DAY_S;
/// How long it is.
const LENGTH_S: i64 = 28 * DAY_S;
/// The one contact whose number is hidden.
const HIDDEN: usize = 0;

/// One call.
#[derive(Debug, Clone)]
pub(super) struct Call {
    /// Whose call it is, by number.
    pub(super) contact: usize,
    pub(super) script: CallScript,
    /// How its notifications are twisted.
    pub(super) quirks: Vec<Quirk>,
    /// Nothing is said about it.
    pub(super) silent: bool,
    /// Its recordings are announced late.
    pub(super) late_records: bool,
}

/// A client whom RetailCRM knows before the month begins.
#[derive(Debug, Clone)]
pub(super) struct Known {
    /// E.164 digits.
    pub(super) phone: String,
}

/// All calls, in the order in which they begin.
#[derive(Debug)]
pub(super) struct Month {
    pub(super) known: Vec<Known>,
    pub(super) calls: Vec<Call>,
}

impl Call {
    pub(super) fn session(&self) -> u64 {
        self.script.session.expect("every call is numbered")
    }

    pub(super) fn started(&self) -> i64 {
        self.script.started.expect("every call has its time").as_second()
    }

    pub(super) fn finished(&self) -> i64 {
        self.started() + i64::from(self.script.wait_s) + i64::from(self.script.talk_s)
    }
}

impl Known {
    /// The client's card.
    pub(super) fn card(&self) -> Value {
        let phone = format!("+{}", self.phone);
        json!({"firstName": "Знакомый", "phones": [{"number": phone}], "managerId": 28})
    }
}

impl Month {
    /// A month of so many calls.
    pub(super) fn new(calls: usize) -> Self {
        let mut dice = fastrand::Rng::with_seed(calls as u64);
        let began = Timestamp::now().as_second() - BEGAN_S;
        let contacts = (calls / 5).max(12);
        let step = LENGTH_S / i64::try_from(calls).expect("a number of calls");
        let mut all: Vec<Call> = Vec::with_capacity(calls);
        let mut busy_until: BTreeMap<usize, i64> = BTreeMap::new();
        // Contacts who are to be called back, and when.
        let mut planned: Vec<(i64, usize)> = Vec::new();
        for n in 0..calls {
            let mut at = began + step * n as i64 + dice.i64(0..step.max(2));
            let back = planned.iter().position(|(when, _)| *when <= at);
            let (contact, direction) = match back.map(|place| planned.swap_remove(place)) {
                Some((when, contact)) => {
                    at = when.max(all.last().map_or(when, Call::started));
                    (contact, if dice.u8(..4) == 0 { Direction::In } else { Direction::Out })
                }
                None => {
                    let direction = if dice.u8(..10) < 7 { Direction::In } else { Direction::Out };
                    (if dice.u8(..50) == 0 { HIDDEN } else { dice.usize(..contacts) }, direction)
                }
            };
            at = at.max(busy_until.get(&contact).copied().unwrap_or(at));
            let call = call(n, contact, direction, at, &mut dice);
            busy_until.insert(contact, call.finished() + 60);
            if direction == Direction::In && call.script.answered_by.is_none() && dice.bool() {
                planned.push((call.finished() + dice.i64(300..3 * 3600), contact));
            }
            all.push(call);
        }
        all.sort_by_key(|call| (call.started(), call.session()));
        silence(&mut all, &mut dice);
        let known =
            (0..contacts).filter(|contact| contact % 15 == 7).map(|contact| Known { phone: phone(contact) });
        Self { known: known.collect(), calls: all }
    }

    /// The calls of each week.
    pub(super) fn weeks(&self) -> impl Iterator<Item = &[Call]> {
        self.calls.chunks(week_length(self.calls.len()))
    }

    /// A month in which something never happens shows nothing about it.
    pub(super) fn assert_varied(&self, expected: &[String]) {
        for kind in [
            "client +",
            "order of +",
            "task for",
            "note at +",
            "call 7",
            "not done",
            ", done",
            "busy",
            "nobody, hidden",
            "no user",
            "in, answered",
            "out, answered",
            "out, no answer",
        ] {
            assert!(expected.iter().any(|line| line.contains(kind)), "no line with `{kind}`");
        }
        assert!(self.calls.iter().any(|call| call.silent) && self.calls.iter().any(|call| call.late_records));
    }
}

fn week_length(calls: usize) -> usize {
    calls.div_ceil(WEEKS).max(1)
}

fn phone(contact: usize) -> String {
    format!("7903{contact:07}")
}

/// Chooses the calls of which nothing is said: one in a hundred of each week. Each is its contact's last of the week, since
/// it is found when the week is over, and calls are to become known in the order in which they began.
fn silence(calls: &mut [Call], dice: &mut fastrand::Rng) {
    for week in calls.chunks_mut(week_length(calls.len())) {
        let mut last: BTreeMap<usize, usize> = BTreeMap::new();
        for (place, call) in week.iter().enumerate().filter(|(_, call)| call.contact != HIDDEN) {
            last.insert(call.contact, place);
        }
        let mut last: Vec<usize> = last.into_values().collect();
        dice.shuffle(&mut last);
        let count = week.len().div_ceil(100);
        for place in last.into_iter().take(count) {
            week[place].silent = true;
        }
    }
}

fn one<T: Clone>(dice: &mut fastrand::Rng, of: &[T]) -> T {
    of[dice.usize(..of.len())].clone()
}

/// One of these; an empty one is none.
fn text(dice: &mut fastrand::Rng, of: &[&'static str]) -> Option<&'static str> {
    Some(one(dice, of)).filter(|text| !text.is_empty())
}

fn call(n: usize, contact: usize, direction: Direction, at: i64, dice: &mut fastrand::Rng) -> Call {
    let employees = [ANNA, ANNA, IVAN, OLGA, OLGA, FIRED, UNKNOWN];
    let incoming = direction == Direction::In;
    let answered = dice.u8(..10) < 6;
    let first = one(dice, &employees);
    let talk_s = if answered { one(dice, &[4, 9, 10, 29, 30, 75, 200]) + dice.u32(..2) } else { 0 };
    let mut talkers = vec![first];
    let mut transfers = Vec::new();
    while talk_s > 60 && transfers.len() < 2 && dice.u8(..4) == 0 {
        let to = one(dice, &employees);
        if talkers.last() != Some(&to) {
            let after_s = talk_s * (transfers.len() as u32 + 1) / 3 + dice.u32(..9);
            transfers.push(Transfer { after_s, to });
            talkers.push(to);
        }
    }
    let campaign = text(dice, &["", "", "Лето", "Лето", "Бренд", "VIP корпоративы", "Спам"]);
    let site = text(dice, &["", "romashka.ru", "romashka.ru", "opt.romashka.ru", "spb.romashka.ru"]);
    let scenario = text(dice, &["", "Продажи", "Продажи", "Опт", "Служебный"]);
    let busy = incoming && !answered && dice.u8(..4) == 0;
    let script = CallScript {
        session: Some(FIRST_SESSION + n as u64),
        direction,
        client: (contact != HIDDEN).then(|| phone(contact)),
        virtual_number: one(dice, &["74951234567", "74951234567", "78121234567", "78005550110"]).to_owned(),
        started: Timestamp::from_second(at).ok(),
        rung: match (incoming, dice.bool()) {
            (false, _) => Vec::new(),
            (true, false) => vec![first],
            (true, true) => vec![OLGA, first],
        },
        answered_by: (incoming && answered).then_some(first),
        caller: (!incoming).then_some(first),
        wait_s: dice.u32(3..40),
        talk_s,
        transfers,
        scenario: scenario.filter(|_| incoming).map(str::to_owned),
        site: site.filter(|_| incoming).map(str::to_owned),
        campaign: campaign.filter(|_| incoming).map(str::to_owned),
        contact: contact.is_multiple_of(3).then(|| (contact as u64 + 1, format!("Клиент {contact}"))),
        finish_reason: busy.then(|| "operator_busy".to_owned()),
        ..CallScript::default()
    };
    let mut quirks = match dice.u8(..12) {
        0 => vec![Quirk::Form],
        1 => vec![Quirk::Get],
        2 => vec![Quirk::Strings],
        3 => vec![Quirk::Nested],
        4 => vec![Quirk::Verbatim, Quirk::PlusPhones],
        _ => Vec::new(),
    };
    // Only what is JSON can be told without its links.
    let late_records = answered && quirks.is_empty() && dice.u8(..8) == 0;
    quirks.extend(match dice.u8(..16) {
        0 | 1 => Some(Quirk::Shuffled),
        2 => Some(Quirk::EndFirst),
        3 => Some(Quirk::RecordFirst),
        4 | 5 => Some(Quirk::Twice),
        6 if !late_records => Some(Quirk::LateDuplicate),
        _ => None,
    });
    Call { contact, script, quirks, silent: false, late_records }
}

/// The moment so many seconds after the beginning of 1970.
pub(super) fn moment(second: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(second)
}
