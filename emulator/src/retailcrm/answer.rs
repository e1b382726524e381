//! What a method answers: a body on success, a refusal with the vendor's words otherwise.

use serde_json::{Map, Value, json};

use crate::switches::{ErrorsShape, Switches};
use crate::wire::exchange::Outcome;

/// `errorMsg` of field rules.
pub(super) const ENTITY_ERRORS: &str = "Errors in the entity format";
/// `errorMsg` of filters, paging and other parameters.
pub(super) const PARAMETER_ERRORS: &str = "Errors in the input parameters";

/// A success.
#[derive(Debug)]
pub(super) struct Answer {
    status: u16,
    body: Map<String, Value>,
    /// What is answered instead of JSON: the content of a file.
    content: Option<String>,
}

/// A refusal.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) message: String,
    pub(super) errors: Errors,
    /// Further members of the body.
    pub(super) extra: Vec<(&'static str, Value)>,
    /// Whether a part of the request took effect nevertheless (460).
    pub(super) committed: bool,
}

/// Field rules broken, in order: field and text.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Errors(Vec<(String, String)>);

impl Answer {
    pub(super) fn ok() -> Self {
        Self { status: 200, body: Map::new(), content: None }
    }

    pub(super) fn created() -> Self {
        Self { status: 201, body: Map::new(), content: None }
    }

    /// The content of a file, as it is.
    pub(super) fn bytes(content: String) -> Self {
        Self { content: Some(content), ..Self::ok() }
    }

    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.body.insert(name.to_owned(), value.into());
        self
    }

    pub(super) fn render(self) -> Outcome {
        if let Some(content) = self.content {
            return Outcome::text(self.status, "application/octet-stream", content);
        }
        let mut body = Map::new();
        body.insert("success".to_owned(), json!(true));
        body.extend(self.body);
        Outcome::json(self.status, &Value::Object(body))
    }
}

impl Refusal {
    pub(super) fn new(status: u16, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            errors: Errors::default(),
            extra: Vec::new(),
            committed: false,
        }
    }

    /// 400 with field rules.
    pub(super) fn entity(errors: Errors) -> Self {
        Self { errors, ..Self::new(400, ENTITY_ERRORS) }
    }

    /// 400 for one parameter.
    pub(super) fn parameter(name: &str, text: &str) -> Self {
        Self { errors: Errors::one(name, text), ..Self::new(400, PARAMETER_ERRORS) }
    }

    /// 400 for a part that is not there.
    pub(super) fn missing(part: &str) -> Self {
        Self::new(400, format!("Parameter '{part}' is missing"))
    }

    pub(super) fn not_found() -> Self {
        Self::new(404, "Not found")
    }

    pub(super) fn access_denied() -> Self {
        Self::new(403, "Access denied.")
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.extra.push((name, value.into()));
        self
    }

    pub(super) fn render(self, switches: &Switches) -> Outcome {
        let mut body = Map::new();
        body.insert("success".to_owned(), json!(false));
        body.insert("errorMsg".to_owned(), json!(self.message));
        if !self.errors.is_empty() {
            match switches.errors_shape {
                ErrorsShape::Object => {
                    body.insert("errors".to_owned(), self.errors.object());
                }
                ErrorsShape::List => {
                    body.insert("errors".to_owned(), self.errors.list());
                }
                ErrorsShape::Absent => {}
            }
        }
        body.extend(self.extra.into_iter().map(|(name, value)| (name.to_owned(), value)));
        Outcome::json(self.status, &Value::Object(body)).committed(self.committed)
    }
}

impl Errors {
    pub(super) fn one(field: &str, text: &str) -> Self {
        Self(vec![(field.to_owned(), text.to_owned())])
    }

    pub(super) fn add(&mut self, field: impl Into<String>, text: impl Into<String>) {
        self.0.push((field.into(), text.into()));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The texts in one line, for the rows of an upload.
    pub(super) fn line(&self) -> String {
        self.0.iter().map(|(field, text)| format!("{field}: {text}")).collect::<Vec<_>>().join(" ")
    }

    /// `Ok` when nothing was broken.
    pub(super) fn into_result(self) -> Result<(), Refusal> {
        if self.is_empty() { Ok(()) } else { Err(Refusal::entity(self)) }
    }

    fn object(&self) -> Value {
        self.0.iter().map(|(field, text)| (field.clone(), json!(text))).collect::<Map<_, _>>().into()
    }

    fn list(&self) -> Value {
        self.0.iter().map(|(field, text)| json!(format!("{field}: {text}"))).collect()
    }
}
