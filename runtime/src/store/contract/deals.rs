//! Cases: orders that are to be deals.

use super::rig::{Outcome, Rig, crash, ensure, first, same};
use super::sample::{at, romashka};
use crate::store::Store;
use crate::store::record::{
    DealCounts, DealState, Due, Json, Mark, Noted, OrderId, Page, PartyKey, Settled, Step, Wanted,
};

fn mark(order: OrderId, due: i64) -> Mark {
    Mark { order, due_at: at(due), steps: Vec::new(), gone: None }
}

fn noted(marks: Vec<Mark>) -> Noted {
    Noted { account: romashka(), marks, cursor: None }
}

async fn due(store: &dyn Store, now: i64) -> Result<Vec<Due>, crate::store::StoreError> {
    store.deals().due_deals(Wanted { account: romashka(), now: at(now), limit: 10 }).await
}

fn settled(due: &Due, state: DealState) -> Settled {
    Settled {
        order: due.order,
        wanted: due.wanted,
        state,
        due_at: None,
        tries: 0,
        memory: Some(Json::from_text("{\"m\":1}".to_owned())),
        reason: None,
        told: due.steps.last().map(|step| step.row),
        unknown: false,
    }
}

pub(super) async fn a_burst_is_one_order_and_outlives_a_crash(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    for second in 0..50 {
        store.deals().note_deals(noted(vec![mark(7, 10 + second)]), at(second)).await?;
    }
    let store = crash(rig, store).await?;
    ensure!(due(&*store, 9).await?.is_empty(), "it is due no earlier than it was first told");
    same!(store.deals().next_deal(&romashka()).await?, Some(at(10)), "when it is due");
    let found = due(&*store, 10).await?;
    same!(found.iter().map(|due| (due.order, due.wanted)).collect::<Vec<_>>(), [(7, 50)], "one row");
    store
        .deals()
        .settle_deals(
            &romashka(),
            vec![settled(&found[..].first().cloned().ok_or("none")?, DealState::Done)],
            at(11),
        )
        .await?;
    ensure!(due(&*store, 1000).await?.is_empty(), "nothing is left to do");
    same!(store.deals().next_deal(&romashka()).await?, None, "nor later");
    same!(
        store.deals().count_deals(&romashka()).await?,
        DealCounts { done: 1, ..DealCounts::default() },
        "counts"
    );
    Ok(())
}

pub(super) async fn a_change_that_comes_meanwhile_is_not_taken_for_done(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    store.deals().note_deals(noted(vec![mark(7, 1)]), at(1)).await?;
    let read = first(due(&*store, 1).await?, "order")?;
    store.deals().note_deals(noted(vec![mark(7, 3)]), at(2)).await?;
    store.deals().settle_deals(&romashka(), vec![settled(&read, DealState::Done)], at(5)).await?;
    let again = first(due(&*store, 5).await?, "order")?;
    same!(
        (again.wanted, again.memory),
        (2, Some(Json::from_text("{\"m\":1}".to_owned()))),
        "what was done is kept"
    );
    store
        .deals()
        .settle_deals(&romashka(), vec![settled(&Due { memory: None, ..again }, DealState::Parked)], at(6))
        .await?;
    ensure!(due(&*store, 100).await?.is_empty(), "what is given up rests");
    same!(store.deals().retry_deals(&romashka(), at(7)).await?, 1, "until it is tried again");
    ensure!(!store.deals().retry_deal(&romashka(), 7, at(7)).await?, "once");
    same!(due(&*store, 7).await?.len(), 1, "then it is due");
    Ok(())
}

pub(super) async fn steps_are_kept_once_and_until_they_are_told(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let step = |row: u64, status: &str| Step {
        row,
        status: status.to_owned(),
        at: at(i64::from(u32::try_from(row).unwrap_or(0))),
    };
    let told = Mark { steps: vec![step(2, "b"), step(1, "a")], ..mark(7, 1) };
    let history = Noted { cursor: Some(("orders".to_owned(), "2".to_owned())), ..noted(vec![told]) };
    store.deals().note_deals(history.clone(), at(1)).await?;
    store.deals().note_deals(history, at(2)).await?;
    let store = crash(rig, store).await?;
    let read = first(due(&*store, 9).await?, "order")?;
    same!(read.steps, [step(1, "a"), step(2, "b")], "in the order of the history");
    same!(store.cursor(&romashka(), "orders").await?.as_deref(), Some("2"), "written in the same step");
    let later = Mark { steps: vec![step(3, "c")], gone: Some(true), ..mark(7, 1) };
    store.deals().note_deals(noted(vec![later]), at(3)).await?;
    store.deals().sending_deals(&romashka(), vec![(7, Json::from_text("{}".to_owned()))], at(4)).await?;
    store
        .deals()
        .settle_deals(&romashka(), vec![Settled { unknown: true, ..settled(&read, DealState::Done) }], at(5))
        .await?;
    let read = first(due(&*store, 9).await?, "order")?;
    same!((read.steps.len(), read.is_gone, read.sent_at), (1, true, Some(at(4))), "what is left");
    Ok(())
}

