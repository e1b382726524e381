//! Funnels in UIS, kept in step with the CRM.
//!
//! A funnel is made when the first deal goes there, with all stages that the rules leave open; afterwards stages that are new
//! in the CRM are added, renamed ones are renamed, and those that no order can reach any more are removed once they are
//! empty, which UIS alone can tell. What UIS has is read once and after every refusal; what was written since is known.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use super::clock::after;
use super::reason::Reason;
use super::stages::{Between, LOST, WON};
use super::trouble::{Trouble, is_absent, is_duplicate, is_refusal};
use crate::config::Deals;
use crate::directory::Snapshot;
use crate::uis::{self, MAX_ORDER, MAX_STAGES, SalesFunnel, Stage, StageStatus, UisError};

/// The space between the orders of two stages.
const SPACE: u64 = 10;
/// The time between two attempts at what UIS refuses: a name, or to remove a stage where deals still stand.
const REFUSED_PAUSE: Duration = Duration::from_secs(24 * 60 * 60);
/// Our name for the one funnel for all; the funnel of a shop has its code behind it.
const FUNNEL: &str = "retailcrm";

/// What is known of the funnels in UIS.
#[derive(Debug, Default)]
pub(super) struct Funnels {
    known: Option<BTreeMap<String, SalesFunnel>>,
    /// What UIS has refused, and when: funnel, stage, and the name that it was to have; none to remove it.
    refused: BTreeMap<(String, String, Option<String>), Timestamp>,
}

impl Funnels {
    /// Forgets what UIS has; it is read again.
    pub(super) fn forget(&mut self) {
        self.known = None;
    }

    /// Names of our funnels.
    pub(super) fn names(&self, settings: &Deals) -> Vec<String> {
        let known = self.known.iter().flat_map(BTreeMap::values);
        let ours = known.filter(|funnel| store_of(&funnel.ext_id, settings).is_some());
        ours.map(|funnel| funnel.name.clone()).collect()
    }

    /// Our name for a funnel.
    pub(super) fn ext_id(store: Option<&str>, settings: &Deals) -> String {
        match store {
            None => format!("{}{FUNNEL}", settings.prefix),
            Some(store) => format!("{}{FUNNEL}:{store}", settings.prefix),
        }
    }

    /// The stage of a funnel as UIS calls it; somebody may have made the funnel with other names for its ends.
    pub(super) fn stage(&self, funnel: &str, stage: &str) -> String {
        let known = self.known.as_ref().and_then(|known| known.get(funnel));
        let end = |status| known.and_then(|funnel: &SalesFunnel| funnel.meaning(status));
        let found = match stage {
            WON => end(StageStatus::Success),
            LOST => end(StageStatus::Failed),
            _ => None,
        };
        found.map_or_else(|| stage.to_owned(), |stage| stage.ext_id.clone())
    }

    async fn load(&mut self, uis: &uis::Client) -> Result<&mut BTreeMap<String, SalesFunnel>, Trouble> {
        if self.known.is_none() {
            let funnels = uis.funnels().await?;
            let by_id = funnels.into_iter().map(|funnel| (funnel.ext_id.clone(), funnel));
            self.known = Some(by_id.collect());
        }
        Ok(self.known.get_or_insert_default())
    }

    /// Makes sure that a funnel is there and has a stage.
    pub(super) async fn ensure(
        &mut self,
        uis: &uis::Client,
        settings: &Deals,
        directory: &Snapshot,
        store: Option<&str>,
        (needed, planned): (&Between, &[Between]),
    ) -> Result<Result<(), Reason>, Trouble> {
        let ext_id = Self::ext_id(store, settings);
        let known = self.load(uis).await?;
        let is_end = [WON, LOST].contains(&needed.ext_id.as_str());
        if !known.contains_key(&ext_id) {
            let funnel = planned_funnel(&ext_id, name(store, settings, directory), settings, planned);
            match uis.create_funnel(&funnel).await {
                Ok(()) => {
                    tracing::info!(funnel = ext_id, stages = funnel.stages.len(), "funnel was made in UIS");
                    known.insert(ext_id.clone(), funnel);
                }
                Err(error) if is_duplicate(&error) => {
                    // Made meanwhile, or the answer to our own request was lost.
                    self.forget();
                    self.load(uis).await?;
                }
                Err(error) if is_refusal(&error) => return Ok(Err(Reason::party("funnel", &error))),
                Err(error) => return Err(error.into()),
            }
        }
        let Some(funnel) = self.load(uis).await?.get_mut(&ext_id) else { return Ok(Ok(())) };
        if is_end || funnel.stage(&needed.ext_id).is_some() {
            return Ok(Ok(()));
        }
        add(uis, funnel, needed, planned).await
    }

