//! The operator workplace on a page of RetailCRM: who may open it, and what an operator may see.
//!
//! Goes in: what the page's script says through RetailCRM (`clientId`, user, e-mail), tickets and tokens that a browser
//! shows, and what the store and RetailCRM know. Comes out: a one-time ticket, a token for an open page, and the
//! conversations, the client and the orders of that operator and of nobody else.
//!
//! | file | what it does |
//! | --- | --- |
//! | `embed` | what is registered in RetailCRM, and the script that is run there |
//! | `ticket` | one-time tickets, in memory |
//! | `token` | tokens of open pages, sealed with a key of the module |
//! | `recent` | the latest conversations of the account, and whose they are |
//! | `card` | the client and the orders of a conversation, asked of RetailCRM and kept for a moment |
//! | `refusal` | why something is refused, in words |
//! | `desk` | all of it for one account |
//!
//! Leaves to others: requests and pages (`http`), the settings (`config`), sending the registration (`module`).
//!
//! There are no cookies: inside RetailCRM they would be those of a third party, which browsers block.

mod card;
mod desk;
mod embed;
mod recent;
mod refusal;
mod ticket;
mod token;

pub use card::{Card, OrderOf};
pub use desk::{Desk, DeskParts, Opened, Operator};
pub use embed::{EMBED_JS, EMBED_PATH, PAGE_CSS, PAGE_CSS_PATH, PAGE_JS, PAGE_JS_PATH, PATH, embedded};
pub use recent::Brief;
pub use refusal::Refusal;
pub(crate) use token::account_of;
