//! `cancel when reached`: a task to call back is done once the client was talked to. And who is responsible after a
//! transfer, and on a repeated call.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use switchboard_emulator::{CallScript, Direction, Fault, Service, Transfer};
use switchboard_runtime::store::record::{EffectState, SessionKey};

use super::kill::Life;
use super::server::{ANNA, OLGA, Place, RULES, Server, Tuning, hooks, until};

const CLIENT: &str = "79000000071";

fn rules() -> String {
    RULES.replace(
        "  due:    2 hours after finished",
        "  due:    2 hours after finished\n  cancel when reached",
    )
}

/// A moment today, so many minutes ago.
fn ago(minutes: i64) -> Option<Timestamp> {
    Timestamp::now().checked_sub(SignedDuration::from_mins(minutes)).ok()
}

fn missed(started: Option<Timestamp>) -> CallScript {
    CallScript {
        client: Some(CLIENT.to_owned()),
        virtual_number: "74951234567".to_owned(),
        started,
        rung: vec![OLGA],
        wait_s: 10,
        ..CallScript::default()
    }
}

fn talk(started: Option<Timestamp>) -> CallScript {
    CallScript { answered_by: Some(ANNA), rung: vec![ANNA], talk_s: 40, recorded: false, ..missed(started) }
}

fn called_back(started: Option<Timestamp>) -> CallScript {
    let direction = Direction::Out;
    CallScript { direction, caller: Some(OLGA), rung: Vec::new(), answered_by: None, ..talk(started) }
}

async fn missed_and_settled(server: &Server) -> SessionKey {
    let session = server.call(&missed(ago(30))).await;
    server.settled(std::slice::from_ref(&session)).await;
    let tasks = server.place.emulator.crm().tasks();
    // Both that it was lost and that it has finished was told of.
    assert_eq!((tasks.len(), tasks[0].flag("complete")), (1, false));
    session
}

