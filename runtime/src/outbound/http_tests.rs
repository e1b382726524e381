//! Real sockets on loopback: what each way of failing is told apart as.

use std::future::Future;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::*;

const SECOND: Duration = Duration::from_secs(1);

fn transport(settings: HttpSettings) -> HttpTransport {
    let guard = Guard { allow_loopback: true };
    HttpTransport::new(&HttpSettings { guard, ..settings }).expect("a client")
}

/// Serves one connection with `answer` and gives the address of the server.
async fn serve<F, Fut>(answer: F) -> String
where
    F: FnOnce(TcpStream) -> Fut + Send + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("its address");
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let mut head = vec![0; 4096];
        let _ = stream.read(&mut head).await.expect("a request");
        answer(stream).await;
    });
    format!("http://{address}/api/v5/orders")
}

fn get(address: &str) -> Request<Bytes> {
    Request::get(address).body(Bytes::new()).expect("a request")
}

async fn answer_with(text: &'static str) -> Outcome {
    let address = serve(move |mut stream| async move {
        stream.write_all(text.as_bytes()).await.expect("written");
    })
    .await;
    transport(HttpSettings { max_answer_bytes: 64, ..HttpSettings::default() })
        .send(get(&address), SECOND)
        .await
}

#[tokio::test]
async fn a_whole_answer_comes_back_with_status_and_headers() {
    let outcome =
        answer_with("HTTP/1.1 503 Busy\r\ncontent-length: 2\r\ncontent-type: application/json\r\n\r\n{}")
            .await;
    let Outcome::Answered(answer) = outcome else { panic!("{outcome:?}") };
    assert_eq!(answer.status(), 503);
    assert_eq!(answer.headers().get("content-type").expect("a type"), "application/json");
    assert_eq!(answer.body().as_ref(), b"{}");
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let outcome =
        answer_with("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n").await;
    let Outcome::Answered(answer) = outcome else { panic!("{outcome:?}") };
    assert_eq!(answer.status(), 302);
}

#[tokio::test]
async fn half_an_answer_is_no_answer() {
    let outcome = answer_with("HTTP/1.1 200 OK\r\ncontent-length: 40\r\n\r\n{\"success\":").await;
    assert!(matches!(outcome, Outcome::Unanswered(Unanswered::Truncated)), "{outcome:?}");
}

#[tokio::test]
async fn a_closed_connection_is_no_answer() {
    let outcome = answer_with("").await;
    assert!(matches!(outcome, Outcome::Unanswered(Unanswered::Closed)), "{outcome:?}");
}

#[tokio::test]
async fn an_answer_over_the_limit_is_no_answer() {
    let outcome = answer_with(
        "HTTP/1.1 200 OK\r\ncontent-length: 65\r\n\r\n\
         12345678901234567890123456789012345678901234567890123456789012345",
    )
    .await;
    assert!(matches!(outcome, Outcome::Unanswered(Unanswered::TooLarge { limit_bytes: 64 })), "{outcome:?}");
}

#[tokio::test]
async fn silence_is_no_answer_in_time() {
    let address = serve(|stream| async move {
        // Held open until the other side gives up.
        let mut stream = stream;
        let mut rest = [0; 1];
        let _ = stream.read(&mut rest).await;
    })
    .await;
    let outcome = transport(HttpSettings::default()).send(get(&address), Duration::from_millis(50)).await;
    assert!(matches!(outcome, Outcome::Unanswered(Unanswered::TimedOut)), "{outcome:?}");
}

#[tokio::test]
async fn a_port_nobody_listens_on_is_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("its address");
    drop(listener);
    let outcome = transport(HttpSettings::default()).send(get(&format!("http://{address}/")), SECOND).await;
    assert!(matches!(outcome, Outcome::NotSent(NotSent::Unconnected)), "{outcome:?}");
}

#[tokio::test]
async fn loopback_is_refused_by_number_and_by_name_unless_allowed() {
    let strict = HttpTransport::new(&HttpSettings::default()).expect("a client");
    for literal in ["http://127.0.0.1:9/", "http://[::1]:9/", "http://2130706433:9/", "http://10.0.0.1/"] {
        let outcome = strict.send(get(literal), SECOND).await;
        assert!(matches!(outcome, Outcome::NotSent(NotSent::Refused { .. })), "{literal}: {outcome:?}");
    }
    let outcome = strict.send(get("http://localhost:9/"), SECOND).await;
    assert!(matches!(outcome, Outcome::NotSent(NotSent::Unresolved)), "{outcome:?}");
}

#[tokio::test]
async fn a_name_that_resolves_to_loopback_is_dialled_when_allowed() {
    let address = serve(|mut stream| async move {
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.expect("written");
    })
    .await;
    let by_name = address.replace("127.0.0.1", "localhost");
    let outcome = transport(HttpSettings::default()).send(get(&by_name), SECOND).await;
    assert!(matches!(outcome, Outcome::Answered(_)), "{outcome:?}");
}

#[tokio::test]
async fn https_to_a_plain_server_is_not_sent() {
    let address = serve(|mut stream| async move {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await;
    })
    .await;
    let outcome =
        transport(HttpSettings::default()).send(get(&address.replace("http:", "https:")), SECOND).await;
    assert!(matches!(outcome, Outcome::NotSent(NotSent::Unconnected)), "{outcome:?}");
}
