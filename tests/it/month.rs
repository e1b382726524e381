//! A month of calls, told as badly as UIS may tell them, ends in what the rules say of those calls, and in nothing else.
//!
//! The month is played week by week. Notifications of a call come in any order, twice, in another encoding, long after; a
//! recording may be announced when everything else is done; of one call in a hundred not a word arrives. Calls of one
//! contact are told in the order in which they began, and different contacts beside each other. At the end of each week
//! the server restarts and reads the report, in which it finds the calls that nobody told of.
//! `IT_MONTH=10000` plays more calls.

mod held;
mod model;
mod script;

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use jiff::Timestamp;
use serde_json::Value;
use switchboard_emulator::{Emulator, Notification, Quirk};
use switchboard_runtime::reports::Progress;
use switchboard_runtime::store::record::{EffectState, SessionKey};

use self::held::{differences, held};
use self::model::expected;
use self::script::{Call, KNOWN_SITE, Month};
use super::server::{PATIENCE, Place, Server, Tuning, hooks, is_settled, until};

/// Calls of a normal run.
const CALLS: usize = 400;
/// Contacts whose calls are told beside each other.
const TELLERS: usize = 8;

/// What the shop wants; `model` says the same in another way.
const RULES: &str = r#"rules 1

filter for incoming calls
  reject when campaign is "Спам" or scenario is "Служебный"
  else accept

schedule office in "Europe/Moscow"
  mon-fri: 09:00-18:00
  sat: 10:00-14:00

table store for calls, only match
  | virtual_number   || store           |
  |------------------||-----------------|
  | +7 495 123-45-67 || "romashka-msk"  |
  | +7 812 123-45-67 || "romashka-spb"  |
  | else             || "romashka-main" |

table duty for incoming calls
  | site              | campaign    || employee           |
  |-------------------|-------------||--------------------|
  | "opt.romashka.ru" | -           || "ivan@romashka.ru" |
  | -                 | like "VIP*" || "olga@romashka.ru" |
  | else                            || "anna@romashka.ru" |

table entities for incoming calls
  | contact | talk_time || create        | responsible                               |
  |---------|-----------||---------------|-------------------------------------------|
  | first   | -         || client, order | answered_by else duty                     |
  | repeat  | >= 30 s   || order         | client.manager else answered_by else duty |
  | else                || nothing       | -                                         |

table entities for outgoing calls
  | contact | talk_time || create  | responsible                    |
  |---------|-----------||---------|--------------------------------|
  | first   | >= 10 s   || client  | caller else "anna@romashka.ru" |
  | else                || nothing | -                              |

task for missed incoming calls
  title:  "Перезвонить {{ phone else "?" }}: {{ campaign else "без кампании" }}"
  assign: client.manager else duty
  due:    2 hours after finished
  cancel when reached

task for failed outgoing calls when contact is first
  title:  "Не дозвонились до {{ phone else "?" }}"
  assign: caller else "anna@romashka.ru"
  due:    2 working hours after finished by office

fields of client for calls
  uis_campaign   from campaign, always
  uis_site       from site else "нет сайта"
  uis_first_call from started

fields of order for calls
  uis_talk_time from talk_time
  uis_call_date from started
  uis_record    from record_url, always
"#;

/// What is to be said about a call later than the rest.
#[derive(Debug, Default)]
struct Later {
    /// Recordings that are announced when the call is decided.
    records: Vec<Notification>,
    /// Repetitions that come when everything is done.
    again: Vec<Notification>,
}

fn tuning() -> Tuning {
    // Quiet for longer than a busy machine needs to send the rest of a call. Reports are read when the server starts.
    let account = "settle = \"2 s\"\nrecord_wait = \"1 h\"\n".to_owned();
    let uis = "reports_interval = \"24 h\"\nreports_grace = \"0 s\"\nreports_first = \"720 h\"\n\
               reports_overlap = \"720 h\"\nreports_reach = \"960 h\"\n\
               failed_deliveries = false\nmarketing_wait = \"0 s\"\n";
    let usual = Tuning::default();
    Tuning { limits: format!("{}uis_rate = 100\n", usual.limits), account, uis: uis.to_owned(), ..usual }
}

fn session(call: &Call) -> SessionKey {
    SessionKey::from(format!("call:{}", call.session()))
}

/// Waits until the report was read up to a moment after `since`.
async fn reports_are_read(server: &Server, since: Timestamp) {
    until("the report is read", async || {
        let kept = Progress::kept(&**server.store(), &server.place.account).await.expect("the store answers");
        kept.is_some_and(|progress| progress.until >= since)
    })
    .await;
}