pub(super) async fn closed_deals_are_forgotten_and_open_ones_are_not(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    for order in 1..=9 {
        store.deals().note_deals(noted(vec![mark(order, 1)]), at(1)).await?;
    }
    let read = due(&*store, 1).await?;
    let kept = |memory: &str| Some(Json::from_text(memory.to_owned()));
    let (open, closed) = ("{\"last\":{\"is_end\":false}}", "{\"last\":{\"is_end\":true}}");
    let of = |order: OrderId, state, memory: Option<Json>| {
        let due = read.iter().find(|due| due.order == order).ok_or("it is due")?;
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(Settled { memory, ..settled(due, state) })
    };
    let late = Settled {
        state: DealState::Waiting,
        due_at: Some(at(900)),
        ..of(7, DealState::Waiting, kept(closed))?
    };
    let settled = vec![
        of(1, DealState::Done, kept(open))?,
        of(2, DealState::Done, kept(closed))?,
        of(3, DealState::NotPassed, kept("{}"))?,
        of(4, DealState::NotPassed, kept(open))?,
        of(5, DealState::Parked, kept(closed))?,
        of(6, DealState::Gone, kept(open))?,
        late,
        of(8, DealState::NotPassed, None)?,
    ];
    store.deals().settle_deals(&romashka(), settled, at(10)).await?;
    // The ninth was closed as well, and has changed again.
    let again = of(9, DealState::Done, kept(closed))?;
    store.deals().settle_deals(&romashka(), vec![again], at(10)).await?;
    store.deals().note_deals(noted(vec![mark(9, 900)]), at(11)).await?;
    let none = store.deals().prune_deals(&romashka(), at(10), 100).await?;
    same!(none, Vec::<OrderId>::new(), "nothing is old yet");
    let mut forgotten = store.deals().prune_deals(&romashka(), at(100), 2).await?;
    same!(forgotten.len(), 2, "no more than was asked for");
    forgotten.extend(store.deals().prune_deals(&romashka(), at(100), 100).await?);
    forgotten.sort_unstable();
    same!(forgotten, [2, 3, 6, 8], "closed, without a deal, deleted");
    let store = crash(rig, store).await?;
    let page = Page { account: Some(romashka()), after: None, limit: 10 };
    let mut left: Vec<OrderId> =
        store.deals().list_deals(page, false).await?.rows.iter().map(|deal| deal.order).collect();
    left.sort_unstable();
    same!(left, [1, 4, 5, 7, 9], "open, put aside, waiting");
    Ok(())
}

pub(super) async fn orders_page_and_parties_are_remembered(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    for order in 1..=5 {
        store.deals().note_deals(noted(vec![mark(order, 1)]), at(1)).await?;
    }
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = Page { account: Some(romashka()), after, limit: 2 };
        let listed = store.deals().list_deals(page, false).await?;
        seen.extend(listed.rows.iter().map(|deal| deal.order));
        after = listed.next;
        if after.is_none() {
            break;
        }
    }
    same!(seen, [5, 4, 3, 2, 1], "each once");
    let key = |ext_id: &str| PartyKey { kind: "contact", ext_id: ext_id.to_owned() };
    let put = vec![(key("a"), Some("1".to_owned())), (key("b"), Some("2".to_owned()))];
    store.deals().put_parties(&romashka(), put).await?;
    store.deals().put_parties(&romashka(), vec![(key("a"), None)]).await?;
    let store = crash(rig, store).await?;
    let known = store.deals().known_parties(&romashka(), vec![key("a"), key("b"), key("c")]).await?;
    same!(known.into_iter().collect::<Vec<_>>(), [(key("b"), "2".to_owned())], "what is known");
    Ok(())
}
