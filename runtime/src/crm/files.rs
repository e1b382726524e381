//! Files, and the clients and orders they hang on.
//!
//! An upload is the one request whose body is the thing itself, without a name and without a mark of ours; the answer is
//! a number (reference, section 7.5). What is found again after a lost answer is therefore found by its size, and told
//! from others by what is in it. List, filters and download are those of the vendor's PHP client (`FileFilter`,
//! `FilesTest`, read 2026-11-27); that `size` counts the bytes of the body is inferred.

use bytes::Bytes;
use serde::Serialize;

use super::client::Client;
use super::error::CrmError;
use super::form::Form;
use super::pace::Urgency;
use super::record::{Ref, last_page, unreadable};
use super::wire;

/// A file as listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptFile {
    /// The CRM's own number.
    pub id: u64,
    /// Its bytes, when the list says.
    pub size: Option<u64>,
}

/// Where a file whose upload had no answer is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSearch {
    /// The day from which on it was uploaded, in the CRM's zone: `2026-03-02`.
    pub created_from: String,
    /// Its bytes.
    pub size: u64,
}

/// What a file is called and what it hangs on; whatever it hung on before is replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attached {
    /// The file.
    pub id: u64,
    /// Its name, with an ending.
    pub filename: String,
    /// Clients and orders.
    pub attachment: Vec<AttachedTo>,
}

/// What a file hangs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AttachedTo {
    /// A client.
    Customer(Ref),
    /// An order.
    Order(Ref),
}

/// Rows of a page; the most that the vendor allows.
const PAGE: u64 = 100;
/// Most pages that are read: files of one size in two days.
const MAX_PAGES: u64 = 5;

impl Client {
    /// Uploads a file and gives its number.
    ///
    /// # Errors
    ///
    /// Any [`CrmError`].
    pub async fn upload_file(&self, content: Bytes, urgency: Urgency) -> Result<u64, CrmError> {
        let answer = self.post_bytes("files/upload", "/api/v5/files/upload", content, urgency).await?;
        let file = wire::field(&answer, "file").unwrap_or(&answer);
        wire::id_field(file, "id").ok_or_else(|| unreadable("id"))
    }

    /// Lists files of one size; one whose size the list does not say is among them.
    ///
    /// # Errors
    ///
    /// Any [`CrmError`]. [`CrmError::Unreadable`] also when there are more pages than are read: then a file that was not
    /// seen may be there all the same.
    pub async fn files(&self, search: &FileSearch, urgency: Urgency) -> Result<Vec<KeptFile>, CrmError> {
        let mut found = Vec::new();
        for page in 1..=MAX_PAGES {
            let query = Form::new()
                .with("filter[createdAtFrom]", &search.created_from)
                .with("filter[sizeFrom]", search.size)
                .with("filter[sizeTo]", search.size)
                .with("limit", PAGE)
                .with("page", page);
            let answer = self.get("files", "/api/v5/files", query, urgency).await?;
            let rows = wire::field(&answer, "files").ok_or_else(|| unreadable("files"))?;
            found.extend(wire::elements(Some(rows)).into_iter().filter_map(|row| {
                let file = KeptFile { id: wire::id_field(row, "id")?, size: wire::id_field(row, "size") };
                file.size.is_none_or(|size| size == search.size).then_some(file)
            }));
            if page >= last_page(&answer) {
                return Ok(found);
            }
        }
        Err(unreadable("end of the list of files"))
    }

    /// Reads what is in a file.
    ///
    /// # Errors
    ///
    /// [`CrmError::NotFound`] when there is none, and any other.
    pub async fn download_file(&self, id: u64, urgency: Urgency) -> Result<Bytes, CrmError> {
        let path = format!("/api/v5/files/{id}/download");
        self.get_content("files/{id}/download", &path, urgency).await
    }

    /// Names a file and hangs it on clients and orders.
    ///
    /// # Errors
    ///
    /// [`CrmError::NotFound`] when there is none, and any other.
    pub async fn attach_file(&self, file: &Attached, urgency: Urgency) -> Result<(), CrmError> {
        let path = format!("/api/v5/files/{}/edit", file.id);
        let form = Form::new().json("file", file);
        self.post("files/{id}/edit", &path, form, urgency).await.map(drop)
    }
}
