//! Showing chats and requests in UIS as the day goes on.
//!
//! A chat is shown while it goes on and, once the server has looked at it, as it ended. One of a client who has called comes
//! when his calls before it are done with, as in the day. Showing everything again after a crash changes nothing.

use std::sync::Arc;
use std::time::Duration;

use jiff::civil::DateTime;
use switchboard_emulator::Uis;
use switchboard_runtime::store::Store;
use switchboard_runtime::store::record::{AccountId, SessionKey, Timeline};
use tokio::time::Instant;

use super::day::Call;
use super::place::ACCOUNT;
use super::play::{into_the_day, is_over};
use super::written::{Kind, Written};

/// How often is looked how far they have come.
const LOOK: Duration = Duration::from_millis(200);
/// How long nothing may happen before what is missing is given up on.
const PATIENCE: Duration = Duration::from_secs(60);

/// Shows them.
#[derive(Debug)]
pub(crate) struct Writer {
    /// Where.
    pub(crate) uis: Uis,
    /// The server's, which knows how far it has come.
    pub(crate) store: Arc<dyn Store>,
    /// When the demo began, on the shop's clock.
    pub(crate) began: DateTime,
    /// Seconds of the day in one second; none for as fast as it goes.
    pub(crate) speed: Option<f64>,
}

/// How far one has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Waiting,
    Open,
    Ended,
    Over,
}

impl Writer {
    /// Shows all of them, and gives how many were shown when nothing is left to do about them.
    pub(crate) async fn play(self, day: &[Call], written: &[Written]) -> usize {
        let start = Instant::now();
        let mut last_change = start;
        let mut all: Vec<(&Written, At)> = written.iter().map(|one| (one, At::Waiting)).collect();
        while all.iter().any(|(_, at)| *at != At::Over) {
            let mut changed = false;
            for (one, at) in &mut all {
                let next = self.step(one, *at, day, start).await;
                changed |= next != *at;
                *at = next;
            }
            if changed || all.iter().all(|(_, at)| matches!(at, At::Waiting | At::Over)) {
                // Whoever waits for a call that goes on waits for as long as that takes.
                last_change = Instant::now();
            }
            if last_change.elapsed() > PATIENCE {
                break;
            }
            tokio::time::sleep(LOOK).await;
        }
        all.iter().filter(|(_, at)| *at != At::Waiting).count()
    }

    async fn step(&self, one: &Written, at: At, day: &[Call], start: Instant) -> At {
        match at {
            At::Waiting if self.is_time(one, day, start) && self.has_called(one, day).await => {
                one.show(&self.uis, self.began, false);
                if one.kind == Kind::Chat { At::Open } else { At::Ended }
            }
            At::Open if self.is_looked_at(one).await => {
                one.show(&self.uis, self.began, true);
                At::Ended
            }
            At::Ended if is_over(&*self.store, one.session()).await => At::Over,
            at => at,
        }
    }

    fn is_time(&self, one: &Written, day: &[Call], start: Instant) -> bool {
        let (Some(speed), Some(first)) = (self.speed, day.first()) else { return true };
        start.elapsed().as_secs_f64() * speed >= into_the_day(first, one.time)
    }

    /// Whether every call of the same client before it is done with.
    async fn has_called(&self, one: &Written, day: &[Call]) -> bool {
        for call in day.iter().filter(|call| call.started().time() < one.time) {
            let same = one.phone.is_some() && call.phone == one.phone;
            if same && !is_over(&*self.store, call_session(call)).await {
                return false;
            }
        }
        true
    }

    /// Whether the server has come as far with an open chat as it can.
    async fn is_looked_at(&self, one: &Written) -> bool {
        let timeline = self.store.timeline(&AccountId::new(ACCOUNT), &one.session()).await;
        let Ok(Some(Timeline { decisions, events, .. })) = timeline else { return false };
        !decisions.is_empty() || (one.contact().is_none() && !events.is_empty())
    }
}

fn call_session(call: &Call) -> SessionKey {
    SessionKey::from(format!("call:{}", call.session))
}
