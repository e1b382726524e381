//! The decisions that were kept, read from outside while a server may be running on them.
//!
//! Opens the file to read and for nothing else: no lock is taken, no table changed, no file made that SQLite itself does
//! not need to read. A page is one short transaction, so that a reader of a month of decisions never holds up the
//! checkpoints of the server. What is written after the opening is not seen: the walk has an end.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _};

use super::codec::{At, Limit};
use super::rows::{SELECT_DECISIONS, decision};
use super::{connect, migrate, rulings};
use crate::store::record::{AccountId, Decision};
use crate::store::{MAX_PAGE, StoreError};

/// The decisions that were kept.
#[derive(Debug)]
pub struct History {
    pub(super) connection: Connection,
    /// The last decision that is looked at.
    last: i64,
    /// The last ruling that is.
    pub(super) last_ruling: i64,
}

/// Which decisions are walked: those of one account, about communications whose last word fell into a time.
#[derive(Clone, Debug)]
pub struct Walk {
    /// The account.
    pub account: AccountId,
    /// From then on.
    pub since: Timestamp,
    /// Until before then.
    pub until: Timestamp,
    /// How many of a million communications, chosen by their numbers: the same ones each time.
    pub of_million: u32,
}

/// Where a page ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub(super) at: i64,
    pub(super) id: i64,
}

impl Walk {
    /// All of them.
    pub const ALL: u32 = 1_000_000;
}

/// Which decisions a walk takes: the last of each communication, up to the end of the walk.
macro_rules! last_of_each {
    ($what:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $what,
            " FROM decision AS d INDEXED BY decision_walk
             WHERE d.account = ?5 AND (d.created_at, d.id) > (?1, ?2) AND d.created_at < ?3 AND d.id <= ?4
               AND (d.session * 2654435761 % 4294967296) * 1000000 / 4294967296 < ?6
               AND NOT EXISTS (SELECT 1 FROM decision AS later INDEXED BY decision_session
                               WHERE later.session = d.session AND later.id > d.id AND later.id <= ?4) ",
            $rest
        )
    };
}

/// How many communications a walk tells of.
const COUNT: &str = last_of_each!("count(*)", "");
/// The communications of a page of it.
const PAGE: &str = last_of_each!("d.created_at, d.id, d.session", "ORDER BY d.created_at, d.id LIMIT ?7");

