//! An address that stays while the server behind it is stopped and started anew: what somebody outside was told to call.

use std::net::SocketAddr;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Connections to it are handed on; while there is no server they are closed.
#[derive(Debug)]
pub(crate) struct Door {
    address: SocketAddr,
    behind: watch::Sender<Option<SocketAddr>>,
    _task: JoinSet<()>,
}

impl Door {
    pub(crate) async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("an address");
        let address = listener.local_addr().expect("an address");
        let (behind, seen) = watch::channel(None);
        let mut task = JoinSet::new();
        task.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((mut from, _)) = listener.accept().await {
                let to: Option<SocketAddr> = *seen.borrow();
                connections.spawn(async move {
                    if let Some(to) = to
                        && let Ok(mut to) = TcpStream::connect(to).await
                    {
                        // How a connection ends is the business of its two ends.
                        let _ = copy_bidirectional(&mut from, &mut to).await;
                    }
                });
            }
        });
        Self { address, behind, _task: task }
    }

    /// The address as a URL, without a slash at the end.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Says where connections go from now on.
    pub(crate) fn leads_to(&self, server: SocketAddr) {
        self.behind.send_replace(Some(server));
    }
}
