//! What SQLite says, in the words of the store.

use rusqlite::ErrorCode;

use crate::store::StoreError;

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error as Sql;
        match &error {
            Sql::SqliteFailure(failure, _) => match failure.code {
                ErrorCode::DiskFull => Self::DiskFull,
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::ConstraintViolation => {
                    Self::Damaged { what: error.to_string() }
                }
                _ => Self::Io { source: error.into() },
            },
            Sql::FromSqlConversionFailure(..)
            | Sql::IntegralValueOutOfRange(..)
            | Sql::InvalidColumnType(..) => Self::Damaged { what: error.to_string() },
            _ => Self::Io { source: error.into() },
        }
    }
}

/// Returns what the other members of a transaction are told when `error` took it down as a whole.
pub(super) fn same_for_others(error: &StoreError) -> StoreError {
    match error {
        StoreError::DiskFull => StoreError::DiskFull,
        StoreError::Damaged { what } => StoreError::Damaged { what: what.clone() },
        StoreError::Closed => StoreError::Closed,
        StoreError::Io { source } => StoreError::Io { source: source.to_string().into() },
        other => StoreError::Io { source: other.to_string().into() },
    }
}
