//! Cases: pop-ups.

use super::rig::{Outcome, Rig, ensure, same};
use super::sample::{at, call, romashka};
use crate::store::record::{AccountId, Json, PopUp, Retention};

fn popup(number: u32, version: u64, is_open: bool) -> PopUp {
    PopUp {
        account: romashka(),
        session: call(number),
        version,
        is_open,
        data: Json::from_text(format!("{{\"version\":{version}}}")),
        updated_at: at(i64::from(number)),
    }
}

pub(super) async fn a_popup_is_written_by_who_read_it_last(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    same!(store.popup(&romashka(), &call(1)).await?, None, "nothing is known of it");
    ensure!(store.put_popup(popup(1, 0, true)).await?, "the first write is taken");
    ensure!(!store.put_popup(popup(1, 0, true)).await?, "a second first write is not");
    ensure!(store.put_popup(popup(1, 1, true)).await?, "who read it may write it");
    ensure!(!store.put_popup(popup(1, 1, false)).await?, "who read it earlier may not");
    let kept = store.popup(&romashka(), &call(1)).await?;
    let wanted = PopUp { version: 2, ..popup(1, 1, true) };
    same!(kept, Some(wanted), "the last write stands");
    Ok(())
}

pub(super) async fn open_popups_outlive_a_crash_and_are_listed(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    for number in [3, 1, 2] {
        store.put_popup(popup(number, 0, number != 2)).await?;
    }
    drop(store);
    let store = rig.open().await?;
    let open = store.open_popups(&romashka()).await?;
    let sessions: Vec<_> = open.into_iter().map(|one| one.session).collect();
    same!(sessions, [call(1), call(3)], "the open ones");
    same!(store.open_popups(&AccountId::from("lavka")).await?, Vec::new(), "another account has none");
    Ok(())
}

pub(super) async fn closed_popups_are_pruned_and_open_ones_kept(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    for (number, is_open) in [(1, false), (2, true), (9, false)] {
        store.put_popup(popup(number, 0, is_open)).await?;
    }
    let before = at(5);
    let retention = Retention { events: before, dead: before, decisions: before, settled: before, limit: 10 };
    same!(store.prune(retention).await?.popups, 1, "one is old and closed");
    same!(store.popup(&romashka(), &call(1)).await?, None, "it is gone");
    for number in [2, 9] {
        ensure!(store.popup(&romashka(), &call(number)).await?.is_some(), "the others are there");
    }
    Ok(())
}
