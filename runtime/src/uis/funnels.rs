//! Sales funnels and their stages (reference, section 6.1).
//!
//! A funnel has one success stage, one failed stage and 1 to 100 stages between; a list names its members otherwise than a
//! create does.

use serde_json::{Map, Value, json};

use super::client::Client;
use super::error::UisError;

/// The most stages in process of a funnel.
pub const MAX_STAGES: usize = 100;
/// The largest order of a stage.
pub const MAX_ORDER: u64 = 10_000;

/// What a stage means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StageStatus {
    /// The deal goes on.
    InProcess,
    /// It is won.
    Success,
    /// It is lost.
    Failed,
}

/// A stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Our name for it.
    pub ext_id: String,
    /// What people read.
    pub name: String,
    /// What it means.
    pub status: StageStatus,
    /// Its place.
    pub order: u64,
}

/// A funnel with its stages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SalesFunnel {
    /// Our name for it.
    pub ext_id: String,
    /// What people read.
    pub name: String,
    /// Its stages, in their order.
    pub stages: Vec<Stage>,
}

impl Stage {
    fn read(value: &Value) -> Option<Self> {
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let status = match value.get("stage_status").and_then(Value::as_str)? {
            "success" => StageStatus::Success,
            "failed" => StageStatus::Failed,
            _ => StageStatus::InProcess,
        };
        Some(Self {
            ext_id: text("stage_ext_id")?,
            name: text("stage_name").unwrap_or_default(),
            status,
            order: value.get("stage_order").and_then(Value::as_u64).unwrap_or(0),
        })
    }
}

impl SalesFunnel {
    fn read(value: &Value) -> Option<Self> {
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let stages = value.get("stages").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let mut stages: Vec<Stage> = stages.iter().filter_map(Stage::read).collect();
        stages.sort_by_key(|stage| stage.order);
        Some(Self { ext_id: text("ext_id")?, name: text("name").unwrap_or_default(), stages })
    }

    /// A stage by our name for it.
    pub fn stage(&self, ext_id: &str) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.ext_id == ext_id)
    }

    /// The first stage that means this.
    pub fn meaning(&self, status: StageStatus) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.status == status)
    }
}

impl Client {
    /// Lists the funnels.
    ///
    /// # Errors
    ///
    /// Any [`UisError`].
    pub async fn funnels(&self) -> Result<Vec<SalesFunnel>, UisError> {
        let mut found = Vec::new();
        self.pages("get.sales_funnel", &Map::new(), |row| found.extend(SalesFunnel::read(row))).await?;
        Ok(found)
    }

    /// Creates a funnel.
    ///
    /// # Errors
    ///
    /// Any [`UisError`]; [`UisError::Misuse`] also when it is there already.
    pub async fn create_funnel(&self, funnel: &SalesFunnel) -> Result<(), UisError> {
        let end = |status| {
            let stage = funnel.meaning(status);
            stage.map_or(Value::Null, |stage| json!({"ext_id": stage.ext_id, "name": stage.name}))
        };
        let between = funnel.stages.iter().filter(|stage| stage.status == StageStatus::InProcess);
        let between: Vec<Value> = between
            .map(|stage| json!({"ext_id": stage.ext_id, "name": stage.name, "order": stage.order}))
            .collect();
        let stages = json!({"success": end(StageStatus::Success), "failed": end(StageStatus::Failed),
            "in_process": between});
        let params =
            params([("ext_id", json!(funnel.ext_id)), ("name", json!(funnel.name)), ("stages", stages)]);
        self.call("create.sales_funnel", params).await.map(drop)
    }

    /// Gives a funnel another name.
    ///
    /// # Errors
    ///
    /// Any [`UisError`].
    pub async fn rename_funnel(&self, ext_id: &str, name: &str) -> Result<(), UisError> {
        let params = params([("ext_id", json!(ext_id)), ("name", json!(name))]);
        self.call("update.sales_funnel", params).await.map(drop)
    }

    /// Adds a stage in process.
    ///
    /// # Errors
    ///
    /// Any [`UisError`]; [`UisError::Misuse`] also when it is there already.
    pub async fn create_stage(&self, funnel: &str, stage: &Stage) -> Result<(), UisError> {
        self.call("create.sales_funnel_stages", stage_params(funnel, stage)).await.map(drop)
    }

    /// Removes a stage in process.
    ///
    /// # Errors
    ///
    /// Any [`UisError`]; [`UisError::Misuse`] also when deals stand there.
    pub async fn delete_stage(&self, funnel: &str, stage: &str) -> Result<(), UisError> {
        let params = params([("sales_funnel_ext_id", json!(funnel)), ("ext_id", json!(stage))]);
        self.call("delete.sales_funnel_stages", params).await.map(drop)
    }

    /// Gives a stage its name and its order.
    ///
    /// # Errors
    ///
    /// Any [`UisError`].
    pub async fn update_stage(&self, funnel: &str, stage: &Stage) -> Result<(), UisError> {
        self.call("update.sales_funnel_stages", stage_params(funnel, stage)).await.map(drop)
    }
}

fn stage_params(funnel: &str, stage: &Stage) -> Map<String, Value> {
    params([
        ("sales_funnel_ext_id", json!(funnel)),
        ("ext_id", json!(stage.ext_id)),
        ("name", json!(stage.name)),
        ("order", json!(stage.order)),
    ])
}

/// Named parameters.
pub(super) fn params<const N: usize>(of: [(&str, Value); N]) -> Map<String, Value> {
    of.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
