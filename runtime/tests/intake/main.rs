//! The intake half of the server, from outside: settings, notifications, listeners, rulebook, console.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "what clippy allows in a test it should allow in the helpers of tests"
)]

mod communication;
mod config;
mod console;
mod credentials;
mod day;
mod decode;
mod fixtures;
mod hooks;
mod house;
mod listen;
mod observe;
mod rulebook;
mod setup;
mod torture;

use std::path::PathBuf;

/// The root of the repository.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Holds a generated part of a page of `docs/` against what the code says. With `UPDATE_DOCS=1` the page is
/// written instead.
#[track_caller]
fn check_page(page: &str, part: &str, generated: &str) {
    let path = root().join("docs").join(page);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("docs/{page}: {error}"));
    let (begin, end) = (format!("<!-- {part}: made from the code -->\n"), format!("<!-- {part}: end -->"));
    let (before, rest) = text.split_once(&begin).unwrap_or_else(|| panic!("docs/{page} has no `{begin}`"));
    let (old, after) = rest.split_once(&end).unwrap_or_else(|| panic!("docs/{page} has no `{end}`"));
    let new = format!("\n{}\n\n", generated.trim());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, format!("{before}{begin}{new}{end}{after}")).unwrap();
    } else {
        assert_eq!(old, new, "docs/{page} is behind the code; run the test with UPDATE_DOCS=1");
    }
}
