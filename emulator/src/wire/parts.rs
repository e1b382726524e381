//! Bodies of POST requests.
//!
//! Takes the body and its content type; gives the form as a parameter tree. `application/x-www-form-urlencoded` and
//! `multipart/form-data` are forms; anything else, JSON above all, is a body without parts, as it is to RetailCRM.

use bytes::Bytes;
use futures_util::stream;

use super::param::Param;

/// Reads a form. A body of another kind, or a broken one, has no parts.
pub(crate) async fn read(content_type: Option<&str>, body: &Bytes) -> Param {
    let content_type = content_type.unwrap_or_default();
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Param::decode(body);
    }
    if kind.eq_ignore_ascii_case("multipart/form-data")
        && let Ok(boundary) = multer::parse_boundary(content_type)
    {
        return Param::collect(multipart(boundary, body.clone()).await.into_iter());
    }
    Param::collect(std::iter::empty())
}

async fn multipart(boundary: String, body: Bytes) -> Vec<(String, String)> {
    let chunks = stream::iter([Ok::<_, std::convert::Infallible>(body)]);
    let mut form = multer::Multipart::new(chunks, boundary);
    let mut pairs = Vec::new();
    while let Ok(Some(field)) = form.next_field().await {
        let Some(name) = field.name().map(str::to_owned) else { continue };
        if let Ok(text) = field.text().await {
            pairs.push((name, text));
        }
    }
    pairs
}
