//! The few colours in use. A stream that has none strips them.

use clap::builder::styling::{AnsiColor, Style};

/// What went wrong.
pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();
/// Names of things: sections, columns, commands.
pub(crate) const NAME: Style = Style::new().bold();
/// Where it stands: files, lines.
pub(crate) const PLACE: Style = AnsiColor::Cyan.on_default();
/// What was added, what is well.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// What was taken away, what is not well.
pub(crate) const BAD: Style = AnsiColor::Red.on_default();
/// Side remarks.
pub(crate) const QUIET: Style = Style::new().dimmed();
/// Nothing special.
pub(crate) const PLAIN: Style = Style::new();