impl History {
    /// Opens the store of a folder to read what was decided. A server may be running on it.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] when there is no store, [`StoreError::Newer`] and [`StoreError::Older`] when another
    /// version of the program wrote it, [`StoreError::NotAStore`], and what can go wrong on a disk.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let path = connect::database(folder);
        match std::fs::metadata(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(StoreError::Io { source: error.into() });
            }
            Ok(file) if file.is_file() => {}
            _ => return Err(StoreError::NotFound { what: format!("`{}`", path.display()) }),
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&path, flags)?;
        connect::only_reads(&connection)?;
        migrate::same_version(&connection, &path)?;
        let last: Option<i64> = connection.query_one("SELECT max(id) FROM decision", [], |row| row.get(0))?;
        let last_ruling = rulings::last(&connection)?;
        Ok(Self { connection, last: last.unwrap_or_default(), last_ruling })
    }

    /// The accounts of which anything was ever kept.
    ///
    /// # Errors
    ///
    /// What can go wrong on a disk.
    pub fn accounts(&self) -> Result<Vec<AccountId>, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT name FROM account ORDER BY name")?;
        Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    /// How many communications a walk will tell of.
    ///
    /// # Errors
    ///
    /// What can go wrong on a disk.
    pub fn count(&self, walk: &Walk) -> Result<u64, StoreError> {
        let Some(account) = self.account(&walk.account)? else { return Ok(0) };
        let mut statement = self.connection.prepare_cached(COUNT)?;
        let (since, until) = (At::from(walk.since).0, At::from(walk.until).0);
        let params = (since, i64::MIN, until, self.last, account, walk.of_million);
        let count: i64 = statement.query_row(params, |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// The next communications after `after`, at most `limit` and [`MAX_PAGE`], each with all its decisions in order; in
    /// the order in which their last words were spoken. And where the page ended, when it is not the last.
    ///
    /// # Errors
    ///
    /// What can go wrong on a disk.
    pub fn page(
        &self,
        walk: &Walk,
        after: Option<Mark>,
        limit: usize,
    ) -> Result<(Vec<Vec<Decision>>, Option<Mark>), StoreError> {
        let transaction = self.connection.unchecked_transaction()?;
        let Some(account) = self.account(&walk.account)? else { return Ok((Vec::new(), None)) };
        let after = after.unwrap_or(Mark { at: At::from(walk.since).0, id: i64::MIN });
        let limit = limit.clamp(1, MAX_PAGE);
        let mut found = transaction.prepare_cached(PAGE)?;
        let params =
            (after.at, after.id, At::from(walk.until).0, self.last, account, walk.of_million, Limit(limit));
        let rows =
            found.query_map(params, |row| Ok((Mark { at: row.get(0)?, id: row.get(1)? }, row.get(2)?)))?;
        let rows = rows.collect::<Result<Vec<(Mark, i64)>, _>>()?;
        let next = if rows.len() < limit { None } else { rows.last().map(|(mark, _)| *mark) };
        let mut of_session = transaction.prepare_cached(SELECT_DECISIONS)?;
        let mut communications = Vec::with_capacity(rows.len());
        for (mark, session) in rows {
            let all = of_session.query_map((session, Limit(MAX_PAGE)), decision)?;
            let all: Vec<Decision> = all.collect::<Result<_, _>>()?;
            communications.push(all.into_iter().filter(|decision| decision.id.0 <= mark.id).collect());
        }
        Ok((communications, next))
    }

    pub(super) fn account(&self, name: &AccountId) -> Result<Option<i64>, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT id FROM account WHERE name = ?1")?;
        Ok(statement.query_row([name], |row| row.get(0)).optional()?)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::time::Duration;

    use super::*;
    use crate::store::record::{
        Change, Claim, Json, LaneKey, NewDecision, NewEvent, Origin, Parse, SessionKey,
    };
    use crate::store::{Sqlite, SqliteSettings, Store as _};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + second).unwrap()
    }

    fn walk() -> Walk {
        Walk { account: "romashka".into(), since: at(0), until: at(1_000_000), of_million: Walk::ALL }
    }

    /// Stores one decision about a session, at its second.
    async fn decide(store: &Sqlite, account: &str, session: u32, stage: &str, second: i64) {
        let key = SessionKey::new(format!("call:{session}"));
        let event = NewEvent {
            account: account.into(),
            source: "uis".into(),
            event: "call_end".into(),
            dedup: format!("{session}-{stage}-{second}"),
            lane: LaneKey::phone(&format!("+7900555{session:04}")),
            session: Some(key.clone()),
            received_at: at(second),
            origin: Origin::Webhook,
            content_type: "application/json".into(),
            body: b"{}".to_vec().into(),
            parse: Parse::Parsed,
        };
        store.accept(event).await.unwrap();
        let claim = Claim { owner: "w".into(), now: at(second), lease: Duration::from_secs(30), limit: 1 };
        let lease = store.claim_lanes(claim).await.unwrap().leases.pop().unwrap();
        let json = |text: &str| Json::from_text(text.to_owned());
        let decision = NewDecision {
            communication: key,
            stage: stage.into(),
            bundle_digest: "b3".into(),
            now: at(second),
            event: json("{}"),
            facts: json("{}"),
            decision: json("{}"),
        };
        let work = store.lane_work(&lease, at(second)).await.unwrap();
        let mut changes: Vec<Change> =
            work.events.iter().map(|event| Change::EventDone { seq: event.seq }).collect();
        changes.push(Change::PutDecision { decision, effects: Vec::new() });
        store.commit(&lease, at(second), changes).await.unwrap();
        store.release(lease, None).await.unwrap();
    }

    /// Every page of a walk: sessions with the stages of their decisions.
    fn all(history: &History, walk: &Walk, limit: usize) -> Vec<(String, Vec<String>)> {
        let mut told = Vec::new();
        let mut after = None;
        loop {
            let (page, next) = history.page(walk, after, limit).unwrap();
            assert!(page.len() <= limit);
            told.extend(page.into_iter().map(|decisions| {
                let session = decisions[0].made.communication.as_str().to_owned();
                (session, decisions.iter().map(|one| one.made.stage.to_string()).collect())
            }));
            match next {
                Some(mark) => after = Some(mark),
                None => return told,
            }
        }
    }

    #[tokio::test]
    async fn each_communication_comes_once_with_all_its_decisions_while_the_store_is_open() {
        let folder = tempfile::tempdir().unwrap();
        let store = Sqlite::open(SqliteSettings::new(folder.path())).unwrap();
        decide(&store, "romashka", 1, "end", 10).await;
        decide(&store, "romashka", 2, "end", 20).await;
        decide(&store, "other", 3, "end", 30).await;
        decide(&store, "romashka", 1, "record", 40).await;
        decide(&store, "romashka", 4, "end", 50).await;
        let history = History::open(folder.path()).unwrap();
        // What comes later is not seen: neither a new communication nor a new decision about one.
        decide(&store, "romashka", 2, "record", 60).await;
        decide(&store, "romashka", 5, "end", 70).await;
        let expected = [
            ("call:2".to_owned(), vec!["end".to_owned()]),
            ("call:1".to_owned(), vec!["end".to_owned(), "record".to_owned()]),
            ("call:4".to_owned(), vec!["end".to_owned()]),
        ];
        for limit in [1, 2, 3, 500] {
            assert_eq!(all(&history, &walk(), limit), expected, "{limit} a page");
        }
        assert_eq!(history.count(&walk()).unwrap(), 3);
        assert_eq!(history.accounts().unwrap(), ["other".into(), "romashka".into()]);
        // The last word counts for the time.
        let later = Walk { since: at(15), until: at(45), ..walk() };
        assert_eq!(all(&history, &later, 10).len(), 2);
        assert_eq!(history.count(&Walk { account: "nobody".into(), ..walk() }).unwrap(), 0);
    }

    #[tokio::test]
    async fn a_store_that_nobody_has_open_is_read_and_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let store = Sqlite::open(SqliteSettings::new(folder.path())).unwrap();
        decide(&store, "romashka", 1, "end", 10).await;
        store.close().await.unwrap();
        drop(store);
        let bytes = std::fs::read(folder.path().join("switchboard.db")).unwrap();
        let history = History::open(folder.path()).unwrap();
        assert_eq!(history.count(&walk()).unwrap(), 1);
        // The lock is free meanwhile: a server may start.
        let store = Sqlite::open(SqliteSettings::new(folder.path())).unwrap();
        assert_eq!(all(&history, &walk(), 10).len(), 1);
        store.close().await.unwrap();
        drop(history);
        assert_eq!(std::fs::read(folder.path().join("switchboard.db")).unwrap(), bytes);
    }

    #[tokio::test]
    async fn a_sample_is_the_same_each_time() {
        let folder = tempfile::tempdir().unwrap();
        let store = Sqlite::open(SqliteSettings::new(folder.path())).unwrap();
        for session in 0..200 {
            decide(&store, "romashka", session, "end", i64::from(session)).await;
        }
        let history = History::open(folder.path()).unwrap();
        let part = |of_million| {
            let walk = Walk { of_million, ..walk() };
            let told: BTreeSet<String> = all(&history, &walk, 7).into_iter().map(|(name, _)| name).collect();
            assert_eq!(history.count(&walk).unwrap(), told.len() as u64);
            told
        };
        let (tenth, half) = (part(100_000), part(500_000));
        assert!(
            (5..40).contains(&tenth.len()) && (70..130).contains(&half.len()),
            "{} {}",
            tenth.len(),
            half.len()
        );
        assert!(tenth.is_subset(&half));
        assert_eq!(part(100_000), tenth);
        assert_eq!(part(Walk::ALL).len(), 200);
    }

    #[test]
    fn a_walk_is_found_in_indexes_and_reads_no_decision_that_it_does_not_tell_of() {
        let folder = tempfile::tempdir().unwrap();
        drop(Sqlite::open(SqliteSettings::new(folder.path())).unwrap());
        let history = History::open(folder.path()).unwrap();
        for sql in [COUNT, PAGE] {
            let mut plan = history.connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let rows = plan.raw_query().mapped(|row| row.get::<_, String>(3));
            let plan: Vec<String> = rows.collect::<Result<_, _>>().unwrap();
            assert_eq!(
                plan,
                [
                    // Nothing is sorted: the order is that of the index.
                    "SEARCH d USING COVERING INDEX decision_walk (account=? AND created_at>? AND created_at<?)",
                    "CORRELATED SCALAR SUBQUERY 1",
                    "SEARCH later USING COVERING INDEX decision_session (session=? AND id>? AND id<?)",
                ]
            );
        }
    }

    #[test]
    fn what_is_no_store_of_this_version_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let refused = |folder: &Path| History::open(folder).unwrap_err().to_string();
        let path = folder.path().join("switchboard.db");
        assert_eq!(refused(folder.path()), format!("`{}` not found", path.display()));
        assert!(!path.exists());
        std::fs::write(&path, "").unwrap();
        assert!(refused(folder.path()).ends_with("it holds no tables yet"), "{}", refused(folder.path()));
        drop(Sqlite::open(SqliteSettings::new(folder.path())).unwrap());
        let version = |version: i64| {
            let connection = Connection::open(&path).unwrap();
            connection.pragma_update(None, "user_version", version).unwrap();
        };
        version(1);
        assert!(matches!(History::open(folder.path()), Err(StoreError::Older { found: 1, .. })));
        version(1_000);
        assert!(matches!(History::open(folder.path()), Err(StoreError::Newer { found: 1_000, .. })));
    }
}
