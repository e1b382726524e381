//! Statuses of orders and their groups, with names and order (reference, section 10).

use serde_json::Value;

use super::client::Client;
use super::error::CrmError;
use super::form::Form;
use super::pace::Urgency;
use super::record::unreadable;
use super::wire;

/// A status, or a group of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Status {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The group of a status.
    pub group: Option<String>,
    /// Whether orders can get it.
    pub active: bool,
    /// Its place among the others.
    pub ordering: i64,
}

/// All statuses and groups, each in the order that people see.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Statuses {
    /// Groups.
    pub groups: Vec<Status>,
    /// Statuses: by the place of their group, then by their own.
    pub statuses: Vec<Status>,
}

impl Status {
    fn read(value: &Value) -> Option<Self> {
        let code = wire::text_field(value, "code")?;
        Some(Self {
            name: wire::text_field(value, "name").unwrap_or_else(|| code.clone()),
            code,
            group: wire::text_field(value, "group"),
            active: wire::flag_field(value, "active").unwrap_or(true),
            ordering: wire::field(value, "ordering").and_then(Value::as_i64).unwrap_or(i64::MAX),
        })
    }
}

impl Statuses {
    /// The group of a status.
    pub fn group_of(&self, status: &str) -> Option<&str> {
        self.status(status)?.group.as_deref()
    }

    /// A status.
    pub fn status(&self, code: &str) -> Option<&Status> {
        self.statuses.iter().find(|status| status.code == code)
    }
}

impl Client {
    /// Lists the statuses and their groups, inactive ones too: orders may still have them.
    ///
    /// # Errors
    ///
    /// Any [`CrmError`].
    pub async fn statuses(&self, urgency: Urgency) -> Result<Statuses, CrmError> {
        let mut groups = self
            .reference("reference/status-groups", "/api/v5/reference/status-groups", "statusGroups", urgency)
            .await?;
        let mut statuses =
            self.reference("reference/statuses", "/api/v5/reference/statuses", "statuses", urgency).await?;
        groups.sort_by(|a, b| (a.ordering, &a.code).cmp(&(b.ordering, &b.code)));
        let place = |status: &Status| {
            let group = status.group.as_deref();
            groups.iter().position(|one| Some(one.code.as_str()) == group).unwrap_or(usize::MAX)
        };
        statuses.sort_by(|a, b| (place(a), a.ordering, &a.code).cmp(&(place(b), b.ordering, &b.code)));
        Ok(Statuses { groups, statuses })
    }

    async fn reference(
        &self,
        name: &'static str,
        path: &str,
        key: &str,
        urgency: Urgency,
    ) -> Result<Vec<Status>, CrmError> {
        let answer = self.get(name, path, Form::new(), urgency).await?;
        let rows = wire::field(&answer, key).ok_or_else(|| unreadable(key))?;
        Ok(wire::elements(Some(rows)).into_iter().filter_map(Status::read).collect())
    }
}
