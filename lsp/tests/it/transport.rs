//! The protocol itself: hands, goodbyes, cancelled and unknown requests, encodings.

use serde_json::{Value, json};
use switchboard_lsp::{Connection, ServeError, serve};

use crate::client::Client;

#[test]
fn a_client_that_says_goodbye_ends_the_server() {
    let client = Client::new(&[]);
    client.end().unwrap();
}

#[test]
fn a_client_that_hangs_up_is_told_apart() {
    let (ours, theirs) = Connection::memory();
    let server = std::thread::spawn(move || serve(&theirs, "test"));
    drop(ours);
    let error = server.join().unwrap().unwrap_err();
    assert!(matches!(error, ServeError::Protocol(_)), "{error:?}");
    assert!(error.text().ru.starts_with("редактор нарушает протокол: "), "{}", error.text().ru);
}

#[test]
fn requests_that_cannot_be_answered_say_why() {
    let mut client = Client::new(&[("a.rules", "rules 1\n")]);
    client.open("a.rules");
    assert_eq!(client.ask("rules/nothing", Value::Null).unwrap_err(), "`rules/nothing` is not known here");
    let error = client.ask("textDocument/hover", json!({ "position": 7 })).unwrap_err();
    assert!(error.contains("expected struct Position"), "{error}");
    // A document that is not open gives nothing, and what makes no sense is passed over.
    let answer =
        client.ask_of("textDocument/hover", "b.rules", json!({ "position": { "line": 0, "character": 0 } }));
    assert_eq!(answer.unwrap(), Value::Null);
    client.tell("textDocument/didChange", json!({ "textDocument": 1 }));
    client.tell("textDocument/didOpen", json!([]));
    client.tell("rules/nothing", Value::Null);
    assert_eq!(client.findings("a.rules"), Vec::<Value>::new());
    client.end().unwrap();
}

#[test]
fn what_was_cancelled_while_it_waited_is_not_answered() {
    // Everything lies in the channel before the server takes its first message.
    let (ours, theirs) = Connection::memory();
    let send = |message: Value| ours.sender.send(serde_json::from_value(message).unwrap()).unwrap();
    send(json!({ "id": 1, "method": "initialize", "params": { "capabilities": {} } }));
    send(json!({ "method": "initialized", "params": {} }));
    send(json!({ "id": 2, "method": "workspace/symbol", "params": { "query": "" } }));
    send(json!({ "id": 3, "method": "workspace/symbol", "params": { "query": "" } }));
    send(json!({ "method": "$/cancelRequest", "params": { "id": 3 } }));
    send(json!({ "method": "$/cancelRequest", "params": { "id": "later" } }));
    send(json!({ "id": 4, "method": "shutdown", "params": null }));
    send(json!({ "method": "exit", "params": null }));
    serve(&theirs, "test").unwrap();
    drop(theirs);
    let answers: Vec<Value> =
        ours.receiver.iter().map(|message| serde_json::to_value(message).unwrap()).collect();
    let shown: Vec<String> = answers
        .iter()
        .filter(|answer| answer["id"] != 1)
        .map(|answer| format!("{} {} {}", answer["id"], answer["result"], answer["error"]["message"]))
        .collect();
    let mut shown = shown;
    shown.sort();
    assert_eq!(shown, ["2 [] null", "3 null \"cancelled by the client\"", "4 null null"]);
}

#[test]
fn the_best_encoding_that_both_know_is_agreed_on() {
    for (offered, agreed) in [
        (json!(["utf-16", "utf-8"]), "utf-8"),
        (json!(["utf-16"]), "utf-16"),
        (json!(["utf-32"]), "utf-32"),
        (Value::Null, "utf-16"),
    ] {
        let (ours, theirs) = Connection::memory();
        let send = |message: Value| ours.sender.send(serde_json::from_value(message).unwrap()).unwrap();
        let general = json!({ "positionEncodings": offered });
        send(
            json!({ "id": 1, "method": "initialize", "params": { "capabilities": { "general": general } } }),
        );
        send(json!({ "method": "initialized", "params": {} }));
        let text = "rules 1\n\nlist 😀: 1\n\nlist имя: 1\n";
        let document = json!({ "uri": "untitled:a", "languageId": "rules", "version": 1, "text": text });
        send(json!({ "method": "textDocument/didOpen", "params": { "textDocument": document } }));
        let place = json!({ "textDocument": { "uri": "untitled:a" } });
        send(json!({ "id": 2, "method": "textDocument/documentSymbol", "params": place }));
        send(json!({ "id": 3, "method": "shutdown", "params": null }));
        send(json!({ "method": "exit", "params": null }));
        serve(&theirs, "test").unwrap();
        drop(theirs);
        let answers: Vec<Value> =
            ours.receiver.iter().map(|message| serde_json::to_value(message).unwrap()).collect();
        let answer = |id: i32| answers.iter().find(|answer| answer["id"] == id).unwrap()["result"].clone();
        assert_eq!(answer(1)["capabilities"]["positionEncoding"], agreed);
        let symbols = answer(2);
        let last = symbols.as_array().unwrap().last().unwrap();
        let width = last["selectionRange"]["end"]["character"].as_u64().unwrap();
        assert_eq!(width, if agreed == "utf-8" { 14 } else { 11 }, "list имя: 1");
    }
}
