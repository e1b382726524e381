//! Carrying one effect out.
//!
//! Two steps, both told apart by what they may change. [`look`] only reads: it finds out whether what is wanted is there
//! already, before the first request and after one whose answer was lost. [`send`] sends the one request that changes
//! something. Between them the worker commits that a request is about to leave; nothing here commits.

use super::request::{Request, Stored};
use super::verdict::{Done, Trouble};
use super::world::{Needed, World};
use super::{
    attach, call, client, contact, fields_write, join, manager, order, reached, records, task, transcript,
};

/// What a look found.
#[derive(Debug, Clone, PartialEq)]
pub enum Look {
    /// There is nothing left to do.
    Done(Done),
    /// It is not there.
    Absent,
    /// Nobody who is to do it is a user of the CRM, as far as the directory knows.
    NobodyKnown {
        /// Who was asked for.
        error: String,
    },
}

/// Looks whether what is wanted is there.
///
/// # Errors
///
/// [`Trouble`] when that could not be found out.
pub async fn look(world: &World<'_>, stored: &Stored, needed: &Needed) -> Result<Look, Trouble> {
    match &stored.request {
        Request::EnsureClient(wanted) => client::look(world, wanted, &stored.sent).await,
        Request::EnsureOrder(wanted) => order::look(world, wanted, &stored.sent, needed).await,
        Request::JoinOrder(wanted) => join::look(world, wanted).await,
        Request::EnsureTask(wanted) => task::look(world, wanted, &stored.sent).await,
        Request::WriteFields(wanted) => fields_write::look(world, wanted, needed).await,
        Request::UploadCall(wanted) => Ok(call::look(wanted)),
        Request::CompleteTask(wanted) => reached::look(world, wanted, &stored.sent, needed).await,
        Request::NoteRecords(wanted) => records::look(world, wanted, &stored.sent, needed).await,
        Request::SetManager(wanted) => manager::look(world, wanted, &stored.sent, needed).await,
        Request::CompleteContact(wanted) => contact::look(world, wanted, needed).await,
        Request::NoteTranscript(wanted) => transcript::look(world, wanted, &stored.sent, needed).await,
        Request::UploadTranscript(wanted) => attach::look_upload(world, wanted, &stored.sent, needed).await,
        Request::AttachFile(wanted) => Ok(attach::look(wanted, needed)),
        // Nothing that RetailCRM could be asked.
        Request::AwaitPerson(wanted) => Err(Trouble::Dead { error: wanted.reason.clone() }),
    }
}

/// Sends the request. `stored` learns from refusals; it is to be kept with the outcome.
///
/// # Errors
///
/// [`Trouble`] when it was not done, or may not have been.
pub async fn send(world: &World<'_>, stored: &mut Stored, needed: &Needed) -> Result<Done, Trouble> {
    let Stored { request, sent, .. } = stored;
    match request {
        Request::EnsureClient(wanted) => client::send(world, wanted, sent).await,
        Request::EnsureOrder(wanted) => order::send(world, wanted, sent, needed).await,
        Request::JoinOrder(wanted) => join::send(wanted),
        Request::EnsureTask(wanted) => task::send(world, wanted, needed).await,
        Request::WriteFields(wanted) => fields_write::send(world, wanted, needed).await,
        Request::UploadCall(wanted) => call::send(world, wanted).await,
        Request::CompleteTask(wanted) => reached::send(world, wanted, needed).await,
        Request::NoteRecords(wanted) => records::send(world, wanted, needed).await,
        Request::SetManager(wanted) => manager::send(world, wanted, needed).await,
        Request::CompleteContact(wanted) => contact::send(world, wanted, needed).await,
        Request::NoteTranscript(wanted) => transcript::send(world, wanted, needed).await,
        Request::UploadTranscript(wanted) => attach::upload(world, wanted, needed).await,
        Request::AttachFile(wanted) => attach::send(world, wanted, needed).await,
        Request::AwaitPerson(wanted) => Err(Trouble::Dead { error: wanted.reason.clone() }),
    }
}
