//! What rules said beside the lanes: written by the server, walked beside it.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row};

use super::accounts;
use super::codec::{At, Limit, Moment, Short};
use super::history::{History, Mark, Walk};
use super::store::Sqlite;
use super::writer::Tx;
use crate::store::record::{NewRuling, Ruling, RulingKind};
use crate::store::{MAX_PAGE, RulingStore, StoreError, StoreFuture};

impl RulingStore for Sqlite {
    fn keep_rulings(&self, rulings: Vec<NewRuling>) -> StoreFuture<'_, ()> {
        self.write(move |tx| rulings.iter().try_for_each(|ruling| keep(tx, ruling)))
    }

    fn prune_rulings(&self, before: Timestamp, limit: usize) -> StoreFuture<'_, u64> {
        self.write(move |tx| {
            let taken = tx.run(
                "DELETE FROM ruling WHERE id IN
                   (SELECT id FROM ruling INDEXED BY ruling_created WHERE created_at < ?1 ORDER BY created_at LIMIT ?2)",
                (At::from(before), Limit(limit)),
            )?;
            Ok(u64::try_from(taken).unwrap_or(u64::MAX))
        })
    }
}

fn keep(tx: &mut Tx<'_>, ruling: &NewRuling) -> Result<(), StoreError> {
    let account = accounts::number(tx, &ruling.account)?;
    tx.run(
        "INSERT INTO ruling (account, kind, subject, bundle_digest, event, facts, told, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        (
            account,
            ruling.kind,
            ruling.subject.as_deref(),
            ruling.bundle_digest.as_str(),
            &ruling.event,
            &ruling.facts,
            &ruling.told,
            At::from(ruling.at),
        ),
    )?;
    Ok(())
}

/// Which rulings a walk takes: the last about each communication or order, up to the end of the walk.
macro_rules! last_of_each {
    ($what:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $what,
            " FROM ruling AS r INDEXED BY ruling_walk
             WHERE r.account = ?1 AND r.kind = ?2 AND (r.created_at, r.id) > (?3, ?4) AND r.created_at < ?5
               AND r.id <= ?6 AND (r.id * 2654435761 % 4294967296) * 1000000 / 4294967296 < ?7
               AND NOT EXISTS (SELECT 1 FROM ruling AS later INDEXED BY ruling_subject
                               WHERE later.account = ?1 AND later.kind = ?2 AND later.subject = r.subject
                                 AND later.id > r.id AND later.id <= ?6) ",
            $rest
        )
    };
}

/// How many a walk tells of.
const COUNT: &str = last_of_each!("count(*)", "");
/// Those of a page of it.
const PAGE: &str = last_of_each!(
    "r.id, r.subject, r.bundle_digest, r.event, r.facts, r.told, r.created_at",
    "ORDER BY r.created_at, r.id LIMIT ?8"
);

