//! The ledger: the requests that changed the accounts, on disk, so that a killed emulator goes on where it was.
//!
//! One JSON object a line, appended before the request is answered. Reading back is doing the requests again, in order,
//! at the time of then: a method depends on nothing but the account, the request, the clock and the switches, so the
//! same numbers come out. A last line without its end was being written when the process died; nobody was told that its
//! request was done, and it is dropped. Nothing is synced: the ledger outlives the process, not the machine. What tests
//! put into an account by hand is no request and is not in it.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::switches::Switches;
use crate::wire::param::Param;

/// Why a ledger cannot be continued.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// The file cannot be read or written.
    #[error("ledger `{}` cannot be used", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A line is not what was written, or belongs to another account.
    #[error("line {line} of ledger `{}` is damaged: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The accounts have a ledger already.
    #[error("the accounts are kept in a ledger already")]
    Kept,
}

/// A request that changed an account. Of the Data API of UIS only the path, the token (`key`) and the `body` are used.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) at: Timestamp,
    pub(crate) path: String,
    pub(crate) key: String,
    pub(crate) query: Param,
    pub(crate) form: Param,
    /// Of the methods that take raw bytes; empty for a form.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) body: Vec<u8>,
    /// The answers that were in force; absent for the defaults.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) switches: Option<Box<Switches>>,
}

/// An open ledger.
#[derive(Debug)]
pub(crate) struct Ledger {
    /// `None` after a failed write: a line may be half there, and one behind it could not be read back.
    file: Mutex<Option<File>>,
}

impl Ledger {
    /// Opens the file, made when it is not there, and gives what it holds.
    pub(crate) fn open(path: &Path) -> Result<(Self, Vec<Kept>), LedgerError> {
        let io = |source| LedgerError::Io { path: path.to_path_buf(), source };
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(io)?;
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(io)?;
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        let mut kept = Vec::new();
        for (number, line) in text.get(..whole).unwrap_or_default().lines().enumerate() {
            kept.push(serde_json::from_str(line).map_err(|error| LedgerError::Damaged {
                path: path.to_path_buf(),
                line: number + 1,
                reason: error.to_string(),
            })?);
        }
        file.set_len(whole as u64).map_err(io)?;
        file.seek(SeekFrom::End(0)).map_err(io)?;
        Ok((Self { file: Mutex::new(Some(file)) }, kept))
    }

    /// Writes a request. Once this returns, no end of the process loses it.
    pub(crate) fn append(&self, kept: &Kept) -> io::Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let mut line = serde_json::to_vec(kept)?;
        line.push(b'\n');
        let written = match file.as_mut() {
            Some(file) => file.write_all(&line),
            None => Err(io::Error::other("an earlier write to the ledger failed")),
        };
        if written.is_err() {
            *file = None;
        }
        written
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(path: &str) -> Kept {
        Kept {
            at: Timestamp::UNIX_EPOCH,
            path: path.to_owned(),
            key: "k".to_owned(),
            query: Param::decode(b"by=id"),
            form: Param::decode(b"customer=%7B%22firstName%22%3A%22%D0%90%22%7D&a[]=1&a[]=2"),
            body: Vec::new(),
            switches: None,
        }
    }

