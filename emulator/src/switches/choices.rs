//! The answers that the open questions can have. Each enum's doc says what the difference is to a caller.

use serde::{Deserialize, Serialize};

/// What a second create with a known `externalId` is told; always with status 400.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DuplicateAnswer {
    /// `Errors in the entity format`, and `Order with externalId=… already exists.` under `errors`.
    Listed,
    /// `Order with externalId=… already exists.` as `errorMsg`, no `errors`.
    Message,
    /// The same in Russian, under `errors`.
    Russian,
    /// `Errors in the entity format` and not a word more.
    Opaque,
}

/// Where an `externalId` is unique.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Within a shop.
    Site,
    /// Within the account.
    Account,
}

/// What `filter[text]` of tasks searches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskTextSearch {
    /// The title only.
    Text,
    /// Title and commentary.
    TextAndCommentary,
}

/// What an upload of a call with a known `externalId` does. It is always reported in `duplicateCalls`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepeatedCall {
    /// Nothing.
    Ignored,
    /// A `recordUrl` is taken over when the call had none.
    RecordAdded,
}

/// What a parameter with an unknown name does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownName {
    /// The request is refused with 400.
    Refused,
    /// It is ignored; an unknown filter then returns everybody.
    Ignored,
}

/// How `filter[name]` compares phones. Names are always compared by substring, without case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhoneSearch {
    /// The last seven digits suffice: returns strangers too.
    Loose,
    /// The digits of the phone contain the digits asked for.
    Substring,
    /// The text as stored contains the text asked for; `+7 (900) …` is not found by digits.
    Raw,
}

/// What `phones` of an edit does to the phones already there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phones {
    /// New numbers are added; `oldNumber` replaces one.
    Added,
    /// The list replaces the list.
    Replaced,
}

/// Shape of `errors` in a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorsShape {
    /// Field to text.
    Object,
    /// A list of texts.
    List,
    /// Not there.
    Absent,
}

/// What an unknown account is told on GET.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownAccount {
    /// 404 `Account does not exist.`
    Json,
    /// 404 with an HTML page.
    Html,
}

/// How an empty map is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmptyMaps {
    /// `[]`.
    List,
    /// `{}`.
    Object,
}

/// Whom the limit of requests counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitScope {
    /// Each key.
    Key,
    /// Each calling address, whatever keys it uses.
    Address,
}

/// How UIS writes an empty array.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmptyArrays {
    /// `[]`.
    List,
    /// `null`.
    Null,
}

/// What the metadata of `get.account` is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MetadataName {
    /// `meta_data`, as on the method's page.
    MetaData,
    /// `metadata`, as everywhere else.
    Metadata,
    /// Not there.
    Absent,
}

/// Which limits UIS reports in `metadata.limits`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitsShape {
    /// `day_…` and `minute_…`.
    DayAndMinute,
    /// `hour_…`.
    Hour,
    /// `{}`.
    Empty,
}
