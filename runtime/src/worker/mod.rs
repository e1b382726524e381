//! The work behind the inbox: events become communications, communications decisions, decisions effects, and effects are
//! carried out.
//!
//! Goes in: a store, a clock, rules, and the clients of each account. Comes out: what the rules say, in RetailCRM, once.
//! A worker owns a lane while it works on it; everything it does is committed before and after each request, so that
//! another worker, or this one after a crash, can go on from any point.
//!
//! | file | what it does |
//! | --- | --- |
//! | `pool` | claims lanes and runs a turn for each, a bounded number at once |
//! | `turn` | one turn of one lane: all that can be done now, in order |
//! | `keeper` | keeps the lease, and says whether there is time for a request |
//! | `ingest` | events into communications |
//! | `judge` | communications into decisions and planned effects |
//! | `late` | recordings that become known after the upload |
//! | `written` | the same for chats and requests, which may be decided more than once |
//! | `marketing` | whether a call waits for what only the report of UIS tells |
//! | `reach` | tasks that are to be done when the client is reached |
//! | `facts` | what the CRM knows about a contact |
//! | `asked` | what policies need to know beyond that |
//! | `statuses` | the statuses of orders, remembered for a while |
//! | `deliver` | effects into requests |
//! | `settle` | what became of an effect, written down |
//! | `resume` | looks whether a stopped account can be used again |
//! | `backoff` | when to try again |
//! | `sweep` | takes away what is finished and old |

mod account;
mod asked;
mod backoff;
mod deliver;
mod facts;
mod ingest;
mod judge;
mod keeper;
mod late;
mod marketing;
mod measure;
mod pool;
mod reach;
mod resume;
mod settings;
mod settle;
mod statuses;
mod sweep;
mod turn;
mod waiting;
mod written;

pub use account::{Account, Rules};
pub use backoff::Backoff;
pub(crate) use judge::{AFTER_END, AFTER_RECORD};
pub(crate) use marketing::{FIELDS as REPORT_FIELDS, NO_MARKETING_DATA};
pub use pool::{Pool, PoolError};
pub use settings::WorkerSettings;
pub use sweep::{Keep, sweep};
pub(crate) use written::WHILE_OPEN;
