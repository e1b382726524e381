//! The deliveries of `fixtures/intake`, read from their files.

use std::path::Path;

use switchboard_runtime::source::uis::Delivery;

/// The secret in the addresses of the fixtures.
pub(crate) const SECRET: &str = "sesame-0123456789abcdef";
/// The `key` in their bodies.
pub(crate) const BODY_KEY: &str = "s3cr3t-body-key";

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) what: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) event: String,
    pub(crate) query: Option<String>,
    pub(crate) content_type: String,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn delivery(&self) -> Delivery<'_> {
        Delivery {
            event: &self.event,
            query: self.query.as_deref(),
            content_type: &self.content_type,
            body: &self.body,
        }
    }
}

/// Reads a file.
pub(crate) fn read(path: &Path) -> Request {
    let bytes = std::fs::read(path).unwrap();
    let cut = bytes.windows(2).position(|pair| pair == b"\n\n").expect("an empty line behind the headers");
    let head = std::str::from_utf8(&bytes[..cut]).unwrap();
    let mut lines = head.lines();
    let what = lines.next().and_then(|line| line.strip_prefix("# ")).expect("a line that says what it is");
    let mut first = lines.next().expect("a request line").split(' ');
    let method = first.next().unwrap().to_owned();
    let target = first.next().unwrap();
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query.to_owned())),
        None => (target, None),
    };
    let header =
        |name: &str| lines.clone().find_map(|line| line.strip_prefix(name)).unwrap_or_default().to_owned();
    let body = &bytes[cut + 2..];
    Request {
        what: what.to_owned(),
        method,
        path: path.to_owned(),
        event: path.rsplit('/').next().unwrap().to_owned(),
        query,
        content_type: header("Content-Type: "),
        body: body.strip_suffix(b"\n").unwrap_or(body).to_vec(),
    }
}

/// Reads a file by its name.
pub(crate) fn named(name: &str) -> Request {
    read(&crate::root().join("fixtures/intake").join(format!("{name}.http")))
}

/// Reads all files, by name.
pub(crate) fn all() -> Vec<Request> {
    let folder = std::fs::read_dir(crate::root().join("fixtures/intake")).unwrap();
    let mut paths: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "http"));
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}
