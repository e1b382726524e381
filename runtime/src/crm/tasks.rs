//! Tasks: create, list, read.
//!
//! A task has no external id, so one that was made by a request whose answer got lost can only be found again by its
//! content (reference, section 12).

use serde::Serialize;
use serde_json::Value;

use super::client::Client;
use super::error::CrmError;
use super::form::Form;
use super::pace::Urgency;
use super::record::{Ref, last_page, unreadable};
use super::wire;

/// Rows of a page; the most that the vendor allows.
const PAGE: u64 = 100;
/// Most pages of one search that are read: the tasks of one person in a day or two.
const MAX_PAGES: u64 = 20;

/// A task as read; only what this program looks at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Task {
    /// The CRM's own number.
    pub id: u64,
    /// The title.
    pub text: Option<String>,
    /// The details.
    pub commentary: Option<String>,
    /// Whose task it is.
    pub performer_id: Option<u64>,
    /// Whether it is done.
    pub complete: bool,
}

/// A task to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewTask {
    /// The title.
    pub text: String,
    /// The details.
    pub commentary: String,
    /// When it is due, in the CRM's zone: `2026-03-02 14:00`, without seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub datetime: Option<String>,
    /// Whose task it is.
    pub performer_id: u64,
    /// The number to call back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The shop whose number calls back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_site: Option<String>,
    /// The customer it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<Ref>,
    /// The order it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<Ref>,
}

/// What completes a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Completed<'a> {
    complete: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    performer_id: Option<u64>,
}

/// Where a lost task is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskSearch {
    /// Whose task it was.
    pub performer_id: u64,
    /// The day from which on it was made, in the CRM's zone: `2026-03-02`.
    pub created_from: String,
}

impl Task {
    fn read(value: &Value) -> Option<Self> {
        let performer = wire::field(value, "performer");
        Some(Self {
            id: wire::id_field(value, "id")?,
            text: wire::text_field(value, "text"),
            commentary: wire::text_field(value, "commentary"),
            performer_id: wire::id_field(value, "performerId")
                .or_else(|| performer.and_then(|performer| wire::id_field(performer, "id"))),
            complete: wire::flag_field(value, "complete").unwrap_or(false),
        })
    }
}

impl Client {
    /// Creates a task and gives its number.
    ///
    /// # Errors
    ///
    /// Any [`CrmError`].
    pub async fn create_task(&self, task: &NewTask, site: &str, urgency: Urgency) -> Result<u64, CrmError> {
        let form = Form::new().json("task", task).with("site", site);
        let answer = self.post("tasks/create", "/api/v5/tasks/create", form, urgency).await?;
        wire::id_field(&answer, "id").ok_or_else(|| unreadable("id"))
    }

    /// Lists tasks, done ones too.
    ///
    /// # Errors
    ///
    /// Any [`CrmError`]. [`CrmError::Unreadable`] also when there are more pages than are read: then a task that was not
    /// seen may be there all the same.
    pub async fn tasks(&self, search: &TaskSearch, urgency: Urgency) -> Result<Vec<Task>, CrmError> {
        let mut found = Vec::new();
        for page in 1..=MAX_PAGES {
            let query = Form::new()
                .each("filter[performers]", [search.performer_id])
                .with("filter[createdAtFrom]", &search.created_from)
                .with("limit", PAGE)
                .with("page", page);
            let answer = self.get("tasks", "/api/v5/tasks", query, urgency).await?;
            let rows = wire::field(&answer, "tasks").ok_or_else(|| unreadable("tasks"))?;
            found.extend(wire::elements(Some(rows)).into_iter().filter_map(Task::read));
            if page >= last_page(&answer) {
                return Ok(found);
            }
        }
        Err(unreadable("end of the list of tasks"))
    }

    /// Completes a task. `whole` is the task as it was read, when what is required is to be sent along. That an edit of
    /// `complete` does it is inferred; read the task afterwards.
    ///
    /// # Errors
    ///
    /// [`CrmError::NotFound`] when there is none, and any other.
    pub async fn complete_task(
        &self,
        id: u64,
        whole: Option<&Task>,
        site: &str,
        urgency: Urgency,
    ) -> Result<(), CrmError> {
        let completed = Completed {
            complete: true,
            text: whole.and_then(|task| task.text.as_deref()),
            performer_id: whole.and_then(|task| task.performer_id),
        };
        let form = Form::new().json("task", &completed).with("site", site);
        self.post("tasks/{id}/edit", &format!("/api/v5/tasks/{id}/edit"), form, urgency).await.map(drop)
    }

    /// Reads a task.
    ///
    /// # Errors
    ///
    /// [`CrmError::NotFound`] when there is none, and any other.
    pub async fn task(&self, id: u64, urgency: Urgency) -> Result<Task, CrmError> {
        let answer = self.get("tasks/{id}", &format!("/api/v5/tasks/{id}"), Form::new(), urgency).await?;
        wire::field(&answer, "task").and_then(Task::read).ok_or_else(|| unreadable("task"))
    }
}
