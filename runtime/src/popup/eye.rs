//! One call under the eye: what was heard of it, what is kept of its pop-up, and what the rules say so far.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use smol_str::SmolStr;
use switchboard_engine::facts::Facts;
use switchboard_engine::moment::Moment;

use super::bell::Called;
use super::card::{Card, NotShown, Whose, Why};
use super::change::Ring;
use super::look::Core;
use super::settings::PopUpAccount;
use crate::communication::{Call, Contact, Merged, event};
use crate::crm::CrmError;
use crate::observe::{POPUPS, mask_text};
use crate::rulings::{Answer, Asked};
use crate::scripts::at_length;
use crate::source::uis::{Decoded, Stored, decode};
use crate::store::StoreError;
use crate::store::record::{Event, Json, PopUp};

/// Who does not see it, so that each ring is counted once.
pub(super) type Missed = BTreeMap<Whose, NotShown>;

/// A call under the eye.
pub(super) struct Eye<'a> {
    pub(super) core: &'a Core,
    pub(super) served: &'a PopUpAccount,
    pub(super) called: &'a Called,
    pub(super) missed: &'a mut Missed,
    pub(super) call: Call,
    pub(super) merged: Merged,
    /// The version of the row, and what it says.
    pub(super) version: u64,
    pub(super) card: Card,
    /// Whether the card says something that is not kept yet and that nothing waits for.
    pub(super) is_news: bool,
}

impl Eye<'_> {
    /// Whether the rules turn the call away as far as it is known, and the shop that it belongs to. Without rules it is
    /// shown: nobody has said otherwise.
    pub(super) fn rules(&self, now: Timestamp) -> (bool, String) {
        let account = &self.served.account;
        let directory = account.directory.current().ok();
        let email = |id: u64, _: Option<&crate::communication::Employee>| {
            directory.as_ref().and_then(|all| Some(all.employee(id)?.email.clone()))
        };
        let offset = directory.as_ref().map_or(jiff::tz::Offset::UTC, |all| all.zones().crm.to_offset(now));
        let event = event(&self.merged, Contact::First, &email).ok();
        let Some((rules, event)) = account.rules.in_force().zip(event) else {
            return (false, account.site.clone());
        };
        let now = Moment::new(now, offset);
        let early = at_length(&rules, || rules.early(&event, now));
        let site = early.store.as_ref().map_or_else(|| account.site.clone(), ToString::to_string);
        let rejected = early.rejected;
        let (subject, facts) = (Some(SmolStr::new(self.called.session.as_str())), Facts::none());
        let asked = Asked { subject, rules, event, facts, now, answer: Answer::PopUp(early) };
        self.core.keeper.keep(&account.id, asked);
        (rejected, site)
    }

    /// Keeps the card; says whether nobody else did meanwhile.
    pub(super) async fn write(&mut self) -> Result<bool, StoreError> {
        let data = Json::of(&self.card).map_err(|source| StoreError::Io { source: source.into() })?;
        let row = PopUp {
            account: self.called.account.clone(),
            session: self.called.session.clone(),
            version: self.version,
            is_open: self.card.is_open(),
            data,
            updated_at: self.core.clock.now(),
        };
        let written = self.core.store.put_popup(row).await?;
        self.version += u64::from(written);
        self.is_news &= !written;
        Ok(written)
    }

    /// Puts back into the card what is known of who does not see it; a write that was overtaken has lost it.
    pub(super) fn remember(&mut self) {
        for missed in self.missed.values() {
            // Seen after all, for a later ring.
            let is_over = match missed.whose {
                Whose::User(user) => self.card.seen.get(&user).is_some_and(|seen| seen.ring >= missed.ring),
                Whose::Employee(_) => false,
            };
            self.is_news |= !is_over && self.card.miss(missed);
        }
    }

    /// Notes that somebody does not see it; a ring is counted once, one of an employee who is no user once a call.
    pub(super) fn miss(&mut self, missed: NotShown) {
        let is_new = match (missed.whose, self.missed.get(&missed.whose)) {
            (Whose::User(_), Some(before)) => before.ring < missed.ring,
            (Whose::Employee(_), Some(_)) => false,
            (_, None) => true,
        };
        if is_new {
            let reason = missed.why.as_str();
            self.count("show", reason, 1);
            tracing::debug!(account = %self.called.account, session = %self.called.session, reason, "no pop-up");
            self.is_news |= self.card.miss(&missed);
            self.missed.insert(missed.whose, missed);
        }
    }

    /// The same of several users.
    pub(super) fn miss_all(&mut self, rings: BTreeMap<u64, Ring>, why: Why) {
        for (user, Ring { employees, heard }) in rings {
            self.miss(NotShown { whose: Whose::User(user), employees, ring: heard, why });
        }
    }

    pub(super) fn count(&self, event: &'static str, outcome: &'static str, users: usize) {
        let (account, users) =
            (self.called.account.as_str().to_owned(), u64::try_from(users).unwrap_or(u64::MAX));
        metrics::counter!(POPUPS.name, "account" => account, "event" => event, "outcome" => outcome)
            .increment(users);
    }

    pub(super) fn log(&self, error: &CrmError, what: &'static str) {
        let error = mask_text(&error.to_string());
        tracing::info!(account = %self.called.account, session = %self.called.session, error, "{what}");
    }
}

/// What the inbox holds of a call.
pub(super) fn heard(events: &[Event]) -> Option<Call> {
    let mut call: Option<Call> = None;
    for event in events {
        let delivery = Stored::unpack(&event.event, &event.content_type, event.body.as_bytes());
        if let Decoded::Notification { notification, .. } = decode(&delivery) {
            let call = call.get_or_insert_with(|| Call::new(notification.session));
            call.hear(*notification, event.received_at);
        }
    }
    call
}

/// A moment so much later.
pub(super) fn later(moment: Timestamp, by: Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    moment.saturating_add(by).unwrap_or(Timestamp::MAX)
}
