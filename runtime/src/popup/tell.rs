//! Telling RetailCRM: who is to see a call, and who is to see it no longer.
//!
//! Showing: a commit that these users may see it, the request, and a commit when the answer says otherwise or leaves it
//! open. A request that certainly did not leave is repeated while the ring is young; one whose answer was lost counts as
//! seen. Taking off is repeated until RetailCRM has heard it, less and less often.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::card::{Card, Gone, Why};
use super::change::Ring;
use super::eye::{Eye, later};
use crate::clock::Clock;
use crate::communication::Merged;
use crate::crm::{CallEvent, Campaign, Class, CrmError, Hangup, Priority, Urgency, WebAnalytics};
use crate::effect::key::call_external_id;
use crate::observe::POPUP_SECONDS;
use crate::outbound::SendGuard;
use crate::source::uis::Direction;
use crate::store::StoreError;
use crate::worker::Backoff;

/// The longest wait before taking off is tried again.
const LONGEST_WAIT: Duration = Duration::from_secs(5 * 60);

/// What happened to a request that shows.
pub(super) enum Shown {
    /// It was answered, or will not be tried again.
    Done,
    /// It did not leave, and may yet.
    Retry,
}

/// Lets a request leave only while the ring is young.
#[derive(Debug)]
struct Young {
    clock: Arc<dyn Clock>,
    until: Timestamp,
}

impl SendGuard for Young {
    fn may_send(&self, _life: Duration) -> bool {
        self.clock.now() <= self.until
    }
}

