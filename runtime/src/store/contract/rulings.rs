//! Cases: what rules said beside the lanes.

use super::rig::{Outcome, Rig, same};
use super::sample::{at, romashka};
use crate::store::record::{Json, NewRuling, RulingKind};

fn said(kind: RulingKind, second: i64) -> NewRuling {
    let json = |text: &str| Json::from_text(text.to_owned());
    NewRuling {
        account: romashka(),
        kind,
        subject: Some("call:998700001".into()),
        bundle_digest: "digest".into(),
        event: json("{}"),
        facts: json("{}"),
        told: json("{}"),
        at: at(second),
    }
}

pub(super) async fn old_rulings_are_pruned(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let kinds = RulingKind::ALL.into_iter().zip(1..);
    let rulings = kinds.map(|(kind, second)| said(kind, second)).collect();
    store.rulings().keep_rulings(rulings).await?;
    store.rulings().keep_rulings(Vec::new()).await?;
    same!(store.rulings().prune_rulings(at(1), 10).await?, 0, "nothing is old yet");
    same!(store.rulings().prune_rulings(at(4), 2).await?, 2, "no more than was asked for");
    same!(store.rulings().prune_rulings(at(4), 2).await?, 1, "the rest");
    same!(store.rulings().prune_rulings(at(4), 2).await?, 0, "nothing is left");
    Ok(())
}
