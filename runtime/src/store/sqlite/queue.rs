//! What waits to be written: bounded, first come, first served.
//!
//! Takes jobs from any task, gives them to the writer thread. Two bounds for events (number and bytes), at which a
//! caller is refused at once; one for everything else, at which a caller waits. So a flood of events is shed at the
//! door and cannot keep a worker from writing down what it has just done to the world.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError, mpsc, oneshot};

use super::error::same_for_others;
use super::settings::SqliteSettings;
use super::writer::Tx;
use crate::store::StoreError;

/// Something to do inside a transaction, and somebody who waits for the outcome.
pub(super) trait Job: Send {
    /// Does it. On an error, whatever it wrote is taken back; it may then be asked to do it once more.
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<(), Failed>;

    /// Answers: with its own outcome when the transaction was committed, else with why it was not.
    fn answer(self: Box<Self>, transaction: Option<&StoreError>);
}

/// A job did not succeed; it knows itself why.
///
/// Carries what the others are to be told should the failure have ended the whole transaction.
#[derive(Debug)]
pub(super) struct Failed(pub(super) StoreError);

/// What the writer thread takes out of the queue.
pub(super) enum Queued {
    /// A write.
    Job {
        /// What to do.
        job: Box<dyn Job>,
        /// How many bytes of bodies it brings.
        bytes: usize,
        /// Its places in the queue, given back when the writer takes it.
        places: [Option<OwnedSemaphorePermit>; 2],
    },
    /// Empty the write-ahead log.
    Checkpoint {
        /// Whom to tell.
        reply: oneshot::Sender<Result<(), StoreError>>,
    },
    /// Finish and end.
    Stop {
        /// Whom to tell.
        reply: oneshot::Sender<Result<(), StoreError>>,
    },
}

/// The callers' end.
#[derive(Debug)]
pub(super) struct Queue {
    jobs: mpsc::UnboundedSender<Queued>,
    events: Arc<Semaphore>,
    bytes: Arc<Semaphore>,
    work: Arc<Semaphore>,
    max_bytes: usize,
}

struct Call<F, T> {
    work: F,
    outcome: Option<Result<T, StoreError>>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl Queue {
    /// Returns an empty queue and the writer's end of it.
    pub(super) fn new(settings: &SqliteSettings) -> (Self, mpsc::UnboundedReceiver<Queued>) {
        // Unbounded by itself: each job in it holds a place of one of the bounded sets.
        let (jobs, taken) = mpsc::unbounded_channel();
        let set = |places: usize| Arc::new(Semaphore::new(places.min(Semaphore::MAX_PERMITS)));
        let queue = Self {
            jobs,
            events: set(settings.queue_events),
            bytes: set(settings.queue_bytes),
            work: set(settings.queue_work),
            max_bytes: settings.queue_bytes,
        };
        (queue, taken)
    }

    /// Puts in an event of so many bytes and waits for the outcome.
    pub(super) async fn event<T, F>(&self, bytes: usize, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let refused = |error| match error {
            TryAcquireError::NoPermits => StoreError::Full,
            TryAcquireError::Closed => StoreError::Closed,
        };
        let room = u32::try_from(bytes).ok().filter(|_| bytes <= self.max_bytes);
        let Some(room) = room else {
            return Err(StoreError::Refused {
                reason: format!(
                    "event of {bytes} bytes is larger than the whole queue of {} bytes",
                    self.max_bytes
                ),
            });
        };
        let place = Arc::clone(&self.events).try_acquire_owned().map_err(refused)?;
        let room = Arc::clone(&self.bytes).try_acquire_many_owned(room).map_err(refused)?;
        self.put(work, bytes, [Some(place), Some(room)]).await
    }

    /// Waits for a place, puts in any other write and waits for the outcome.
    pub(super) async fn work<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let place = Arc::clone(&self.work).acquire_owned().await.map_err(|_| StoreError::Closed)?;
        self.put(work, 0, [Some(place), None]).await
    }

    /// Has the write-ahead log emptied.
    pub(super) async fn checkpoint(&self) -> Result<(), StoreError> {
        let _place = self.work.acquire().await.map_err(|_| StoreError::Closed)?;
        let (reply, answer) = oneshot::channel();
        self.jobs.send(Queued::Checkpoint { reply }).map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    /// Takes no more jobs, has those in it done, and waits until the writer has ended.
    pub(super) async fn stop(&self) -> Result<(), StoreError> {
        for set in [&self.events, &self.bytes, &self.work] {
            set.close();
        }
        let (reply, answer) = oneshot::channel();
        self.jobs.send(Queued::Stop { reply }).map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    async fn put<T, F>(
        &self,
        work: F,
        bytes: usize,
        places: [Option<OwnedSemaphorePermit>; 2],
    ) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Call { work, outcome: None, reply });
        self.jobs.send(Queued::Job { job, bytes, places }).map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }
}

impl<F, T> Job for Call<F, T>
where
    T: Send,
    F: Fn(&mut Tx<'_>) -> Result<T, StoreError> + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<(), Failed> {
        let outcome = (self.work)(tx);
        let failed = outcome.as_ref().err().map(|error| Failed(same_for_others(error)));
        self.outcome = Some(outcome);
        failed.map_or(Ok(()), Err)
    }

    fn answer(self: Box<Self>, transaction: Option<&StoreError>) {
        let outcome = match (self.outcome, transaction) {
            // Its own failure is true whatever became of the others.
            (Some(Err(error)), _) => Err(error),
            (_, Some(error)) => Err(same_for_others(error)),
            (Some(Ok(done)), None) => Ok(done),
            (None, None) => Err(StoreError::Closed),
        };
        // Nobody may be waiting any more; the write stands all the same.
        let _ = self.reply.send(outcome);
    }
}
