//! Reading what a command is given: folders of rules, events, lines, moments.
//!
//! All files are read here, each within a limit, and every failure names the file.

mod bundle;
mod read;
mod replace;

pub(crate) use bundle::{BundleFiles, bundles, one_bundle, rules_files};
pub(crate) use read::{MAX_EVENT_BYTES, MAX_RULES_BYTES, Source, json_file, json_in, read_limited};
pub(crate) use replace::replace_file;
