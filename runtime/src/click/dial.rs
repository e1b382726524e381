//! Taking clicks, calling, writing down what became of it, telling the user.
//!
//! The protocol of a click: kept by the intake (*waiting*); whoever makes it *dialling* asks UIS, once; *started*, *refused*
//! or *unknown* is written down. A crash in between leaves it at *dialling*, which the next start reads as *unknown*. What is
//! unknown becomes *started* when a notification of its call comes, and is never asked for again: the one exception is a
//! request of which no byte left, which is sent again while the click is fresh.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use switchboard_grammar::lang::Lang;
use tokio::task::JoinSet;

use super::pace::Pace;
use super::reason::{Outcome, Reason};
use super::wanted::Wanted;
use crate::clock::Clock;
use crate::config::ClickToCall;
use crate::crm::{self, Class, Notice, Priority, Urgency};
use crate::directory::{Directory, Snapshot};
use crate::module::Module;
use crate::observe::{CLICK_SECONDS, CLICKS, mask_text};
use crate::source::retailcrm::ClickAsked;
use crate::source::uis::session_key;
use crate::store::record::{Click, ClickId, ClickProgress, ClickState, Json, NoticeState, SessionKey};
use crate::store::{Store, StoreError};
use crate::uis::{CallApi, CallEmployee, StartCall, UisError};
use crate::worker::Rules;

/// Calls of one account that are begun at once; each takes as long as UIS takes to answer.
const AT_ONCE: usize = 16;
/// How often to look for clicks that no hint told of.
const POLL: Duration = Duration::from_secs(1);
/// How long to wait before a request that did not leave is sent again.
const AGAIN: Duration = Duration::from_millis(300);
/// A notice that is older is not sent.
const NOTICE_AGE: Duration = Duration::from_secs(10 * 60);
/// Tries to send a notice.
const NOTICE_TRIES: u32 = 3;
/// How what we call a call begins.
const EXTERNAL_ID: &str = "click-";

/// What a dialler works with.
#[derive(Debug)]
pub struct DiallerSettings {
    /// The module whose clicks these are.
    pub module: Arc<Module>,
    /// How clicks are turned into calls.
    pub settings: ClickToCall,
    /// Where calls are begun.
    pub calls: CallApi,
    /// Where users are told.
    pub crm: crm::Client,
    /// The account's people.
    pub directory: Arc<Directory>,
    /// The account's rules.
    pub rules: Arc<dyn Rules>,
    /// Where clicks are kept.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// The dialler of one account.
#[derive(Debug)]
pub struct Dialler {
    of: DiallerSettings,
    pace: Mutex<Pace>,
}

/// What we call the call of a click.
fn external_id(click: &Click) -> String {
    format!("{EXTERNAL_ID}{}-{}", click.id, click.received_at.as_second())
}

/// The click that a call's external id speaks of: its number and the second in which it came.
pub fn click_of(external_id: &str) -> Option<(ClickId, i64)> {
    let (id, second) = external_id.strip_prefix(EXTERNAL_ID)?.split_once('-')?;
    Some((ClickId(id.parse().ok()?), second.parse().ok()?))
}

impl Dialler {
    /// A dialler; nothing is dialled yet.
    pub fn new(of: DiallerSettings) -> Self {
        let pace =
            Pace::new(of.settings.per_minute_user.as_usize(), of.settings.per_minute_account.as_usize());
        Self { of, pace: Mutex::new(pace) }
    }

    /// Dials until the module is retired, and then ends what it has begun. Dropping the future is as safe as a crash.
    pub async fn run(self: Arc<Self>) {
        self.bury().await;
        let mut under_way: JoinSet<ClickId> = JoinSet::new();
        let mut busy: Vec<ClickId> = Vec::new();
        while !self.of.module.is_retired() {
            let clicks = match self.of.store.unfinished_clicks(self.of.module.account()).await {
                Ok(clicks) => clicks,
                Err(error) => {
                    tracing::warn!(account = %self.of.module.account(), %error, "clicks cannot be read");
                    Vec::new()
                }
            };
            for click in clicks.into_iter().filter(|click| click.state != ClickState::Dialling) {
                if !busy.contains(&click.id) && busy.len() < AT_ONCE {
                    busy.push(click.id);
                    let dialler = Arc::clone(&self);
                    under_way.spawn(async move {
                        let id = click.id;
                        dialler.handle(click).await;
                        id
                    });
                }
            }
            let poll = later(self.of.clock.now(), POLL);
            tokio::select! {
                () = self.of.module.clicked.notified() => {}
                () = self.of.clock.sleep_until(poll) => {}
                Some(ended) = under_way.join_next() => match ended {
                    Ok(id) => busy.retain(|known| *known != id),
                    // One that broke is not taken up again before the next start.
                    Err(error) => tracing::error!(%error, "dialling broke"),
                },
            }
        }
        while under_way.join_next().await.is_some() {}
    }

