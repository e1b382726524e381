//! Cases: clicks on a phone in the CRM.

use std::time::Duration;

use super::rig::{Outcome, Rig, crash, ensure, fails, same};
use super::sample::{at, call, romashka};
use crate::store::record::{
    ClickAccepted, ClickId, ClickProgress, ClickState, Json, NewClick, NoticeState, Page, Retention,
};
use crate::store::{Store, StoreError};

fn new(dedup: &str, seconds: i64) -> NewClick {
    NewClick {
        account: romashka(),
        dedup: dedup.to_owned(),
        window: Duration::from_secs(5),
        received_at: at(seconds),
        request: Json::from_text("{}".to_owned()),
    }
}

async fn accepted(store: &dyn Store, dedup: &str, seconds: i64) -> Result<ClickId, String> {
    match store.accept_click(new(dedup, seconds)).await {
        Ok(ClickAccepted::New(id)) => Ok(id),
        other => Err(format!("`{dedup}` is no new click: {other:?}")),
    }
}

fn progress(id: ClickId, state: ClickState, notice: NoticeState) -> ClickProgress {
    ClickProgress { id, state, notice, session: None, outcome: Json::from_text("{\"why\":1}".to_owned()) }
}

pub(super) async fn a_double_click_is_one_within_its_window(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let first = accepted(&*store, "anna 1", 100).await?;
    same!(store.accept_click(new("anna 1", 104)).await?, ClickAccepted::Double(first), "four seconds later");
    // However the first ended.
    store.put_click(progress(first, ClickState::Refused, NoticeState::None), at(104)).await?;
    same!(store.accept_click(new("anna 1", 104)).await?, ClickAccepted::Double(first), "after a refusal");
    let other = accepted(&*store, "anna 2", 104).await?;
    let later = accepted(&*store, "anna 1", 105).await?;
    ensure!(other != first && later > other, "three clicks have three numbers that grow");
    Ok(())
}

pub(super) async fn a_click_is_taken_once_even_after_a_crash(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let id = accepted(&*store, "anna", 1).await?;
    let store = crash(rig, store).await?;
    let waiting = store.unfinished_clicks(&romashka()).await?;
    same!(
        waiting.iter().map(|click| (click.id, click.state)).collect::<Vec<_>>(),
        [(id, ClickState::Waiting)],
        "after a crash"
    );
    ensure!(store.take_click(id, at(2)).await?, "the first takes it");
    ensure!(!store.take_click(id, at(3)).await?, "the second does not");
    let store = crash(rig, store).await?;
    ensure!(!store.take_click(id, at(4)).await?, "nor anybody after a crash");
    same!(
        store.unfinished_clicks(&romashka()).await?[..].first().map(|click| click.state),
        Some(ClickState::Dialling),
        "it can be seen"
    );
    Ok(())
}

pub(super) async fn a_call_makes_an_unknown_click_a_started_one(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let id = accepted(&*store, "anna", 7).await?;
    let became = |id, second| {
        let store = &store;
        async move { store.click_became(&romashka(), (id, at(second).as_second()), &call(1), at(9)).await }
    };
    ensure!(!became(id, 7).await?, "what was never dialled has no call");
    store.take_click(id, at(8)).await?;
    store.put_click(progress(id, ClickState::Unknown, NoticeState::Due), at(8)).await?;
    ensure!(!became(id, 8).await?, "another second is another store's click");
    ensure!(!became(ClickId(999), 7).await?, "and so is an unknown number");
    ensure!(became(id, 7).await?, "it has begun after all");
    store.put_click(progress(id, ClickState::Unknown, NoticeState::Due), at(10)).await?;
    let listed = store.clicks(Page { account: Some(romashka()), after: None, limit: 10 }).await?;
    let seen: Vec<_> =
        listed.rows.iter().map(|click| (click.state, click.notice, click.session.clone())).collect();
    same!(seen, [(ClickState::Started, NoticeState::None, Some(call(1)))], "started stays started");
    ensure!(store.unfinished_clicks(&romashka()).await?.is_empty(), "nothing is left to do");
    fails!(
        store.put_click(progress(ClickId(999), ClickState::Refused, NoticeState::None), at(1)).await,
        StoreError::NotFound { .. },
        "no such click"
    );
    Ok(())
}

pub(super) async fn finished_clicks_are_pruned_with_the_bodies(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let moment = at(1000);
    let retention = Retention { events: moment, dead: at(0), decisions: at(0), settled: at(0), limit: 100 };
    let [old, told, waiting, young] = [
        accepted(&*store, "old", 1).await?,
        accepted(&*store, "told", 2).await?,
        accepted(&*store, "waiting", 3).await?,
        accepted(&*store, "young", 2000).await?,
    ];
    for (id, notice) in [(old, NoticeState::Sent), (told, NoticeState::Due), (young, NoticeState::None)] {
        store.put_click(progress(id, ClickState::Refused, notice), at(5)).await?;
    }
    same!(store.prune(retention).await?.events, 1, "the one that nothing is left to do about");
    let listed = store.clicks(Page { account: None, after: None, limit: 10 }).await?;
    same!(
        listed.rows.iter().map(|click| click.id).collect::<Vec<_>>(),
        [young, waiting, told],
        "newest first"
    );
    Ok(())
}
