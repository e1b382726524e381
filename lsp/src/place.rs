//! Paths of files as addresses of the protocol, and back.
//!
//! Only `file:` addresses have a path; any other is a document that lies nowhere, and is a bundle of its own.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use lsp_types::Uri;

/// The path of a `file:` address.
pub(crate) fn path_of(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.as_str().strip_prefix("file://")?;
    // An authority other than none or `localhost` is a network share.
    let path = rest.strip_prefix("localhost").filter(|rest| rest.starts_with('/')).unwrap_or(rest);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let decoded = decode(path)?;
    let bytes = decoded.as_bytes();
    // `/c:/folder` is a path of Windows.
    let drive = matches!(bytes, [b'/', letter, b':', ..] if letter.is_ascii_alphabetic());
    if drive {
        return Some(PathBuf::from(decoded.get(1..)?));
    }
    if !decoded.starts_with('/') {
        return Some(PathBuf::from(format!("//{decoded}")));
    }
    Some(PathBuf::from(decoded))
}

/// The address of an absolute path.
pub(crate) fn uri_of(path: &Path) -> Option<Uri> {
    let shown = path.to_string_lossy().replace('\\', "/");
    let mut out = String::from("file://");
    if !shown.starts_with('/') {
        out.push('/');
    }
    for byte in shown.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            other => {
                let _ = write!(out, "%{other:02X}");
            }
        }
    }
    Uri::from_str(&out).ok()
}

/// `%D0%B0` to `а`; None when that is no text.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            let digits = std::str::from_utf8(&digits).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_it_was_written() {
        for path in ["/rules/main.rules", "/мои правила/заявки 100%.rules", "/a#b?c/x.rhai"] {
            let uri = uri_of(Path::new(path)).unwrap();
            assert_eq!(path_of(&uri).unwrap(), Path::new(path), "{}", uri.as_str());
        }
        let windows = Uri::from_str("file:///c%3A/rules/main.rules").unwrap();
        assert_eq!(path_of(&windows).unwrap(), Path::new("c:/rules/main.rules"));
        assert_eq!(path_of(&Uri::from_str("untitled:Untitled-1").unwrap()), None);
        assert_eq!(path_of(&Uri::from_str("file:///%FF").unwrap()), None);
    }
}