    /// Clicks that were being dialled when the process before ended: nobody knows what became of them.
    async fn bury(&self) {
        let clicks = self.of.store.unfinished_clicks(self.of.module.account()).await.unwrap_or_default();
        for click in clicks.iter().filter(|click| click.state == ClickState::Dialling) {
            let outcome = Outcome { reason: Some(Reason::Unknown), ..nothing() };
            self.finish(click, ClickState::Unknown, &outcome, None).await;
        }
    }

    async fn handle(&self, click: Click) {
        let asked: ClickAsked = match click.request.read() {
            Ok(asked) => asked,
            Err(error) => {
                tracing::error!(click = %click.id, %error, "a click cannot be read");
                return self.refuse(&click, Reason::BadPhone, nothing()).await;
            }
        };
        if click.state == ClickState::Waiting {
            self.dial(&click, &asked).await;
        }
        self.tell(click.id, &asked).await;
    }

    async fn dial(&self, click: &Click, asked: &ClickAsked) {
        let wanted = match self.wanted(click, asked).await {
            Ok(wanted) => wanted,
            Err(reason) => return self.refuse(click, reason, nothing()).await,
        };
        let outcome = Outcome {
            reason: None,
            employee: Some(wanted.employee),
            number: Some(wanted.number.to_string()),
            number_from: Some(wanted.number_from),
        };
        let permitted = {
            let mut pace = self.pace.lock().unwrap_or_else(PoisonError::into_inner);
            pace.permit(wanted.employee, self.of.clock.now())
        };
        if !permitted {
            return self.refuse(click, Reason::TooMany, outcome).await;
        }
        match self.of.store.take_click(click.id, self.of.clock.now()).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                // It is as it was, or will be found being dialled: either way nothing was asked of UIS.
                tracing::warn!(click = %click.id, %error, "click was not taken");
                return self.of.clock.sleep_until(later(self.of.clock.now(), AGAIN)).await;
            }
        }
        match self.call(click, &wanted).await {
            Ok(session) => {
                let key = session_key(session);
                tracing::info!(account = %click.account, click = %click.id, session = %key, "call was begun");
                self.finish(click, ClickState::Started, &outcome, Some(key)).await;
                let account = click.account.as_str().to_owned();
                let took = self.of.clock.now().duration_since(click.received_at).as_secs_f64().max(0.0);
                metrics::histogram!(CLICK_SECONDS.name, "account" => account).record(took);
            }
            Err(error) => {
                let reason = Reason::of(&error);
                let state = if reason == Reason::Unknown { ClickState::Unknown } else { ClickState::Refused };
                self.finish(click, state, &Outcome { reason: Some(reason), ..outcome }, None).await;
            }
        }
    }

    /// Who is to be called; waits a moment for a directory that is being listed.
    async fn wanted(&self, click: &Click, asked: &ClickAsked) -> Result<Wanted, Reason> {
        let directory = loop {
            if self.is_stale(click) {
                return Err(Reason::Stale);
            }
            if !self.of.module.works().await.unwrap_or(true) {
                return Err(Reason::Paused);
            }
            match self.of.directory.current() {
                Ok(directory) => break directory,
                Err(_) if self.is_stale_after(click, AGAIN) => return Err(Reason::NotReady),
                Err(_) => self.of.clock.sleep_until(later(self.of.clock.now(), AGAIN)).await,
            }
        };
        let rules = self.of.rules.in_force();
        let wanted = |directory: &Snapshot| {
            let prefixes = &self.of.settings.allowed_prefixes;
            Wanted::of(asked, prefixes, directory, rules.as_deref(), self.of.clock.now())
        };
        match wanted(&directory) {
            // Somebody may have been hired since the last listing; only that takes a little.
            Err(Reason::Unsynchronised) => {
                self.of.directory.refresh().await;
                match self.of.directory.current() {
                    Ok(_) if self.is_stale(click) => Err(Reason::Unsynchronised),
                    Ok(directory) => wanted(&directory),
                    Err(_) => Err(Reason::Unsynchronised),
                }
            }
            wanted => wanted,
        }
    }

    /// Asks UIS for the call; again only when the request did not leave, and only while the click is fresh.
    async fn call(&self, click: &Click, wanted: &Wanted) -> Result<u64, UisError> {
        let settings = &self.of.settings;
        let hears = settings.employee_hears_ringing.then_some(true);
        let call = StartCall {
            virtual_phone_number: wanted.number.digits().to_string(),
            show_virtual_phone_number: settings.employee_sees_virtual_number,
            contact: wanted.contact.digits().to_string(),
            employee: CallEmployee { id: wanted.employee },
            external_id: external_id(click),
            switch_at_once: hears,
            early_switching: hears,
        };
        loop {
            match self.of.calls.start_employee_call(&call).await {
                Err(UisError::NotSent(_)) if !self.is_stale_after(click, AGAIN) => {
                    self.of.clock.sleep_until(later(self.of.clock.now(), AGAIN)).await;
                }
                result => return result,
            }
        }
    }

    fn is_stale(&self, click: &Click) -> bool {
        self.is_stale_after(click, Duration::ZERO)
    }

    fn is_stale_after(&self, click: &Click, wait: Duration) -> bool {
        let age = self.of.clock.now().duration_since(click.received_at).unsigned_abs();
        age + wait > self.of.settings.max_age
    }

    async fn refuse(&self, click: &Click, reason: Reason, outcome: Outcome) {
        self.finish(click, ClickState::Refused, &Outcome { reason: Some(reason), ..outcome }, None).await;
    }

    /// Writes down what became of a click; the user is to be told unless a call was begun.
    async fn finish(&self, click: &Click, state: ClickState, outcome: &Outcome, session: Option<SessionKey>) {
        let name = outcome.reason.as_ref().map_or("started", Reason::name);
        let account = click.account.as_str().to_owned();
        metrics::counter!(CLICKS.name, "account" => account, "outcome" => name).increment(1);
        if state != ClickState::Started {
            tracing::warn!(account = %click.account, click = %click.id, reason = name, "click is no call");
        }
        let notice = if state == ClickState::Started { NoticeState::None } else { NoticeState::Due };
        self.write(ClickProgress { id: click.id, state, notice, session, outcome: json(outcome) }).await;
    }

    async fn write(&self, progress: ClickProgress) {
        let id = progress.id;
        loop {
            match self.of.store.put_click(progress.clone(), self.of.clock.now()).await {
                Ok(()) => return,
                Err(StoreError::NotFound { .. } | StoreError::Closed | StoreError::Refused { .. }) => return,
                Err(error) => {
                    tracing::error!(click = %id, %error, "what became of a click was not written down");
                    self.of.clock.sleep_until(later(self.of.clock.now(), POLL)).await;
                }
            }
        }
    }

    /// Tells the user why there is no call. Told twice is better than not at all, so what is not written down is
    /// told again.
    async fn tell(&self, id: ClickId, asked: &ClickAsked) {
        let clicks = self.of.store.unfinished_clicks(self.of.module.account()).await.unwrap_or_default();
        let Some(click) = clicks.into_iter().find(|click| click.id == id) else { return };
        if click.notice != NoticeState::Due {
            return;
        }
        let outcome: Outcome =
            click.outcome.as_ref().and_then(|kept| kept.read().ok()).unwrap_or_else(nothing);
        let state = self.send_notice(&click, asked, &outcome).await;
        let progress =
            ClickProgress { id, state: click.state, notice: state, session: None, outcome: json(&outcome) };
        self.write(progress).await;
    }

    async fn send_notice(&self, click: &Click, asked: &ClickAsked, outcome: &Outcome) -> NoticeState {
        let age = self.of.clock.now().duration_since(click.received_at).unsigned_abs();
        let (Some(user), Some(reason)) = (self.user(asked), &outcome.reason) else {
            return NoticeState::Failed;
        };
        if age > NOTICE_AGE {
            return NoticeState::Failed;
        }
        let lang = match self.of.directory.current().ok().as_ref().and_then(|known| known.language()) {
            Some("ru") | None => Lang::Ru,
            Some(_) => Lang::En,
        };
        let head = lang.pick("Call to", "Звонок на");
        let message = format!("{head} {}: {}", asked.phone, reason.text().get(lang));
        let notice = Notice { kind: "api.error", message, user_groups: Vec::new(), user_ids: vec![user] };
        for again in 0..NOTICE_TRIES {
            let urgency = Urgency { priority: Priority::Live, again: again > 0 };
            match self.of.crm.send_notice(&notice, urgency).await {
                Ok(()) => return NoticeState::Sent,
                Err(error) => {
                    let shown = mask_text(&error.to_string());
                    tracing::warn!(account = %click.account, click = %click.id, error = shown, "user was not told");
                    if !matches!(error.class(), Class::Retry | Class::Unknown) {
                        return NoticeState::Failed;
                    }
                }
            }
            self.of.clock.sleep_until(later(self.of.clock.now(), POLL)).await;
        }
        NoticeState::Failed
    }

    /// The user who clicked.
    fn user(&self, asked: &ClickAsked) -> Option<u64> {
        if asked.user.is_some() {
            return asked.user;
        }
        let directory = self.of.directory.current().ok()?;
        let employee = directory.employee_by_extension(asked.code.as_deref()?)?;
        directory.employee(employee).map(|matched| matched.user)
    }
}

const fn nothing() -> Outcome {
    Outcome { reason: None, employee: None, number: None, number_from: None }
}

fn json(outcome: &Outcome) -> Json {
    Json::of(outcome).unwrap_or_else(|_| Json::from_text("{}".to_owned()))
}

fn later(now: Timestamp, wait: Duration) -> Timestamp {
    let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
    now.saturating_add(wait).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_external_id_leads_back_to_its_click() {
        assert_eq!(click_of("click-17-1700000000"), Some((ClickId(17), 1_700_000_000)));
        for other in ["", "rcrm-1", "click-", "click-1", "click-x-1", "click-1-", "17-1700000000"] {
            assert_eq!(click_of(other), None, "{other}");
        }
    }
}