    /// Gives our funnels and their stages the names that the CRM has now, and the stages that are new there.
    pub(super) async fn keep_in_step(
        &mut self,
        uis: &uis::Client,
        settings: &Deals,
        directory: &Snapshot,
        planned: &[Between],
        now: Timestamp,
    ) -> Result<(), Trouble> {
        self.forget();
        self.refused.retain(|_, at| after(*at, REFUSED_PAUSE) > now);
        self.load(uis).await?;
        let Self { known, refused } = self;
        for funnel in known.iter_mut().flat_map(BTreeMap::values_mut) {
            let Some(store) = store_of(&funnel.ext_id, settings) else { continue };
            let wanted = name(store, settings, directory);
            if funnel.name != wanted {
                match uis.rename_funnel(&funnel.ext_id, &wanted).await {
                    Ok(()) => funnel.name = wanted,
                    Err(error) => passed_over("funnel", &funnel.ext_id, error)?,
                }
            }
            for between in planned {
                let Some(stage) = funnel.stages.iter_mut().find(|stage| stage.ext_id == between.ext_id)
                else {
                    if let Err(reason) = add(uis, funnel, between, planned).await? {
                        tracing::warn!(
                            funnel = funnel.ext_id,
                            stage = between.ext_id,
                            reason = reason.text().en,
                            "stage was not added"
                        );
                    }
                    continue;
                };
                if stage.status == StageStatus::InProcess && stage.name != between.name {
                    let renamed = Stage { name: between.name.clone(), ..stage.clone() };
                    match uis.update_stage(&funnel.ext_id, &renamed).await {
                        Ok(()) => *stage = renamed,
                        Err(error) => passed_over("stage", &between.ext_id, error)?,
                    }
                }
            }
            for (ext_id, name) in [(WON, &settings.won_stage), (LOST, &settings.lost_stage)] {
                let Some(stage) = funnel.stages.iter_mut().find(|stage| stage.ext_id == ext_id) else {
                    continue;
                };
                let attempt = (funnel.ext_id.clone(), ext_id.to_owned(), Some(name.clone()));
                if stage.name == *name || refused.contains_key(&attempt) {
                    continue;
                }
                if rename_end(uis, &funnel.ext_id, stage, name).await? {
                    stage.name.clone_from(name);
                } else {
                    refused.insert(attempt, now);
                }
            }
        }
        Ok(())
    }

    /// Removes stages in process of our funnels that are old, unless deals stand there; the last one of a funnel stays.
    pub(super) async fn remove(
        &mut self,
        uis: &uis::Client,
        settings: &Deals,
        is_old: impl Fn(&str) -> bool,
        now: Timestamp,
    ) -> Result<(), Trouble> {
        let Self { known, refused } = self;
        for funnel in known.iter_mut().flat_map(BTreeMap::values_mut) {
            if store_of(&funnel.ext_id, settings).is_none() {
                continue;
            }
            let is_between = |stage: &&Stage| stage.status == StageStatus::InProcess;
            let old = funnel.stages.iter().filter(is_between).filter(|stage| is_old(&stage.ext_id));
            let old: Vec<String> = old.map(|stage| stage.ext_id.clone()).collect();
            for ext_id in old {
                let attempt = (funnel.ext_id.clone(), ext_id.clone(), None);
                let is_last = funnel.stages.iter().filter(is_between).count() <= 1;
                if is_last || refused.contains_key(&attempt) {
                    continue;
                }
                match uis.delete_stage(&funnel.ext_id, &ext_id).await {
                    Ok(()) => tracing::info!(funnel = funnel.ext_id, stage = ext_id, "old stage was removed"),
                    Err(error) if is_absent(&error) => {}
                    Err(error) if is_refusal(&error) => {
                        // Deals stand there, most likely; they leave it one by one.
                        tracing::debug!(funnel = funnel.ext_id, stage = ext_id, %error, "old stage stays");
                        refused.insert(attempt, now);
                        continue;
                    }
                    Err(error) => return Err(error.into()),
                }
                funnel.stages.retain(|stage| stage.ext_id != ext_id);
            }
        }
        Ok(())
    }
}

/// Gives an end another name; tells whether UIS takes it. Every stage is updated with its order, and no document says which
/// order an end is to be updated with: it is said as UIS gave it, and if that is refused, as the largest that we may give.
async fn rename_end(uis: &uis::Client, funnel: &str, stage: &Stage, name: &str) -> Result<bool, Trouble> {
    for order in [stage.order, MAX_ORDER] {
        match uis.update_stage(funnel, &Stage { name: name.to_owned(), order, ..stage.clone() }).await {
            Ok(()) => return Ok(true),
            Err(error) => passed_over("stage", &stage.ext_id, error)?,
        }
    }
    Ok(false)
}

/// A name that UIS does not take is no reason to leave the others.
fn passed_over(what: &str, ext_id: &str, error: UisError) -> Result<(), Trouble> {
    if is_refusal(&error) {
        tracing::warn!(what, ext_id, %error, "UIS refuses a name");
        return Ok(());
    }
    Err(error.into())
}