    #[test]
    fn what_was_appended_is_read_back_and_a_torn_line_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger");
        let (ledger, before) = Ledger::open(&path).unwrap();
        assert!(before.is_empty());
        ledger.append(&kept("/a")).unwrap();
        ledger.append(&kept("/b")).unwrap();
        drop(ledger);
        let mut file = OpenOptions::new().append(true).open(&path).unwrap();
        file.write_all(b"{\"at\":\"19").unwrap();
        let (ledger, before) = Ledger::open(&path).unwrap();
        assert_eq!(before.iter().map(|kept| kept.path.as_str()).collect::<Vec<_>>(), ["/a", "/b"]);
        assert_eq!(before[0].form, kept("/a").form);
        ledger.append(&kept("/c")).unwrap();
        assert_eq!(Ledger::open(&path).unwrap().1.len(), 3);
    }

    /// Posts a form with the seeded key and gives the status.
    async fn post(accounts: &crate::world::Accounts, path: &str, form: &str) -> u16 {
        use tower::ServiceExt as _;
        let request = http::Request::post(path)
            .header("x-api-key", crate::settings::DEFAULT_KEY)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(http_body_util::Full::new(bytes::Bytes::from(form.to_owned())))
            .unwrap();
        accounts.retailcrm_service().oneshot(request).await.unwrap().status().as_u16()
    }

    #[tokio::test]
    async fn killed_accounts_go_on_where_they_were() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger");
        let settings = crate::Settings::default();
        let first = crate::Accounts::new(&settings);
        assert_eq!(first.keep(&path).unwrap(), 0);
        let customer =
            "customer=%7B%22externalId%22%3A%22u1%22%2C%22firstName%22%3A%22A%22%7D&site=romashka-main";
        let order = "order=%7B%22externalId%22%3A%22o1%22%2C%22customer%22%3A%7B%22externalId%22%3A%22u1%22%7D%7D&site=romashka-main";
        assert_eq!(post(&first, "/api/v5/customers/create", customer).await, 201);
        assert_eq!(post(&first, "/api/v5/customers/create", customer).await, 400, "refused, so not kept");
        assert_eq!(post(&first, "/api/v5/orders/create", order).await, 201);
        // Neither shut down nor dropped: the file is read while the first one would still go on.
        let second = crate::Accounts::new(&settings);
        assert_eq!(second.keep(&path).unwrap(), 2);
        assert_eq!(second.crm().customers(), first.crm().customers());
        assert_eq!(second.crm().orders(), first.crm().orders());
        assert_eq!(post(&second, "/api/v5/orders/create", order).await, 400, "the order is there already");
        assert!(matches!(second.keep(&path), Err(LedgerError::Damaged { .. } | LedgerError::Kept)));
    }

    #[tokio::test]
    async fn what_uis_and_users_were_told_is_there_again() {
        use tower::ServiceExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger");
        let settings = crate::Settings::default();
        let first = crate::Accounts::new(&settings);
        first.keep(&path).unwrap();
        let rpc = |method: &str, params: serde_json::Value| {
            let mut body = serde_json::json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
            body["params"]["access_token"] = crate::settings::DEFAULT_TOKEN.into();
            let request = http::Request::post("/v2.0").header("content-type", "application/json");
            request.body(http_body_util::Full::new(bytes::Bytes::from(body.to_string()))).unwrap()
        };
        for name in ["Анна", "Ольга"] {
            // The second is refused, and what is refused is not kept.
            let create = rpc("create.deal_employees", serde_json::json!({"ext_id": "7", "name": name}));
            first.uis_service().oneshot(create).await.unwrap();
        }
        let order = [("order", r#"{"externalId":"o1"}"#), ("site", "romashka-main")];
        assert_eq!(first.crm().act("/api/v5/orders/create", &order), Ok(()));
        assert!(first.crm().act("/api/v5/orders/create", &order).is_err());
        let second = crate::Accounts::new(&settings);
        assert_eq!(second.keep(&path).unwrap(), 2);
        assert_eq!(second.crm().orders(), first.crm().orders());
        let mut listed = Vec::new();
        for accounts in [&first, &second] {
            use http_body_util::BodyExt as _;
            let answer =
                accounts.uis_service().oneshot(rpc("get.deal_employees", serde_json::json!({}))).await;
            let body = answer.unwrap().into_body().collect().await.unwrap().to_bytes();
            let answer: serde_json::Value = serde_json::from_slice(&body).unwrap();
            listed.push(answer["result"]["data"].clone());
        }
        assert_eq!(listed[0], serde_json::json!([{"ext_id": "7", "name": "Анна"}]));
        assert_eq!(listed[1], listed[0]);
    }

    #[test]
    fn a_damaged_line_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger");
        std::fs::write(&path, "{}\n").unwrap();
        let error = Ledger::open(&path).unwrap_err();
        assert!(matches!(error, LedgerError::Damaged { line: 1, .. }), "{error}");
    }
}
