//! One request over a plain socket.

use std::net::SocketAddr;

use http_body_util::{BodyExt as _, Full};

/// Says something to a listener; gives the status and the text of the answer.
pub(crate) async fn say(
    to: SocketAddr,
    method: &str,
    path: &str,
    content_type: &str,
    body: &str,
) -> (u16, String) {
    try_say(to, method, path, content_type, body).await.expect("an answer")
}

/// The same where the connection may break.
pub(crate) async fn try_say(
    to: SocketAddr,
    method: &str,
    path: &str,
    content_type: &str,
    body: &str,
) -> Result<(u16, String), hyper_util::client::legacy::Error> {
    let client = hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new())
        .build_http::<Full<bytes::Bytes>>();
    let mut request = ::http::Request::builder().method(method).uri(format!("http://{to}{path}"));
    if !content_type.is_empty() {
        request = request.header("content-type", content_type);
    }
    let body = Full::new(bytes::Bytes::from(body.to_owned()));
    let answer = client.request(request.body(body).expect("a request")).await?;
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.expect("a body").to_bytes();
    Ok((status, String::from_utf8_lossy(&body).into_owned()))
}