/// Waits for each of these calls, as long as anything happens; no call may have a step that was given up.
async fn settled(server: &Server, calls: &[&Call]) {
    let requests = || server.place.emulator.journal().count();
    let mut ticks = tokio::time::interval(Duration::from_millis(10));
    let mut seen = (requests(), Instant::now());
    for call in calls {
        let session = session(call);
        let timeline = loop {
            let known = server.store().timeline(&server.place.account, &session).await;
            match known.expect("the store answers") {
                Some(timeline) if is_settled(&timeline) => break timeline,
                _ => ticks.tick().await,
            };
            let now = requests();
            if now != seen.0 {
                seen = (now, Instant::now());
            }
            assert!(seen.1.elapsed() < PATIENCE, "nothing happens any more, and this goes on: {call:?}");
        };
        for effect in timeline.effects {
            assert_eq!(effect.state, EffectState::Done, "{call:?}: {effect:?}");
        }
    }
}

/// Sends notifications; each must be taken.
async fn send(emulator: &Emulator, notifications: &[Notification], hooks: &str) {
    for delivery in emulator.uis().send_all(notifications, hooks).await {
        assert!(delivery.is_taken(), "{delivery:?}");
    }
}

/// Plays a call and says what is to be said at once.
async fn tell(emulator: &Emulator, call: &Call, hooks: &str) -> Later {
    let mut now = emulator.uis().play(&call.script, &call.quirks).notifications;
    let mut later = Later::default();
    if call.silent {
        return later;
    }
    if call.quirks.contains(&Quirk::LateDuplicate) {
        later.again = now.split_off(now.len() / 2);
    }
    if call.late_records {
        (later.records, now) = now.into_iter().partition(|one| one.event == "record");
        now.iter_mut().for_each(without_links);
    }
    send(emulator, &now, hooks).await;
    later
}

/// The end of a call that does not know its recordings yet.
fn without_links(notification: &mut Notification) {
    if let Ok(mut body) = serde_json::from_str::<Value>(&notification.body)
        && body.get("record_file_links").is_some()
    {
        body["record_file_links"] = Value::Null;
        notification.body = body.to_string();
    }
}

/// Tells the calls of a week, each contact's one after the other.
async fn tell_week(server: &Server, week: &[Call]) -> Later {
    let hooks: Arc<str> = hooks(server.running.addresses().hooks).into();
    let teller = |number: usize| {
        let of_teller = week.iter().filter(move |call| call.contact % TELLERS == number);
        let calls: Vec<Call> = of_teller.cloned().collect();
        let (emulator, hooks) = (Arc::clone(&server.place.emulator), Arc::clone(&hooks));
        tokio::spawn(async move {
            let mut all = Later::default();
            for call in &calls {
                let later = tell(&emulator, call, &hooks).await;
                all.records.extend(later.records);
                all.again.extend(later.again);
            }
            all
        })
    };
    let mut all = Later::default();
    for later in join_all((0..TELLERS).map(teller)).await {
        let later = later.expect("the week is told");
        all.records.extend(later.records);
        all.again.extend(later.again);
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_ends_in_what_the_rules_say() {
    let begun = Instant::now();
    let calls = std::env::var("IT_MONTH").ok().and_then(|text| text.parse().ok()).unwrap_or(CALLS);
    let month = Month::new(calls);
    let place = Place::new(RULES, &tuning()).await;
    let emulator = Arc::clone(&place.emulator);
    for client in &month.known {
        emulator.crm().put_customer(KNOWN_SITE, client.card());
    }
    let mut server = place.serve().await;
    reports_are_read(&server, Timestamp::now()).await;
    let mut silent: Vec<&Call> = Vec::new();
    for (number, week) in month.weeks().enumerate() {
        let later = tell_week(&server, week).await;
        let hooks = hooks(server.running.addresses().hooks);
        send(&emulator, &later.records, &hooks).await;
        let (unheard, told): (Vec<&Call>, Vec<&Call>) = week.iter().partition(|call| call.silent);
        settled(&server, &told).await;
        send(&emulator, &later.again, &hooks).await;
        settled(&server, &told).await;

        let place = server.stop().await;
        let restarted = Timestamp::now();
        server = place.serve().await;
        reports_are_read(&server, restarted).await;
        // They are decided before whatever is told of the same contacts next week.
        silent.extend(unheard);
        println!("week {}: {} calls after {:?}", number + 1, week.len(), begun.elapsed());
    }
    settled(&server, &silent).await;
    let found = silent.len();
    let progress = Progress::kept(&**server.store(), &server.place.account).await.expect("the store answers");
    assert_eq!(progress.map(|progress| progress.found), Some(found as u64), "calls that nobody told of");

    let expected = expected(&month);
    let differences = differences(&held(&emulator.crm()), &expected);
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
    month.assert_varied(&expected);
    until("every pop-up is taken off", async || emulator.crm().popups().iter().all(|popup| !popup.open))
        .await;
    let requests = emulator.journal().count();
    println!("{calls} calls, {requests} requests to both sides, {found} calls found, {:?}", begun.elapsed());
}
