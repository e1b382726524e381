//! Deals as the account holds them: funnels, contacts, employees, own fields, histories.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Order of the success stage, given by UIS.
pub(super) const SUCCESS_ORDER: u64 = 10_010;
/// Order of the failed stage, given by UIS.
pub(super) const FAILED_ORDER: u64 = 10_020;

/// Everything about deals.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Deals {
    pub(super) funnels: Vec<Funnel>,
    pub(super) contacts: BTreeMap<String, Contact>,
    pub(super) employees: BTreeMap<String, String>,
    /// Name and data type by external id.
    pub(super) fields: BTreeMap<String, (String, String)>,
    pub(super) deals: BTreeMap<String, Deal>,
}

/// A funnel; its stages are kept in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Funnel {
    pub(super) ext_id: String,
    pub(super) name: String,
    pub(super) stages: Vec<Stage>,
}

/// A stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stage {
    pub(super) ext_id: String,
    pub(super) name: String,
    /// `in_process`, `success` or `failed`.
    pub(super) status: String,
    pub(super) order: u64,
}

/// A contact of deals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Contact {
    pub(super) name: String,
    pub(super) created: String,
    pub(super) phones: Vec<String>,
    pub(super) emails: Vec<String>,
}

/// A deal: the rows of its history, oldest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Deal {
    pub(super) history: Vec<Step>,
}

/// A row of a deal's history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Step {
    /// The row as it was sent, or made up for a skipped stage.
    pub(super) row: serde_json::Map<String, Value>,
    pub(super) modified_stage: String,
    pub(super) modified: String,
    pub(super) is_generated: bool,
    pub(super) uploaded: Timestamp,
}

impl Deals {
    pub(super) fn funnel(&self, ext_id: &str) -> Option<&Funnel> {
        self.funnels.iter().find(|funnel| funnel.ext_id == ext_id)
    }

    pub(super) fn funnel_mut(&mut self, ext_id: &str) -> Option<&mut Funnel> {
        self.funnels.iter_mut().find(|funnel| funnel.ext_id == ext_id)
    }

    /// How many deals stand in a stage now; in any stage of the funnel when none is named.
    pub(super) fn standing_in(&self, funnel: &str, stage: Option<&str>) -> usize {
        let text = |step: &Step, name: &str| step.row.get(name).and_then(Value::as_str).map(str::to_owned);
        let last = self.deals.values().filter_map(|deal| deal.history.last());
        last.filter(|step| {
            text(step, "sales_funnel_ext_id").as_deref() == Some(funnel)
                && stage.is_none_or(|stage| text(step, "stage_ext_id").as_deref() == Some(stage))
        })
        .count()
    }
}

impl Funnel {
    pub(super) fn stage(&self, ext_id: &str) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.ext_id == ext_id)
    }

    pub(super) fn in_process(&self) -> usize {
        self.stages.iter().filter(|stage| stage.status == "in_process").count()
    }

    /// Puts the stages into their order.
    pub(super) fn sort(&mut self) {
        self.stages.sort_by_key(|stage| stage.order);
    }
}
