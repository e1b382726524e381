//! What can be seen of a running server: its log, its figures, and what must be seen of neither.
//!
//! Knows the settings of the log; leaves to others what is worth saying.

mod figures;
mod log;
mod mask;
mod personal;
mod table;

pub use figures::{Figures, FiguresError};
pub use log::{LogError, init, subscriber};
pub use mask::{mask_email, mask_name, mask_phone, mask_text};
pub use personal::Personal;
pub(crate) use table::{
    ACCOUNT_STOPPED, CALLBACKS, CHAT_CALLBACKS, CLICK_SECONDS, CLICKS, COMMUNICATIONS, CONNECTIONS,
    CONNECTIONS_REFUSED, DEAL_HISTORY_ROWS, DEAL_ORDERS, DEAL_PROCESSING, DEAL_ROWS, DEAL_TRIGGERS,
    DEAL_UPLOADS, DEALS, EFFECTS, EVENTS, FAILED_DELIVERIES, FORWARD_ANSWERS, FORWARD_SECONDS, INGEST,
    INGEST_REFUSED, INGEST_SECONDS, MARKETING, MARKETPLACE, MODULE_REGISTRATIONS, OLDEST_EVENT,
    POPUP_SECONDS, POPUPS, REPORT_LAG, REPORT_POLLS, REPORT_ROWS, REQUESTS, RULES_RELOADS, RULES_STALE,
    RULINGS, SHADOW, SHADOW_RELOADS, SHADOW_SECONDS, SHADOW_STALE, UIS_DEFERRED, UIS_POINTS, UNPARSED,
    UPLOAD_CALLS, WORKPLACE,
};
pub use table::{ALL, Kind, Metric, metrics_page};