impl History {
    /// How many rulings of a kind a walk will tell of: the last about each communication or order.
    ///
    /// # Errors
    ///
    /// What can go wrong on a disk.
    pub fn count_rulings(&self, walk: &Walk, kind: RulingKind) -> Result<u64, StoreError> {
        let Some(account) = self.account(&walk.account)? else { return Ok(0) };
        let (since, until) = (At::from(walk.since).0, At::from(walk.until).0);
        let params = (account, kind, since, i64::MIN, until, self.last_ruling, walk.of_million);
        let count: i64 = self.connection.prepare_cached(COUNT)?.query_row(params, |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// The next of them after `after`, at most `limit` and [`MAX_PAGE`], in the order of time. And where the page ended,
    /// when it is not the last.
    ///
    /// # Errors
    ///
    /// What can go wrong on a disk.
    pub fn rulings(
        &self,
        walk: &Walk,
        kind: RulingKind,
        after: Option<Mark>,
        limit: usize,
    ) -> Result<(Vec<Ruling>, Option<Mark>), StoreError> {
        let Some(account) = self.account(&walk.account)? else { return Ok((Vec::new(), None)) };
        let after = after.unwrap_or(Mark { at: At::from(walk.since).0, id: i64::MIN });
        let limit = limit.clamp(1, MAX_PAGE);
        let until = At::from(walk.until).0;
        let mut statement = self.connection.prepare_cached(PAGE)?;
        let params =
            (account, kind, after.at, after.id, until, self.last_ruling, walk.of_million, Limit(limit));
        let rows = statement.query_map(params, |row| ruling(row, walk, kind))?;
        let rows = rows.collect::<Result<Vec<Ruling>, _>>()?;
        let mark = |ruling: &Ruling| Mark { at: At::from(ruling.made.at).0, id: ruling.id };
        let next = if rows.len() < limit { None } else { rows.last().map(mark) };
        Ok((rows, next))
    }
}

fn ruling(row: &Row<'_>, walk: &Walk, kind: RulingKind) -> rusqlite::Result<Ruling> {
    Ok(Ruling {
        id: row.get(0)?,
        made: NewRuling {
            account: walk.account.clone(),
            kind,
            subject: row.get::<_, Option<Short>>(1)?.map(|subject| subject.0),
            bundle_digest: row.get::<_, Short>(2)?.0,
            event: row.get(3)?,
            facts: row.get(4)?,
            told: row.get(5)?,
            at: row.get::<_, Moment>(6)?.0,
        },
    })
}

/// The number of the last ruling that is kept.
pub(super) fn last(connection: &rusqlite::Connection) -> Result<i64, StoreError> {
    let last = connection.query_row("SELECT max(id) FROM ruling", [], |row| row.get(0)).optional()?;
    Ok(last.flatten().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::record::Json;
    use crate::store::{SqliteSettings, Store as _};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + second).unwrap()
    }

    fn walk() -> Walk {
        Walk { account: "romashka".into(), since: at(0), until: at(1_000), of_million: Walk::ALL }
    }

    fn said(kind: RulingKind, subject: Option<&str>, second: i64) -> NewRuling {
        let json = || Json::from_text("{}".to_owned());
        NewRuling {
            account: "romashka".into(),
            kind,
            subject: subject.map(Into::into),
            bundle_digest: "b3".into(),
            event: json(),
            facts: json(),
            told: json(),
            at: at(second),
        }
    }

    #[tokio::test]
    async fn the_last_word_about_each_subject_is_told() {
        use RulingKind::{Deal, Forward};

        let folder = tempfile::tempdir().unwrap();
        let store = Sqlite::open(SqliteSettings::new(folder.path())).unwrap();
        let rulings = vec![
            said(Deal, Some("order:1"), 1),
            said(Deal, Some("order:2"), 2),
            said(Forward, None, 3),
            said(Deal, Some("order:1"), 4),
            said(Forward, None, 5),
            NewRuling { account: "other".into(), ..said(Deal, Some("order:2"), 6) },
        ];
        store.rulings().keep_rulings(rulings.clone()).await.unwrap();
        let history = History::open(folder.path()).unwrap();
        store.rulings().keep_rulings(vec![said(Deal, Some("order:2"), 7)]).await.unwrap();
        let told = |kind, limit| {
            let (mut told, mut after) = (Vec::new(), None);
            loop {
                let (page, next) = history.rulings(&walk(), kind, after, limit).unwrap();
                told.extend(page.into_iter().map(|ruling| ruling.made));
                match next {
                    Some(mark) => after = Some(mark),
                    None => return told,
                }
            }
        };
        for limit in [1, 2, 100] {
            assert_eq!(told(Deal, limit), [rulings[1].clone(), rulings[3].clone()]);
            assert_eq!(told(Forward, limit), [rulings[2].clone(), rulings[4].clone()]);
        }
        assert_eq!(history.count_rulings(&walk(), Deal).unwrap(), 2);
        assert_eq!(history.count_rulings(&Walk { since: at(3), ..walk() }, Deal).unwrap(), 1);
        assert_eq!(history.count_rulings(&walk(), RulingKind::PopUp).unwrap(), 0);
    }

    #[tokio::test]
    async fn a_walk_is_found_in_indexes() {
        let folder = tempfile::tempdir().unwrap();
        drop(Sqlite::open(SqliteSettings::new(folder.path())).unwrap());
        let history = History::open(folder.path()).unwrap();
        for (sql, covering) in [(COUNT, "COVERING "), (PAGE, "")] {
            let mut plan = history.connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let rows = plan.raw_query().mapped(|row| row.get::<_, String>(3));
            let plan: Vec<String> = rows.collect::<Result<_, _>>().unwrap();
            let walk = "(account=? AND kind=? AND created_at>? AND created_at<?)";
            let later = "(account=? AND kind=? AND subject=? AND id>? AND id<?)";
            assert_eq!(
                plan,
                [
                    format!("SEARCH r USING {covering}INDEX ruling_walk {walk}"),
                    "CORRELATED SCALAR SUBQUERY 1".to_owned(),
                    format!("SEARCH later USING COVERING INDEX ruling_subject {later}"),
                ]
            );
        }
    }
}
