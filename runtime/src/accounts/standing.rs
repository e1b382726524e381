//! Whether the settings in force are those on disk.

use jiff::Timestamp;
use switchboard_grammar::diagnostic::Text;

/// How the settings stand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// Since when those in force are.
    pub since: Timestamp,
    /// Why those on disk are not in force; the old ones are then.
    pub problem: Option<Text>,
    /// Sections that were changed on disk and are taken up by a restart only.
    pub restart: Vec<&'static str>,
}
