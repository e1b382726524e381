//! Cases: comparisons of shadow rules.

use jiff::civil::Date;

use super::rig::{Outcome, Rig, crash, ensure, first, same};
use super::sample::{at, call, romashka};
use crate::store::Store;
use crate::store::record::{
    ShadowBounds, ShadowClass, ShadowCounts, ShadowGroup, ShadowKey, ShadowPair, ShadowRetention, ShadowSeen,
    ShadowTally,
};

const BOUNDS: ShadowBounds = ShadowBounds { pairs: 3, groups: 2, examples: 2 };

fn pair(candidate: &str) -> ShadowPair {
    ShadowPair { account: romashka(), candidate: candidate.into(), in_force: "old".into() }
}

fn day(day: i8) -> Date {
    Date::constant(2026, 3, day)
}

/// One communication that differs in each of these groups.
fn tally(candidate: &str, on: Date, second: u32, groups: &[&str]) -> ShadowTally {
    let moment = at(second.into());
    let seen = |key: &&str| {
        let seen = ShadowSeen {
            en: format!("{key} in English"),
            ru: format!("{key} по-русски"),
            count: 1,
            first_at: moment,
            last_at: moment,
            examples: vec![(call(second), moment)],
        };
        (ShadowKey { class: ShadowClass::Differs, key: (*key).to_owned() }, seen)
    };
    ShadowTally {
        pair: pair(candidate),
        day: on,
        counts: ShadowCounts { differ: 1, ..ShadowCounts::default() },
        first_at: moment,
        last_at: moment,
        groups: groups.iter().map(seen).collect(),
    }
}

async fn groups(store: &dyn Store, candidate: &str) -> Result<Vec<ShadowGroup>, crate::store::StoreError> {
    store.shadows().shadow_groups(&pair(candidate)).await
}

fn named(groups: &[ShadowGroup]) -> Vec<(&str, u64)> {
    groups.iter().map(|group| (group.key.key.as_str(), group.count)).collect()
}

pub(super) async fn comparisons_add_up_and_outlive_a_crash(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let counted = vec![tally("new", day(1), 1, &["a"]), tally("new", day(1), 2, &["a", "b"])];
    store.shadows().count_shadows(counted, BOUNDS).await?;
    let same_too = ShadowTally {
        counts: ShadowCounts { same: 7, unjudged: 1, failed: 2, dropped: 3, differ: 0 },
        ..tally("new", day(2), 9, &[])
    };
    store.shadows().count_shadows(vec![same_too], BOUNDS).await?;
    let store = crash(rig, store).await?;
    let run = first(store.shadows().shadows(&romashka()).await?, "pair")?;
    same!(run.pair, pair("new"), "which");
    same!((run.first_at, run.last_at), (at(1), at(9)), "since when, until when");
    same!(
        run.counts,
        ShadowCounts { same: 7, differ: 2, unjudged: 1, failed: 2, dropped: 3 },
        "all days together"
    );
    same!(run.days.iter().map(|(day, _)| *day).collect::<Vec<_>>(), [day(2), day(1)], "the latest day first");
    let found = groups(&*store, "new").await?;
    same!(named(&found), [("a", 2), ("b", 1)], "the largest group first");
    let a = first(found, "group")?;
    same!((a.en.as_str(), a.ru.as_str()), ("a in English", "a по-русски"), "its names");
    same!((a.first_at, a.last_at), (at(1), at(2)), "when it was seen");
    same!(a.examples, [(call(2), at(2)), (call(1), at(1))], "the latest example first");
    Ok(())
}

pub(super) async fn what_is_kept_of_comparisons_is_bounded(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    for second in 1..=5 {
        let key = format!("group {second}");
        let counted = vec![tally("new", day(1), second, &["always", &key])];
        store.shadows().count_shadows(counted, BOUNDS).await?;
    }
    let found = groups(&*store, "new").await?;
    same!(named(&found), [("always", 5), (ShadowKey::OTHERS, 4), ("group 1", 1)], "the rest is one group");
    for group in &found {
        ensure!(group.examples.len() <= BOUNDS.examples, "no more examples than are wanted");
    }
    let always = first(found, "group")?;
    same!(always.examples, [(call(5), at(5)), (call(4), at(4))], "the latest ones");
    for (candidate, second) in [("second", 20), ("third", 30), ("new", 40), ("fourth", 50)] {
        store.shadows().count_shadows(vec![tally(candidate, day(2), second, &["a"])], BOUNDS).await?;
    }
    let runs = store.shadows().shadows(&romashka()).await?;
    let names: Vec<&str> = runs.iter().map(|run| run.pair.candidate.as_str()).collect();
    same!(names, ["fourth", "new", "third"], "the one that was tried longest ago is forgotten");
    same!(groups(&*store, "second").await?, Vec::<ShadowGroup>::new(), "with all it had");
    Ok(())
}

pub(super) async fn old_comparisons_are_pruned(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let counted = vec![
        tally("new", day(1), 1, &["a", "b"]),
        tally("new", day(3), 3, &["a"]),
        tally("older", day(1), 1, &["a"]),
    ];
    store.shadows().count_shadows(counted, BOUNDS).await?;
    let retention = |on, second, limit| ShadowRetention { days: day(on), examples: at(second), limit };
    same!(store.shadows().prune_shadows(retention(1, 0, 100)).await?, 0, "nothing is old yet");
    same!(store.shadows().prune_shadows(retention(2, 2, 2)).await?, 2, "no more than was asked for");
    while store.shadows().prune_shadows(retention(2, 2, 2)).await? == 2 {}
    let store = crash(rig, store).await?;
    let runs = store.shadows().shadows(&romashka()).await?;
    same!(runs.len(), 1, "what nothing is left of is gone");
    let run = first(runs, "pair")?;
    same!((run.counts.differ, run.days.len()), (1, 1), "the young day is left");
    let found = groups(&*store, "new").await?;
    same!(named(&found), [("a", 1)], "and its group");
    same!(first(found, "group")?.examples, [(call(3), at(3))], "and its example");
    Ok(())
}
