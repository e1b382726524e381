//! One call of a method: its parameters, who calls, and the account it works on.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::answer::{Answer, Errors, Refusal};
use super::record::{Record, Table};
use super::schema::{Checked, Schema, check};
use super::state::{ApiKey, State};
use crate::switches::{DuplicateAnswer, Scope, Switches};
use crate::wire::param::Param;

/// What a method's function is given.
#[derive(Debug)]
pub(super) struct Call<'a> {
    pub(super) crm: &'a mut State,
    pub(super) switches: &'a Switches,
    pub(super) key: ApiKey,
    pub(super) now: Timestamp,
    /// Values of the `{…}` segments of the route, in order.
    pub(super) args: Vec<String>,
    pub(super) query: Param,
    pub(super) form: Param,
    pub(super) body: bytes::Bytes,
    /// Scheme and host that the caller used, for links in answers.
    pub(super) base_url: String,
}

/// What a method is.
pub(super) type Handler = fn(&mut Call<'_>) -> Result<Answer, Refusal>;

impl Call<'_> {
    /// The `n`-th `{…}` segment of the route.
    pub(super) fn arg(&self, n: usize) -> &str {
        self.args.get(n).map_or("", String::as_str)
    }

    /// The `n`-th segment as a number; anything else finds nothing.
    pub(super) fn numeric_arg(&self, n: usize) -> Result<u64, Refusal> {
        self.arg(n).parse().map_err(|_| Refusal::not_found())
    }

    /// A plain parameter, from the form or the query.
    pub(super) fn param(&self, name: &str) -> Option<&str> {
        self.form.get(name).or_else(|| self.query.get(name)).and_then(Param::text)
    }

    /// A structure: one form part that holds JSON.
    ///
    /// # Errors
    /// 400 when it is absent, sent as an array, or not JSON.
    pub(super) fn part(&self, name: &str) -> Result<Value, Refusal> {
        match self.form.get(name) {
            None => Err(Refusal::missing(name)),
            Some(Param::Map(_)) => {
                Err(Refusal::new(400, format!("Input value \"{name}\" contains a non-scalar value.")))
            }
            Some(Param::Text(text)) => serde_json::from_str(text)
                .map_err(|_| Refusal::entity(Errors::one(name, "This value should be valid JSON."))),
        }
    }

    /// A part that holds one object.
    pub(super) fn object(&self, name: &str) -> Result<Map<String, Value>, Refusal> {
        match self.part(name)? {
            Value::Object(map) => Ok(map),
            _ => Err(Refusal::entity(Errors::one(name, "This value is not valid."))),
        }
    }

    /// A part that holds a list of objects.
    pub(super) fn objects(&self, name: &str, most: usize) -> Result<Vec<Map<String, Value>>, Refusal> {
        let wrong = |text: &str| Refusal::entity(Errors::one(name, text));
        let Value::Array(list) = self.part(name)? else { return Err(wrong("This value is not valid.")) };
        if list.len() > most {
            return Err(wrong(&format!("This collection should contain {most} elements or less.")));
        }
        list.into_iter()
            .map(|item| match item {
                Value::Object(map) => Ok(map),
                _ => Err(wrong("This value is not valid.")),
            })
            .collect()
    }

    /// A part that holds an entity, checked.
    pub(super) fn entity(
        &self,
        name: &str,
        schema: &Schema,
        checked: Checked,
    ) -> Result<Map<String, Value>, Refusal> {
        let mut entity = self.object(name)?;
        // The vendor's own client names the record that it edits inside, too.
        if checked == Checked::Edit && entity.get("id").is_some_and(Value::is_u64) {
            entity.shift_remove("id");
        }
        check(&entity, schema, self.crm, checked).into_result()?;
        Ok(entity)
    }

    /// Codes of the shops that the key sees.
    pub(super) fn sites(&self) -> Vec<String> {
        match &self.key.sites {
            Some(sites) => sites.clone(),
            None => self.crm.sites.iter().map(|site| site.code.clone()).collect(),
        }
    }

    /// Whether the key sees this shop.
    pub(super) fn sees(&self, site: &str) -> bool {
        self.key.sites.as_ref().is_none_or(|sites| sites.iter().any(|code| code == site))
    }

    /// The shop meant by `site`, when it was given.
    ///
    /// # Errors
    /// 400 for an unknown shop, 403 for one that the key does not see.
    pub(super) fn given_site(&self) -> Result<Option<String>, Refusal> {
        let Some(code) = self.param("site").filter(|code| !code.is_empty()) else { return Ok(None) };
        if self.crm.site(code).is_none() {
            return Err(Refusal::parameter("site", "The value you selected is not a valid choice."));
        }
        if !self.sees(code) {
            return Err(Refusal::access_denied());
        }
        Ok(Some(code.to_owned()))
    }

    /// The shop of a method that needs one: `site`, or the only one that the key sees.
    ///
    /// # Errors
    /// As [`Call::given_site`], and 400 when nothing was given and the key sees several.
    pub(super) fn site(&self) -> Result<String, Refusal> {
        if let Some(site) = self.given_site()? {
            return Ok(site);
        }
        match <[String; 1]>::try_from(self.sites()) {
            Ok([only]) => Ok(only),
            Err(_) => Err(Refusal::missing("site")),
        }
    }

    /// Whether the identifier in the path is the internal number. The default is that it is not.
    pub(super) fn by_id(&self) -> Result<bool, Refusal> {
        match self.param("by") {
            None | Some("externalId") => Ok(false),
            Some("id") => Ok(true),
            Some(_) => Err(Refusal::parameter("by", "The value you selected is not a valid choice.")),
        }
    }

    /// The record that the first segment of the path names, by `by` and `site`, among what the key sees.
    ///
    /// # Errors
    /// 404 when there is none; 400 when several shops are seen and an external id comes without `site`.
    pub(super) fn find<'t>(&self, table: &'t Table) -> Result<&'t Record, Refusal> {
        let found = if self.by_id()? {
            let site = self.given_site()?;
            table.get(self.numeric_arg(0)?).filter(|row| site.is_none_or(|site| row.site == site))
        } else {
            let site = self.site()?;
            table.by_external(self.arg(0), Some(&site))
        };
        found.filter(|row| self.sees(&row.site)).ok_or_else(Refusal::not_found)
    }

    /// Refuses an external id that is taken already by another record than `but`.
    pub(super) fn free_external_id(
        &self,
        table: &Table,
        what: &str,
        external_id: Option<&str>,
        site: &str,
        but: Option<u64>,
    ) -> Result<(), Refusal> {
        let Some(external_id) = external_id else { return Ok(()) };
        let within = match self.switches.external_id_scope {
            Scope::Site => Some(site),
            Scope::Account => None,
        };
        match table.by_external(external_id, within) {
            Some(row) if Some(row.id) != but => Err(self.duplicate(what, external_id)),
            _ => Ok(()),
        }
    }

    /// Refuses when no active module has telephony; with which status is an open question.
    pub(super) fn telephony_enabled(&self, text: &str) -> Result<(), Refusal> {
        match self.crm.telephony() {
            Some(_) => Ok(()),
            None => Err(Refusal::new(self.switches.telephony_off_status, text)),
        }
    }

    fn duplicate(&self, what: &str, external_id: &str) -> Refusal {
        let english = format!("{what} with externalId={external_id} already exists.");
        match self.switches.duplicate_answer {
            DuplicateAnswer::Listed => Refusal::entity(Errors::one("externalId", &english)),
            DuplicateAnswer::Message => Refusal::new(400, english),
            DuplicateAnswer::Russian => {
                let what = if what == "Order" { "Заказ" } else { "Клиент" };
                let text = format!("{what} с externalId={external_id} уже существует.");
                Refusal::entity(Errors::one("externalId", &text))
            }
            DuplicateAnswer::Opaque => Refusal::entity(Errors::default()),
        }
    }
}

/// Takes the external id out of an entity's members.
pub(super) fn take_external_id(entity: &mut Map<String, Value>) -> Option<String> {
    match entity.shift_remove("externalId") {
        Some(Value::String(text)) if !text.is_empty() => Some(text),
        _ => None,
    }
}

/// Merges an edit into a record's fields: `null` clears, custom fields are merged one by one, the rest is replaced.
pub(super) fn merge(fields: &mut Map<String, Value>, edit: Map<String, Value>) {
    for (name, value) in edit {
        match (name.as_str(), value) {
            (_, Value::Null) => {
                fields.shift_remove(&name);
            }
            ("customFields", Value::Object(custom)) => {
                let slot = fields.entry(name).or_insert_with(|| Value::Object(Map::new()));
                if let Value::Object(known) = slot {
                    merge(known, custom);
                }
            }
            ("customFields", Value::Array(_)) => {}
            (_, value) => {
                fields.insert(name, value);
            }
        }
    }
}