/// Adds a stage where it belongs.
async fn add(
    uis: &uis::Client,
    funnel: &mut SalesFunnel,
    needed: &Between,
    planned: &[Between],
) -> Result<Result<(), Reason>, Trouble> {
    if funnel.stages.iter().filter(|stage| stage.status == StageStatus::InProcess).count() >= MAX_STAGES {
        return Ok(Err(Reason::TooManyStages));
    }
    let stage = Stage {
        ext_id: needed.ext_id.clone(),
        name: needed.name.clone(),
        status: StageStatus::InProcess,
        order: free_order(funnel, needed, planned),
    };
    match uis.create_stage(&funnel.ext_id, &stage).await {
        Ok(()) => {}
        Err(error) if is_duplicate(&error) => {}
        Err(error) if is_absent(&error) || is_refusal(&error) => {
            return Ok(Err(Reason::party("stage", &error)));
        }
        Err(error) => return Err(error.into()),
    }
    funnel.stages.push(stage);
    funnel.stages.sort_by_key(|stage| stage.order);
    Ok(Ok(()))
}

/// A free order behind the nearest planned stage before it, and before the one after; at the end when there is no room.
fn free_order(funnel: &SalesFunnel, needed: &Between, planned: &[Between]) -> u64 {
    let taken: Vec<u64> = funnel.stages.iter().map(|stage| stage.order).collect();
    let place = planned.iter().position(|one| one.ext_id == needed.ext_id).unwrap_or(planned.len());
    let order = |one: &Between| funnel.stage(&one.ext_id).map(|stage| stage.order);
    let before = planned.iter().take(place).rev().find_map(order).unwrap_or(0);
    let behind = planned.iter().skip(place + 1).find_map(order).unwrap_or(MAX_ORDER + 1);
    let middle = before + (behind.saturating_sub(before) / 2).clamp(1, SPACE);
    let fits = |order: &u64| *order > before && *order < behind && !taken.contains(order);
    let near = (middle..behind).chain(before + 1..middle).find(fits);
    let last = taken.iter().filter(|order| **order <= MAX_ORDER).max().copied().unwrap_or(0);
    near.unwrap_or_else(|| (last + 1).min(MAX_ORDER))
}

fn planned_funnel(ext_id: &str, name: String, settings: &Deals, planned: &[Between]) -> SalesFunnel {
    let end = |ext_id: &str, name: &str, status, order| Stage {
        ext_id: ext_id.to_owned(),
        name: name.to_owned(),
        status,
        order,
    };
    let between = planned.iter().zip(1..).map(|(stage, place)| Stage {
        ext_id: stage.ext_id.clone(),
        name: stage.name.clone(),
        status: StageStatus::InProcess,
        order: place * SPACE,
    });
    let mut stages: Vec<Stage> = between.collect();
    stages.push(end(WON, &settings.won_stage, StageStatus::Success, MAX_ORDER + 10));
    stages.push(end(LOST, &settings.lost_stage, StageStatus::Failed, MAX_ORDER + 20));
    SalesFunnel { ext_id: ext_id.to_owned(), name, stages }
}

/// The shop whose funnel it is, `Some(None)` for the one for all; `None` for a funnel that is not ours.
fn store_of<'f>(ext_id: &'f str, settings: &Deals) -> Option<Option<&'f str>> {
    let rest = ext_id.strip_prefix(settings.prefix.as_str())?.strip_prefix(FUNNEL)?;
    match rest {
        "" => Some(None),
        rest => rest.strip_prefix(':').map(Some),
    }
}

fn name(store: Option<&str>, settings: &Deals, directory: &Snapshot) -> String {
    match store {
        None => settings.funnel.clone(),
        Some(store) => directory.name_of_site(store).unwrap_or(store).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(code: &str) -> Between {
        Between { ext_id: code.to_owned(), name: code.to_owned() }
    }

    #[test]
    fn a_new_stage_finds_a_place_between_its_neighbours() {
        let settings = Deals::default();
        let funnel = planned_funnel("retailcrm", "x".to_owned(), &settings, &[between("a"), between("c")]);
        let planned = [between("a"), between("b"), between("c")];
        let order = |code: &str| free_order(&funnel, &between(code), &planned);
        assert!((11..20).contains(&order("b")), "{}", order("b"));
        assert!(order("z") > 20);
        // No room: behind everything.
        let mut full = funnel.clone();
        full.stages.extend((11..20).map(|order| Stage {
            ext_id: format!("s{order}"),
            name: String::new(),
            status: StageStatus::InProcess,
            order,
        }));
        assert_eq!(free_order(&full, &between("b"), &planned), 21);
    }

    #[test]
    fn only_our_funnels_are_ours() {
        let settings = Deals { prefix: "x-".to_owned(), ..Deals::default() };
        assert_eq!(store_of("x-retailcrm", &settings), Some(None));
        assert_eq!(store_of(&Funnels::ext_id(Some("msk"), &settings), &settings), Some(Some("msk")));
        for other in ["retailcrm", "x-retailcrms", "x-other"] {
            assert_eq!(store_of(other, &settings), None, "{other}");
        }
    }
}
