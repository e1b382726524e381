//! The version of the tables, and how an older file becomes a newer one.
//!
//! A step is one SQL file that runs in one transaction with the change of the version, so a crash leaves the file at one
//! version or the other. A step that has been released is never edited; a file newer than the program is refused.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use crate::store::StoreError;

/// The steps; the first makes version 1 out of an empty file.
const STEPS: &[&str] = &[
    include_str!("schema/0001.sql"),
    include_str!("schema/0002.sql"),
    include_str!("schema/0003.sql"),
    include_str!("schema/0004.sql"),
    include_str!("schema/0005.sql"),
    include_str!("schema/0006.sql"),
    include_str!("schema/0007.sql"),
];

/// What makes the file known as ours to tools: "SwBd".
const APPLICATION_ID: i64 = 0x5377_4264;

/// Brings the file to the version of this program.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    run(connection, path, STEPS)
}

/// Says whether the file is of exactly the version of this program; changes nothing.
pub(super) fn same_version(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    match found(connection, path)? {
        0 => {
            let reason = "it holds no tables yet".to_owned();
            Err(StoreError::NotAStore { path: path.to_owned(), reason })
        }
        found if found > known => Err(StoreError::Newer { path: path.to_owned(), found, known }),
        found if found < known => Err(StoreError::Older { path: path.to_owned(), found, known }),
        _ => Ok(()),
    }
}

fn run(connection: &mut Connection, path: &Path, steps: &[&str]) -> Result<(), StoreError> {
    let known = i64::try_from(steps.len()).unwrap_or(i64::MAX);
    let found = found(connection, path)?;
    if found > known {
        return Err(StoreError::Newer { path: path.to_owned(), found, known });
    }
    for (step, target) in steps.iter().zip(1..).filter(|(_, target)| *target > found) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", target)?;
        transaction.commit()?;
    }
    Ok(())
}

/// The version of a file of ours; zero for an empty one.
fn found(connection: &Connection, path: &Path) -> Result<i64, StoreError> {
    let foreign = |reason: String| StoreError::NotAStore { path: path.to_owned(), reason };
    let found = version(connection).map_err(|error| match error {
        StoreError::Damaged { what } => foreign(what),
        other => other,
    })?;
    if found == 0 {
        let tables: i64 = connection.query_one("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        if tables > 0 {
            return Err(foreign("it holds tables of another program".to_owned()));
        }
    } else {
        let id: i64 = connection.query_one("PRAGMA application_id", [], |row| row.get(0))?;
        if id != APPLICATION_ID {
            return Err(foreign(format!("its application id is {id:#x}")));
        }
    }
    Ok(found)
}

fn version(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.query_one("PRAGMA user_version", [], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "CREATE TABLE one (id INTEGER)";
    const TWO: &str = "CREATE TABLE two (id INTEGER)";

    fn file() -> (tempfile::TempDir, Connection) {
        let folder = tempfile::tempdir().unwrap();
        let connection = Connection::open(folder.path().join("file.db")).unwrap();
        (folder, connection)
    }

    #[test]
    fn steps_run_once_and_only_the_missing_ones() {
        let (_folder, mut connection) = file();
        let path = Path::new("file.db");
        run(&mut connection, path, &[ONE]).unwrap();
        run(&mut connection, path, &[ONE, TWO]).unwrap();
        run(&mut connection, path, &[ONE, TWO]).unwrap();
        assert_eq!(version(&connection).unwrap(), 2);
    }

    #[test]
    fn a_newer_file_is_refused_and_left_alone() {
        let (_folder, mut connection) = file();
        let path = Path::new("file.db");
        run(&mut connection, path, &[ONE, TWO]).unwrap();
        let refused = run(&mut connection, path, &[ONE]).unwrap_err();
        assert!(matches!(refused, StoreError::Newer { found: 2, known: 1, .. }), "{refused}");
        assert_eq!(refused.to_string(), "`file.db` has schema version 2, this program knows up to 1");
        assert_eq!(version(&connection).unwrap(), 2);
    }

    #[test]
    fn a_step_that_fails_leaves_the_version_before_it() {
        let (_folder, mut connection) = file();
        let path = Path::new("file.db");
        let broken = format!("{TWO}; CREATE TABLE one (id INTEGER)");
        run(&mut connection, path, &[ONE, &broken]).unwrap_err();
        assert_eq!(version(&connection).unwrap(), 1);
        run(&mut connection, path, &[ONE, TWO]).unwrap();
    }

    #[test]
    fn a_file_of_somebody_else_is_refused() {
        let (_folder, mut connection) = file();
        connection.execute_batch("CREATE TABLE notes (text TEXT)").unwrap();
        let refused = run(&mut connection, Path::new("file.db"), &[ONE]).unwrap_err();
        assert!(matches!(refused, StoreError::NotAStore { .. }), "{refused}");
        connection.execute_batch("PRAGMA user_version = 1").unwrap();
        let refused = run(&mut connection, Path::new("file.db"), &[ONE]).unwrap_err();
        assert!(matches!(refused, StoreError::NotAStore { .. }), "{refused}");
    }

    #[test]
    fn a_file_that_is_no_database_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file.db");
        std::fs::write(
            &path,
            "these are not the pages of a database, just text that is long enough".repeat(20),
        )
        .unwrap();
        let mut connection = Connection::open(&path).unwrap();
        let refused = run(&mut connection, &path, &[ONE]).unwrap_err();
        assert!(matches!(refused, StoreError::NotAStore { .. }), "{refused}");
    }
}
