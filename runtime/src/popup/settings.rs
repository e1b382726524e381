//! What pop-ups are made with.

use std::sync::Arc;
use std::time::Duration;

use crate::config;
use crate::worker::Account;

/// When pop-ups are shown and how long they may last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PopUpSettings {
    /// Whether incoming calls have one.
    pub incoming: bool,
    /// Whether outgoing calls have one.
    pub outgoing: bool,
    /// How old a ring may be when its pop-up is sent; an older one is not shown.
    pub max_age: Duration,
    /// After how much silence a pop-up of a call that only rings is taken off.
    pub sweep: Duration,
}

/// One account with pop-ups.
#[derive(Debug, Clone)]
pub struct PopUpAccount {
    /// The account.
    pub account: Arc<Account>,
    /// Its pop-ups.
    pub settings: PopUpSettings,
}

impl From<&config::PopUp> for PopUpSettings {
    fn from(popup: &config::PopUp) -> Self {
        Self {
            incoming: popup.incoming,
            outgoing: popup.outgoing,
            max_age: popup.max_age,
            sweep: popup.sweep,
        }
    }
}
