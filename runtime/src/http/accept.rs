//! The accept loop: sockets, and every limit that must hold before there is a request.
//!
//! Own and not `axum::serve`, which in 0.8 has no time-out for heads: whoever sends a byte a second there holds a connection
//! for ever. Here a head has its time and its size, a connection its lifetime, a place its number of connections.
//!
//! Steps of a connection: admitted or closed unread; head within its time (which also bounds how long it may be idle between
//! requests); the request goes to the router; after its lifetime, or when the server stops, no further request is
//! read and what is going on is finished within a bound.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tower::ServiceExt as _;

use crate::config::{Limits, Network};
use crate::http::admission::{self, Admission, Ticket};
use crate::http::peer::Peer;
use crate::observe::{CONNECTIONS, CONNECTIONS_REFUSED, REQUESTS};

/// How long the loop rests when the system has no more file descriptors to give.
const REST: Duration = Duration::from_millis(100);

/// How one listener behaves.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Its name in figures and in the log.
    pub name: &'static str,
    /// The bounds.
    pub limits: Limits,
    /// Proxies whose word about the sender is believed.
    pub trusted_proxies: Vec<Network>,
}

/// What a listener answers with; may be exchanged while it listens, for every request that comes afterwards. Clones share it.
#[derive(Clone, Debug)]
pub struct Routes(Arc<ArcSwap<Router>>);

impl Routes {
    /// Exchanges it. Requests that are being answered go on with what they began with.
    pub fn exchange(&self, router: Router) {
        self.0.store(Arc::new(router));
    }

    fn now(&self) -> Router {
        Router::clone(&self.0.load())
    }
}

impl From<Router> for Routes {
    fn from(router: Router) -> Self {
        Self(Arc::new(ArcSwap::from_pointee(router)))
    }
}

/// A listener at work. Dropping it stops it at once.
#[derive(Debug)]
pub struct Listening {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
    admission: Arc<Admission>,
    grace: Duration,
}

/// Binds an address and begins to answer. Port 0 lets the system choose one.
///
/// # Errors
///
/// When the address cannot be bound.
pub async fn listen(
    address: SocketAddr,
    routes: impl Into<Routes>,
    settings: Settings,
) -> io::Result<Listening> {
    let routes = routes.into();
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    let limits = admission::Limits {
        total: settings.limits.connections.as_usize(),
        per_place: settings.limits.connections_per_address.as_usize(),
    };
    let admission = Admission::new(limits, settings.trusted_proxies.clone());
    let (stop, stopped) = watch::channel(false);
    let grace = settings.limits.shutdown_answers;
    tracing::info!(listener = settings.name, %address, "listening");
    let accepting =
        Accepting { routes, settings: Arc::new(settings), admission: Arc::clone(&admission), stopped };
    let task = tokio::spawn(accepting.run(listener));
    Ok(Listening { address, stop, task, admission, grace })
}

impl Listening {
    /// The address, with the port that the system chose.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many connections are open.
    pub fn connections(&self) -> usize {
        self.admission.count()
    }

    /// Accepts nothing more, lets what is being answered finish within the bound of the settings, and ends.
    pub async fn shutdown(mut self) {
        // The receiver is gone only when the loop has ended by itself.
        let _ = self.stop.send(true);
        if tokio::time::timeout(self.grace, &mut self.task).await.is_err() {
            self.task.abort();
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What the loop needs.
struct Accepting {
    routes: Routes,
    settings: Arc<Settings>,
    admission: Arc<Admission>,
    stopped: watch::Receiver<bool>,
}

impl Accepting {
    async fn run(self, listener: TcpListener) {
        let mut stopped = self.stopped.clone();
        // Dropping the set, as an abort of this task does, ends the connections.
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                () = told(&mut stopped) => break,
                accepted = listener.accept() => match accepted {
                    Ok((stream, address)) => self.take(stream, address.ip(), &mut connections),
                    Err(error) => self.rest(&error).await,
                },
                Some(_) = connections.join_next() => {}
            }
        }
        drop(listener);
        while connections.join_next().await.is_some() {}
    }

    /// Waits out a failure of `accept`. One that concerns a single connection passes at once.
    async fn rest(&self, error: &io::Error) {
        use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
        if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
            tracing::error!(listener = self.settings.name, %error, "no connection can be accepted");
            tokio::time::sleep(REST).await;
        }
    }

    fn take(&self, stream: TcpStream, address: IpAddr, connections: &mut JoinSet<()>) {
        let name = self.settings.name;
        match self.admission.admit(address) {
            Ok(ticket) => {
                connections.spawn(connection(
                    stream,
                    address,
                    ticket,
                    self.routes.clone(),
                    Arc::clone(&self.settings),
                    self.stopped.clone(),
                ));
            }
            Err(limit) => {
                metrics::counter!(CONNECTIONS_REFUSED.name, "listener" => name, "limit" => limit.as_str())
                    .increment(1);
            }
        }
    }
}

/// Counts a connection for as long as it lives.
struct Counted {
    name: &'static str,
    _ticket: Ticket,
}

impl Counted {
    fn new(name: &'static str, ticket: Ticket) -> Self {
        metrics::gauge!(CONNECTIONS.name, "listener" => name).increment(1.0);
        Self { name, _ticket: ticket }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        metrics::gauge!(CONNECTIONS.name, "listener" => self.name).decrement(1.0);
    }
}

async fn connection(
    stream: TcpStream,
    address: IpAddr,
    ticket: Ticket,
    routes: Routes,
    settings: Arc<Settings>,
    mut stopped: watch::Receiver<bool>,
) {
    let _counted = Counted::new(settings.name, ticket);
    // Answers are small and waited for.
    let _ = stream.set_nodelay(true);
    let limits = &settings.limits;
    let answering = Arc::clone(&settings);
    let service = service_fn(move |request| answer(request, address, routes.now(), Arc::clone(&answering)));
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_timeout)
        .max_buf_size(limits.head_bytes.as_usize())
        .max_headers(limits.head_count.as_usize());
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    tokio::select! {
        // How a connection ends is the sender's affair.
        _ = connection.as_mut() => return,
        () = tokio::time::sleep(limits.connection_lifetime) => {}
        () = told(&mut stopped) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = tokio::time::timeout(limits.head_timeout + limits.body_timeout, connection).await;
}

/// Completes once the listener is to stop, or is gone.
async fn told(stopped: &mut watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

async fn answer(
    mut request: http::Request<Incoming>,
    address: IpAddr,
    router: Router,
    settings: Arc<Settings>,
) -> Result<http::Response<Body>, Infallible> {
    let peer = Peer::of(address, request.headers(), &settings.trusted_proxies);
    request.extensions_mut().insert(peer);
    let response = router.oneshot(request).await?;
    let status = response.status().as_str().to_owned();
    metrics::counter!(REQUESTS.name, "listener" => settings.name, "status" => status).increment(1);
    Ok(response)
}
