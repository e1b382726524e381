//! `rules lsp`: the protocol over standard input and output, and nothing else there.

use std::io::{Read as _, Write as _};
use std::process::Stdio;

use crate::program::Place;

/// A message as it goes over a pipe.
fn framed(message: &str) -> String {
    format!("Content-Length: {}\r\n\r\n{message}", message.len())
}

#[test]
fn an_editor_is_served_until_it_is_done() {
    let place = Place::with(&[]);
    let mut child = place
        .command(&["lsp", "--stdio"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let open = r#"{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"untitled:a","languageId":"rules","version":1,"text":"rules 1\n\nlist a: 1\n"}}}"#;
    let symbols = r#"{"jsonrpc":"2.0","id":2,"method":"textDocument/documentSymbol","params":{"textDocument":{"uri":"untitled:a"}}}"#;
    let mut input = child.stdin.take().expect("a pipe");
    for message in [
        r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#,
        r#"{"jsonrpc":"2.0","method":"initialized","params":{}}"#,
        open,
        symbols,
        r#"{"jsonrpc":"2.0","id":3,"method":"shutdown"}"#,
        r#"{"jsonrpc":"2.0","method":"exit"}"#,
    ] {
        input.write_all(framed(message).as_bytes()).expect("is read");
    }
    drop(input);
    let mut said = String::new();
    child.stdout.take().expect("a pipe").read_to_string(&mut said).expect("UTF-8");
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
    assert!(said.starts_with("Content-Length: ") && said.contains(r#""name":"list a: 1""#), "{said}");
}

#[test]
fn an_editor_that_hangs_up_is_named() {
    let place = Place::with(&[]);
    let output =
        place.command(&["lsp", "--lang", "ru"]).stdin(Stdio::null()).output().expect("the program runs");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.starts_with("ошибка: редактор"), "{said}");
}
