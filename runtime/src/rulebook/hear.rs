//! Hears of changes of one file, such as the settings.
//!
//! The folder is watched, not the file, since editors and this program replace files, and links are switched. What is heard is
//! a hint: something in the folder changed, and whoever hears it looks. A system that cannot watch hears nothing.

use std::path::Path;

use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::mpsc;

/// Hears of changes; ends when dropped.
#[derive(Debug)]
pub struct Hearing {
    told: mpsc::Receiver<()>,
    _watcher: Option<RecommendedWatcher>,
}

/// Begins to hear of changes of `file`.
pub fn hear(file: &Path) -> Hearing {
    let (sender, told) = mpsc::channel(1);
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // To be read is not to be changed. One word is enough: who was told looks after it was told.
        if !event.is_ok_and(|event| event.kind.is_access()) {
            let _ = sender.try_send(());
        }
    });
    let watching = watcher.and_then(|mut watcher| {
        watcher.watch(folder, RecursiveMode::NonRecursive)?;
        Ok(watcher)
    });
    if let Err(error) = &watching {
        tracing::warn!(file = %file.display(), %error, "file is polled only");
    }
    Hearing { told, _watcher: watching.ok() }
}

impl Hearing {
    /// Completes when something has changed; never when nothing can be heard.
    pub async fn changed(&mut self) {
        if self.told.recv().await.is_none() {
            std::future::pending::<()>().await;
        }
    }
}
