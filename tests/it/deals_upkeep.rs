//! Deals in the long run: orders that leave the rules, rows of the history that show late, closed deals that are forgotten
//! and come again, stages that are renamed or that nobody can reach any more.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use switchboard_emulator::{Clock as Emulated, Crm, ReferenceRow, Settings};
use switchboard_runtime::app::{Replace, start};
use switchboard_runtime::clock::Manual;
use switchboard_runtime::config;
use switchboard_runtime::deals::Reason;
use switchboard_runtime::store::record::DealState;

use super::deals::{RULES, SHOP, order, place, rows, stages, tuning};
use super::server::{Place, Server, until};

fn reason(deal: &switchboard_runtime::store::record::Deal) -> Option<Reason> {
    deal.reason.as_ref().and_then(|reason| reason.read().ok())
}

fn price(price: u32) -> Value {
    json!({"items": [{"productName": "Ромашка", "quantity": 1, "initialPrice": price}]})
}

/// An order that was a deal, and that the rules would not pass on any more.
async fn emptied(more: &str) -> (Server, u64) {
    let server = place(RULES, more).await.serve().await;
    server.with_triggers();
    let crm = server.place.emulator.crm();
    let id = crm.put_order(SHOP, order(100, json!({})));
    server.stands(id, DealState::Done).await;
    crm.edit_order(id, price(0));
    (server, id)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deal_follows_its_order_even_when_the_rules_would_not_pass_it_on_any_more() {
    let (server, id) = emptied("").await;
    let emulator = &server.place.emulator;
    until("the sum is gone", async || {
        rows(emulator, id).last().is_some_and(|row| row["revenue"] == json!(0))
    })
    .await;
    emulator.crm().edit_order(id, json!({"status": "cancel-other"}));
    until("it is lost", async || stages(emulator, id).last().is_some_and(|stage| stage == "lost")).await;
    server.stands(id, DealState::Done).await;
    // What was never a deal becomes none.
    let other = emulator.crm().put_order(SHOP, order(0, json!({})));
    server.stands(other, DealState::NotPassed).await;
    assert!(rows(emulator, other).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deal_may_be_left_as_it_was_when_its_order_leaves_the_rules() {
    let (server, id) = emptied("unmatched = \"keep\"").await;
    let emulator = &server.place.emulator;
    let deal = server.stands(id, DealState::NotPassed).await;
    assert_eq!(reason(&deal), Some(Reason::LeftAsItWas));
    emulator.crm().edit_order(id, json!({"status": "complete"}));
    server.stands(id, DealState::NotPassed).await;
    assert_eq!(stages(emulator, id), ["group:new"]);
    // It comes back, and goes on from where UIS has it.
    emulator.crm().edit_order(id, price(50));
    until("it is won", async || stages(emulator, id) == ["group:new", "won"]).await;
    assert_eq!(reason(&server.stands(id, DealState::Done).await), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deal_may_be_deleted_when_its_order_leaves_the_rules() {
    let (server, id) = emptied("unmatched = \"delete\"").await;
    let emulator = &server.place.emulator;
    server.stands(id, DealState::NotPassed).await;
    assert!(rows(emulator, id).is_empty());
    emulator.crm().edit_order(id, price(50));
    until("it is a deal again", async || stages(emulator, id) == ["group:new"]).await;
    server.stands(id, DealState::Done).await;
}

/// Orders that a server which is told nothing has heard of when half of the rows of the history show 600 ms late.
async fn heard(more: &str) -> (usize, usize) {
    const ORDERS: u32 = 24;
    let server = place(RULES, &format!("history_interval = \"50 ms\"\n{more}")).await.serve().await;
    let emulator = &server.place.emulator;
    until("the history is read", async || !emulator.journal().of("/api/v5/orders/history").is_empty()).await;
    emulator.set_switches(|switches| {
        (switches.history_late_ms, switches.history_late_percent) = (600, 50);
    });
    let mut last = Timestamp::now();
    for n in 0..ORDERS {
        let before = emulator.journal().of("/api/v5/orders/history").len();
        emulator.crm().put_order(SHOP, order(100 + n, json!({})));
        last = Timestamp::now();
        // Each is a reading of its own, so that one that shows late is behind the row that was read last.
        until("it is read", async || emulator.journal().of("/api/v5/orders/history").len() > before + 1)
            .await;
    }
    until("all rows show", async || Timestamp::now().duration_since(last).as_millis() > 600).await;
    let readings = emulator.journal().of("/api/v5/orders/history").len();
    until("they are read", async || emulator.journal().of("/api/v5/orders/history").len() > readings + 3)
        .await;
    until("nothing waits", async || {
        server.deals_kept().await.iter().all(|deal| deal.state == DealState::Done)
    })
    .await;
    let read = || {
        let entries = emulator.journal().of("/api/v5/orders");
        entries.iter().filter(|entry| entry.path.ends_with("/orders")).count()
    };
    let before = read();
    let kept = server.deals_kept().await;
    assert!(kept.iter().all(|deal| rows(emulator, deal.order).len() == 1), "each row once");
    // What is read again is not done again.
    let readings = emulator.journal().of("/api/v5/orders/history").len();
    until("it is read again", async || emulator.journal().of("/api/v5/orders/history").len() > readings + 3)
        .await;
    assert_eq!(read(), before, "no order is read because an old row was");
    (kept.len(), ORDERS as usize)
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_the_history_that_show_late_are_not_passed_over() {
    let (kept, all) = heard("").await;
    assert_eq!(kept, all);
    let (kept, all) = heard("history_overlap = \"0 s\"").await;
    assert!(kept < all, "without the overlap there would be nothing to hold");
}

const BEGIN: &str = "2026-07-01T00:00:00Z";

/// A server whose time is moved by hand, and its emulator's.
async fn timed(more: &str) -> (Server, impl Fn(Duration)) {
    let begin: Timestamp = BEGIN.parse().expect("a moment");
    let (emulated, clock) = (Emulated::manual(begin), Manual::new(begin));
    let settings = Settings { clock: emulated.clone(), ..Settings::default() };
    let more = format!(
        "settle = \"1 s\"\nhistory_interval = \"1 min\"\nfunnels_interval = \"1 h\"\nprocessing_check = \"1 min\"\n{more}"
    );
    let place = Place::with(settings, RULES, &tuning(&more)).await;
    place.emulator.set_switches(|switches| {
        (switches.points_per_minute, switches.points_per_day) = (1_000_000_000, 1_000_000_000);
    });
    let config = config::load(&place.settings()).unwrap_or_else(|error| panic!("{error}"));
    let replace = Replace { clock: Some(Arc::new(clock.clone())), seed: Some(1), ..Replace::default() };
    let running = start(config, replace).await.unwrap_or_else(|error| panic!("{error:?}"));
    let tick = move |by: Duration| {
        emulated.advance(by);
        clock.advance(by);
    };
    (Server { place, running }, tick)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_deal_is_forgotten_and_found_again_when_its_order_comes_to_life() {
    const SOON: Duration = Duration::from_secs(61);
    let (server, tick) = timed("keep_closed_days = 30\n").await;
    let emulator = &server.place.emulator;
    let crm = emulator.crm();
    until("the history is read", async || {
        tick(Duration::from_secs(1));
        !emulator.journal().of("/api/v5/orders/history").is_empty()
    })
    .await;
    let all_stand = async || {
        tick(SOON);
        let kept = server.deals_kept().await;
        !kept.is_empty() && kept.iter().all(|deal| deal.due_at.is_none())
    };
    let stands = async |id: u64, stage: &str| {
        until(&format!("{id} is {stage}"), async || {
            all_stand().await && stages(emulator, id).last().is_some_and(|last| last == stage)
        })
        .await;
    };
    let [won, open, deleted, later] =
        [1, 2, 3, 4].map(|n| crm.put_order(SHOP, order(100 * n, json!({"phone": "+79000000012"}))));
    for id in [won, deleted, later] {
        tick(SOON);
        crm.edit_order(id, json!({"status": "complete"}));
    }
    for id in [won, deleted, later] {
        stands(id, "won").await;
    }
    stands(open, "group:new").await;
    // One of them changes on the way, so it is remembered for longer.
    tick(Duration::from_secs(20 * 24 * 3600));
    crm.edit_order(later, json!({"managerComment": "Звонил"}));
    until("it is told", async || {
        all_stand().await
            && rows(emulator, later).last().is_some_and(|row| row["comments"] == json!("Звонил"))
    })
    .await;
    tick(Duration::from_secs(11 * 24 * 3600));
    until("closed deals are forgotten", async || {
        tick(SOON);
        server.deals_kept().await.len() == 2
    })
    .await;
    let mut kept: Vec<u64> = server.deals_kept().await.iter().map(|deal| deal.order).collect();
    kept.sort_unstable();
    assert_eq!(kept, [open, later]);

    // What is forgotten here is not lost there.
    crm.edit_order(won, json!({"status": "client-confirmed"}));
    stands(won, "group:approval").await;
    let own = stages(emulator, won);
    assert_eq!(own.iter().filter(|stage| *stage == "group:new").count(), 1, "{own:?}");
    let at = |row: &Value| row["modified_stage_date_time"].as_str().unwrap_or_default().to_owned();
    let reopened = rows(emulator, won);
    assert!(reopened.windows(2).all(|pair| at(&pair[0]) <= at(&pair[1])), "{reopened:#?}");
    crm.delete_order(deleted);
    until("its deal goes with it", async || all_stand().await && rows(emulator, deleted).is_empty()).await;
}

fn group(crm: &Crm, code: &str, name: &str, active: bool) {
    let more = json!({"ordering": 25}).as_object().cloned().expect("an object");
    let row = ReferenceRow { code: code.to_owned(), name: name.to_owned(), active, more };
    crm.put_reference("statusGroups", row);
}

#[tokio::test(flavor = "multi_thread")]
async fn stages_that_nobody_can_reach_any_more_go_when_they_are_empty() {
    let place = place(RULES, "funnels_interval = \"100 ms\"").await;
    let crm = place.emulator.crm();
    for code in ["dispute", "audit"] {
        group(&crm, code, code, true);
        let more = json!({"ordering": 26, "group": code}).as_object().cloned().expect("an object");
        let row = ReferenceRow { code: format!("in-{code}"), name: code.to_owned(), active: true, more };
        crm.put_reference("statuses", row);
    }
    let server = place.serve().await;
    server.with_triggers();
    let emulator = &server.place.emulator;
    let crm = emulator.crm();
    let id = crm.put_order(SHOP, order(100, json!({"status": "in-audit"})));
    server.stands(id, DealState::Done).await;
    let has = |stage: &str| {
        let funnel = emulator.uis().funnels().remove(0);
        let stages = funnel["stages"].as_array().cloned().unwrap_or_default();
        stages.iter().any(|one| one["ext_id"] == json!(stage))
    };
    assert!(has("group:dispute") && has("group:audit"));
    for code in ["dispute", "audit"] {
        group(&crm, code, code, false);
    }
    until("the empty stage is gone", async || !has("group:dispute")).await;
    // Where a deal stands UIS lets nobody take the stage away, and it is not asked every time.
    until("it is tried", async || !emulator.journal().of("delete.sales_funnel_stages").is_empty()).await;
    let looks = emulator.journal().of("get.sales_funnel").len();
    until("it is looked at again", async || emulator.journal().of("get.sales_funnel").len() > looks + 2)
        .await;
    assert!(has("group:audit"));
    assert_eq!(emulator.journal().of("delete.sales_funnel_stages").len(), 2, "each once");
    // An order that comes to such a status all the same gets its stage.
    let late = crm.put_order(SHOP, order(100, json!({"status": "in-dispute"})));
    server.stands(late, DealState::Done).await;
    assert_eq!(stages(emulator, late), ["group:dispute"]);
    for id in [id, late] {
        crm.edit_order(id, json!({"status": "complete"}));
        until("it is won", async || stages(emulator, id).last().is_some_and(|stage| stage == "won")).await;
    }
    let server = server.stop().await.serve().await;
    let emulator = &server.place.emulator;
    until("both are gone", async || {
        let funnel = emulator.uis().funnels().remove(0);
        let text = funnel["stages"].to_string();
        !text.contains("group:audit") && !text.contains("group:dispute")
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn old_stages_may_stay() {
    let place = place(RULES, "funnels_interval = \"100 ms\"\nold_stages = \"keep\"").await;
    let server = place.serve().await;
    server.with_triggers();
    let emulator = &server.place.emulator;
    let id = emulator.crm().put_order(SHOP, order(100, json!({})));
    server.stands(id, DealState::Done).await;
    group(&emulator.crm(), "assembling", "Комплектация", false);
    let looks = emulator.journal().of("get.sales_funnel").len();
    until("it is looked at", async || emulator.journal().of("get.sales_funnel").len() > looks + 3).await;
    assert!(emulator.uis().funnels()[0]["stages"].to_string().contains("group:assembling"));
    assert!(emulator.journal().of("delete.sales_funnel_stages").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ends_of_a_funnel_have_the_names_of_the_settings() {
    let server = place(RULES, "").await.serve().await;
    server.with_triggers();
    let id = server.place.emulator.crm().put_order(SHOP, order(100, json!({})));
    server.stands(id, DealState::Done).await;
    let place = server.stop().await;
    let text = std::fs::read_to_string(place.settings()).expect("settings");
    let more = "[account.deals]\nwon_stage = \"Выиграно\"\nlost_stage = \"Отказ\"\n";
    std::fs::write(place.settings(), text.replace("[account.deals]\n", more)).expect("they are written");
    let server = place.serve().await;
    let emulator = &server.place.emulator;
    let names = || -> Vec<(String, u64)> {
        let funnel = emulator.uis().funnels().remove(0);
        let stages = funnel["stages"].as_array().cloned().unwrap_or_default();
        let ends = stages.iter().filter(|stage| stage["status"] != json!("in_process"));
        let end = |stage: &Value| Some((stage["name"].as_str()?.to_owned(), stage["order"].as_u64()?));
        ends.filter_map(end).collect()
    };
    until("they are renamed", async || {
        names() == [("Выиграно".to_owned(), 10_010), ("Отказ".to_owned(), 10_020)]
    })
    .await;
}