/// Plays a call to its end and tells what became of the task's completion.
async fn outcome(server: &Server, script: &CallScript) -> Option<String> {
    let session = server.call(script).await;
    server.settled(std::slice::from_ref(&session)).await;
    let effects = server.timeline(&session).await.effects;
    let completed: Vec<_> = effects.iter().filter(|effect| effect.kind == "complete_task").collect();
    assert!(completed.len() <= 1, "{completed:?}");
    completed.first().map(|effect| effect.response.as_ref().expect("an outcome").as_str().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_talk_completes_the_task_whoever_calls() {
    for reached in [talk(ago(20)), called_back(ago(20))] {
        let server = Server::new(&rules(), &Tuning::default()).await;
        missed_and_settled(&server).await;
        // Nobody was reached yet.
        assert_eq!(outcome(&server, &CallScript { talk_s: 0, ..called_back(ago(25)) }).await, None);
        let outcome = outcome(&server, &reached).await;
        assert_eq!(outcome.as_deref(), Some(r#"{"completed":true}"#));
        let tasks = server.place.emulator.crm().tasks();
        assert_eq!((tasks.len(), tasks[0].flag("complete")), (1, true));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_completed_once() {
    let server = Server::new(&rules(), &Tuning::default()).await;
    missed_and_settled(&server).await;
    assert!(outcome(&server, &talk(ago(20))).await.is_some());
    let edits = || {
        let entries = server.place.emulator.journal().of("/api/v5/tasks/");
        entries.iter().filter(|entry| entry.target.ends_with("/edit")).count()
    };
    assert_eq!(edits(), 1);
    assert_eq!(outcome(&server, &talk(ago(10))).await, None);
    assert_eq!(edits(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_talk_too_late_or_of_somebody_else_completes_nothing() {
    let server = Server::new(&rules(), &Tuning::default()).await;
    let session = server.call(&missed(ago(200))).await;
    server.settled(std::slice::from_ref(&session)).await;
    // Before the missed call; by another client; when the task is overdue.
    assert_eq!(outcome(&server, &talk(ago(210))).await, None);
    let other = CallScript { client: Some("79000000072".to_owned()), ..talk(ago(190)) };
    assert_eq!(outcome(&server, &other).await, None);
    assert_eq!(outcome(&server, &talk(ago(20))).await, None);
    assert!(!server.place.emulator.crm().tasks()[0].flag("complete"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_a_person_has_touched_is_left_alone() {
    for (edit, reason) in
        [(json!({"complete": true}), "done already"), (json!({"performerId": 28}), "somebody else")]
    {
        let server = Server::new(&rules(), &Tuning::default()).await;
        missed_and_settled(&server).await;
        let crm = server.place.emulator.crm();
        crm.edit_task(crm.tasks()[0].id, edit);
        let before = crm.tasks()[0].to_json();
        let outcome = outcome(&server, &talk(ago(20))).await.expect("it was looked at");
        assert!(outcome.contains(reason), "{outcome}");
        assert_eq!(crm.tasks()[0].to_json(), before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_words_a_task_stays_open() {
    let server = Server::new(RULES, &Tuning::default()).await;
    missed_and_settled(&server).await;
    assert_eq!(outcome(&server, &talk(ago(20))).await, None);
    assert!(!server.place.emulator.crm().tasks()[0].flag("complete"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_completes_it_all_the_same() {
    for fault in [
        Fault::reset().after_commit(),
        Fault::status(500),
        Fault::garbled().after_commit(),
        Fault::status(503),
    ] {
        let server = Server::new(&rules(), &Tuning::default()).await;
        let made = missed_and_settled(&server).await;
        let id = server.effect(&made, "ensure_task").await.remote_id.expect("its number");
        let target = format!("/api/v5/tasks/{id}/edit");
        server.place.emulator.faults().add(fault.service(Service::Retailcrm).on(target).times(1));
        let session = server.call(&talk(ago(20))).await;
        server.settled(std::slice::from_ref(&session)).await;
        assert_eq!(server.effect(&session, "complete_task").await.state, EffectState::Done);
        assert!(server.place.emulator.crm().tasks()[0].flag("complete"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_between_the_call_and_the_talk_forgets_nothing() {
    let place = Place::new(&rules(), &Tuning::default()).await;
    let emulator = place.emulator.clone();
    let calls = [place.play(&missed(ago(30))), place.play(&talk(ago(20)))];
    let life = Life::begin(&place).await;
    for one in &calls[0].notifications {
        assert!(emulator.uis().send(one, &hooks(life.hooks)).await.is_taken());
    }
    until("the task is there", async || emulator.crm().tasks().len() == 1).await;
    life.kill();
    let life = Life::begin(&place).await;
    for one in &calls[1].notifications {
        assert!(emulator.uis().send(one, &hooks(life.hooks)).await.is_taken());
    }
    until("the task is done", async || emulator.crm().tasks()[0].flag("complete")).await;
    life.kill();
    assert_eq!(emulator.crm().tasks().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_transfer_the_last_who_talked_is_responsible() {
    let server = Server::new(RULES, &Tuning::default()).await;
    let transfers = vec![Transfer { after_s: 10, to: OLGA }];
    let session = server.call(&CallScript { transfers, ..talk(ago(20)) }).await;
    server.settled(std::slice::from_ref(&session)).await;
    let crm = server.place.emulator.crm();
    let of = |rows: Vec<switchboard_emulator::Record>| {
        rows.iter().map(|row| row.int("managerId")).collect::<Vec<_>>()
    };
    assert_eq!((of(crm.customers()), of(crm.orders())), (vec![Some(29)], vec![Some(29)]));
    assert_eq!(crm.calls()[0].int("userId"), Some(29));

    // Anna takes the next call: the client stays Olga's, and by the rules the new order is the client's manager's.
    let session = server.call(&talk(ago(10))).await;
    server.settled(std::slice::from_ref(&session)).await;
    assert_eq!((of(crm.customers()), of(crm.orders())), (vec![Some(29)], vec![Some(29), Some(29)]));
    assert_eq!(crm.calls().last().and_then(|call| call.int("userId")), Some(27));
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_may_give_a_repeated_order_to_who_answers() {
    let rules =
        RULES.replace("client.manager else \"anna@romashka.ru\" |", "answered_by else client.manager |");
    let server = Server::new(&rules, &Tuning::default()).await;
    let crm = server.place.emulator.crm();
    let phones = json!([{"number": format!("+{CLIENT}")}]);
    crm.put_customer("romashka-main", json!({"firstName": "Олег", "phones": phones, "managerId": 28}));
    let session = server.call(&talk(ago(10))).await;
    server.settled(std::slice::from_ref(&session)).await;
    assert_eq!(crm.orders()[0].int("managerId"), Some(27));
    assert_eq!(crm.customers()[0].int("managerId"), Some(28), "the client is still whose it was");
}
