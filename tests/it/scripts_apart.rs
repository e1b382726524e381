//! Scripts that run on for as long as they may, and another account that has nothing to do with them.

use switchboard_emulator::CallScript;
use switchboard_runtime::store::record::{AccountId, SessionKey, Timeline};

use super::server::{ANNA, Place, RULES, SECRET, Server, Tuning, is_settled, until};

const OTHER_SECRET: &str = "lutik-0123456789abcdefghij";

/// Rules whose every decision takes all the time that scripts may have.
const SLOW: &str = "rules 1\n\nfields of client for incoming calls\n  slow from slow(campaign), always\n\n\
    script \"slow.rhai\"\n  function slow(campaign: text?) gives text\n";
const SLOW_SCRIPT: &str = "fn slow(campaign) { loop { } }\n";

fn missed(client: &str) -> CallScript {
    CallScript {
        client: Some(client.to_owned()),
        virtual_number: "74951234567".to_owned(),
        rung: vec![ANNA],
        ..CallScript::default()
    }
}

/// Two accounts: the usual one with good rules, and one whose scripts never end by themselves.
async fn two_accounts() -> Server {
    let usual = Tuning::default();
    let limits = format!(
        "{}script_time = \"3 s\"\nscript_operations = 10000000\nscript_decision_operations = 100000000\n",
        usual.limits
    );
    let place = Place::new(RULES, &Tuning { limits, ..usual }).await;
    let settings = place.settings();
    let first = std::fs::read_to_string(&settings).expect("the settings are read");
    let section = &first[first.find("[[account]]").expect("an account")..];
    let second = section
        .replace("name = \"romashka\"", "name = \"lutik\"")
        .replace("bundle = \"rules\"", "bundle = \"slow\"")
        .replace(SECRET, OTHER_SECRET);
    std::fs::write(&settings, format!("{first}\n{second}")).expect("the settings are written");
    let folder = settings.with_file_name("slow");
    std::fs::create_dir(&folder).expect("a folder");
    std::fs::write(folder.join("main.rules"), SLOW).expect("the rules are written");
    std::fs::write(folder.join("slow.rhai"), SLOW_SCRIPT).expect("the script is written");
    place.serve().await
}

async fn timeline(server: &Server, account: &str, session: &SessionKey) -> Option<Timeline> {
    server.store().timeline(&AccountId::from(account), session).await.expect("the store answers")
}

/// Both threads of this runtime would be taken by the two decisions, if they ran there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scripts_of_one_account_do_not_hold_up_another() {
    let server = two_accounts().await;
    let hooks = format!("http://{}/hooks/lutik/{OTHER_SECRET}/uis", server.running.addresses().hooks);
    let mut slow = Vec::new();
    for client in ["79000000201", "79000000202"] {
        let played = server.place.play(&missed(client));
        let told = server.place.emulator.uis().send_all(&played.notifications, &hooks).await;
        assert!(told.iter().all(|delivery| delivery.is_taken()), "{told:?}");
        slow.push(SessionKey::from(format!("call:{}", played.session)));
    }
    // Asked who the client is, and decided upon now.
    until("both are on their way", async || {
        let mut asked = server.place.emulator.journal().of("/api/v5/customers");
        asked.retain(|request| format!("{request:?}").contains("7900000020"));
        asked.len() >= 2
    })
    .await;
    let session = server.call(&missed("79000000203")).await;
    server.settled(std::slice::from_ref(&session)).await;
    assert_eq!(server.place.emulator.crm().orders().len(), 1, "the other account's call is done");
    let mut undecided = 0;
    for session in &slow {
        let timeline = timeline(&server, "lutik", session).await.expect("the call is known");
        undecided += usize::from(timeline.decisions.is_empty());
    }
    assert!(undecided > 0, "the scripts were over before, so this proves nothing");
    // They end, and their events with them: the tables decide without the script.
    for session in &slow {
        until("the slow ones settle", async || {
            timeline(&server, "lutik", session).await.is_some_and(|timeline| is_settled(&timeline))
        })
        .await;
        let timeline = timeline(&server, "lutik", session).await.expect("the call is known");
        assert_eq!(timeline.decisions.len(), 1);
        let told = timeline.decisions[0].made.decision.as_str();
        assert!(told.contains("script_failed"), "{told}");
    }
}
