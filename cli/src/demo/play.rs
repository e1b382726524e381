//! The player: the calls of the day, one after the other, as UIS would tell of them.
//!
//! A call is told whole, its notifications in the order that its quirk gives them; late repetitions follow when the call
//! is long done. Two rules keep the compressed day like a real one: the next call of a client begins when his last one
//! has come to its end, and only so many calls are under way at once. Telling everything again after a crash is the
//! whole of the recovery: the server knows what it has heard.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Time;
use switchboard_emulator::{Notification, Quirk, Uis};
use switchboard_runtime::store::Store;
use switchboard_runtime::store::record::{AccountId, EffectState, Phase, SessionKey};
use tokio::time::Instant;

use super::day::Call;
use super::place::ACCOUNT;

/// Calls under way at once. Enough to keep the CRM's limit busy while each waits for its settle time.
const MOST_UNDER_WAY: usize = 24;
/// How often is looked whether calls have come to their end.
const LOOK: Duration = Duration::from_millis(100);
/// How long nothing may happen before the player gives up on what is missing.
const PATIENCE: Duration = Duration::from_secs(180);

/// What the player did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Told {
    /// Calls told.
    pub(crate) calls: usize,
    /// Chats and requests shown.
    pub(crate) written: usize,
    /// Notifications sent and taken, repetitions included.
    pub(crate) notifications: usize,
    /// Notifications that the server did not take.
    pub(crate) refused: usize,
}

/// The player.
#[derive(Debug)]
pub(crate) struct Player {
    uis: Uis,
    /// The server's, which knows when a call has come to its end.
    store: Arc<dyn Store>,
    /// Where notifications go, without the event.
    base: String,
    /// Seconds of the day in one second; none for as fast as it goes.
    speed: Option<f64>,
    under_way: Vec<Call>,
    /// Late repetitions, by session.
    late: Vec<(u64, Vec<Notification>)>,
    told: Told,
}

impl Player {
    /// A player that has told nothing yet.
    pub(crate) fn new(uis: Uis, store: Arc<dyn Store>, base: String, speed: Option<f64>) -> Self {
        Self { uis, store, base, speed, under_way: Vec::new(), late: Vec::new(), told: Told::default() }
    }

    /// Tells the day; `watch` is called whenever something has happened.
    pub(crate) async fn play(mut self, day: &[Call], mut watch: impl FnMut(&Told)) -> Told {
        let mut waiting: VecDeque<Call> = day.iter().cloned().collect();
        let start = Instant::now();
        let mut last_change = start;
        while !(waiting.is_empty() && self.under_way.is_empty() && self.late.is_empty()) {
            let finished = self.finish().await;
            let begun = match self.next(&mut waiting, start, day) {
                Some(call) => {
                    self.tell(call).await;
                    true
                }
                None => false,
            };
            watch(&self.told);
            if finished || begun {
                last_change = Instant::now();
            } else if last_change.elapsed() > PATIENCE {
                break;
            } else {
                tokio::time::sleep(LOOK).await;
            }
        }
        self.told
    }

    /// The next call whose time has come, if there is one.
    fn next(&self, waiting: &mut VecDeque<Call>, start: Instant, day: &[Call]) -> Option<Call> {
        if self.under_way.len() >= MOST_UNDER_WAY {
            return None;
        }
        let free = |call: &Call| {
            call.phone.is_none() || !self.under_way.iter().any(|other| other.phone == call.phone)
        };
        let at = waiting.iter().position(free)?;
        // A call may overtake others, but not those of the same client, which stand before it in the day.
        let call = waiting.get(at)?;
        let same_client_before = waiting.iter().take(at).any(|other| other.phone == call.phone);
        if same_client_before || !self.is_time(call, start, day) {
            return None;
        }
        waiting.remove(at)
    }

    fn is_time(&self, call: &Call, start: Instant, day: &[Call]) -> bool {
        let (Some(speed), Some(first)) = (self.speed, day.first()) else { return true };
        start.elapsed().as_secs_f64() * speed >= into_the_day(first, call.started().time())
    }

    async fn tell(&mut self, call: Call) {
        let quirks: Vec<Quirk> = call.quirk.into_iter().collect();
        let script = call.script(&self.uis);
        let mut now = self.uis.play(&script, &quirks).notifications;
        if call.quirk == Some(Quirk::LateDuplicate) {
            let late = now.split_off(now.len() / 2);
            self.late.push((call.session, late));
        }
        self.send(&now).await;
        self.told.calls += 1;
        self.under_way.push(call);
    }

    /// Takes calls that have come to their end off the list, and sends what comes long after them.
    async fn finish(&mut self) -> bool {
        let before = self.under_way.len();
        let mut still = Vec::with_capacity(before);
        for call in std::mem::take(&mut self.under_way) {
            if !is_over(&*self.store, SessionKey::from(format!("call:{}", call.session))).await {
                still.push(call);
            }
        }
        self.under_way = still;
        let open: Vec<u64> = self.under_way.iter().map(|call| call.session).collect();
        let (ripe, unripe): (Vec<_>, Vec<_>) =
            self.late.drain(..).partition(|(session, _)| !open.contains(session));
        self.late = unripe;
        let changed = before != self.under_way.len() || !ripe.is_empty();
        for (_, notifications) in ripe {
            self.send(&notifications).await;
        }
        changed
    }

    async fn send(&mut self, notifications: &[Notification]) {
        for delivery in self.uis.send_all(notifications, &self.base).await {
            if delivery.is_taken() {
                self.told.notifications += 1;
            } else {
                self.told.refused += 1;
            }
        }
    }
}

/// Whether the server has done with a communication everything that it will do.
pub(super) async fn is_over(store: &dyn Store, session: SessionKey) -> bool {
    let account = AccountId::new(ACCOUNT);
    let Ok(Some(timeline)) = store.timeline(&account, &session).await else { return false };
    let closed = timeline.communication.is_some_and(|call| call.phase == Phase::Closed);
    let settled = |state: EffectState| matches!(state, EffectState::Done | EffectState::Dead);
    closed && timeline.effects.iter().all(|effect| settled(effect.state))
}

/// Seconds from the first call of the day to a time of day.
pub(super) fn into_the_day(first: &Call, time: Time) -> f64 {
    time.duration_since(first.started().time()).as_secs_f64()
}
