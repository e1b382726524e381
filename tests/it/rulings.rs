//! What the rules said beside the lanes is kept after whoever asked was answered, and other rules are asked the same.

use serde_json::json;
use switchboard_emulator::{AskBy, Asking, Next};
use switchboard_engine::bundle::Bundle;
use switchboard_engine::compare::changes;
use switchboard_grammar::lang::Lang;
use switchboard_runtime::replay::{Judged, Ruled};
use switchboard_runtime::store::record::{DealState, RulingKind};
use switchboard_runtime::store::{History, Walk};

use super::backtest::bundle;
use super::deals;
use super::popups::{missed, ready, tell, was_told};
use super::server::{Place, RULES, Server, Tuning, hooks, until};

const OLGA_USER: u64 = 29;
const ON: &str = "rules 1\n\nsettings for calls\n  forward_to_manager: yes\n";

fn all(server: &Server, kind: RulingKind) -> Vec<Ruled> {
    let data = server.place.settings().parent().expect("a folder").join("data");
    let history = History::open(&data).expect("the store is read");
    let walk = Walk {
        account: "romashka".into(),
        since: jiff::Timestamp::MIN,
        until: jiff::Timestamp::MAX,
        of_million: Walk::ALL,
    };
    let (page, next) = history.rulings(&walk, kind, None, 500).expect("a page");
    assert!(next.is_none());
    assert_eq!(history.count_rulings(&walk, kind).expect("a count"), page.len() as u64);
    page.iter().map(|ruling| Ruled::read(ruling).expect("it is read")).collect()
}

/// Waits until so many are kept.
async fn kept(server: &Server, kind: RulingKind, count: usize) -> Vec<Ruled> {
    until("what the rules said is kept", async || all(server, kind).len() == count).await;
    all(server, kind)
}

/// What the candidate says otherwise, or lacks.
fn differences(ruled: &Ruled, candidate: &Bundle) -> Vec<String> {
    match ruled.judge(candidate) {
        Judged::Said(said) => {
            let changes = changes(&ruled.said, &said);
            changes.iter().map(|change| change.group().words(Lang::En, &|_| None)).collect()
        }
        Judged::Lacking(lacking) => lacking.iter().map(|one| format!("lacks {}", one.en)).collect(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_calls_were_put_through_to_can_be_asked_again() {
    let place = Place::new(ON, &Tuning::default()).await;
    place.emulator.crm().put_customer(
        "romashka-main",
        json!({"firstName": "Вера", "phones": [{"number": "+7 900 000-00-71"}], "managerId": OLGA_USER}),
    );
    let server = place.serve().await;
    let ask = async |caller: &str, session: u64| {
        let url = format!("{}/manager", hooks(server.running.addresses().hooks));
        let (caller, dialled) = (Some(caller.to_owned()), "74951234567".to_owned());
        let asking = Asking { session, caller, dialled, by: AskBy::Json };
        server.place.emulator.uis().ask(&asking, &url).await.next
    };
    let olga = Next::Calls(vec!["103".to_owned()]);
    until("the client is remembered", async || ask("79000000071", 998_700_001).await == olga).await;
    ask("79000000072", 998_700_002).await;
    let ruled = kept(&server, RulingKind::Forward, 2).await;
    let known = ruled.iter().find(|one| one.subject.as_deref() == Some("call:998700001")).expect("the call");
    assert_eq!(known.differs_from_itself(&bundle(ON)), []);
    assert_eq!(differences(known, &bundle(ON)), Vec::<String>::new());
    let number = "rules 1\n\ntable forward for incoming calls\n  | contact || employee | to_number |\n  |---------||----------|-----------|\n  | repeat  || -        | \"600\"     |\n  | else    || -        | -         |\n";
    assert_eq!(differences(known, &bundle(number)), ["the call is put through to: olga@romashka.ru → 600"]);
    let off = bundle(&ON.replace("yes", "no"));
    assert_eq!(differences(known, &off), ["the call is put through to: olga@romashka.ru → nobody"]);
    let stranger = ruled.iter().find(|one| one.subject.as_deref() == Some("call:998700002"));
    assert_eq!(differences(stranger.expect("the other call"), &off), Vec::<String>::new());
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn which_deals_orders_became_can_be_asked_again() {
    let server = deals::place(deals::RULES, "history_interval = \"1 h\"").await.serve().await;
    server.with_triggers();
    let put = |price| {
        let order = deals::order(price, json!({"delivery": {"cost": 350}}));
        server.place.emulator.crm().put_order(deals::SHOP, order)
    };
    let ids = [put(4_250), put(20_000)];
    for id in ids {
        server.stands(id, DealState::Done).await;
    }
    let ruled = kept(&server, RulingKind::Deal, 2).await;
    let of = |id: u64| {
        let subject = format!("order:{id}");
        ruled.iter().find(|one| one.subject.as_deref() == Some(&subject)).expect("the order")
    };
    let own = bundle(deals::RULES);
    for id in ids {
        assert_eq!(of(id).differs_from_itself(&own), []);
    }
    let dear = bundle(&deals::RULES.replace("> 0", "> 10000"));
    assert_eq!(differences(of(ids[0]), &dear), ["deal: passed on → not passed on"]);
    assert_eq!(differences(of(ids[1]), &dear), Vec::<String>::new());
    let goods =
        bundle(&deals::RULES.replace("amount: total_with_delivery", "amount: total_without_delivery"));
    assert_eq!(differences(of(ids[1]), &goods), ["sum of the deal: another"]);
    let won = bundle(
        &deals::RULES
            .replace("won: order.status_group is \"complete\"", "won: order.status_group is \"new\""),
    );
    assert_eq!(differences(of(ids[0]), &won), ["stage of the deal: open → won"]);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_pop_ups_showed_can_be_asked_again() {
    let server = ready(RULES, "").await;
    let mut rest = server.place.play(&missed()).notifications.into_iter();
    tell(&server, &mut rest, "ring").await;
    was_told(&server.place.emulator, &["in 29"]).await;
    let ruled = kept(&server, RulingKind::PopUp, 1).await;
    assert_eq!(differences(&ruled[0], &bundle(RULES)), Vec::<String>::new());
    let rejects =
        format!("{RULES}\nfilter for calls\n  reject when virtual_number is +74951234567\n  else accept\n");
    assert_eq!(differences(&ruled[0], &bundle(&rejects)), ["filter: lets through → turns away"]);
    server.stop().await;
}
