//! What `serve`, `emulate` and `demo` share: a runtime of their own, and the signal that ends them.

use std::future::Future;

use switchboard_grammar::diagnostic::Text;

use crate::failure::Failure;

/// An error with all its causes.
pub(crate) fn causes(error: &dyn std::error::Error) -> Text {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    Text::same(text)
}

/// Runs `future` on a runtime of its own.
///
/// # Errors
/// When the machine gives no threads.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| {
        Failure::Internal(Text::new(format!("cannot start: {error}"), format!("не удаётся начать: {error}")))
    })?;
    Ok(runtime.block_on(future))
}

/// Completes when the process is asked to stop: by Ctrl-C, or by SIGTERM where there are signals.
pub(crate) async fn told_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    // Where Ctrl-C cannot be heard, nothing but the end of the process stops us.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