impl Eye<'_> {
    /// Shows it to users.
    pub(super) async fn show(&mut self, rings: BTreeMap<u64, Ring>) -> Result<Shown, StoreError> {
        let Some((heard, youngest)) =
            rings.values().map(|ring| ring.heard).min().zip(rings.values().map(|ring| ring.heard).max())
        else {
            return Ok(Shown::Done);
        };
        let (rejected, site) = self.rules(heard);
        if rejected {
            self.miss_all(rings, Why::Rejected);
            return Ok(Shown::Done);
        }
        let before = self.card.clone();
        let now = self.core.clock.now();
        for (user, ring) in &rings {
            self.card.show(*user, ring.employees.clone(), ring.heard, now);
        }
        // From here on somebody may see it, whatever happens to this process.
        if !self.write().await? {
            return Ok(Shown::Done);
        }
        let kind = match self.merged.direction {
            Direction::In => "in",
            Direction::Out => "out",
        };
        let told = CallEvent {
            web_analytics_data: analytics(&self.merged),
            external_phone: self.merged.virtual_number.as_ref().map(|number| digits(number)),
            site: Some(site),
            ..self.event(kind, rings.keys().copied().collect())
        };
        let until = later(youngest, self.served.settings.max_age);
        let young = Young { clock: Arc::clone(&self.core.clock), until };
        let crm = self.served.account.crm.guarded(Arc::new(young));
        let answer = crm.call_event(&told, Urgency::first(Priority::Live)).await;
        self.settle_shown(kind, before, &rings, heard, until, answer).await
    }

    async fn settle_shown(
        &mut self,
        kind: &'static str,
        before: Card,
        rings: &BTreeMap<u64, Ring>,
        heard: Timestamp,
        until: Timestamp,
        answer: Result<Vec<u64>, CrmError>,
    ) -> Result<Shown, StoreError> {
        let error = match answer {
            Ok(unknown) => {
                let waited = self.core.clock.now().duration_since(heard).unsigned_abs();
                let account = self.called.account.as_str().to_owned();
                metrics::histogram!(POPUP_SECONDS.name, "account" => account).record(waited);
                self.count(kind, "shown", rings.len().saturating_sub(unknown.len()));
                self.count(kind, "stranger", unknown.len());
                if !unknown.is_empty() {
                    let now = self.core.clock.now();
                    for user in unknown {
                        if let Some(seen) = self.card.seen.get_mut(&user) {
                            seen.take_off(Gone::Nothing, now);
                        }
                    }
                    self.write().await?;
                }
                return Ok(Shown::Done);
            }
            Err(error) => error,
        };
        self.log(&error, "pop-up was not shown");
        if error.may_have_happened() {
            self.count(kind, "unknown", rings.len());
            let asked = self.card.seen.iter_mut().filter(|(user, _)| rings.contains_key(user));
            asked.for_each(|(_, seen)| seen.unsure = true);
            self.write().await?;
            return Ok(Shown::Done);
        }
        self.card = before;
        if !self.write().await? {
            return Ok(Shown::Done);
        }
        let is_late = error == CrmError::TooLate || self.core.clock.now() > until;
        if error.class() == Class::Retry && !is_late {
            return Ok(Shown::Retry);
        }
        self.miss_all(rings.clone(), if is_late { Why::Old } else { Why::Failed });
        Ok(Shown::Done)
    }

    /// Takes it from users.
    pub(super) async fn take(&mut self, users: BTreeMap<u64, Gone>) -> Result<(), StoreError> {
        let mut by_end: BTreeMap<Gone, Vec<u64>> = BTreeMap::new();
        for (user, gone) in users {
            by_end.entry(gone).or_default().push(user);
        }
        let urgency = Urgency { priority: Priority::Hide, again: self.card.failed > 0 };
        for (gone, users) in by_end {
            let told = CallEvent { hangup_status: Some(hangup(gone)), ..self.event("hangup", users.clone()) };
            let outcome = match self.served.account.crm.call_event(&told, urgency).await {
                Ok(_) => "taken_off",
                Err(error) => {
                    self.log(&error, "pop-up was not taken off");
                    self.card.failed += 1;
                    let tries = Backoff::tries_within(self.core.horizon);
                    if error.class() != Class::Permanent && self.card.failed < tries {
                        self.count("hangup", "retry", users.len());
                        let wait = self.core.backoff.after(self.card.failed).min(LONGEST_WAIT);
                        self.card.again_at = Some(later(self.core.clock.now(), wait));
                        self.write().await?;
                        return Ok(());
                    }
                    "given_up"
                }
            };
            self.count("hangup", outcome, users.len());
            let now = self.core.clock.now();
            for user in users {
                if let Some(seen) = self.card.seen.get_mut(&user) {
                    seen.take_off(gone, now);
                }
            }
        }
        (self.card.failed, self.card.again_at) = (0, None);
        self.write().await?;
        Ok(())
    }

    fn event(&self, kind: &'static str, user_ids: Vec<u64>) -> CallEvent {
        CallEvent {
            phone: self.card.phone.clone(),
            kind,
            user_ids,
            hangup_status: None,
            site: None,
            external_phone: None,
            call_external_id: call_external_id(&self.called.session),
            web_analytics_data: None,
        }
    }
}

/// The words of the reference, section 5.1.
fn hangup(gone: Gone) -> Hangup {
    match gone {
        Gone::Answered => Hangup::Answered,
        Gone::NoAnswer => Hangup::NoAnswered,
        Gone::Busy => Hangup::Busy,
        Gone::Cancelled => Hangup::Cancel,
        Gone::Failed | Gone::Nothing => Hangup::Failed,
    }
}

/// The advertising data that a ring knows of.
fn analytics(merged: &Merged) -> Option<WebAnalytics> {
    let values = &merged.values;
    let campaign = values.campaign_name.clone().or_else(|| values.utm_campaign.clone());
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in [
        ("utm_source", &values.utm_source),
        ("utm_medium", &values.utm_medium),
        ("utm_campaign", &values.utm_campaign),
        ("utm_content", &values.utm_content),
        ("utm_term", &values.utm_term),
    ] {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    let query_string = Some(query.finish()).filter(|query| !query.is_empty());
    if campaign.is_none() && query_string.is_none() {
        return None;
    }
    // UIS tells no code of a campaign, so its name stands for both.
    let campaign = campaign.map(|name| Campaign { code: name.clone(), name });
    Some(WebAnalytics { campaign, query_string })
}

fn digits(number: &str) -> String {
    number.trim_start_matches('+').to_owned()
}
