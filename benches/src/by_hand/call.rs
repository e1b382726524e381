//! A call, as a struct with the fields that the example asks about.

use serde::{Deserialize, Deserializer};
use switchboard_engine::moment::Moment;
use switchboard_engine::phone::Phone;
use switchboard_engine::text::Text;

/// A call.
#[derive(Clone, Debug, Deserialize)]
pub struct Call {
    /// Whether the client called.
    #[serde(deserialize_with = "incoming", rename = "direction")]
    pub incoming: bool,
    /// Whether it is the first contact.
    #[serde(deserialize_with = "first", rename = "contact", default)]
    pub first: Option<bool>,
    /// The client's phone.
    #[serde(deserialize_with = "phone", default)]
    pub phone: Option<Phone>,
    /// The shop's phone.
    #[serde(deserialize_with = "phone", default)]
    pub virtual_number: Option<Phone>,
    /// The scenario.
    #[serde(deserialize_with = "text", default)]
    pub scenario: Option<Text>,
    /// The site.
    #[serde(deserialize_with = "text", default)]
    pub site: Option<Text>,
    /// The campaign.
    #[serde(deserialize_with = "text", default)]
    pub campaign: Option<Text>,
    /// The source.
    #[serde(deserialize_with = "text", default)]
    pub source: Option<Text>,
    /// The marks.
    #[serde(default)]
    pub utm: Utm,
    /// The visitor.
    #[serde(default)]
    pub visitor: Visitor,
    /// When it began.
    #[serde(deserialize_with = "moment", default)]
    pub started: Option<Moment>,
    /// When it ended.
    #[serde(deserialize_with = "moment", default)]
    pub finished: Option<Moment>,
    /// Seconds of talk.
    pub talk_time: Option<i64>,
    /// Who answered.
    #[serde(deserialize_with = "text", default)]
    pub answered_by: Option<Text>,
    /// Who called.
    #[serde(deserialize_with = "text", default)]
    pub caller: Option<Text>,
    /// Whether nobody answered.
    pub missed: Option<bool>,
    /// The record.
    #[serde(deserialize_with = "text", default)]
    pub record_url: Option<Text>,
}

/// Marks of a link.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Utm {
    /// The source.
    #[serde(deserialize_with = "text", default)]
    pub source: Option<Text>,
    /// The medium.
    #[serde(deserialize_with = "text", default)]
    pub medium: Option<Text>,
}

/// A visitor.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Visitor {
    /// The city.
    #[serde(deserialize_with = "text", default)]
    pub city: Option<Text>,
}

/// What the CRM knows.
#[derive(Clone, Debug, Default, Deserialize)]
struct Facts {
    #[serde(default)]
    client: Client,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Client {
    #[serde(deserialize_with = "text", default)]
    manager: Option<Text>,
}

/// Reads a call.
///
/// # Errors
///
/// When it is none.
pub fn read(bytes: &[u8]) -> Result<Call, serde_json::Error> {
    serde_json::from_slice(bytes)
}

/// Reads the client's manager from what the CRM knows.
///
/// # Errors
///
/// When the JSON is something else.
pub fn read_manager(bytes: &[u8]) -> Result<Option<Text>, serde_json::Error> {
    serde_json::from_slice::<Facts>(bytes).map(|facts| facts.client.manager)
}

fn incoming<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    Ok(String::deserialize(from)? == "incoming")
}

fn first<'de, D: Deserializer<'de>>(from: D) -> Result<Option<bool>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.map(|contact| contact == "first"))
}

/// Blank texts and holes that the sender left unfilled are missing.
fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Text>, D::Error> {
    let text = Option::<String>::deserialize(from)?.filter(|text| {
        let text = text.trim();
        let unfilled = text.starts_with("{{") && text.ends_with("}}");
        !text.is_empty() && !unfilled
    });
    Ok(text.map(Text::new))
}

fn phone<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Phone>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    Ok(text.and_then(|text| Phone::from_digits(text.strip_prefix('+')?.parse().ok()?)))
}

fn moment<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Moment>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    text.map(|text| text.parse().map_err(serde::de::Error::custom)).transpose()
}
