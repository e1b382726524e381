//! Orders of RetailCRM as deals of UIS.
//!
//! Goes in: marks that an order has changed, from triggers (`http`) and from the history of orders. Comes out: funnels,
//! contacts and histories of deals in UIS, in step with the CRM. The mark says only *that* something changed; what is so now is
//! read, and what was so meanwhile is told by the history.
//!
//! | file | what it does |
//! | --- | --- |
//! | `desk` | one account: when to do what, and how it stands |
//! | `history` | what no trigger told, and each change of status with its own time |
//! | `recent` | rows of the history that are read again, because an earlier one may show late |
//! | `turn` | orders that are due: read, decided, sent, settled |
//! | `known` | what UIS has of an order where that is not known here, and what is forgotten |
//! | `order` | an order in the words of the rules |
//! | `stages` | which stage a status is, and which stages an order went through |
//! | `rows` | the rows of one deal |
//! | `funnels`, `parties` | what must be in UIS before rows can name it |
//! | `upload` | batches that are taken whole or not at all, cut in halves until the bad one is alone |
//! | `memory`, `reason` | what is kept of an order: what UIS accepted last, and why it waits |
//!
//! Limits: a stage never goes back in time; nothing is later than now; a bad order never holds another.

mod asked;
mod clock;
mod desk;
mod funnels;
mod history;
mod item;
mod known;
mod memory;
mod order;
mod parties;
mod reason;
mod recent;
mod rows;
mod settle;
mod stages;
mod status;
mod trouble;
mod turn;
mod upload;

pub use desk::{Desk, DeskParts};
pub use memory::{Last, Memory};
pub use reason::Reason;
pub use status::Status;
