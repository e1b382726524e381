//! UIS: Data API v2.0, Call API v4.0, and the sender of HTTP notifications.
//!
//! One file a resource under `data/` and `call/`; a new resource is a new file with its own list of methods, named once
//! in that folder's `mod.rs`. What a call goes through before its method is in `service`; what all lists share is in
//! `list` and `filter`; calls that are played are in `play/`.

mod call;
mod data;
mod deals;
mod filter;
mod handle;
mod interactive;
mod list;
mod method;
mod params;
mod play;
mod points;
mod rpc;
mod seed;
mod service;
mod state;

pub use handle::Uis;
pub use interactive::{AskBy, Asked, Asking, Next};
pub use play::{CallScript, Direction, Notification, Played, Quirk, Transfer};
pub use seed::DEFAULT_NOTIFICATION_KEY;
pub use service::UisApi;
pub(crate) use service::{CALL_PATH, DATA_PATH, again};
pub(crate) use state::UisState;
pub use state::{Campaign, Employee, Named, Site, Token, VirtualNumber};
