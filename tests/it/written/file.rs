//! A conversation as a file: uploaded once, hung on the client and the order, whatever happens in between.

use serde_json::{Value, json};
use switchboard_emulator::Fault;
use switchboard_runtime::store::record::{EffectState, Phase};

use super::super::server::{ANNA, Place, Server, Tuning, until};
use super::rows::Chat;
use super::{RULES, rests, tuning};

const UPLOAD: &str = "/api/v5/files/upload";
/// The first file of an emulator, and its edit.
const FIRST_FILE: &str = "/api/v5/files/21/edit";

fn as_files() -> Tuning {
    Tuning { retailcrm: "chat_transcript = \"file\"\n".to_owned(), ..tuning() }
}

/// A chat of two messages, one with a file, that is over.
fn over(place: &Place, id: u64, phone: &str) -> Chat {
    let emulator = &place.emulator;
    let mut chat = Chat::new(id).with(json!({"visitor_phone_number": phone}));
    chat.says(emulator, "visitor", "Здравствуйте");
    chat.says(emulator, "operator", "Добрый день\nЧем помочь?");
    chat.taken(emulator, ANNA);
    chat.ends(emulator, "succeed");
    chat
}

/// What every run must end in: one file with the conversation, at the client and the order, under a name for people.
#[track_caller]
fn one_file_hangs_where_it_should(server: &Server) {
    let crm = server.place.emulator.crm();
    let files = crm.files();
    assert_eq!(files.len(), 1, "{files:?}");
    let text = files[0].text("text").expect("a text");
    let lines = ["Посетитель: Здравствуйте", "Лисина Анна: Добрый день\nЧем помочь?\n\n#u-"];
    assert!(lines.iter().all(|line| text.contains(line)) && text.ends_with('\n'), "{text}");
    let (client, order) = (crm.customers()[0].id, crm.orders()[0].id);
    let attachment = json!([{"customer": {"id": client}}, {"order": {"id": order}}]);
    assert_eq!(files[0].fields.get("attachment"), Some(&attachment));
    let name = files[0].text("filename").expect("a name");
    assert!(name.starts_with("Чат 20") && name.ends_with(".txt") && !name.contains(':'), "{name}");
    assert!(crm.notes().is_empty(), "a file is no note");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_becomes_a_file_at_the_client_and_the_order() {
    let server = Server::new(RULES, &as_files()).await;
    let chat = over(&server.place, 40, "79000000140");
    rests(&server, &chat.session(), Phase::Closed).await;
    one_file_hangs_where_it_should(&server);
    let journal = server.place.emulator.journal().entries();
    assert!(
        !journal.iter().any(|entry| entry.target == "/api/v5/files"),
        "nothing was lost, so nothing is looked for"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_answers_make_no_second_file() {
    let server = Server::new(RULES, &as_files()).await;
    let emulator = &server.place.emulator;
    let upload = emulator.faults().add(Fault::reset().after_commit().on(UPLOAD).times(1));
    let edit = emulator.faults().add(Fault::reset().after_commit().on(FIRST_FILE).times(1));
    let listed = emulator.faults().add(Fault::status(500).method("GET").on("/api/v5/files").times(1));
    let chat = over(&server.place, 41, "79000000141");
    rests(&server, &chat.session(), Phase::Closed).await;
    for fault in [upload, edit, listed] {
        assert_eq!(emulator.faults().struck(fault), Some(1));
    }
    one_file_hangs_where_it_should(&server);
    let effect = server.effect(&chat.session(), "upload_transcript").await;
    assert_eq!(effect.response.expect("a response").read::<Value>().expect("JSON"), json!({"found": true}));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_never_arrived_is_sent_again() {
    let server = Server::new(RULES, &as_files()).await;
    let emulator = &server.place.emulator;
    let fault = emulator.faults().add(Fault::reset().on(UPLOAD).times(1));
    let chat = over(&server.place, 42, "79000000142");
    rests(&server, &chat.session(), Phase::Closed).await;
    assert_eq!(emulator.faults().struck(fault), Some(1));
    one_file_hangs_where_it_should(&server);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_in_the_middle_makes_no_second_file() {
    let server = Server::new(RULES, &as_files()).await;
    let emulator = std::sync::Arc::clone(&server.place.emulator);
    let fault = emulator.faults().add(Fault::hang().after_commit().on(UPLOAD).times(1));
    let chat = over(&server.place, 43, "79000000143");
    until("the upload is under way", async || emulator.faults().struck(fault) == Some(1)).await;
    let server = server.stop().await.serve().await;
    rests(&server, &chat.session(), Phase::Closed).await;
    one_file_hangs_where_it_should(&server);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_hangs_on_a_client_waits_until_it_is_known_that_there_is_one() {
    for form in ["file", "note"] {
        let retailcrm = format!("chat_transcript = \"{form}\"\n");
        let server = Server::new(RULES, &Tuning { retailcrm, ..tuning() }).await;
        let emulator = &server.place.emulator;
        let creates = "/api/v5/customers/create";
        let lost = emulator.faults().add(Fault::reset().after_commit().on(creates).times(1));
        let chat = over(&server.place, 47, "79000000147");
        rests(&server, &chat.session(), Phase::Closed).await;
        assert_eq!(emulator.faults().struck(lost), Some(1));
        let crm = emulator.crm();
        assert_eq!((crm.customers().len(), crm.files().len() + crm.notes().len()), (1, 1), "{form}");
        if form == "file" {
            one_file_hangs_where_it_should(&server);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_upload_is_given_up_and_says_why() {
    let server = Server::new(RULES, &as_files()).await;
    let emulator = &server.place.emulator;
    emulator.set_switches(|switches| switches.storage_paid = false);
    let chat = over(&server.place, 44, "79000000144");
    rests(&server, &chat.session(), Phase::Closed).await;
    assert!(emulator.crm().files().is_empty());
    let upload = server.effect(&chat.session(), "upload_transcript").await;
    let attach = server.effect(&chat.session(), "attach_file").await;
    assert_eq!((upload.state, attach.state), (EffectState::Dead, EffectState::Dead));
    assert!(attach.error.expect("why").contains("was given up"));
    assert!(upload.error.expect("why").contains("insufficient funds"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_the_same_length_is_not_taken_for_the_lost_one() {
    let server = Server::new(RULES, &as_files()).await;
    let emulator = &server.place.emulator;
    let first = over(&server.place, 45, "79000000145");
    rests(&server, &first.session(), Phase::Closed).await;
    let fault = emulator.faults().add(Fault::reset().on(UPLOAD).times(1));
    let second = over(&server.place, 46, "79000000146");
    rests(&server, &second.session(), Phase::Closed).await;
    assert_eq!(emulator.faults().struck(fault), Some(1));
    let files = emulator.crm().files();
    let sizes: Vec<_> = files.iter().map(|file| file.int("size")).collect();
    assert_eq!((files.len(), sizes[0]), (2, sizes[1]), "two chats of one length");
    assert_ne!(files[0].fields.get("attachment"), files[1].fields.get("attachment"));
}
