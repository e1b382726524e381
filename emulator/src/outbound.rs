//! Requests that the stand-ins make: notifications of UIS, triggers and callbacks of RetailCRM.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, USER_AGENT};
use http::{Method, Request};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use jiff::Timestamp;
use serde::Serialize;

use crate::uis::Notification;
use crate::world::World;

/// How long the other side may take to answer; the vendors name no figure.
pub const DELIVERY_TIME_OUT: Duration = Duration::from_secs(30);
/// Largest answer that is looked at.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// What became of a request that a stand-in made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// When its last attempt began.
    pub at: Timestamp,
    /// Who sent it: `uis` or `retailcrm`.
    pub from: &'static str,
    /// What it was: the event of a notification, or `trigger`, `make_call`, `user_status`, `activity`.
    pub what: String,
    /// HTTP method.
    pub method: String,
    /// Where it went.
    pub url: String,
    /// Body that was sent.
    pub sent: String,
    /// Status that came back; `None` when nothing did.
    pub status: Option<u16>,
    /// Body that came back, or the error.
    pub answer: String,
    /// How often it was tried.
    pub attempts: u32,
}

/// What is sent.
#[derive(Debug, Clone)]
pub(crate) struct Outgoing {
    pub(crate) from: &'static str,
    pub(crate) what: String,
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) content_type: Option<String>,
    pub(crate) body: String,
}

/// The client, and the list of what was sent.
#[derive(Debug)]
pub(crate) struct Deliveries {
    client: Client<HttpConnector, Full<Bytes>>,
    list: Mutex<VecDeque<Delivery>>,
    capacity: usize,
}

impl Delivery {
    /// Whether the other side took it.
    #[must_use]
    pub fn is_taken(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }
}

impl Deliveries {
    pub(crate) fn new(capacity: usize) -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { client, list: Mutex::default(), capacity }
    }

    /// Everything kept, oldest first.
    pub(crate) fn list(&self) -> Vec<Delivery> {
        self.lock().iter().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Delivery>> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sends a notification; a failure is repeated as the switches say.
pub(crate) async fn deliver(world: &World, notification: &Notification, base: &str) -> Delivery {
    let outgoing = Outgoing {
        from: "uis",
        what: notification.event.clone(),
        method: if notification.method == "GET" { Method::GET } else { Method::POST },
        url: notification.address(base),
        content_type: notification.content_type.clone(),
        body: notification.body.clone(),
    };
    let switches = world.switches.get();
    let pause = Duration::from_millis(switches.notification_retry_ms);
    let delivery = send(world, outgoing, switches.notification_retries, pause).await;
    world.uis().note_sent(&delivery, delivery.at);
    delivery
}

/// Sends a request, and again after `pause` up to `retries` times while it is not answered with 2xx.
pub(crate) async fn send(world: &World, outgoing: Outgoing, retries: u32, pause: Duration) -> Delivery {
    let mut attempts = 0;
    let delivery = loop {
        attempts += 1;
        let at = world.clock.now();
        let (status, answer) = match attempt(&world.deliveries.client, &outgoing).await {
            Ok((status, answer)) => (Some(status), answer),
            Err(error) => (None, error),
        };
        let delivery = Delivery {
            at,
            from: outgoing.from,
            what: outgoing.what.clone(),
            method: outgoing.method.to_string(),
            url: outgoing.url.clone(),
            sent: outgoing.body.clone(),
            status,
            answer,
            attempts,
        };
        if delivery.is_taken() || attempts > retries {
            break delivery;
        }
        tokio::time::sleep(pause).await;
    };
    let mut list = world.deliveries.lock();
    while list.len() >= world.deliveries.capacity.max(1) {
        list.pop_front();
    }
    list.push_back(delivery.clone());
    delivery
}

async fn attempt(
    client: &Client<HttpConnector, Full<Bytes>>,
    outgoing: &Outgoing,
) -> Result<(u16, String), String> {
    let mut request = Request::builder()
        .method(&outgoing.method)
        .uri(&outgoing.url)
        .header(USER_AGENT, concat!("switchboard-emulator/", env!("CARGO_PKG_VERSION")));
    if let Some(content_type) = &outgoing.content_type {
        request = request.header(CONTENT_TYPE, content_type);
    }
    let request = request.body(Full::from(outgoing.body.clone())).map_err(|error| error.to_string())?;
    let exchange = async {
        let response = client.request(request).await.map_err(|error| error.to_string())?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), MAX_ANSWER_BYTES).collect().await;
        let body = body.map_err(|error| error.to_string())?.to_bytes();
        Ok((status, String::from_utf8_lossy(&body).into_owned()))
    };
    match tokio::time::timeout(DELIVERY_TIME_OUT, exchange).await {
        Ok(answered) => answered,
        Err(_) => Err("no answer in time".to_owned()),
    }
}
