//! The log: where it goes and in which shape.
//!
//! Lines for people or one JSON object a line, with fields and not with sentences made from values. What is logged
//! masks itself: lanes and keys of the store, numbers, secrets have types that show nothing of what they hold.

use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::{Log, LogFormat};

/// Why there is no log.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LogError {
    /// The level is neither a level nor directives.
    #[error("log level is not valid")]
    Level {
        /// What is wrong with it.
        source: tracing_subscriber::filter::ParseError,
    },
    /// The process has a log already.
    #[error("log was set up before")]
    Twice {
        /// What was said.
        source: tracing_subscriber::util::TryInitError,
    },
}

/// Sets up the log of the process, to standard error.
///
/// # Errors
///
/// [`LogError::Level`] when the level cannot be read, [`LogError::Twice`] when the process has a log already.
pub fn init(log: &Log) -> Result<(), LogError> {
    subscriber(log, std::io::stderr)?.try_init().map_err(|source| LogError::Twice { source })
}

/// A log that writes elsewhere.
///
/// # Errors
///
/// [`LogError::Level`] when the level cannot be read.
pub fn subscriber<W>(log: &Log, writer: W) -> Result<Box<dyn Subscriber + Send + Sync>, LogError>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_new(&log.level).map_err(|source| LogError::Level { source })?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer);
    Ok(match log.format {
        LogFormat::Human => Box::new(builder.with_target(false).with_ansi(false).finish()),
        LogFormat::Json => Box::new(builder.json().flatten_event(true).with_current_span(false).finish()),
    })
}
