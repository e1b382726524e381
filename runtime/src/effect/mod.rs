//! What can be done to RetailCRM, and to the address book of UIS, each so that it can be repeated.
//!
//! Goes in: a decision. Comes out: a plan of effects ([`plan`]), each of which can be carried out in steps
//! ([`look`], [`send`]) that survive a crash, a lost answer and a second try between any two of them.
//! Leaves to others: when a step is taken, and writing down what came of it (`worker`).

mod attach;
mod call;
mod client;
mod contact;
mod fields;
mod fields_write;
mod find;
mod join;
pub mod key;
mod manager;
mod note;
mod order;
pub mod plan;
pub mod plan_later;
pub mod plan_transcript;
pub mod plan_written;
mod reached;
mod records;
mod request;
mod request_chat;
mod run;
mod task;
mod transcript;
mod verdict;
mod view;
mod world;

pub use fields::{Converted, DropReason, Dropped, MAX_STRING_CHARS, MAX_TEXT_CHARS, convert};
pub use find::{KnownClient, find, find_by};
pub(crate) use manager::superseded;
pub use request::{
    Assignee, AwaitPerson, CompleteTask, EnsureClient, EnsureOrder, EnsureTask, JoinOrder, Need, NoteRecords,
    Origin, Request, Sent, SetManager, Stored, StoredError, UploadCall, Whose, WriteFields,
};
pub use request_chat::{AttachFile, CompleteContact, NoteTranscript, UploadTranscript};
pub use run::{Look, look, send};
pub use verdict::{Done, Trouble};
pub use world::{Needed, World};
